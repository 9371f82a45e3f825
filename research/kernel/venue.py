"""Owns the fills, as the paper venue's: prices worsened to the grid, coin and money moved."""

from __future__ import annotations

import numpy as np

from research.kernel import layout as at
from research.kernel.columns import ints, price
from research.kernel.compiler import inner
from research.kernel.exits import levelled
from research.kernel.layout import Ints, KernelState
from research.kernel.ledger_rows import add, emptied, money, new_row, put
from research.kernel.orders import reserve
from research.kernel.protections import noted, over
from research.kernel.wide import Whole, Wide, cut, minus, plus, product, quotient, share, times

LARGEST = np.int64(500_000_000)  # high word of funds: 9.2e11 won, beyond any order's bounds
MOST = np.int64(2**61)  # of a volume, in 1e-8


@inner
def filled(state: KernelState, market: Whole, index: Whole) -> None:
    """A resting order fills at the candle's open."""
    if state.book[market, at.STAGE] == at.BUYING:
        _bought(state, market, index)
    else:
        _sold(state, market, index)


@inner
def _rate(state: KernelState, market: Whole, index: Whole, factor: Whole) -> Whole:
    """At what price: the open worsened, and put on the grid beyond; the open itself without."""
    open_, one = price(state, market, at.OPEN, index), state.rules[at.ONE]
    if factor == one:
        return open_
    high, low = product(open_, factor)
    _, whole, rest = quotient(high, low, one)
    worse = np.int64(whole)
    tick = _tick(state, market, ints(state, market, at.TIME)[index], worse)
    lower = worse // tick * tick
    if factor > one:
        return lower if lower == worse and rest == 0 else lower + tick
    return max(lower, tick)


@inner
def _tick(state: KernelState, market: Whole, time: Whole, value: Whole) -> Whole:
    """The price unit of a price of this height at that time."""
    period = len(state.periods) - 1
    while state.periods[period] > time:
        period -= 1
    bands = state.bands[market, period]
    band = 0
    while bands[band, 0] > value:
        band += 1
    return np.int64(bands[band, 1])


@inner
def _bought(state: KernelState, market: Whole, index: Whole) -> None:
    """The coin that the won buy."""
    book, rules = state.book[market], state.rules
    rate = _rate(state, market, index, rules[at.UP])
    raw = product(book[at.ASKED], np.int64(at.UNIT))
    volume = cut(raw[0], raw[1], rate)
    if volume == 0 or volume > MOST or book[at.DUST] > MOST:
        state.till[at.STATUS] = at.TOO_LARGE if volume else at.TOO_SMALL
        return
    worth = product(volume, rate)
    funds = times(worth[0], worth[1], rules[at.FEE_ONE])
    fee = times(worth[0], worth[1], rules[at.FEE])
    cost, kept = plus(funds[0], funds[1], fee[0], fee[1]), reserve(rules, book[at.ASKED])
    add(state.till, at.CASH, minus(np.int64(0), np.uint64(0), cost[0], cost[1]))
    add(state.till, at.KEPT, minus(np.int64(0), np.uint64(0), kept[0], kept[1]))
    put(book, at.FUNDS, funds)
    put(book, at.PAID, fee)
    _opened(book, rules, volume, rate)
    new_row(state, market, index, at.BOUGHT, volume, rate)


@inner
def _opened(book: Ints, rules: Ints, volume: Whole, rate: Whole) -> None:
    """A trade of what was bought, and of the pair's dust; the price is the fill's own."""
    add(book, at.FUNDS, money(book, at.DUST_FUNDS))
    add(book, at.PAID, money(book, at.DUST_PAID))
    book[at.VOLUME] = volume + book[at.DUST]
    emptied(book, at.DUST, at.BOOK)
    emptied(book, at.EARNED, at.DUST)
    book[at.PRICE], book[at.PEAK] = rate, rate
    book[at.STAGE], book[at.PARTED] = at.HELD, 0
    levelled(book, rules)


@inner
def _sold(state: KernelState, market: Whole, index: Whole) -> None:
    """The won that the coin brings; the trade is over when none of it is left."""
    book, rules, volume = state.book[market], state.rules, state.book[market, at.ASKED]
    rate = _rate(state, market, index, rules[at.DOWN])
    worth = product(volume, rate)
    if worth[0] >= LARGEST:
        state.till[at.STATUS] = at.TOO_LARGE
        return
    proceeds = times(worth[0], worth[1], rules[at.FEE_ONE] - rules[at.FEE])
    add(state.till, at.CASH, proceeds)
    row = new_row(state, market, index, at.SOLD, volume, rate)
    profit = _profit(book, rules, volume, proceeds)
    put(row, at.PROFIT, profit)
    time = ints(state, market, at.TIME)[index]
    if book[at.VOLUME]:
        book[at.STAGE], book[at.PARTED] = at.HELD, 1
    else:
        over(state, market, time)
    noted(state, time, profit)


@inner
def _profit(book: Ints, rules: Ints, volume: Whole, proceeds: Wide) -> Wide:
    """What the sale has earned; what it had cost leaves the trade."""
    stake, paid = money(book, at.FUNDS), money(book, at.PAID)
    if volume < book[at.VOLUME]:
        stake = _part(stake, volume, book[at.VOLUME], rules[at.FEE_ONE])
        paid = _part(paid, volume, book[at.VOLUME], rules[at.FEE_ONE])
    cost = plus(stake[0], stake[1], paid[0], paid[1])
    profit = minus(proceeds[0], proceeds[1], cost[0], cost[1])
    nothing = (np.int64(0), np.uint64(0))
    add(book, at.FUNDS, minus(nothing[0], nothing[1], stake[0], stake[1]))
    add(book, at.PAID, minus(nothing[0], nothing[1], paid[0], paid[1]))
    add(book, at.EARNED, profit)
    book[at.VOLUME] -= volume
    return profit


@inner
def _part(cost: Wide, volume: Whole, whole: Whole, fee_one: Whole) -> Wide:
    """A part's share of what a trade cost, cut down to 8 decimals."""
    finer = np.int64(at.UNIT) * fee_one
    high, low = share(cost[0], cost[1], volume, whole)
    top, bottom, _ = quotient(high, low, finer)
    return times(top, bottom, finer)
