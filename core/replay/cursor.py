"""Owns one pair of a replay: its tape, its verdicts, and what makes looking ahead in it quick."""

from __future__ import annotations

from math import floor

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.market.candles import CandleSeries, Ints
from core.market.mapped import let_go
from core.strategy import Signals
from messages.market import Watch

CHUNK = 64  # blocks looked at in the first stride; strides double


class ReplayCursor(Struct, frozen=True, eq=False):
    """``first`` and ``exits`` are indices of the tape; the exits begin at the first."""

    series: CandleSeries
    signals: Signals
    first: int  # index of the first candle that is not history
    block: int  # candles under one minimum and one maximum
    exits: Ints  # indices of the strategy's exit signals, from ``first``
    lowest: Ints  # of each block
    highest: Ints


def cursor_of(series: CandleSeries, signals: Signals, first: int, block: int) -> ReplayCursor:
    """The track of a tape; ``block`` candles are looked at under one minimum and one maximum."""
    exits = np.flatnonzero(signals.exit)
    starts = np.arange(0, len(series.time), block)
    track = ReplayCursor(
        series,
        signals,
        first,
        block,
        exits[exits >= first],
        np.minimum.reduceat(series.low, starts) if len(starts) else series.low,
        np.maximum.reduceat(series.high, starts) if len(starts) else series.high,
    )
    let_go([series])
    return track


def index_from(track: ReplayCursor, key: int, place: int, pairs: int) -> int:
    """Index of the track's first candle whose key is ``key`` or later."""
    time = -((place - key) // pairs)  # (key - place) / pairs, rounded up
    return int(track.series.time.searchsorted(time))


def next_reached(track: ReplayCursor, watch: Watch, start: int, stop: int) -> int | None:
    """The first index in [start, stop) in the watch's band, or at which the strategy exits.

    Integers compare exactly: low <= below just when low's units are at most below's, cut off.
    """
    if watch.below is None and watch.above is None:
        return None
    places = track.series.price_places
    low = -1 if watch.below is None else min(floor(watch.below.scaleb(places)), 2**62)
    high = 2**62 if watch.above is None else min(floor(watch.above.scaleb(places)), 2**62)
    leaving = int(track.exits.searchsorted(start))
    if leaving < len(track.exits) and track.exits[leaving] < stop:
        stop = int(track.exits[leaving])
        return _scan(track, low, high, start, stop, stop)
    return _scan(track, low, high, start, stop, None)


def _scan(
    track: ReplayCursor, low: int, high: int, start: int, stop: int, otherwise: int | None
) -> int | None:
    """The first index in [start, stop) whose low is at most ``low`` or high is over ``high``.

    The rest of the first block is looked at candle by candle, then whole blocks in growing
    strides, then the block that was hit: a hundred thousand quiet candles are a few strides.
    """
    if start >= stop:
        return otherwise
    size = track.block
    edge = min((start // size + 1) * size, stop)
    found = _first(_hits(track.series.low[start:edge], track.series.high[start:edge], low, high))
    if found is not None:
        return start + found
    block, blocks, stride = edge // size, -(-stop // size), CHUNK
    while edge < stop and block < blocks:
        end = min(block + stride, blocks)
        hit = _first(_hits(track.lowest[block:end], track.highest[block:end], low, high))
        if hit is not None:
            begin = (block + hit) * size
            end = min(begin + size, stop)
            found = _first(
                _hits(track.series.low[begin:end], track.series.high[begin:end], low, high)
            )
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
