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


class SaleEnded(Event):
    """A sale's running totals need no more keeping."""

    id: str
