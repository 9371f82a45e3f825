"""Owns which events of an order's life are told to people."""

from __future__ import annotations

from typing import assert_never

from core.money import quotient
from core.notices.events import Text, text
from messages.notices import Level
from messages.orders import (
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderRefused,
    OrderUncertain,
)

OfOrder = (
    OrderRefused
    | OrderClosed
    | OrderUncertain
    | OrderAccepted
    | OrderFound
    | OrderAbsent
    | OrderDisputed
)


def told_of_order(event: OfOrder) -> Text | None:
    """The notice of an event; None when there is nothing to say. A sale is told with its profit."""
    pair = event.pair
    match event:
        case OrderRefused(side="ask", reason="notfoundmarket"):
            return None  # the warden says that the pair is gone, at once and then once a day
        case OrderRefused(reason="recovering"):
            return None  # one notice says that every exit waits, and why
        case OrderRefused(side=side, reason=reason):
            # An exit that is refused leaves money at risk: a person must know why.
            level: Level = "critical" if side == "ask" else "warning"
            key = "exit_refused" if side == "ask" else "entry_refused"
            return text(level, key, pair=pair, reason=reason, text=event.text)
        case OrderClosed(side="bid"):
            return _bought(event)
        case OrderClosed():
            return None
        case OrderUncertain(side=side, reason=reason):
            return text("warning", "order_uncertain", pair=pair, side=side, reason=reason)
        case OrderAccepted(side=side):  # the answer to a submit came at once, unless it has a pair
            return text("info", "order_arrived", pair=pair, side=side) if pair else None
        case OrderFound(side=side):
            return text("critical", "order_found", pair=pair, side=side)
        case OrderAbsent(side=side):
            return text("warning", "order_absent", pair=pair, side=side)
        case OrderDisputed(reason=reason):
            return text("critical", "order_disputed", pair=pair, reason=reason)
        case _:
            assert_never(event)


def _bought(event: OrderClosed) -> Text:
    pair, volume, funds = event.pair, event.volume, event.funds
    if not volume:
        return text("info", "entry_unfilled", pair=pair)
    facts = {"volume": volume, "price": quotient(funds, volume), "krw": funds, "fee": event.fee}
    return text("info", "entry_filled", pair=pair, **facts)
