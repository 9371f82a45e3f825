"""The order of a replay, and which of its candles matter.

Candles come by time, then by the order of the pairs. In bulk mode a candle matters when the
strategy wants to enter there, or when an owner's watch says so; all others may be skipped without
changing a single trade. Every (time, pair) has one key, ``time * pairs + place of the pair``, so
"later" is one comparison and "the next entry anywhere" one binary search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.market.candles import Ints, Tape, candle_at
from core.strategy import Signals, verdict_at
from messages.base import Mark
from messages.market import Candle, Verdict, Watch

BLOCK = 256  # candles
CHUNK = 64  # blocks looked at in the first stride; strides double


class Track(Struct, frozen=True, eq=False):
    """One pair's tape, its verdicts, and what makes looking ahead in it quick."""

    tape: Tape
    signals: Signals
    first: int  # index of the first candle that is not history
    block: int  # candles under one minimum and one maximum
    exits: Ints  # indices of the strategy's exit signals, from ``first``
    lowest: Ints  # of each block
    highest: Ints


class Schedule(Struct, frozen=True, eq=False):
    """A replay's plan: pure data, shared by every look-up."""

    tracks: tuple[Track, ...]
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
    tapes: Sequence[Tape],
    signals: Sequence[Signals],
    startup: int,
    bulk: bool = True,
    block: int = BLOCK,
) -> Schedule:
    """The plan for tapes in the order of their pairs; without ``bulk`` every candle matters.

    Candles before index ``startup - 1`` of their pair are history and never steps.
    """
    tracks = tuple(_track(t, s, startup - 1, block) for t, s in zip(tapes, signals, strict=True))
    lengths = {tape.seconds for tape in tapes}
    if len(lengths) > 1 or len({tape.pair for tape in tapes}) < len(tapes):
        raise ValueError("a replay takes one tape for each pair, all of one candle length")
    keys = [np.zeros(0, dtype=np.int64)]
    for place, track in enumerate(tracks):
        entries = np.flatnonzero(track.signals.entry)
        chosen = entries[entries >= track.first] if bulk else slice(track.first, None)
        keys.append(track.tape.time[chosen] * len(tracks) + place)
    fixed = np.sort(np.concatenate(keys))
    places = {tape.pair: place for place, tape in enumerate(tapes)}
    return Schedule(tracks, places, max(lengths, default=0), fixed)


def next_step(
    schedule: Schedule, position: Mark, now: float, watches: Iterable[Watch] = ()
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


def step_at(schedule: Schedule, mark: Mark) -> Step | None:
    """The very candle of a mark, to be taken again; None when the replay has no such step."""
    place = schedule.places.get(mark.pair)
    if place is None:
        return None
    track = schedule.tracks[place]
    index = int(track.tape.time.searchsorted(mark.time))
    there = track.first <= index < len(track.tape.time) and track.tape.time[index] == mark.time
    return _step(track, mark.time) if there else None


def newest(schedule: Schedule, before: float, count: int) -> list[tuple[str, Candle]]:
    """The last ``count`` candles of each pair that closed at or before a moment, oldest first."""
    rows: list[tuple[str, Candle]] = []
    for track in schedule.tracks:
        stop = int(track.tape.time.searchsorted(before - schedule.seconds, side="right"))
        pair = track.tape.pair
        rows += [(pair, candle_at(track.tape, i)) for i in range(max(0, stop - count), stop)]
    return rows


def total(schedule: Schedule) -> int:
    """How many candles the replay has after the history of each pair."""
    return sum(max(0, len(t.tape.time) - t.first) for t in schedule.tracks)


def passed(schedule: Schedule, position: Mark) -> int:
    """How many of those lie at or before a position: the numerator of a progress bar."""
    pairs = len(schedule.tracks)
    after = position.time * pairs + schedule.places.get(position.pair, -1) + 1
    return sum(
        max(0, _index_from(track, after, place, pairs) - track.first)
        for place, track in enumerate(schedule.tracks)
    )


def span(schedule: Schedule) -> tuple[int, int]:
    """Epoch seconds of the first step's open and the last candle's close; (0, 0) without any."""
    begins = [t.tape.time[t.first] for t in schedule.tracks if len(t.tape.time) > t.first]
    ends = [t.tape.time[-1] for t in schedule.tracks if len(t.tape.time) > t.first]
    return (int(min(begins)), int(max(ends)) + schedule.seconds) if begins else (0, 0)


def _track(tape: Tape, signals: Signals, first: int, block: int) -> Track:
    exits = np.flatnonzero(signals.exit)
    starts = np.arange(0, len(tape.time), block)
    return Track(
        tape,
        signals,
        first,
        block,
        exits[exits >= first],
        np.minimum.reduceat(tape.low, starts) if len(starts) else tape.low,
        np.maximum.reduceat(tape.high, starts) if len(starts) else tape.high,
    )


def _index_from(track: Track, key: int, place: int, pairs: int) -> int:
    """Index of the track's first candle whose key is ``key`` or later."""
    time = -((place - key) // pairs)  # (key - place) / pairs, rounded up
    return int(track.tape.time.searchsorted(time))


def _next_fixed(schedule: Schedule, after: int) -> int | None:
    index = int(schedule.fixed.searchsorted(after))
    return int(schedule.fixed[index]) if index < len(schedule.fixed) else None


def _next_watched(
    track: Track, watch: Watch, after: int, best: int | None, place: int, pairs: int
) -> int | None:
    """Key of the first candle from ``after`` that the watch asks for, if it is before ``best``."""
    time = track.tape.time
    index: int | None = max(track.first, _index_from(track, after, place, pairs))
    stop = len(time) if best is None else _index_from(track, best, place, pairs)
    if not watch.every:
        index = _next_reached(track, watch, index or 0, stop)
    if index is None or index >= stop:
        return None
    return int(time[index]) * pairs + place


def _next_reached(track: Track, watch: Watch, start: int, stop: int) -> int | None:
    """The first index in [start, stop) in the watch's band, or at which the strategy exits.

    Integers compare exactly: low <= below just when low's units are at most below's, cut off.
    """
    if watch.below is None and watch.above is None:
        return None
    places = track.tape.price_places
    low = -1 if watch.below is None else min(floor(watch.below.scaleb(places)), 2**62)
    high = 2**62 if watch.above is None else min(floor(watch.above.scaleb(places)), 2**62)
    leaving = int(track.exits.searchsorted(start))
    if leaving < len(track.exits) and track.exits[leaving] < stop:
        stop = int(track.exits[leaving])
        return _scan(track, low, high, start, stop, stop)
    return _scan(track, low, high, start, stop, None)


def _scan(
    track: Track, low: int, high: int, start: int, stop: int, otherwise: int | None
) -> int | None:
    """The first index in [start, stop) whose low is at most ``low`` or high is over ``high``.

    The rest of the first block is looked at candle by candle, then whole blocks in growing
    strides, then the block that was hit: a hundred thousand quiet candles are a few strides.
    """
    if start >= stop:
        return otherwise
    size = track.block
    edge = min((start // size + 1) * size, stop)
    found = _first(_hits(track.tape.low[start:edge], track.tape.high[start:edge], low, high))
    if found is not None:
        return start + found
    block, blocks, stride = edge // size, -(-stop // size), CHUNK
    while edge < stop and block < blocks:
        end = min(block + stride, blocks)
        hit = _first(_hits(track.lowest[block:end], track.highest[block:end], low, high))
        if hit is not None:
            begin = (block + hit) * size
            end = min(begin + size, stop)
            found = _first(_hits(track.tape.low[begin:end], track.tape.high[begin:end], low, high))
            return otherwise if found is None else begin + found  # it may lie beyond stop
        block, stride = end, stride * 2
    return otherwise


def _hits(lows: Ints, highs: Ints, low: int, high: int) -> NDArray[np.bool_]:
    return (lows <= low) | (highs > high)


def _first(hits: NDArray[np.bool_]) -> int | None:
    if not len(hits):
        return None
    index = int(hits.argmax())
    return index if hits[index] else None


def _step(track: Track, time: int) -> Step:
    index = int(track.tape.time.searchsorted(time))
    verdict = verdict_at(track.signals, index)
    return Step(track.tape.pair, index, time, candle_at(track.tape, index), verdict)
