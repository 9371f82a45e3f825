"""The order of a replay, and which of its candles matter.

Candles come by time, then by the order of the pairs. In bulk mode a candle matters when the
strategy wants to enter there, or when an owner's watch says so; all others may be skipped without
changing a single trade. Every (time, pair) has one key, ``time * pairs + place of the pair``, so
"later" is one comparison and "the next entry anywhere" one binary search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import ceil

import numpy as np
from msgspec import Struct

from core.market.candles import CandleSeries, Ints, candle_at
from core.market.mapped import let_go
from core.replay.cursor import ReplayCursor, cursor_of, index_from, next_reached
from core.strategy import Signals, verdict_at
from messages.base import ReplayPosition
from messages.market import Candle, Verdict, Watch

BLOCK = 256  # candles


class Schedule(Struct, frozen=True, eq=False):
    """A replay's plan: pure data, shared by every look-up."""

    tracks: tuple[ReplayCursor, ...]
    places: dict[str, int]  # pair -> its place in the order
    seconds: int
    fixed: Ints  # keys of the candles that matter whatever is watched, rising


class Step(Struct, frozen=True):
    """The next candle to take."""

    pair: str
    index: int
    time: int
    candle: Candle
    verdict: Verdict


def schedule_of(
    candle_series: Sequence[CandleSeries],
    signals: Sequence[Signals],
    startup: int,
    bulk: bool = True,
    block: int = BLOCK,
) -> Schedule:
    """The plan for tapes in the order of their pairs; without ``bulk`` every candle matters.

    Candles before index ``startup - 1`` of their pair are history and never steps.
    """
    tracks = tuple(
        cursor_of(t, s, startup - 1, block) for t, s in zip(candle_series, signals, strict=True)
    )
    lengths = {series.seconds for series in candle_series}
    if len(lengths) > 1 or len({series.pair for series in candle_series}) < len(candle_series):
        raise ValueError("a replay takes one tape for each pair, all of one candle length")
    keys = [_keys(track, place, len(tracks), bulk) for place, track in enumerate(tracks)]
    fixed = np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *keys]))
    places = {series.pair: place for place, series in enumerate(candle_series)}
    return Schedule(tracks, places, max(lengths, default=0), fixed)


def next_step(
    schedule: Schedule, position: ReplayPosition, now: float, watches: Iterable[Watch] = ()
) -> Step | None:
    """The next candle that matters strictly after ``position``; None when there is none.

    Candles that closed before ``now`` (epoch seconds) count as passed: when an alarm rang in the
    midst of skipped candles, time does not go back to them. A position names the last candle
    taken; the empty one is the beginning.
    """
    pairs = len(schedule.tracks)
    if not pairs:
        return None
    after = position.time * pairs + schedule.places.get(position.pair, -1) + 1
    after = max(after, ceil(now - schedule.seconds) * pairs)
    best = _next_fixed(schedule, after)
    for watch in watches:
        place = schedule.places.get(watch.pair)
        if place is not None:
            found = _next_watched(schedule.tracks[place], watch, after, best, place, pairs)
            best = found if best is None or (found is not None and found < best) else best
    return None if best is None else _step(schedule.tracks[best % pairs], best // pairs)


def step_at(schedule: Schedule, mark: ReplayPosition) -> Step | None:
    """The very candle of a mark, to be taken again; None when the replay has no such step."""
    place = schedule.places.get(mark.pair)
    if place is None:
        return None
    track = schedule.tracks[place]
    index = int(track.series.time.searchsorted(mark.time))
    there = track.first <= index < len(track.series.time) and track.series.time[index] == mark.time
    return _step(track, mark.time) if there else None


def newest(schedule: Schedule, before: float, count: int) -> list[tuple[str, Candle]]:
    """The last ``count`` candles of each pair that closed at or before a moment, oldest first."""
    rows: list[tuple[str, Candle]] = []
    for track in schedule.tracks:
        stop = int(track.series.time.searchsorted(before - schedule.seconds, side="right"))
        pair = track.series.pair
        rows += [(pair, candle_at(track.series, i)) for i in range(max(0, stop - count), stop)]
    return rows


def total(schedule: Schedule) -> int:
    """How many candles the replay has after the history of each pair."""
    return sum(max(0, len(t.series.time) - t.first) for t in schedule.tracks)


def passed(schedule: Schedule, position: ReplayPosition) -> int:
    """How many of those lie at or before a position: the numerator of a progress bar."""
    pairs = len(schedule.tracks)
    after = position.time * pairs + schedule.places.get(position.pair, -1) + 1
    return sum(
        max(0, index_from(track, after, place, pairs) - track.first)
        for place, track in enumerate(schedule.tracks)
    )


def span(schedule: Schedule) -> tuple[int, int]:
    """Epoch seconds of the first step's open and the last candle's close; (0, 0) without any."""
    begins = [t.series.time[t.first] for t in schedule.tracks if len(t.series.time) > t.first]
    ends = [t.series.time[-1] for t in schedule.tracks if len(t.series.time) > t.first]
    return (int(min(begins)), int(max(ends)) + schedule.seconds) if begins else (0, 0)


def _next_fixed(schedule: Schedule, after: int) -> int | None:
    index = int(schedule.fixed.searchsorted(after))
    return int(schedule.fixed[index]) if index < len(schedule.fixed) else None


def _next_watched(
    track: ReplayCursor, watch: Watch, after: int, best: int | None, place: int, pairs: int
) -> int | None:
    """Key of the first candle from ``after`` that the watch asks for, if it is before ``best``."""
    time = track.series.time
    index: int | None = max(track.first, index_from(track, after, place, pairs))
    stop = len(time) if best is None else index_from(track, best, place, pairs)
    if not watch.every:
        index = next_reached(track, watch, index or 0, stop)
    if index is None or index >= stop:
        return None
    return int(time[index]) * pairs + place


def _step(track: ReplayCursor, time: int) -> Step:
    index = int(track.series.time.searchsorted(time))
    verdict = verdict_at(track.signals, index)
    return Step(track.series.pair, index, time, candle_at(track.series, index), verdict)


def _keys(track: ReplayCursor, place: int, pairs: int, bulk: bool) -> Ints:
    """Keys of the candles that matter whatever is watched."""
    entries = np.flatnonzero(track.signals.entry)
    chosen = entries[entries >= track.first] if bulk else slice(track.first, None)
    keys: Ints = track.series.time[chosen] * pairs + place
    let_go([track.series])
    return keys


def market_of(schedule: Schedule, until: float) -> dict[str, tuple[Decimal, Decimal]]:
    """Per pair the first open traded at, and the last close up to a moment."""
    market = {}
    for track in schedule.tracks:
        times = track.series.time
        last = int(times.searchsorted(until - schedule.seconds, side="right")) - 1
        if last >= track.first:
            opened, closed = candle_at(track.series, track.first), candle_at(track.series, last)
            market[track.series.pair] = (opened.open, closed.close)
    return market
