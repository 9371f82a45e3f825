"""Owns every order from its intent to its end; nothing leaves that is not journaled first.

The life of one intent is the table of core/orders/lifecycle.py. Here are the wishes that may become
intents, the wishes to cancel, and the calls and alarms that follow from a change of course. Each
live intent has one chain of alarms that looks at it until it has ended, so no single message has
to arrive. After a crash an intent that was being sent is looked up, never sent first; other pairs
go on meanwhile.

A venue known to refuse an identifier that it has seen (the paper one) is sent the *same* order
again when it does not know it; Upbit is not, until that is proven there
(docs/reference/reliability.md 2.1) and `exchange.resend` says so. With money at stake no entry
is intended before the account was seen in this life, entries are cut to the caps, and an exit in
doubt is said again and again. Nor is anything ordered before what was ordered since the last
entry was read (core/orders/order_history.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never, get_args

from actors.orders.order_history import accepted, answered, learnt
from actors.orders.order_tracking import (
    advance,
    cancellable,
    cancelled,
    checked,
    interpreted,
    next_check,
    warned,
    warning,
)
from actors.runtime.owner import Outputs, Owner
from core.orders.end_reason import OF_CANCEL
from core.orders.intents import (
    Change,
    GatewayState,
    cut_of,
    eases,
    evolve,
    ordered,
    permitted,
    until,
)
from core.orders.lifecycle import TrackedOrder, new_order
from core.orders.order_history import OF_PAST
from core.orders.payload import identifier, order_body
from core.orders.risk_limits import capped_at
from messages.account import (
    CoinsShown,
    EndReconciliation,
    EntriesAllowed,
    EntriesBarred,
    PocketTaken,
    SettlementAsked,
    WarnUnresolved,
)
from messages.base import Message
from messages.budget import BudgetReserved
from messages.control import (
    AcceptKey,
    CancelOpenOrder,
    ConfigAdopted,
    ConfigTaken,
    ModeTaken,
    OperatorReply,
    SettlePair,
    TradingChanged,
)
from messages.limits import MomentsCapped
from messages.orders import (
    CancelIntended,
    CapEased,
    CheckOrders,
    OrderAccepted,
    OrderIntended,
    OrderRefused,
    OrderReport,
    SubmitOrder,
)
from messages.recovery import (
    CheckName,
    CheckPast,
    ExitsAllowed,
    ExitsBarred,
    NameReport,
    ReadPast,
    SaleFound,
    SaleTaken,
    StrayFound,
)
from messages.trading import CancelWanted, ExitWanted
from messages.venue_queries import PastReport

Inbox = (
    ConfigAdopted
    | TradingChanged
    | BudgetReserved
    | ExitWanted
    | CancelWanted
    | CancelOpenOrder
    | SettlePair
    | AcceptKey
    | OrderReport
    | CheckOrders
    | CoinsShown
    | EndReconciliation
    | WarnUnresolved
    | ReadPast
    | PastReport
    | CheckPast
    | SaleTaken
    | CheckName
)

OF_UUID = "uuid:"  # before the uuid of an order, as the index keeps it


# --- decide
def decide(state: GatewayState, message: Inbox, at: float, kept: Message | None = None) -> Outputs:
    """``kept`` is what the index has by ``Gateway.key``: of a wish, the OrderIntended of its id,
    which never gets a second; of a report and a name, the OrderAccepted of the uuid shown."""
    match message:
        case ConfigAdopted(config=config, birth=birth):
            yield ConfigTaken(config, birth or state.birth)
        case TradingChanged(mode=mode):
            if (mode == "killed") != state.killed:
                yield ModeTaken(mode)
            if mode == "killed":
                for live in state.live.values():
                    yield from cancelled(state, live, "kill", at)
        case BudgetReserved(id=id) | ExitWanted(id=id):
            wish = message if kept is None and id not in state.live else None
            yield from _wished(state, wish, at)
        case CancelWanted(trade=trade, pair=pair, reason=reason):
            for live in state.live.values():
                if (live.order.trade, live.order.pair) == (trade, pair):
                    yield from cancelled(state, live, reason, at)
        case CancelOpenOrder() | SettlePair() | AcceptKey():
            yield from _told(state, message, at)
        case OrderReport(id=id):
            if id in state.live:
                yield from _reported(state, message, at, kept)
            elif id.startswith(OF_PAST):
                yield from answered(state, message)
        case CheckOrders():
            yield from checked(state, message, at)
        case WarnUnresolved():
            yield from warned(state, message)
        case CoinsShown():
            yield from _shown(state, message)
        case EndReconciliation():
            yield from _reconciled(state, message)
        case ReadPast() | PastReport() | CheckPast() | SaleTaken():
            yield from learnt(state, message, at)
        case CheckName():
            yield from _named(state, message, kept)
        case _:
            assert_never(message)


def _wished(state: GatewayState, wish: BudgetReserved | ExitWanted | None, at: float) -> Outputs:
    """A wish that has no intent yet; of one that has, only the hour is taken."""
    if capped_at(state.spent, at, state.guards) != state.spent:
        event = MomentsCapped(at)
        yield event
        state = evolve(state, event)
    if wish is not None:
        yield from _intend(state, wish, at)


def _reconciled(state: GatewayState, end: EndReconciliation) -> Outputs:
    if state.barred:
        yield EntriesAllowed()
    if end.unread and state.past.barred:
        yield ExitsAllowed(True)


# --- wishes
def _intend(state: GatewayState, wish: BudgetReserved | ExitWanted, at: float) -> Outputs:
    asked = ordered(wish)
    order, reason = permitted(state, asked, at)
    if reason:
        facts = (order.id, order.trade, order.pair, order.side)
        yield OrderRefused(*facts, reason, until=until(state, reason, at))
        return
    name = identifier(state.birth, order.id)
    guarded = state.guards is not None
    counts = guarded and order.purpose == "entry"
    body = order_body(order, name)
    cut = cut_of(state, wish, asked, at)
    event = OrderIntended(order, name, body, at if guarded else 0.0, counts, *cut)
    yield event
    yield SubmitOrder(order, name, event.body)
    yield from next_check(state, new_order(event), 0, at)


def _reported(state: GatewayState, report: OrderReport, at: float, kept: Message | None) -> Outputs:
    """What a report proves; and whether the day's cap takes entries again after it.

    That an order is not there proves nothing under a key that may be of another account.
    """
    if report.outcome == "absent" and state.past.account:
        return
    after = state
    another = isinstance(kept, OrderAccepted) and kept.id != report.id
    proved = interpreted(state, report, at, another)
    for said in advance(state, state.live[report.id], proved, at):
        yield said
        if isinstance(said, Change):
            after = evolve(after, said)
    if after is not state and eases(after, at):
        yield CapEased("max_daily_krw")


def _named(state: GatewayState, shown: CheckName, kept: Message | None) -> Iterator[NameReport]:
    """An order with a name of ours: did this ledger place it? What is being sent has no uuid yet.

    While the past is read, what is unknown may be of it, and is looked up.
    """
    ours = any(live.identifier == shown.identifier for live in state.live.values())
    if kept is None and not ours and not state.past.reading and not state.past.barred:
        yield NameReport(shown.identifier, shown.pair, shown.created_at)


def _told(
    state: GatewayState, command: CancelOpenOrder | SettlePair | AcceptKey, at: float
) -> Outputs:
    """An operator's: cancel what is open, end what is disputed, or trust a new key."""
    if isinstance(command, AcceptKey):
        yield from _key_accepted(state)
        return
    pair, settle = command.pair, isinstance(command, SettlePair)
    found = [live for live in state.live.values() if live.order.pair == pair]
    found = [v for v in found if (v.stage == "disputed" if settle else cancellable(v))]
    for live in found:
        if not settle:
            yield from cancelled(state, live, "operator", at)
        elif not live.settling:
            yield from advance(state, live, iter((SettlementAsked(live.order.id, pair),)), at)
    others = [live for live in state.live.values() if live.order.pair == pair]
    key = "orders_cancelled" if found else _uncancellable(others)
    if settle:
        key = "settling" if found else "not_disputed"
    yield OperatorReply(bool(found), key, {"pair": pair, "count": str(len(found))})


def _key_accepted(state: GatewayState) -> Outputs:
    """An operator's word that the new API key is of the same account."""
    doubted = bool(state.past.account)
    if doubted:
        yield from accepted(state.past)
    yield OperatorReply(doubted, "key_accepted" if doubted else "no_new_key")


def _uncancellable(lives: list[TrackedOrder]) -> str:
    """Why none of a pair's orders is cancelled now."""
    if any(live.stage == "disputed" for live in lives):
        return "orders_disputed"
    return "cancel_under_way" if any(live.cancel for live in lives) else "no_open_order"


def _shown(state: GatewayState, shown: CoinsShown) -> Iterator[PocketTaken]:
    pocket = PocketTaken(shown.pair, not shown.external, shown.free, shown.price)
    if state.pockets.get(shown.pair) != pocket:
        yield pocket


# --- the owner
def resume(state: GatewayState, at: float) -> Outputs:
    """Look at everything at once: calls and alarms were lost, and what was being sent may be."""
    if state.guards is not None and not state.barred:
        yield EntriesBarred()
    if state.guards is not None and not state.past.barred:
        yield ExitsBarred()
    for id, live in state.live.items():
        yield CheckOrders(id, live.epoch)
        if live.stage == "uncertain":
            yield from warning(state, live)


class Gateway(Owner[GatewayState]):
    """The index keeps every intent by its id, so that none is ever intended twice."""

    name = "gateway"
    accepts = get_args(Inbox)
    State = GatewayState
    indexed = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    @staticmethod
    def key(message: Inbox) -> str:
        """The id of what a wish would intend; the uuid that a report or a list shows."""
        if isinstance(message, OrderReport | CheckName):
            return OF_UUID + message.uuid if message.uuid else ""
        return message.id if isinstance(message, BudgetReserved | ExitWanted) else ""

    @staticmethod
    def keeps(event: Change) -> str:
        """Intents and cancels, by id; orders of the venue's, by uuid; the past, by identifier."""
        if isinstance(event, SaleFound | StrayFound):
            return OF_PAST + event.identifier
        if isinstance(event, OrderAccepted):
            return OF_UUID + event.uuid
        if isinstance(event, CancelIntended):
            return OF_CANCEL + event.id
        return event.order.id if isinstance(event, OrderIntended) else ""
