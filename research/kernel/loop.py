"""Owns the order of a replay: candles by time, then by the order of the pairs.

Of a market only the candles matter at which something may happen; what lies between them is passed
over in one stride. A market's next one does not hang on the others, so each is looked for alone,
and the soonest of all markets is taken: its order fills, its exit is decided, then its entry.
"""

from __future__ import annotations

import numpy as np

from research.kernel import layout as at
from research.kernel.columns import ints, marks
from research.kernel.compiler import compiled, inner
from research.kernel.exits import BLOCK, left, watched
from research.kernel.layout import Ints, KernelState
from research.kernel.orders import entered
from research.kernel.venue import filled
from research.kernel.wide import Whole

ROOM = 4  # rows that one candle may fill


@compiled
def play(state: KernelState) -> Whole:
    """Play on, to the end or until something is in the way; what that is."""
    till = state.till
    if not till[at.BEGUN]:
        till[at.BEGUN] = 1
        for each in range(len(state.counts)):
            _seek(state, each, state.counts[each, 1])
    while till[at.STATUS] == at.PLAYING:
        if till[at.COUNT] + ROOM > len(state.actions) or till[at.CLOSED] + ROOM > len(state.closed):
            return at.FULL
        market = _soonest(state)
        if state.book[market, at.KEY] == at.LAST:
            return at.ENDED
        if state.book[market, at.KEY] >= till[at.PAUSE]:
            return at.PAUSED
        index = state.book[market, at.NEXT]
        _take(state, market, index)
        _seek(state, market, index + 1)
    return int(till[at.STATUS])


@inner
def _soonest(state: KernelState) -> Whole:
    found = 0
    for market in range(1, len(state.counts)):
        if state.book[market, at.KEY] < state.book[found, at.KEY]:
            found = market
    return found


@inner
def _take(state: KernelState, market: Whole, index: Whole) -> None:
    """One candle: at the one whose open fills an entry, no exit is decided and no peak rises."""
    book = state.book[market]
    before = book[at.STAGE]
    if before == at.BUYING or before == at.SELLING:
        filled(state, market, index)
    if book[at.STAGE] == at.HELD and before != at.BUYING:
        left(state, market, index)
    if book[at.STAGE] == at.FLAT and marks(state, market, at.ENTRY)[index]:
        entered(state, market, index)


@inner
def _seek(state: KernelState, market: Whole, start: Whole) -> None:
    """The market's next candle from ``start`` at which something may happen, and its key."""
    book, index = state.book[market], start
    if book[at.STAGE] == at.HELD:
        index = watched(state, market, start)
    elif book[at.STAGE] == at.FLAT:
        index = _wished(state, market, start)
    book[at.NEXT], book[at.KEY] = index, at.LAST
    if index < state.counts[market, 0]:
        time = ints(state, market, at.TIME)[index]
        book[at.KEY] = time * len(state.counts) + market


@inner
def _wished(state: KernelState, market: Whole, start: Whole) -> Whole:
    """The next candle at which the strategy wants to enter and the pair has rested."""
    wishes, times = marks(state, market, at.ENTRY), ints(state, market, at.TIME)
    rested = state.book[market, at.UNTIL] - state.rules[at.SECONDS]
    index = start
    if index < len(times) and times[index] < rested:
        index = _found(times, index, rested)
    while index + BLOCK <= len(wishes) and _silent(wishes[index : index + BLOCK]):
        index += BLOCK
    while index < len(wishes) and not wishes[index]:
        index += 1
    return index


@inner
def _silent(wishes: Ints) -> bool:
    """Whether there is none in a block."""
    found = np.uint8(0)
    for index in range(len(wishes)):
        found |= wishes[index]
    return bool(found == 0)


@inner
def _found(times: Ints, start: Whole, time: Whole) -> Whole:
    """The first index from ``start`` of a time that is not before ``time``."""
    end: Whole = len(times)
    while start < end:
        middle = (start + end) // 2
        if times[middle] < time:
            start = middle + 1
        else:
            end = middle
    return start
