"""Owns when a trade is left: its levels, the candles that change nothing, and the decision.

Levels are cut to 1e-8 of a won: prices are whole there, so ``low <= stop`` is decided by the stop
cut down, and ``high >= level`` by the level cut up.
"""

from __future__ import annotations

import numpy as np

from research.kernel import layout as at
from research.kernel.columns import ints, marks, price
from research.kernel.compiler import inner
from research.kernel.layout import Ints, KernelState
from research.kernel.ledger_rows import add, emptied, money, new_row, put
from research.kernel.orders import sale, too_small
from research.kernel.protections import noted, over
from research.kernel.wide import Whole, below, cut, minus, plus, product, quotient, times

BLOCK = 64  # candles that are looked at together


@inner
def levelled(book: Ints, rules: Ints) -> None:
    """The levels that hang on the entry's price."""
    book[at.TRAIL_FROM] = _up_to(book[at.PRICE], rules[at.OFFSET], rules[at.ONE])
    book[at.GAIN_AT] = _up_to(book[at.PRICE], rules[at.GAIN], rules[at.ONE])
    book[at.PART_AT] = _up_to(book[at.PRICE], rules[at.PART_GAIN], rules[at.ONE])
    _stop(book, rules)


@inner
def _up_to(value: Whole, factor: Whole, one: Whole) -> Whole:
    """value * factor / one, cut up: the least price that reaches it."""
    high, low = product(value, factor)
    rest = quotient(high, low, one)[2]
    return cut(high, low, one) + (np.int64(1) if rest else np.int64(0))


@inner
def _stop(book: Ints, rules: Ints) -> None:
    """The stop, and which of the two it is; of equal ones the fixed gives the name."""
    fixed = product(book[at.PRICE], rules[at.STOPPED])
    book[at.STOP], book[at.STOP_NAME] = cut(fixed[0], fixed[1], rules[at.ONE]), at.STOP_LOSS
    if book[at.PEAK] >= book[at.TRAIL_FROM]:
        trailing = product(book[at.PEAK], rules[at.TRAILED])
        if below(fixed[0], fixed[1], trailing[0], trailing[1]):
            book[at.STOP] = cut(trailing[0], trailing[1], rules[at.ONE])
            book[at.STOP_NAME] = at.TRAILING_STOP_LOSS


@inner
def raised(book: Ints, rules: Ints, high: Whole) -> None:
    """The peak, when a candle was higher."""
    if high > book[at.PEAK]:
        book[at.PEAK] = high
        if high >= book[at.TRAIL_FROM]:
            _stop(book, rules)


@inner
def watched(state: KernelState, market: Whole, start: Whole) -> Whole:
    """The first candle from ``start`` at which the trade may be left; the peak rises on the way."""
    lows, highs = ints(state, market, at.LOW), ints(state, market, at.HIGH)
    leaves, book, unit = marks(state, market, at.EXIT), state.book[market], state.counts[market, 2]
    gain = book[at.GAIN_AT] if book[at.PARTED] else min(book[at.GAIN_AT], book[at.PART_AT])
    reached = (gain - 1) // unit  # in the record's own decimals, like the two below
    peak, stop = book[at.PEAK] // unit, book[at.STOP] // unit
    for begin in range(start, len(lows), BLOCK):
        end = min(begin + BLOCK, len(lows))
        if _quiet(lows[begin:end], highs[begin:end], leaves[begin:end], stop, min(peak, reached)):
            continue
        for index in range(begin, end):
            high = highs[index]
            if lows[index] <= stop or high > reached or leaves[index]:
                return index
            if high > peak:
                raised(book, state.rules, high * unit)
                peak, stop = high, book[at.STOP] // unit
    return len(lows)


@inner
def _quiet(lows: Ints, highs: Ints, leaves: Ints, stop: Whole, most: Whole) -> bool:
    """Whether nothing stirs in a block; a loop that is not left early takes several at once."""
    stirs = np.int64(0)
    for index in range(len(lows)):
        stirs |= np.int64(lows[index] <= stop) | np.int64(highs[index] > most)
        stirs |= np.int64(leaves[index])
    return bool(stirs == 0)


@inner
def left(state: KernelState, market: Whole, index: Whole) -> None:
    """What a candle does to a trade: the exit that it decides, then the peak."""
    book, rules = state.book[market], state.rules
    high = price(state, market, at.HIGH, index)
    volume, reason = _choice(state, market, index, high)
    if reason:
        book[at.REASON], close = reason, price(state, market, at.CLOSE, index)
        if too_small(state, volume, close):
            _turned_to_dust(state, market, index)
            return
        sale(state, market, index, volume, close)
    raised(book, rules, high)


@inner
def _choice(state: KernelState, market: Whole, index: Whole, high: Whole) -> tuple[Whole, Whole]:
    """How much is to be sold, and why; no reason when the trade stays."""
    book, rules = state.book[market], state.rules
    volume = book[at.VOLUME]
    if price(state, market, at.LOW, index) <= book[at.STOP]:
        return volume, book[at.STOP_NAME]
    if high >= book[at.GAIN_AT]:
        return volume, np.int64(at.ROI)
    if marks(state, market, at.EXIT)[index]:
        return volume, np.int64(at.EXIT_SIGNAL)
    if book[at.PARTED] or high < book[at.PART_AT]:
        return volume, np.int64(0)
    raw = product(volume, rules[at.PART])
    part = cut(raw[0], raw[1], rules[at.ONE])
    if too_small(state, min(part, volume - part), price(state, market, at.CLOSE, index)):
        part = volume
    return part, np.int64(at.PARTIAL_EXIT)


@inner
def _turned_to_dust(state: KernelState, market: Whole, index: Whole) -> None:
    """The trade ends unsold: its loss counts, its coin waits for the pair's next at its value."""
    book, close = state.book[market], price(state, market, at.CLOSE, index)
    worth, stake, paid = (
        product(book[at.VOLUME], close),
        money(book, at.FUNDS),
        money(book, at.PAID),
    )
    value = times(worth[0], worth[1], state.rules[at.FEE_ONE])
    cost = plus(stake[0], stake[1], paid[0], paid[1])
    profit = minus(value[0], value[1], cost[0], cost[1])
    row = new_row(state, market, index, at.TURNED_TO_DUST, book[at.VOLUME], close)
    put(row, at.PROFIT, profit)
    add(book, at.EARNED, profit)
    book[at.DUST] = book[at.VOLUME]
    put(book, at.DUST_FUNDS, value)
    emptied(book, at.DUST_PAID, at.BOOK)
    closes = ints(state, market, at.TIME)[index] + state.rules[at.SECONDS]
    over(state, market, closes)
    noted(state, closes, profit)
