"""Owns one pair of the market at its moment: what of its recording has been traded already.

Nothing that has passed is stored: trades, candles and totals of any time are computed from the
recording and the place reached in it, so a long history costs no more than its tape.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from msgspec import Struct, structs

from core.market.candles import CandleSeries, Ints
from core.market.tick_size import korean_day, price_down
from messages.market import Candle
from sandbox.quotes.path import FINER, MINUTE, Trade, salt_of, sums_of, trades_of

ZERO = Decimal(0)


class Totals(Struct, frozen=True):
    """What was traded in a stretch: coin, KRW, and of the coin what takers bought."""

    volume: Decimal = ZERO
    value: Decimal = ZERO
    bids: Decimal = ZERO


class SeriesCursor:
    """One tape and the place reached in it.

    ``row`` is the minute to be traded on, ``last`` the newest trade (None before the first) and
    ``candle`` its minute as it stands.
    """

    def __init__(self, series: CandleSeries, seed: int = 0) -> None:
        self.series, self.pair = series, series.pair
        self.salt = salt_of(series.pair, seed)
        self.last: Trade | None = None
        self.candle: Candle | None = None
        self._sums = sums_of(series, self.salt)
        self._load(0)

    @property
    def rows(self) -> int:
        """How many minutes have begun to trade; the newest of them may still be forming."""
        return self.row + (1 if self._done else 0)

    def due(self) -> int | None:
        """The moment (epoch ms) of the next trade; None when the recording is used up."""
        return self._trades[self._done].at if self._trades else None

    def step(self) -> Trade:
        """Let the next trade happen."""
        trade = self._trades[self._done]
        self._done += 1
        self.last = trade
        self.candle = self._candle(trade)
        if self._done == len(self._trades):
            self._load(self.row + 1)
        return trade

    def forward(self, moment: float) -> None:
        """Let all trades before a moment (epoch seconds) happen at once; never goes back."""
        passed = int(self.series.time.searchsorted(moment - MINUTE, side="right")) - 1
        if passed > self.row:  # this minute and those before it are over: only its end is needed
            self._load(passed)
        while (due := self.due()) is not None and due < moment * 1000:
            self.step()

    def move(self, factor: Decimal) -> None:
        """Every price from the next minute on is so many times what was recorded, on the grid."""
        series, first = self.series, self.row + 1

        def moved(column: Ints) -> Ints:
            values, places = np.unique(column[first:], return_inverse=True)
            known = [self._moved(int(value), factor) for value in values]
            return np.concatenate((column[:first], np.array(known, np.int64)[places]))

        columns = {name: moved(getattr(series, name)) for name in ("open", "high", "low", "close")}
        self.series = structs.replace(series, **columns)
        self._sums = sums_of(self.series, self.salt)

    def _moved(self, scaled: int, factor: Decimal) -> int:
        places = self.series.price_places
        price = Decimal(scaled).scaleb(-places) * factor
        day = korean_day(float(self.series.time[self.row]))
        return max(1, int(price_down(price, day, self.pair).scaleb(places)))

    def open_part(self) -> tuple[Trade, ...]:
        """What has been traded of the minute at ``row``, which is not over; often nothing."""
        return self._trades[: self._done]

    def totals(self, start: int, stop: int) -> Totals:
        """What was traded in the minutes from index ``start`` up to but not including ``stop``."""
        series, sums = self.series, self._sums
        places = series.volume_places + FINER
        volume = Decimal(sums.volume[stop] - sums.volume[start]).scaleb(-places)
        bids = Decimal(sums.bids[stop] - sums.bids[start]).scaleb(-places)
        value = Decimal(sums.value[stop] - sums.value[start]).scaleb(-places - series.price_places)
        if stop > self.row:
            for trade in self._trades[self._done :]:  # not yet
                volume -= trade.volume
                value -= trade.price * trade.volume
                bids -= trade.volume if trade.side == "BID" else ZERO
        return Totals(volume, value, bids)

    def past(self, before: int, since: int = 0) -> Iterator[Trade]:
        """Trades that happened before a moment, newest first, to minutes that end before another.

        Both in epoch ms.
        """
        row = min(self.rows, int(self.series.time.searchsorted(before / 1000))) - 1
        while row >= 0 and (int(self.series.time[row]) + MINUTE) * 1000 > since:
            known = self.open_part() if row == self.row else trades_of(self.series, row, self.salt)
            yield from (t for t in reversed(known) if since <= t.at < before)
            row -= 1

    def _candle(self, trade: Trade) -> Candle:
        if self._done == 1 or self.candle is None:
            price, time = trade.price, int(self.series.time[self.row])
            return Candle(time, price, price, price, price, trade.volume)
        return structs.replace(
            self.candle,
            high=max(self.candle.high, trade.price),
            low=min(self.candle.low, trade.price),
            close=trade.price,
            volume=self.candle.volume + trade.volume,
        )

    def _load(self, row: int) -> None:
        times: Ints = self.series.time
        self.row, self._done = row, 0
        self._trades = trades_of(self.series, row, self.salt) if row < len(times) else ()
