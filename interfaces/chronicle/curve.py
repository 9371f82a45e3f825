"""Owns the curve of the realised equity: one point a row that was closed, and its drawdown.

Deposits and withdrawals are no profit: the curve is the first capital and what the rows earned.
Its figures inform, so they are floats; sums of money are exact.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interfaces.views.profit import trading_day
from messages.trading import Row

ZERO = Decimal(0)


@dataclass
class Curve:
    """KRW earned (``profits`` are running sums, by ``times``), fees paid, and sums by day."""

    times: array[float] = field(default_factory=lambda: array("d"))
    profits: array[float] = field(default_factory=lambda: array("d"))
    profit: Decimal = ZERO
    fees: Decimal = ZERO
    wins: int = 0
    losses: int = 0
    days: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, row: Row, day_starts_at: str) -> None:
        """One more row; a close that is told late stands where the newest does."""
        self.profit += row.profit_abs
        self.fees += row.fee_open_cost + row.fee_close_cost
        self.wins += row.profit_abs > 0
        self.losses += row.profit_abs < 0
        self.days[trading_day(row.close_date, day_starts_at)] += row.profit_abs
        self.times.append(max(row.close_date, self.times[-1] if self.times else 0.0))
        self.profits.append(float(self.profit))

    def drawdown(self, wallet: float, now: float) -> tuple[float, float]:
        """The fall from the highest equity as a share of it: as of ``now`` (KRW), and at most."""
        equity = np.frombuffer(self.profits, dtype=float) + wallet if self.profits else _NONE
        values = np.concatenate(([wallet], equity, [now]))
        falls = _falls(values)
        return float(falls[-1]), float(falls.max())

    def sampled(self, wallet: float, most: int) -> tuple[list[float], list[float], list[float]]:
        """Times, equity (KRW) and drawdown (share): at most so many points, extremes kept."""
        if not self.times:
            return [], [], []
        times = np.frombuffer(self.times, dtype=float)
        equity = np.frombuffer(self.profits, dtype=float) + wallet
        falls = _falls(np.concatenate(([wallet], equity)))[1:]
        chosen = _chosen(equity, most)
        rounded = np.round(equity[chosen], 2)
        return times[chosen].tolist(), rounded.tolist(), np.round(falls[chosen], 6).tolist()


_NONE = np.empty(0)


def _falls(values: NDArray[Any]) -> NDArray[Any]:
    peaks = np.maximum.accumulate(values)
    falls: NDArray[Any] = np.maximum(1 - values / np.maximum(peaks, 1e-9), 0.0)
    return falls


def _chosen(values: NDArray[Any], most: int) -> NDArray[Any]:
    """Indices: of each stretch of equal length its lowest and highest, the last one too."""
    count = len(values)
    if count <= most:
        return np.arange(count)
    edges = np.linspace(0, count, most // 2 + 1).astype(int)
    picked = [count - 1]
    for begin, end in pairwise(edges):
        stretch = values[begin:end]  # never empty: there are fewer edges than values
        picked += [begin + int(stretch.argmin()), begin + int(stretch.argmax())]
    return np.unique(np.array(picked))
