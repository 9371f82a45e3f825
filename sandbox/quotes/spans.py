"""Owns candles of every unit: seconds to years, cut from one pair's minutes as far as they traded.

A stretch without a trade has no candle. Boundaries are Upbit's: docs/reference/upbit.md 2.3.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from math import ceil

import numpy as np
from msgspec import Struct

from core.market.candles import Ints
from sandbox.quotes.path import Trade, ends_at
from sandbox.quotes.track import ZERO, SeriesCursor

MINUTES = (1, 3, 5, 10, 15, 30, 60, 240)
UNITS = {f"{count}m": count * 60 for count in MINUTES} | {"days": 86400}
_FAR = 2**62
_MONDAY = 345_600  # 1970-01-05
_WEEK = 604_800
_CALENDAR = {"months": "M", "years": "Y"}


class Span(Struct, frozen=True):
    """One candle: its start (epoch seconds), KRW, coin and KRW traded, the last trade's ms.

    ``before`` is the price at which the stretch before it ended; its own open, if there is none.
    """

    start: int
    opening: Decimal
    high: Decimal
    low: Decimal
    closing: Decimal
    volume: Decimal
    value: Decimal
    at: int
    before: Decimal


class Groups(Struct, frozen=True, eq=False):
    """The candles of one unit in a tape: their starts, and the index of each one's first row."""

    starts: Ints
    rows: Ints


class Spans:
    """The candles of one pair; the cut of its tape into each unit is made once."""

    def __init__(self, track: SeriesCursor) -> None:
        self._track = track
        self._groups: dict[str, Groups] = {}

    def newest(self, unit: str, count: int = 1, to: float | None = None) -> list[Span]:
        """Up to ``count`` candles that start before ``to`` (epoch seconds), newest first.

        ``unit`` is one of UNITS, "1s", "weeks", "months" or "years".
        """
        if unit == "1s":
            return _seconds(self._track, count, to)
        groups = self.groups(unit)
        known = int(groups.rows.searchsorted(self._track.rows))
        if to is not None:
            known = min(known, int(groups.starts.searchsorted(to)))
        return [self._span(groups, i) for i in range(known - 1, max(-1, known - 1 - count), -1)]

    def groups(self, unit: str) -> Groups:
        """How the whole tape falls into this unit, what is still to come included."""
        found = self._groups.get(unit)
        if found is None:
            labels = _floored(self._track.series.time, unit)
            rows = np.flatnonzero(np.diff(labels, prepend=labels[:1] - 1))
            found = self._groups[unit] = Groups(labels[rows], rows)
        return found

    def _span(self, groups: Groups, index: int) -> Span:
        track, series = self._track, self._track.series
        first = int(groups.rows[index])
        stop = int(groups.rows[index + 1]) if index + 1 < len(groups.rows) else len(series.time)
        stop = min(stop, track.rows)
        whole = min(stop, track.row)  # the minutes that are over
        part = [trade.price for trade in track.open_part()] if stop > whole else []
        highs, lows, closes = series.high[first:whole], series.low[first:whole], series.close
        if first < whole:
            part = [_krw(highs.max(), track), _krw(lows.min(), track), *part]
        totals = track.totals(first, stop)
        opening = _krw(series.open[first], track)
        return Span(
            start=int(groups.starts[index]),
            opening=opening,
            high=max(part),
            low=min(part),
            closing=part[-1] if stop > whole else _krw(closes[stop - 1], track),
            volume=totals.volume,
            value=totals.value,
            at=track.last.at
            if track.last and stop == track.rows
            else ends_at(int(series.time[stop - 1]), track.salt),
            before=_krw(closes[first - 1], track) if first else opening,
        )


def _krw(scaled: int, track: SeriesCursor) -> Decimal:
    return Decimal(int(scaled)).scaleb(-track.series.price_places)


def _seconds(track: SeriesCursor, count: int, to: float | None) -> list[Span]:
    """Candles of a second, from the trades themselves."""
    before = _FAR if to is None else ceil(to) * 1000
    spans: list[Span] = []
    for second, trades in groupby(track.past(before), key=lambda trade: trade.at // 1000):
        if len(spans) == count:
            break
        spans.append(_second(second, list(trades)))
    return spans


def _second(second: int, trades: list[Trade]) -> Span:
    prices = [trade.price for trade in trades]  # newest first
    volume = sum((trade.volume for trade in trades), ZERO)
    value = sum((trade.price * trade.volume for trade in trades), ZERO)
    at, opening = trades[0].at, prices[-1]
    return Span(second, opening, max(prices), min(prices), prices[0], volume, value, at, opening)


def _floored(times: Ints, unit: str) -> Ints:
    """The start of the unit that each time lies in."""
    if unit in _CALENDAR:
        starts = times.astype("datetime64[s]").astype(f"datetime64[{_CALENDAR[unit]}]")
        return np.asarray(starts.astype("datetime64[s]").astype(np.int64))
    if unit == "weeks":
        return (times - _MONDAY) // _WEEK * _WEEK + _MONDAY
    return times // UNITS[unit] * UNITS[unit]
