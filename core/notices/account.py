"""Owns which events about the account are told to people, and the notices of guarded money."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from core.market.pairs import coin
from core.money import quotient
from core.notices.events import Fact, Text, text
from messages.account import (
    AccountReconciled,
    CoinsMovedOut,
    CoinsReturned,
    DisputeSettled,
    ExitUnresolved,
    StopsDisabled,
    StopsEnabled,
    TradeAtRisk,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.audit import InvariantBroken
from messages.budget import BudgetAdjusted
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    BirthSighted,
    ExitsAllowed,
    LookUnread,
    PastShut,
    RecoveryBegun,
    RowsUnread,
    SaleFound,
    StrayFound,
)
from messages.snapshots import SnapshotFailed, SnapshotMissed, SnapshotTaken

OfKey = AccountTaken | AccountDenied
OfUnread = PastShut | RowsUnread | LookUnread
OfRecovery = OfUnread | RecoveryBegun | SaleFound | StrayFound | ExitsAllowed | BirthSighted | OfKey
OfAccount = (
    AccountReconciled
    | CoinsMovedOut
    | CoinsReturned
    | DisputeSettled
    | ExitUnresolved
    | TradeReleased
    | TradeResumed
    | TradeSuspended
    | StopsDisabled
    | StopsEnabled
    | BudgetAdjusted
    | InvariantBroken
    | OfRecovery
    | SnapshotTaken
    | SnapshotMissed
    | SnapshotFailed
)
IN_TIME = 60.0  # seconds after a year's begin
ROWS_TOLD = 5  # rows that a notice names
UNNAMED = "-"  # rows that do not say what they are about


def account_notice(event: OfAccount) -> Text | None:
    """The notice of an event; None when there is nothing to say."""
    match event:
        case AccountReconciled():
            return text("info", "account_reconciled")
        case TradeSuspended() | TradeResumed() | CoinsMovedOut() | CoinsReturned():
            return _of_coins(event)
        case DisputeSettled(pair=pair):
            return text("warning", "dispute_settled", pair=pair)
        case ExitUnresolved(pair=pair, seconds=seconds):
            return text("critical", "exit_unresolved", pair=pair, seconds=seconds)
        case TradeReleased(pair=pair, volume=volume):
            return text("info", "trade_released", pair=pair, volume=volume)
        case BudgetAdjusted(reason="recovered"):
            return None  # the sale itself is told
        case BudgetAdjusted(krw=krw, reason="account") if krw < 0:
            return text("warning", "cash_left", krw=-krw)
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
            return _of_recovery(event)


def _of_recovery(event: OfRecovery) -> Text | None:
    """What the venue knows of our past that this ledger does not, and who else trades."""
    match event:
        case AccountTaken(account=account, identifier=name):
            if not name:
                return text("warning", "account_taken", account=account)
            return text("warning", "account_found", account=account, identifier=name)
        case AccountDenied(account=account, left=0):
            return text("critical", "account_denied", account=account, pairs=event.pairs)
        case AccountDenied():
            return None
        case PastShut() | RowsUnread() | LookUnread():
            return _of_unread(event)
        case RecoveryBegun(orders=0):
            return None  # guesses alone: why they are made is told
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


def _of_unread(event: OfUnread) -> Text | None:
    """What could not be read; of looks that are repeated, the last."""
    match event:
        case PastShut(reason=reason, since=since):
            return text("critical", "past_unread", reason=reason, since=since)
        case RowsUnread(over=False) | LookUnread(over=False):
            return None
        case RowsUnread(count=count, rows=rows, since=since):
            named = rows[:ROWS_TOLD] or (UNNAMED,)
            return text("critical", "rows_unread", count=count, rows=named, since=since)
        case LookUnread(identifier=name, pair=pair, trade=trade):
            if trade:
                return text("critical", "sale_unread", identifier=name, pair=pair)
            return text("warning", "order_unread", identifier=name)
        case _:
            assert_never(event)


def _traded(key: str, pair: str, volume: Decimal, funds: Decimal, at: float) -> Text:
    price = quotient(funds, volume)
    return text("critical", key, pair=pair, volume=volume, price=price, krw=funds, since=at)


def _of_coins(
    event: TradeSuspended | TradeResumed | CoinsMovedOut | CoinsReturned,
) -> Text | None:
    """Coins that left without a sale: asked about once, and how that ends."""
    pair = event.pair
    facts: dict[str, Fact]
    match event:
        case TradeSuspended(volume=volume, until=until, asks=asks):
            if not asks:
                return None
            facts = {"pair": pair, "volume": volume, "coin": coin(pair), "until": until}
            return text("critical", "coins_left", **facts)
        case TradeResumed():
            return text("info", "coins_back", pair=pair)
        case CoinsMovedOut(volume=volume, cost=cost, fee=fee):
            return text("warning", "coins_moved_out", pair=pair, volume=volume, krw=cost + fee)
        case CoinsReturned(volume=volume, cost=cost):
            facts = {"pair": pair, "volume": volume, "krw": cost, "coin": coin(pair)}
            return text("critical", "coins_returned", **facts)
        case _:
            assert_never(event)


def _at_risk(trade: TradeAtRisk) -> str:
    return f"{trade.pair}={trade.volume:f}@{trade.stop:f}"


def _of_snapshot(event: SnapshotTaken | SnapshotMissed | SnapshotFailed) -> Text:
    match event:
        case SnapshotTaken(unread=unread, held=held) if unread:
            return text("critical", "snapshot_partial", count=len(held), unread=unread)
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
