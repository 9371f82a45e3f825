"""Owns the orders: what becomes one, what an entry costs, what is too much to be played."""

from __future__ import annotations

import numpy as np

from research.kernel import layout as at
from research.kernel.columns import ints
from research.kernel.compiler import inner
from research.kernel.layout import Ints, KernelState
from research.kernel.ledger_rows import add, money
from research.kernel.protections import locked
from research.kernel.wide import Whole, Wide, below, cut, minus, product, quotient, times

MOST = 10**9 * at.UNIT * at.UNIT  # won, that the venue takes at once
MOST_HIGH, MOST_LOW = np.int64(MOST >> 64), np.uint64(MOST & (2**64 - 1))


@inner
def reserve(rules: Ints, krw: Whole) -> Wide:
    """What an entry sets aside: the won and the fee on top."""
    high, low = product(krw, rules[at.FEE_ONE] + rules[at.FEE])
    return times(high, low, np.int64(at.UNIT))


@inner
def too_small(state: KernelState, volume: Whole, close: Whole) -> bool:
    """Whether so much coin is worth too little to be sold."""
    worth, least = product(volume, close), money(state.rules, at.MIN_HIGH)
    return below(worth[0], worth[1], least[0], least[1])


@inner
def sale(state: KernelState, market: Whole, index: Whole, volume: Whole, close: Whole) -> None:
    """An order to sell so much, if the venue takes it."""
    worth = product(volume, close)
    if below(MOST_HIGH, MOST_LOW, worth[0], worth[1]):
        state.till[at.STATUS] = at.TOO_LARGE
    ordered(state, market, index, at.SELLING, volume)


@inner
def ordered(state: KernelState, market: Whole, index: Whole, stage: Whole, asked: Whole) -> None:
    """An order rests until the pair's next candle opens."""
    till, book = state.till, state.book[market]
    book[at.STAGE], book[at.ASKED] = stage, asked
    time = ints(state, market, at.TIME)[index]
    if till[at.BURST_AT] != time:
        till[at.BURST_AT], till[at.BURST_COUNT] = time, 0
    till[at.BURST_COUNT] += 1
    if till[at.BURST_COUNT] > state.rules[at.BURST]:
        till[at.STATUS] = at.TOO_MANY


@inner
def entered(state: KernelState, market: Whole, index: Whole) -> None:
    """An entry at the candle's close, when nothing forbids it and there is cash enough."""
    till, rules, book = state.till, state.rules, state.book[market]
    closes = ints(state, market, at.TIME)[index] + rules[at.SECONDS]
    if till[at.TAKEN] >= rules[at.SLOTS] or locked(state, market, closes):
        return
    krw = _affordable(till, rules)
    if krw < rules[at.LEAST]:
        return
    till[at.TAKEN] += 1
    add(till, at.KEPT, reserve(rules, krw))
    book[at.SIGNAL], book[at.REASON] = index, 0
    ordered(state, market, index, at.BUYING, krw)


@inner
def _affordable(till: Ints, rules: Ints) -> Whole:
    """The stake, or the whole won that the free cash can carry with the fee on top; in 1e-8."""
    cash, kept = money(till, at.CASH), money(till, at.KEPT)
    free = minus(cash[0], cash[1], kept[0], kept[1])
    needed = reserve(rules, rules[at.STAKE])
    if not below(free[0], free[1], needed[0], needed[1]):
        return np.int64(rules[at.STAKE])
    top, low, _ = quotient(free[0], free[1], np.int64(at.UNIT * at.UNIT))
    return cut(top, low, rules[at.FEE_ONE] + rules[at.FEE]) * np.int64(at.UNIT)
