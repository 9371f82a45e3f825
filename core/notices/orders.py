"""Owns which events of an order's life are told to people."""

from __future__ import annotations

from typing import assert_never

from core.money import quotient
from core.notices.events import Fact, Text, text
from core.orders.end_reason import UNFILLED, EndReason, cut_facts
from messages.orders import (
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
)
from messages.trading import ExitFailed

OfOrder = (
    OrderIntended
    | OrderRefused
    | OrderClosed
    | OrderUncertain
    | OrderAccepted
    | OrderFound
    | OrderAbsent
    | OrderDisputed
    | ExitFailed
)

NOTHING = EndReason()


def order_notice(event: OfOrder, why: EndReason = NOTHING) -> Text | None:
    """The notice of an event; None when there is nothing to say. A sale is told with its profit.

    ``why``: of an order that has ended, as every door says it.
    """
    if isinstance(event, OrderIntended):
        return _cut(event)
    pair = event.pair
    match event:
        case OrderRefused(side="ask"):
            return None  # holdings says when a person is to know: not at each try
        case OrderRefused(reason=reason):
            return text("warning", "entry_refused", pair=pair, reason=reason, text=event.text)
        case ExitFailed():
            return _not_sold(event, why) if event.tells else None
        case OrderClosed(side="bid"):
            return _bought(event, why)
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


def _cut(event: OrderIntended) -> Text | None:
    """What an entry is for where something cut it: its signal has said what was wanted."""
    facts = cut_facts(event.order, event.cut_by, event.wanted)
    if not facts:
        return None
    cap = facts.pop("cut")
    return text("info", "entry_cut", pair=event.order.pair, cap=cap, **facts)


def _not_sold(event: ExitFailed, why: EndReason) -> Text:
    """An exit that fails leaves money at risk: a person must know why."""
    facts: dict[str, Fact]
    if not event.asks:
        facts = {"reason": why.reason or event.reason, "text": event.text}
        return text("critical", "exit_refused", pair=event.pair, **facts)
    order = event.asks[0]
    facts = {"volume": order.volume, "price": order.price, "uuid": order.uuid}
    return text("critical", "exit_locked", pair=event.pair, **facts)


def _bought(event: OrderClosed, why: EndReason) -> Text:
    pair, volume, funds = event.pair, event.volume, event.funds
    if not volume:
        return text("info", "entry_unfilled", pair=pair, ending=why.written or UNFILLED)
    facts: dict[str, Fact] = {"volume": volume, "price": quotient(funds, volume), "krw": funds}
    if why.reason:
        return text(
            "info", "entry_part_filled", pair=pair, **facts, fee=event.fee, ending=why.written
        )
    if "stake" in why.facts:
        facts |= {"stake": why.facts["stake"], "cap": why.facts["cut"]}
        return text("info", "entry_filled_cut", pair=pair, **facts, fee=event.fee)
    return text("info", "entry_filled", pair=pair, **facts, fee=event.fee)
