"""Owns the order book around a last price: 30 levels a side on the grid, sizes drawn by seed.

Nobody recorded whole days of books, so these are made up: the best bid is at the last price or
just below, the best ask one tick above, and the deeper the larger. The same trade has the same
book. ``level`` gathers prices in steps of that many KRW (Upbit: docs/reference/upbit.md 2.5, 2.6).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from msgspec import Struct

from core.market.tick_size import korean_day, price_down, tick_size
from sandbox.quotes.path import Trade

ROWS = 30
ZERO = Decimal(0)
_LEAST = Decimal("0.00000001")
_WORTH = 400_000  # KRW of a first level, about


class Unit(Struct, frozen=True):
    """The i-th ask beside the i-th bid; a side that ends has zeros."""

    ask_price: Decimal
    bid_price: Decimal
    ask_size: Decimal
    bid_size: Decimal


class Book(Struct, frozen=True):
    """A pair's book at the moment of a trade (epoch ms), best first."""

    at: int
    units: tuple[Unit, ...]
    total_ask: Decimal
    total_bid: Decimal
    level: Decimal


def book_of(pair: str, trade: Trade, salt: int, level: Decimal = ZERO) -> Book:
    """The book after this trade; empty for a level that the pair does not support."""
    day = korean_day(trade.at / 1000)
    if level and level not in levels_of(pair, trade.price, day):
        return Book(trade.at, (), ZERO, ZERO, level)
    tick = tick_size(trade.price, day, pair)
    bid = trade.price // level * level if level else price_down(trade.price, day, pair)
    asks, bids = _asks(bid, level, day, pair), _bids(bid, level, day, pair)
    draw = Random(trade.number ^ salt)
    gathered = float(level / tick) if level else 1.0
    asked = [_size(draw, ask, row, gathered) for row, ask in enumerate(asks)]
    bidden = [_size(draw, bid, row, gathered) for row, bid in enumerate(bids)]
    units = tuple(map(Unit, asks, bids, asked, bidden))
    return Book(trade.at, units, sum(asked, ZERO), sum(bidden, ZERO), level)


def levels_of(pair: str, price: Decimal, day: date) -> tuple[Decimal, ...]:
    """Steps in which the pair's book can be gathered: tens above its tick, up to its price."""
    tick = tick_size(price, day, pair)
    tens = (Decimal(1).scaleb(exponent) for exponent in range(-8, 13))
    return tuple(ten for ten in tens if tick < ten <= price)


def _asks(bid: Decimal, level: Decimal, day: date, pair: str) -> list[Decimal]:
    """The prices above the best bid, upward; in even steps unless a band's edge is among them."""
    step = level or tick_size(bid or _LEAST, day, pair)
    if level or tick_size(bid + step * ROWS, day, pair) == step:
        return [bid + step * row for row in range(1, ROWS + 1)]
    asks, price = list[Decimal](), bid
    while len(asks) < ROWS:
        price += tick_size(price or _LEAST, day, pair)
        asks.append(price)
    return asks


def _bids(bid: Decimal, level: Decimal, day: date, pair: str) -> list[Decimal]:
    """The best bid and those below; zeros where there is no price left."""
    step = level or tick_size(bid or _LEAST, day, pair)
    end = bid - step * ROWS
    if end > 0 and (level or tick_size(end, day, pair) == step):
        return [bid - step * row for row in range(ROWS)]
    bids, price = list[Decimal](), bid
    while price > 0 and len(bids) < ROWS:
        bids.append(price)
        step = level or tick_size(price, day, pair)
        if not level and price > step:
            step = tick_size(price - step, day, pair)  # below a band's edge its own tick holds
        price -= step
    return bids + [ZERO] * (ROWS - len(bids))


def _size(draw: Random, price: Decimal, row: int, gathered: float) -> Decimal:
    """Coin at a level, 8 decimals: skewed, a few large ones, more with depth."""
    share = draw.random()
    if not price:
        return ZERO
    worth = int(_WORTH * (0.02 + share**3 * 8) * (1 + row / 4) * gathered) + 1
    return Decimal(max(worth * 10**16 // int(price.scaleb(8)), 1)).scaleb(-8)
