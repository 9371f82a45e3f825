"""Owns what happens to an account from outside its keys: deposits, orders by hand, a delisting.

An admin endpoint asks for them, or a fault that is due does. Each raises Rejected, or ValueError
for an amount that is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from core.money import money
from sandbox.context import SandboxContext
from sandbox.faults import Fault
from sandbox.records import StoredOrder
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams, order_request_of, params_of


def deposit(context: SandboxContext, members: Mapping[str, Any]) -> None:
    """{"currency", "amount", "avg_buy_price"?}: a negative amount leaves."""
    ask = RequestParams(params_of(b"", members))
    text, average = ask.one("amount"), ask.one("avg_buy_price")
    amount = money(text.removeprefix("-"))
    signed = -amount if text.startswith("-") else amount
    context.exchange.deposit(ask.one("currency"), signed, money(average) if average else None)


def order(context: SandboxContext, members: Mapping[str, Any]) -> StoredOrder:
    """An order placed by hand, as it stands after it met the market."""
    placed = context.exchange.place(order_request_of(RequestParams(params_of(b"", members))))
    return context.exchange.books.orders[placed.uuid]


def trigger(context: SandboxContext, fault: Fault) -> None:
    """Let a planned event happen; one that the exchange refuses does not."""
    with suppress(Rejected):
        match fault.kind:
            case "deposit":
                deposit(context, fault.body)
            case "order":
                order(context, fault.body)
            case "delisting":
                context.exchange.delist(fault.pair)
