"""Owns which events about the account are told to people, and the notices of guarded money."""

from __future__ import annotations

from typing import assert_never

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

OfAccount = (
    AccountReconciled
    | CoinsMissed
    | DisputeSettled
    | ExitUnresolved
    | TradeReleased
    | BudgetAdjusted
    | InvariantBroken
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
            assert_never(event)
