"""Owns what happens to an account from outside its keys: deposits, orders by hand, a delisting.

An admin endpoint asks for them, or a fault that is due does. Each raises Rejected, or ValueError
for an amount that is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from core.money import money
from sandbox.context import Desk
from sandbox.faults import Fault
from sandbox.records import Booked
from sandbox.rejections import Rejected
from sandbox.request_params import Ask, params_of, wish_of


def deposit(desk: Desk, members: Mapping[str, Any]) -> None:
    """{"currency", "amount", "avg_buy_price"?}: a negative amount leaves."""
    ask = Ask(params_of(b"", members))
    text, average = ask.one("amount"), ask.one("avg_buy_price")
    amount = money(text.removeprefix("-"))
    signed = -amount if text.startswith("-") else amount
    desk.exchange.deposit(ask.one("currency"), signed, money(average) if average else None)


def order(desk: Desk, members: Mapping[str, Any]) -> Booked:
    """An order placed by hand, as it stands after it met the market."""
    placed = desk.exchange.place(wish_of(Ask(params_of(b"", members))))
    return desk.exchange.books.orders[placed.uuid]


def befall(desk: Desk, fault: Fault) -> None:
    """Let a planned event happen; one that the exchange refuses does not."""
    with suppress(Rejected):
        match fault.kind:
            case "deposit":
                deposit(desk, fault.body)
            case "order":
                order(desk, fault.body)
            case "delisting":
                desk.exchange.delist(fault.pair)
