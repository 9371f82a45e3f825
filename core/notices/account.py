"""Owns which events about the account are told to people, and the notices of guarded money."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from core.money import quotient
from core.notices.events import Text, text
from messages.account import (
    AccountReconciled,
    CoinsMissed,
    DisputeSettled,
    ExitUnresolved,
    TradeReleased,
)
from messages.audit import InvariantBroken
from messages.budget import BudgetAdjusted
from messages.recovery import (
    BirthSighted,
    ExitsAllowed,
    PastShut,
    RecoveryBegun,
    SaleFound,
    StrayFound,
)

OfRecovery = PastShut | RecoveryBegun | SaleFound | StrayFound | ExitsAllowed | BirthSighted
OfAccount = (
    AccountReconciled
    | CoinsMissed
    | DisputeSettled
    | ExitUnresolved
    | TradeReleased
    | BudgetAdjusted
    | InvariantBroken
    | OfRecovery
)


def told_of_account(event: OfAccount) -> Text | None:
    """The notice of an event; None when there is nothing to say."""
    match event:
        case AccountReconciled():
            return text("info", "account_reconciled")
        case CoinsMissed(pair=pair, volume=volume, times=times):
            return text("warning", "coins_missed", pair=pair, volume=volume) if times == 1 else None
        case DisputeSettled(pair=pair):
            return text("warning", "dispute_settled", pair=pair)
        case ExitUnresolved(pair=pair, seconds=seconds):
            return text("critical", "exit_unresolved", pair=pair, seconds=seconds)
        case TradeReleased(pair=pair, volume=volume):
            return text("info", "trade_released", pair=pair, volume=volume)
        case BudgetAdjusted(reason="recovered"):
            return None  # the sale itself is told
        case BudgetAdjusted(krw=krw, reason=reason):
            return text("warning", "cash_adjusted", krw=krw, reason=reason)
        case InvariantBroken(invariant=invariant, where=where, evidence=evidence):
            facts = {"expected": event.expected, "found": event.found}
            numbers = tuple(map(str, evidence))
            name = "invariant_broken"
            return text(
                "critical", name, invariant=invariant, where=where, evidence=numbers, **facts
            )
        case _:
            return _of_recovery(event)


def _of_recovery(event: OfRecovery) -> Text | None:
    """What the venue knows of our past that this ledger does not, and who else trades."""
    match event:
        case PastShut(reason=reason, since=since):
            return text("critical", "past_unread", reason=reason, since=since)
        case RecoveryBegun(orders=orders, since=since):
            return text("critical", "recovery_begun", orders=orders, since=since)
        case SaleFound(pair=pair, volume=volume, funds=funds, filled_at=at):
            return _traded("sale_found", pair, volume, funds, at)
        case StrayFound(pair=pair, volume=volume, funds=funds, created_at=at):
            key = "purchase_found" if event.side == "bid" else "stray_sale_found"
            return _traded(key, pair, volume, funds, at)
        case ExitsAllowed(listed=False, since=since):
            return text("warning", "exits_go_on_unread", since=since)
        case ExitsAllowed(found=found):
            return text("warning", "recovery_ended", orders=found) if found else None
        case BirthSighted(again=True):
            return None
        case BirthSighted(identifier=name, pair=pair, created_at=at):
            return text("critical", "second_birth", identifier=name, pair=pair, since=at)
        case _:
            assert_never(event)


def _traded(key: str, pair: str, volume: Decimal, funds: Decimal, at: float) -> Text:
    price = quotient(funds, volume)
    return text("critical", key, pair=pair, volume=volume, price=price, krw=funds, since=at)
