"""Owns how money moves in the sandbox's books: a fill, what self-match prevention takes, an end.

The arithmetic is Upbit's: docs/reference/upbit.md 3.5 to 3.7. Each changes a draft, nothing else.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from msgspec import structs

from core.money import quotient
from sandbox.account_ledger import LedgerDraft
from sandbox.records import ZERO, State, StoredOrder, Trade, coin

Tell = Callable[[str, StoredOrder, Trade | None], None]  # an event of myOrder: its state, the order


class LedgerTurn(NamedTuple):
    """One change of the books in the making: its draft, its moment, who is told of it."""

    draft: LedgerDraft
    at: float  # epoch seconds
    tell: Tell


def accept(turn: LedgerTurn, order: StoredOrder) -> None:
    """The order stands in the books, and its amount is set aside."""
    turn.draft.hold(order.currency, order.locked)
    turn.draft.keep(order)
    turn.tell("wait", order, None)


def execute(
    turn: LedgerTurn, order: StoredOrder, price: Decimal, volume: Decimal, maker: bool
) -> StoredOrder:
    """A fill: coin and KRW change hands; the fee is on top of a bid, out of an ask."""
    fee = price * volume * order.fee_rate
    trade = Trade(str(uuid.uuid4()), price, volume, fee, turn.at, maker)
    name, draft = coin(order.order.pair), turn.draft
    if order.bid:
        held = draft.account(name)
        cost = held.total * held.average + trade.funds
        draft.spend("KRW", trade.funds + fee)
        draft.pay(name, volume)
        draft.average(name, quotient(cost, held.total + volume))
    else:
        draft.spend(name, volume)
        draft.pay("KRW", trade.funds - fee)
    filled = structs.replace(
        order,
        executed=order.executed + volume,
        funds=order.funds + trade.funds,
        paid_fee=order.paid_fee + fee,
        trades=(*order.trades, trade),
    )
    draft.keep(filled)
    turn.tell("trade", filled, trade)
    return filled


def prevent(turn: LedgerTurn, order: StoredOrder, amount: Decimal, price: Decimal) -> StoredOrder:
    """Self-match prevention takes so much coin off; of a total the coin's worth at that price."""
    worth = (order.order.price if order.order.ord_type == "limit" else None) or price
    total = min(amount * worth, order.left) if order.order.volume is None else amount * worth
    after = structs.replace(
        order,
        prevented_volume=order.prevented_volume + (amount if order.order.volume else ZERO),
        prevented_total=order.prevented_total + (total if order.bid else ZERO),
    )
    turn.draft.hold(order.currency, after.locked - order.locked)
    turn.draft.keep(after)
    turn.tell("prevented", after, None)
    return after


def end(turn: LedgerTurn, order: StoredOrder, state: State) -> StoredOrder:
    """The order ends; what it still holds is free again, its record keeps the figure."""
    turn.draft.hold(order.currency, -order.locked)
    ended = structs.replace(order, state=state, met=True, ended_at=turn.at)
    turn.draft.keep(ended)
    turn.tell(state, ended, None)
    return ended
