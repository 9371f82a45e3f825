"""Owns what a ticker says of a pair: its day (from 00:00 UTC), its 24 hours and its 52 weeks.

A day begins with its first trade: until then a ticker tells of the day before.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from msgspec import Struct

from core.market.candles import Ints
from core.money import quotient
from sandbox.quotes.path import Trade
from sandbox.quotes.spans import Spans
from sandbox.quotes.track import SeriesCursor, Totals

DAY = 86400
YEAR = 52 * 7  # days


class Extreme(Struct, frozen=True):
    """A price and the day it was reached, in epoch seconds."""

    price: Decimal
    day: int


class Facts(Struct, frozen=True):
    """A pair's figures at its last trade."""

    last: Trade
    opening: Decimal
    high: Decimal
    low: Decimal
    before: Decimal  # the close of the day before; the opening, if there was none
    today: Totals
    day: Totals  # the last 24 hours, to the minute
    highest: Extreme
    lowest: Extreme

    @property
    def change(self) -> Decimal:
        """KRW against the day before, signed."""
        return self.last.price - self.before

    @property
    def rate(self) -> Decimal:
        """The change as a fraction, signed, to 10 decimals as Upbit gives it."""
        change = quotient(abs(self.change), self.before, 10)
        return -change if self.change < 0 else change

    @property
    def direction(self) -> str:
        """RISE, EVEN or FALL."""
        return "RISE" if self.change > 0 else "FALL" if self.change else "EVEN"


class Settled(Struct, frozen=True):
    """What does not change within a minute, in the tape's units; of rows that are over."""

    row: int
    first: int  # index of the day's first row
    back: int  # index of the row that is 24 hours old
    high: int
    low: int
    highest: tuple[int, int]  # of the days before: price, day
    lowest: tuple[int, int]


class Almanac:
    """The figures of one pair, those of whole days computed once."""

    def __init__(self, track: SeriesCursor, spans: Spans) -> None:
        self._track, self._spans = track, spans
        self._days: tuple[Ints, Ints] | None = None  # each day's high and low
        self._settled: Settled | None = None
        self._facts: Facts | None = None

    def facts(self) -> Facts | None:
        """The figures now; None before the first trade."""
        last = self._track.last
        if last is None:
            return None
        if self._facts is None or self._facts.last is not last:
            self._facts = self._compute(last)
        return self._facts

    def _compute(self, last: Trade) -> Facts:
        track, series = self._track, self._track.series
        settled = self._settle(last)
        prices = [trade.price for trade in track.open_part()]
        if settled.first < track.row:
            prices += [self._krw(settled.high), self._krw(settled.low)]
        high, low, day = max(prices), min(prices), last.at // 1000 // DAY * DAY
        highest = Extreme(self._krw(settled.highest[0]), settled.highest[1])
        lowest = Extreme(self._krw(settled.lowest[0]), settled.lowest[1])
        opening = self._krw(int(series.open[settled.first]))
        return Facts(
            last=last,
            opening=opening,
            high=high,
            low=low,
            before=self._krw(int(series.close[settled.first - 1])) if settled.first else opening,
            today=track.totals(settled.first, track.rows),
            day=track.totals(settled.back, track.rows),
            highest=Extreme(high, day) if high >= highest.price else highest,
            lowest=Extreme(low, day) if low <= lowest.price or not lowest.price else lowest,
        )

    def _settle(self, last: Trade) -> Settled:
        row, series = self._track.row, self._track.series
        if self._settled is not None and self._settled.row == row:
            return self._settled
        groups = self._spans.groups("days")
        today = int(groups.starts.searchsorted(last.at // 1000, side="right")) - 1
        first = int(groups.rows[today])
        back = int(series.time.searchsorted(last.at // 1000 - DAY, side="right"))
        highs, lows = self._whole_days()
        since = int(groups.starts.searchsorted(int(groups.starts[today]) - YEAR * DAY))
        top, bottom = (0, 0), (0, 0)
        if since < today:
            at_top = since + int(highs[since:today].argmax())
            at_bottom = since + int(lows[since:today].argmin())
            top = int(highs[at_top]), int(groups.starts[at_top])
            bottom = int(lows[at_bottom]), int(groups.starts[at_bottom])
        high = int(series.high[first:row].max(initial=0))
        low = int(series.low[first:row].min(initial=2**62))
        self._settled = Settled(row, first, back, high, low, top, bottom)
        return self._settled

    def _whole_days(self) -> tuple[Ints, Ints]:
        if self._days is None:
            rows, series = self._spans.groups("days").rows, self._track.series
            self._days = (
                np.maximum.reduceat(series.high, rows),
                np.minimum.reduceat(series.low, rows),
            )
        return self._days

    def _krw(self, scaled: int) -> Decimal:
        return Decimal(scaled).scaleb(-self._track.series.price_places)
