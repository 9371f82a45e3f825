"""Owns how a wish becomes an order, and what forbids it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from core.order_life import Live
from messages.budget import BudgetReserved
from messages.orders import Order
from messages.trading import ExitWanted


def ordered(wish: BudgetReserved | ExitWanted) -> Order:
    """The order that fulfils a wish: exits sell at the market, entries may have a limit."""
    match wish:
        case ExitWanted():
            return Order(
                id=wish.id,
                trade=wish.trade,
                pair=wish.pair,
                side="ask",
                ord_type="market",
                volume=wish.volume,
                reference=wish.close,
                good_until=wish.good_until,
            )
        case BudgetReserved(limit=limit):
            return Order(
                id=wish.id,
                trade=wish.id,
                pair=wish.pair,
                side="bid",
                ord_type="price" if limit is None else "limit",
                price=wish.krw if limit is None else limit,
                volume=None if limit is None else wish.volume,
                reference=wish.close,
                good_until=wish.good_until,
                cancel_at=0.0 if limit is None else wish.cancel_at,
                tag=wish.tag,
            )
        case _:
            assert_never(wish)


def obstacle(order: Order, live: Iterable[Live], killed: bool, at: float) -> str:
    """Why this order must not be intended beside those that live; "" when it may."""
    if killed:
        return "killed"
    if order.good_until and at > order.good_until:
        return "signal_expired"
    others = [other for other in live if other.order.pair == order.pair]
    if any(other.stage == "disputed" for other in others):
        return "pair_disputed"
    if any(other.order.side == order.side and other.stage != "absent" for other in others):
        return "pair_busy"
    return ""
