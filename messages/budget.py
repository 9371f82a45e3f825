"""Cash: what the budget states."""

from __future__ import annotations

from decimal import Decimal

from messages.base import Event


class BudgetReserved(Event):
    """Cash set aside for one entry: ``krw`` for the coins and ``fee`` on top."""

    id: str
    pair: str
    krw: Decimal
    fee: Decimal
    close: Decimal
    good_until: float
    limit: Decimal | None = None
    volume: Decimal | None = None  # coin, for a limit order
    cancel_at: float = 0.0
    tag: str = ""
    time_in_force: str = ""  # of a limit order
    ask: Decimal = Decimal(0)  # the best of the order book, KRW; 0 where it was not asked
    depth: Decimal = Decimal(0)  # coin that the book offered up to the limit
    wanted: Decimal = Decimal(0)  # KRW that were wanted, where the free cash cut them; else 0


class BudgetRefused(Event):
    """No cash for this entry."""

    id: str
    pair: str
    reason: str
    needed: Decimal
    free: Decimal


class BudgetSettled(Event):
    """Running totals of a buy, taken from its reservation and from the cash."""

    id: str
    funds: Decimal
    fee: Decimal


class BudgetCredited(Event):
    """Running totals of a sale, added to the cash."""

    id: str
    funds: Decimal
    fee: Decimal


class BudgetReleased(Event):
    """A reservation has ended; ``krw`` of it is free again."""

    id: str
    krw: Decimal


class CashDiffered(Event):
    """By how much the cash would have to change to agree with the account, in so many looks."""

    krw: Decimal
    times: int
    since: float = 0.0  # epoch seconds of the first of these looks


class BudgetAdjusted(Event):
    """The cash has changed by no order of ours.

    ``reason``: ``account`` less (or again more) is in the account than was believed,
    ``available_capital`` the operator has given another figure, ``sold_on_exchange`` coins of
    ours were sold by hand, ``recovered`` an order of ours that the ledger had lost sold them.
    """

    krw: Decimal  # below 0 when it is less
    reason: str


class SaleEnded(Event):
    """A sale's running totals need no more keeping."""

    id: str
