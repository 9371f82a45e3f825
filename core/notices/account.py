"""Owns which events about the account are told to people, and the notices of guarded money."""

from __future__ import annotations

from typing import assert_never

from core.notices.events import Text, text
from messages.account import (
    AccountReconciled,
    CoinsMissed,
    DisputeSettled,
    ExitUnresolved,
    StopsDisabled,
    StopsEnabled,
    TradeAtRisk,
    TradeReleased,
)
from messages.audit import InvariantBroken
from messages.budget import BudgetAdjusted
from messages.snapshots import SnapshotFailed, SnapshotMissed, SnapshotTaken

OfAccount = (
    AccountReconciled
    | CoinsMissed
    | DisputeSettled
    | ExitUnresolved
    | TradeReleased
    | StopsDisabled
    | StopsEnabled
    | BudgetAdjusted
    | InvariantBroken
    | SnapshotTaken
    | SnapshotMissed
    | SnapshotFailed
)
IN_TIME = 60.0  # seconds after a year's begin


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
        case StopsDisabled(reason=reason, trades=trades, since=since):
            if not trades:
                return None  # that the account is shut is said anyway
            stops = tuple(map(_at_risk, trades))
            return text("critical", "stops_disabled", reason=reason, since=since, stops=stops)
        case StopsEnabled(since=since, at=at):
            return text("warning", "stops_enabled", lasting=max(0, int(at - since)))
        case SnapshotTaken() | SnapshotMissed() | SnapshotFailed():
            return _of_snapshot(event)
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


def _at_risk(trade: TradeAtRisk) -> str:
    return f"{trade.pair}={trade.volume:f}@{trade.stop:f}"


def _of_snapshot(event: SnapshotTaken | SnapshotMissed | SnapshotFailed) -> Text:
    match event:
        case SnapshotTaken(year=0, held=held):
            return text("info", "snapshot_by_hand", count=len(held))
        case SnapshotTaken(year=year, held=held, late=late):
            facts = {"year": year, "count": len(held)}
            if late <= IN_TIME:
                return text("info", "snapshot_taken", **facts)
            return text("warning", "snapshot_late", **facts, lasting=int(late))
        case SnapshotMissed(year=year, lost=True):
            return text("critical", "snapshot_lost", year=year)
        case SnapshotMissed(year=year, late=late, reason=reason):
            return text("warning", "snapshot_missed", year=year, lasting=int(late), reason=reason)
        case SnapshotFailed(reason=reason):
            return text("warning", "snapshot_failed", reason=reason)
        case _:
            assert_never(event)
