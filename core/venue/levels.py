"""Owns how an order takes what a book offers: level by level, best first, never beyond its limit.

Upbit's rule: docs/reference/upbit.md 3.13 (a total buys the volume floored to 8 decimals at every
level, and ends where it buys nothing more) and 3.3 (``best`` takes the best level only).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.money import floor_volume, quotient_down
from messages.orders import Order

Level = tuple[Decimal, Decimal]  # KRW a coin, coin; also what was taken of one


def offered(order: Order, levels: Iterable[Level]) -> list[Level]:
    """The levels that the order may take of, given those of the other side, best first."""
    every = [level for level in levels if level[0] > 0 and floor_volume(level[1])]
    if order.ord_type == "best":
        return every[:1]
    limit = order.price if order.ord_type == "limit" else None
    if limit is None:
        return every
    return [x for x in every if (x[0] <= limit if order.side == "bid" else x[0] >= limit)]


def portion(order: Order, left: Decimal, level: Level) -> Decimal:
    """The volume that the order takes of one level; ``left`` is coin, or KRW of a total."""
    price, size = level
    return min(floor_volume(size), quotient_down(left, price) if order.volume is None else left)


def after(order: Order, left: Decimal, price: Decimal, volume: Decimal) -> Decimal:
    """What is left of the order when it took so much at that price."""
    return left - (volume * price if order.volume is None else volume)


def taken(order: Order, left: Decimal, levels: Sequence[Level]) -> list[Level]:
    """What the order takes, given the levels that are offered to it."""
    found: list[Level] = []
    for level in levels:
        volume = portion(order, left, level)
        if not volume:
            break
        found.append((level[0], volume))
        left = after(order, left, level[0], volume)
    return found


def suffices(order: Order, left: Decimal, levels: Sequence[Level]) -> bool:
    """Whether the levels fill the order; a total, but for a rest that buys nothing at the last."""
    for price, volume in taken(order, left, levels):
        left = after(order, left, price, volume)
    if order.volume is not None or not levels:
        return not left
    return not quotient_down(left, levels[-1][0])
