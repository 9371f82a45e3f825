"""Owns the sight of the account: when it is looked at, and whether this life has seen it agree.

It asks at every start and on a period, only with money at stake. What it saw is for people; what
a look means is judged by those who own the books: it tells budget and holdings what there is, and
what was quiet. Quiet = no intent of the pair (for cash: of any) lives, and none has changed its
course since the account was asked. Entries wait for the first good look of each life, and until
no intent of before is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.machinery.owner import Outcome, Owner
from core.trading.unread import ANY, CASH, noted, unread_changes, whole
from messages.account import (
    AccountOpened,
    AccountReconciled,
    AccountSeen,
    AccountShut,
    CheckAccount,
    CoinRead,
    CoinUnread,
    CompareCash,
    CompareCoins,
    EndReconciliation,
    IntentTaken,
    ReconciliationBegun,
    Stage,
)
from messages.base import After
from messages.control import ConfigAdopted, ConfigTaken
from messages.fetching import AccountReport, FetchAccount
from messages.orders import (
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
    Purpose,
    QueryOrder,
)

HASTE_SECONDS = 5  # between looks until one is good

OfIntent = (
    OrderIntended
    | OrderAccepted
    | OrderUncertain
    | OrderFound
    | OrderDisputed
    | OrderClosed
    | OrderRefused
    | OrderAbsent
)
Inbox = ConfigAdopted | CheckAccount | AccountReport | OfIntent
Change = (
    ConfigTaken
    | ReconciliationBegun
    | AccountReconciled
    | AccountShut
    | AccountOpened
    | CoinUnread
    | CoinRead
    | IntentTaken
    | AccountSeen
)


class AccountState(Struct, frozen=True):
    """``intents``: those that live, by id; ``moved``: when one of a pair last changed course."""

    seconds: int = 0  # between two looks; 0 = nothing is at stake
    reconciled: bool = False
    shut: str = ""  # why it could not be looked at the last time
    intents: dict[str, IntentTaken] = {}
    moved: dict[str, float] = {}
    seen: AccountSeen = AccountSeen()
    unread: tuple[str, ...] = ()  # coins whose rows could not be read the last time


# --- decide
def decide(state: AccountState, message: Inbox, at: float) -> Outcome:
    match message:
        case ConfigAdopted(config=config):
            yield ConfigTaken(config)
            if not config.dry_run and not state.seconds:
                yield ReconciliationBegun()
                yield CheckAccount()
        case CheckAccount():
            if state.seconds:
                doubt = [intent.identifier for intent in _in_doubt(state)]
                yield FetchAccount(at, doubt=tuple(name for name in doubt if name))
                wait = state.seconds if state.reconciled else min(HASTE_SECONDS, state.seconds)
                yield After(float(wait), CheckAccount())
        case AccountReport():
            if not state.seconds:
                return
            if message.failed:
                if message.failed != state.shut:
                    yield AccountShut(message.failed)
                return
            if state.shut:
                yield AccountOpened()
            yield from _seen(state, message)
        case _:
            yield from _noted(state, message, at)


def _noted(state: AccountState, event: OfIntent, at: float) -> Outcome:
    """How an intent stands; refusals of what was never intended are nobody's."""
    if isinstance(event, OrderIntended):
        order, name = event.order, event.identifier
        yield IntentTaken(order.id, order.pair, "sending", at, identifier=name)
        return
    known = state.intents.get(event.id)
    if known is None and isinstance(event, OrderFound):
        known = IntentTaken(event.id, event.pair, "unknown", at)
    if known is not None:
        uuid = event.uuid if isinstance(event, OrderAccepted) else known.uuid
        yield structs.replace(known, stage=_stage(event), at=at, uuid=uuid)


def _stage(event: OfIntent) -> Stage:
    match event:
        case OrderIntended():
            return "sending"
        case OrderAccepted():
            return "open"
        case OrderUncertain() | OrderFound():
            return "unknown"
        case OrderDisputed():
            return "disputed"
        case OrderClosed() | OrderRefused() | OrderAbsent():
            return "ended"
        case _:
            assert_never(event)


def _seen(state: AccountState, report: AccountReport) -> Outcome:
    yield from unread_changes(state.unread, report)
    report = whole(report, state.seen)
    names = {n for intent in state.intents.values() for n in (intent.uuid, intent.identifier) if n}
    others = tuple(o for o in report.orders if not names & {o.uuid, o.identifier})
    yield from _found(state, report)
    seen = AccountSeen(report.cash, report.coins, others)
    if seen != state.seen:
        yield seen
    if not state.reconciled and _looked_up(state, report):
        yield AccountReconciled()
        yield EndReconciliation()
    asked = report.asked
    moved = {pair for pair, moment in state.moved.items() if moment >= asked}
    busy = moved | {intent.pair for intent in state.intents.values()}
    if ANY in report.unread:
        return
    cash_known, busy = CASH not in report.unread, busy | {*report.unread} - {CASH}
    yield CompareCoins(report.coins, tuple(sorted(busy)), report.prices, report.sales)
    if not busy and cash_known:
        yield CompareCash(report.cash.free)


def _in_doubt(state: AccountState) -> list[IntentTaken]:
    return [intent for intent in state.intents.values() if intent.stage == "unknown"]


def _found(state: AccountState, report: AccountReport) -> Iterator[QueryOrder]:
    """An order in doubt that a list shows is looked at by the venue's own name for it."""
    shown = {order.identifier: order for order in (*report.orders, *report.ended)}
    for intent in _in_doubt(state):
        order = shown.get(intent.identifier) if intent.identifier else None
        if order is not None:
            purpose: Purpose = "entry" if order.side == "bid" else "exit"
            yield QueryOrder(intent.id, intent.pair, intent.identifier, purpose, order.uuid)


def _looked_up(state: AccountState, report: AccountReport) -> bool:
    """Whether no intent is in doubt: an open one that is not listed has ended, unheard of yet."""
    listed = {order.uuid for order in report.orders}
    return all(
        intent.stage == "disputed" or (intent.stage == "open" and intent.uuid in listed)
        for intent in state.intents.values()
    )


# --- the owner
def evolve(state: AccountState, event: Change) -> AccountState:
    match event:
        case ConfigTaken(config=config):
            seconds = 0 if config.dry_run else config.exchange.account_seconds
            return structs.replace(state, seconds=seconds)
        case ReconciliationBegun() | AccountReconciled():
            return structs.replace(state, reconciled=isinstance(event, AccountReconciled))
        case AccountShut() | AccountOpened():
            shut = event.reason if isinstance(event, AccountShut) else ""
            return structs.replace(state, shut=shut)
        case CoinUnread() | CoinRead():
            return structs.replace(state, unread=noted(state.unread, event))
        case IntentTaken(id=id, pair=pair, at=at):
            intents = {key: kept for key, kept in state.intents.items() if key != id}
            if event.stage != "ended":
                intents[id] = event
            return structs.replace(state, intents=intents, moved={**state.moved, pair: at})
        case AccountSeen():
            return structs.replace(state, seen=event)
        case _:
            assert_never(event)


def resume(state: AccountState, at: float) -> Outcome:
    """Each life begins unreconciled, and looks at once."""
    if state.seconds:
        yield ReconciliationBegun()
        yield CheckAccount()


class Account(Owner[AccountState]):
    """What the venue says we have."""

    name = "account"
    accepts = get_args(Inbox)
    State = AccountState
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)
