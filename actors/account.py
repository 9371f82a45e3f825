"""Owns the sight of the account: when it is looked at, and whether this life has seen it agree.

It asks at every start and on a period, only with money at stake. What it saw is for people; what
a look means is judged by those who own the books: it tells budget and holdings what there is, and
what was quiet. Quiet = no intent of the pair (for cash: of any) lives, and none has changed its
course since the account was asked. Nothing is compared before the orders of the past were read.
An order of another birth of this bot, made in this life, is told to the steward; so is one of our
own that the gateway has never placed: a copy of this state directory runs too. Entries wait for
the first good look of each life, and until no intent of before is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.runtime.owner import Outputs, Owner
from core.orders.payload import is_of, is_ours
from core.orders.rejections import OF_KEY
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
    RetryAccount,
    Stage,
)
from messages.base import After
from messages.control import ConfigAdopted, ConfigTaken, TradingChanged
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
from messages.recovery import (
    BirthForgotten,
    BirthSighted,
    CheckName,
    ExitsAllowed,
    ExitsBarred,
    NameReport,
    PastNoted,
    PastSought,
    RecoveryBegun,
)
from messages.venue_queries import AccountReport, ClosedOrder, FetchAccount, OpenOrder

HASTE_SECONDS = 5.0  # between looks until one is good
AFTER_READ = 60.0  # seconds by which clocks may differ: older orders are those of the past
NAMES_MAX = 20  # newest orders of ours that the gateway is asked about after a look
DISPUTED_MAX = 100  # ended disputes that are remembered: of those no uuid was taken

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
Inbox = (
    ConfigAdopted
    | TradingChanged
    | CheckAccount
    | RetryAccount
    | AccountReport
    | OfIntent
    | ExitsBarred
    | PastSought
    | RecoveryBegun
    | ExitsAllowed
    | NameReport
)
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
    | PastNoted
    | BirthSighted
    | BirthForgotten
)


class AccountState(Struct, frozen=True):
    """``intents``: those that live, by id; ``moved``: when one of a pair last changed course.

    Moments are epoch seconds.
    """

    seconds: int = 0  # between two looks; 0 = nothing is at stake
    reconciled: bool = False
    shut: str = ""  # why it could not be looked at the last time
    intents: dict[str, IntentTaken] = {}
    moved: dict[str, float] = {}
    seen: AccountSeen = AccountSeen()
    reading: bool = False  # what was ordered before is not known yet: nothing is compared
    read_at: float = 0.0
    births: tuple[str, ...] = ()  # our own and its former ones
    begun_at: float = 0.0  # this life
    rival: str = ""  # the identifier of another birth's order that was told
    rival_at: float = 0.0  # when the newest of those was made
    disputed: tuple[str, ...] = ()  # identifiers of orders that a person has settled
    unread: tuple[str, ...] = ()  # coins whose rows could not be read the last time


# --- decide
def decide(state: AccountState, message: Inbox, at: float) -> Outputs:
    match message:
        case ConfigAdopted(config=config, birth=birth):
            yield ConfigTaken(config, birth)
            if not config.dry_run and not state.seconds:
                yield ReconciliationBegun()
                yield CheckAccount()
        case CheckAccount():
            if state.seconds:
                yield _look(state, at)
                wait = float(state.seconds)
                yield After(wait if state.reconciled else min(HASTE_SECONDS, wait), CheckAccount())
        case RetryAccount():
            if state.seconds and state.shut in OF_KEY:
                yield _look(state, at)
                yield After(HASTE_SECONDS, RetryAccount())
        case AccountReport():
            if not state.seconds:
                return
            if message.failed:
                yield from _shut(state, message.failed)
                return
            if state.shut:
                yield AccountOpened()
            yield from _seen(state, message, at)
        case TradingChanged(mode=mode):
            if mode == "running" and state.rival:
                yield BirthForgotten()
        case ExitsBarred() | RecoveryBegun():
            yield PastNoted(True, at)
        case PastSought(births=births):
            yield PastNoted(True, at, births)
        case ExitsAllowed():
            yield PastNoted(False, at)
        case NameReport(identifier=name, pair=pair, created_at=made):
            if made > state.rival_at:
                yield BirthSighted(name, pair, made, bool(state.rival))
        case _:
            yield from _noted(state, message, at)


def _look(state: AccountState, at: float) -> FetchAccount:
    names = [intent.identifier for intent in _in_doubt(state)]
    return FetchAccount(at, doubt=tuple(name for name in names if name))


def _shut(state: AccountState, reason: str) -> Outputs:
    """Where it is our key that is refused, it is tried soon: no order can be sent until then."""
    if reason != state.shut:
        yield AccountShut(reason)
        if reason in OF_KEY and state.shut not in OF_KEY:
            yield After(HASTE_SECONDS, RetryAccount())


def _noted(state: AccountState, event: OfIntent, at: float) -> Outputs:
    """How an intent stands; refusals of what was never intended belong to none.

    An order that is refused for our key proves as much as a look at the account.
    """
    if isinstance(event, OrderRefused) and event.reason in OF_KEY and state.seconds:
        yield from _shut(state, event.reason)
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


def _seen(state: AccountState, report: AccountReport, at: float) -> Outputs:
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
    yield from _sighted(state, report, at)
    yield from _unplaced(state, report, names, at)
    asked = report.asked
    if state.reading or (state.read_at and asked <= state.read_at <= at):  # later: a clock set back
        return  # a sale that is not booked yet would look like coins that are gone
    if asked > at:
        return  # the clock was set back meanwhile: what has moved since then is unknown
    moved = {pair for pair, moment in state.moved.items() if asked <= moment <= at}
    busy = moved | {intent.pair for intent in state.intents.values()}
    if ANY in report.unread:
        return
    cash_known, busy = CASH not in report.unread, busy | {*report.unread} - {CASH}
    asks = tuple(order for order in others if order.side == "ask" and not _ours(state, order))
    yield CompareCoins(
        report.coins,
        tuple(sorted(busy)),
        report.prices,
        sold=_sold(state, report, names),
        sold_since=report.closed_since,
        asks=asks,
    )
    if not busy and cash_known:
        yield CompareCash(report.cash.free)


def _sighted(state: AccountState, report: AccountReport, at: float) -> Iterator[BirthSighted]:
    """An order of another birth of this bot, made in this life: two of them run."""
    since = max(_begun(state, report, state.begun_at, at), state.rival_at)
    found = [one for one in _named(report) if one.created_at > since and state.births]
    found = [one for one in found if not _of_births(state, one.identifier)]
    if found:
        one = max(found, key=lambda one: one.created_at)
        yield BirthSighted(one.identifier, one.pair, one.created_at, bool(state.rival))


def _unplaced(
    state: AccountState, report: AccountReport, names: set[str], at: float
) -> Iterator[CheckName]:
    """Orders with names of our own births, made since the past was read: did we place them?

    What was made before belongs to the past, and is looked up with it.
    """
    if state.reading or not state.read_at:
        return
    since = max(_begun(state, report, state.read_at + AFTER_READ, at), state.rival_at)
    ours = (one for one in _named(report) if _of_births(state, one.identifier))
    unknown = {
        one.uuid: one
        for one in ours
        if one.created_at > since and not {one.uuid, one.identifier} & {*names, *state.disputed}
    }
    newest = sorted(unknown.values(), key=lambda one: one.created_at)[-NAMES_MAX:]
    yield from (CheckName(one.identifier, one.uuid, one.pair, one.created_at) for one in newest)


def _begun(state: AccountState, report: AccountReport, begun: float, at: float) -> float:
    """Where the clock was set back over that moment, what was made since the last look counts."""
    return begun if begun <= at + AFTER_READ else report.asked - state.seconds


def _named(report: AccountReport) -> list[OpenOrder | ClosedOrder]:
    """Every order with a name that some state directory of this bot has given it."""
    every: list[OpenOrder | ClosedOrder] = [*report.orders, *report.unfilled, *report.closed]
    return [one for one in every if is_ours(one.identifier)]


def _of_births(state: AccountState, identifier: str) -> bool:
    return any(is_of(birth, identifier) for birth in state.births)


def _sold(state: AccountState, report: AccountReport, names: set[str]) -> tuple[ClosedOrder, ...]:
    """Closed sales that are not ours, newest first: each is evidence of coins that were sold."""
    sales = [
        order
        for order in report.closed
        if order.side == "ask" and order.volume > 0 and order.funds > 0
        if not _ours(state, order) and not names & {order.uuid, order.identifier}
    ]
    return tuple(sorted(sales, key=lambda order: order.created_at, reverse=True))


def _ours(state: AccountState, order: OpenOrder | ClosedOrder) -> bool:
    """Whether this ledger named it, in this birth or in one before."""
    return _of_births(state, order.identifier)


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
        case ConfigTaken(config=config, birth=birth):
            seconds = 0 if config.dry_run else config.exchange.account_seconds
            births = tuple(dict.fromkeys((*state.births, *([birth] if birth else []))))
            return structs.replace(state, seconds=seconds, births=births)
        case ReconciliationBegun() | AccountReconciled():
            return structs.replace(state, reconciled=isinstance(event, AccountReconciled))
        case AccountShut() | AccountOpened():
            shut = event.reason if isinstance(event, AccountShut) else ""
            return structs.replace(state, shut=shut)
        case CoinUnread() | CoinRead():
            return structs.replace(state, unread=noted(state.unread, event))
        case IntentTaken(id=id, pair=pair, at=at):
            before = state.intents.get(id)
            intents = {key: kept for key, kept in state.intents.items() if key != id}
            if event.stage != "ended":
                intents[id] = event
            elif before is not None and before.stage == "disputed":
                disputed = (*state.disputed, before.identifier)[-DISPUTED_MAX:]
                state = structs.replace(state, disputed=disputed)
            return structs.replace(state, intents=intents, moved={**state.moved, pair: at})
        case AccountSeen():
            return structs.replace(state, seen=event)
        case PastNoted(reading=reading, at=at, births=births):
            state = structs.replace(state, reading=reading)
            if births:
                return structs.replace(state, births=births, begun_at=at)
            return state if reading else structs.replace(state, read_at=at)
        case BirthSighted(identifier=name, created_at=made):
            return structs.replace(state, rival=name, rival_at=made)
        case BirthForgotten():
            return structs.replace(state, rival="")
        case _:
            assert_never(event)


def resume(state: AccountState, at: float) -> Outputs:
    """Each life begins unreconciled, and looks at once."""
    if state.seconds:
        yield ReconciliationBegun()
        yield CheckAccount()
    if state.seconds and state.shut in OF_KEY:
        yield After(HASTE_SECONDS, RetryAccount())


class Account(Owner[AccountState]):
    """What the venue says we have."""

    name = "account"
    accepts = get_args(Inbox)
    State = AccountState
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)
