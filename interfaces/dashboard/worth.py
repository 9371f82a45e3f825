"""Equity at market prices, over time: what the report computes of the same state, kept at hand.

It is worked out anew when a candle or a row is new. Candles of a pair that was ever held are read
once; later only the newest are.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.market.candles import COLUMNS, Candles, Floats, candles_of, window
from core.performance.drawdown import underwater
from interfaces.reports.page.material import Run, began, equity_of
from persistence.archive import KEEP
from persistence.reader import Reader
from projections.ledger import Ledger, clock
from projections.projections import Projections

NEWEST = 10  # candles that are looked at for new ones


class EquitySeries(Struct, frozen=True, eq=False):
    """Moments (epoch seconds, rising) and the equity (KRW) at each, the wallet first."""

    moments: Floats
    equity: Floats

    def drawdown(self) -> tuple[float, float]:
        """How far the newest equity lies under its peak, as a share of it, and the most ever."""
        falls = -underwater(self.equity)
        return float(falls[-1]), float(falls.max())

    def sampled(self, most: int) -> tuple[list[float], list[float], list[float]]:
        """Times, equity and drawdown (share): at most so many points, extremes kept."""
        chosen = _chosen(self.equity, most)
        falls = np.round(-underwater(self.equity)[chosen], 6) + 0.0  # no minus nought
        rounded = np.round(self.equity[chosen], 2)
        return self.moments[chosen].tolist(), rounded.tolist(), falls.tolist()

    def now(self, at: float, equity: float) -> EquitySeries:
        """With the equity of this moment as its last point."""
        before = int(np.searchsorted(self.moments, at))
        moments = np.append(self.moments[:before], at)
        return EquitySeries(moments, np.append(self.equity[:before], equity))


class EquityHistory:
    """The equity of one state directory, as of its newest candle and journal entry."""

    def __init__(self) -> None:
        self._prices: dict[str, Candles] = {}
        self._key: Any = None
        self._made = EquitySeries(np.zeros(1), np.zeros(1))
        self._begin: float | None = None

    def of(self, reader: Reader, chronicle: Projections, ledger: Ledger) -> EquitySeries:
        """Everything from the beginning; ``chronicle`` has read the whole journal."""
        rows = chronicle.trades.sorted_rows
        opened = ledger.trades.sorted_open
        for pair in {*(row.pair for row in rows), *(trade.pair for trade in opened)}:
            self._read(reader, pair)
        newest = {pair: int(c.time[-1]) for pair, c in self._prices.items() if len(c.time)}
        end = clock(reader, ledger)
        key = (newest, chronicle.closed, opened, ledger.config, ledger.cash.start, end)
        if key != self._key:
            self._made, self._key = self._work_out(reader, chronicle, ledger, end), key
        return self._made

    def _work_out(
        self, reader: Reader, chronicle: Projections, ledger: Ledger, end: float
    ) -> EquitySeries:
        config, start = ledger.config, ledger.cash.start
        rows, opened = chronicle.trades.sorted_rows, ledger.trades.sorted_open
        if self._begin is None:
            self._begin = began(reader, rows, opened)
        wallet = config.capital if start is None else start
        end = max(end, self._begin)
        run = Run(config, self._begin, end, wallet, rows, opened, self._prices)
        moments, equity = equity_of(run)
        return EquitySeries(moments, equity + _forgotten(chronicle, moments))

    def _read(self, reader: Reader, pair: str) -> None:
        """The candles that are kept of a pair; of one that is known the newest."""
        known = self._prices.get(pair)
        newest = candles_of(reader.candles(pair, NEWEST)) if known is not None else None
        if known is None or newest is None or not len(known.time):
            self._prices[pair] = candles_of(reader.candles(pair, KEEP))
            return
        place = int(np.searchsorted(newest.time, known.time[-1], side="right"))
        if not place or newest.time[place - 1] != known.time[-1]:  # more came than are looked at
            self._prices[pair] = candles_of(reader.candles(pair, KEEP))
        elif place < len(newest.time):
            fresh = window(newest, place, len(newest.time))
            self._prices[pair] = Candles(
                *(
                    np.concatenate((getattr(known, name), getattr(fresh, name)))[-KEEP:]
                    for name in COLUMNS
                )
            )


def _forgotten(chronicle: Projections, moments: Floats) -> Floats:
    """What rows earned that the chronicle keeps no longer."""
    count = chronicle.closed - len(chronicle.trades.closed)
    times = np.frombuffer(chronicle.curve.times, dtype=float)[:count]
    profits = np.frombuffer(chronicle.curve.profits, dtype=float)[:count]
    found: Floats = np.append(0.0, profits)[np.searchsorted(times, moments, side="right")]
    return found


def _chosen(values: NDArray[Any], most: int) -> NDArray[Any]:
    """Indices: of each stretch of equal length its lowest and highest, first and last too."""
    count = len(values)
    if count <= most:
        return np.arange(count)
    edges = np.linspace(0, count, (most - 2) // 2 + 1).astype(int)
    picked = [0, count - 1]
    for begin, end in pairwise(edges):
        stretch = values[begin:end]  # never empty: there are fewer edges than values
        picked += [begin + int(stretch.argmin()), begin + int(stretch.argmax())]
    return np.unique(np.array(picked))
