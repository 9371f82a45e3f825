"""Owns every order from its intent to its end; nothing leaves that is not journaled first.

The life of one intent is the table of core/order_life.py. Here are the wishes that may become
intents, the wishes to cancel, and the calls and alarms that follow from a change of course. Each
live intent has one chain of alarms that looks at it until it has ended, so no single message has
to arrive. After a crash an intent that was being sent is looked up, never sent first; other pairs
go on meanwhile.

A venue known to refuse an identifier that it has seen (the paper one) is sent the *same* order
again when it does not know it; Upbit is not, until that is proven there (reliability.md 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.machinery.owner import Outcome, Owner
from core.bodies import identifier, order_body
from core.intents import obstacle, ordered
from core.order_life import Live, Step, begun, judged, moved, uncertain, wait
from messages.base import After, Message
from messages.budget import BudgetReserved
from messages.config import Gateway as Rules
from messages.control import (
    CancelOpenOrder,
    ConfigAdopted,
    ConfigTaken,
    ModeTaken,
    OperatorReply,
    TradingChanged,
)
from messages.orders import (
    CancelIntended,
    CancelOrder,
    CheckOrders,
    Order,
    OrderForgotten,
    OrderIntended,
    OrderRefused,
    OrderRepeated,
    OrderReport,
    QueryOrder,
    SubmitOrder,
)
from messages.trading import CancelWanted, ExitWanted

Inbox = (
    ConfigAdopted
    | TradingChanged
    | BudgetReserved
    | ExitWanted
    | CancelWanted
    | CancelOpenOrder
    | OrderReport
    | CheckOrders
)
Change = ConfigTaken | ModeTaken | OrderIntended | Step


class GatewayState(Struct, frozen=True):
    """Intents that have not ended, and tombstones, by the intent's id."""

    birth: str = ""
    rules: Rules = Rules()
    twins: bool = False  # the venue is known to refuse an identifier that it has seen
    killed: bool = False
    live: dict[str, Live] = {}


# --- decide
def decide(state: GatewayState, message: Inbox, at: float, kept: Message | None = None) -> Outcome:
    """``kept`` is the OrderIntended of this id, if there ever was one: it never gets a second."""
    match message:
        case ConfigAdopted(config=config, birth=birth):
            yield ConfigTaken(config, birth or state.birth)
        case TradingChanged(mode=mode):
            if (mode == "killed") != state.killed:
                yield ModeTaken(mode)
            if mode == "killed":
                for live in state.live.values():
                    yield from _cancel(state, live, "kill", at)
        case BudgetReserved(id=id) | ExitWanted(id=id):
            if kept is None and id not in state.live:
                yield from _intend(state, ordered(message), at)
        case CancelWanted(trade=trade, pair=pair, reason=reason):
            for live in state.live.values():
                if (live.order.trade, live.order.pair) == (trade, pair):
                    yield from _cancel(state, live, reason, at)
        case CancelOpenOrder(pair=pair):
            found = [live for live in state.live.values() if live.order.pair == pair]
            found = [live for live in found if _cancellable(live)]
            for live in found:
                yield from _cancel(state, live, "operator", at)
            key = "orders_cancelled" if found else "no_open_order"
            yield OperatorReply(bool(found), key, {"pair": pair, "count": str(len(found))})
        case OrderReport(id=id):
            if id in state.live:
                live = state.live[id]
                yield from _lived(
                    state, live, judged(live, message, at, state.rules, state.twins), at
                )
        case CheckOrders():
            yield from _check(state, message, at)
        case _:
            assert_never(message)


# --- wishes
def _intend(state: GatewayState, order: Order, at: float) -> Outcome:
    reason = obstacle(order, state.live.values(), state.killed, at)
    if reason:
        yield OrderRefused(order.id, order.trade, order.pair, order.side, reason)
        return
    name = identifier(state.birth, order.id)
    event = OrderIntended(order, name, order_body(order, name))
    yield event
    yield SubmitOrder(order, name, event.body)
    yield from _alarm(state, begun(event), 0, at)


def _cancellable(live: Live) -> bool:
    return not live.cancel and live.stage not in ("absent", "disputed")


def _cancel(state: GatewayState, live: Live, reason: str, at: float) -> Outcome:
    if _cancellable(live):
        yield from _lived(state, live, iter((CancelIntended(live.order.id, reason),)), at)


# --- what follows from an intent's own events
def _lived(state: GatewayState, live: Live, steps: Iterator[Step], at: float) -> Outcome:
    """State these events, and make the calls that their outcome asks for."""
    after: Live | None = live
    repeated = False
    for step in steps:
        assert after is not None
        yield step
        repeated |= isinstance(step, OrderRepeated)
        after = moved(after, step)
    if after is None or after.epoch == live.epoch:
        return
    if repeated:
        yield SubmitOrder(after.order, after.identifier, after.body)
    elif after.cancel and after.stage not in ("absent", "disputed"):
        yield from _calls(after)
    yield from _alarm(state, after, 0, at)


def _calls(live: Live) -> Outcome:
    """Look at it; while it is to be cancelled, say so again first: no answer to that is trusted."""
    order = live.order
    facts = (order.id, order.pair, live.identifier, order.purpose, live.uuid)
    if live.cancel and live.stage != "absent":
        yield CancelOrder(*facts)
    yield QueryOrder(*facts)


def _alarm(state: GatewayState, live: Live, looks: int, at: float) -> Iterator[After]:
    seconds = wait(live, looks, at, state.rules)
    if seconds is not None:
        yield After(seconds, CheckOrders(live.order.id, live.epoch, looks))


# --- the alarm
def _check(state: GatewayState, alarm: CheckOrders, at: float) -> Outcome:
    if not alarm.id:
        for live in state.live.values():
            if live.stage not in ("sending", "disputed"):
                yield from _calls(live)
        return
    live_or_none = state.live.get(alarm.id)
    if live_or_none is None or live_or_none.epoch != alarm.epoch:
        return
    live, order = live_or_none, live_or_none.order
    match live.stage:
        case "disputed":
            return
        case "sending":
            yield from _lived(state, live, iter((uncertain(live, "no_answer"),)), at)
            if not live.cancel:  # else the change of course has asked already
                yield from _calls(live)
        case "open" if order.cancel_at and at >= order.cancel_at and not live.cancel:
            yield from _cancel(state, live, "unfilledtimeout", at)
        case "absent" if at - live.absent_at >= state.rules.tombstone_hours * 3600:
            yield OrderForgotten(order.id)
        case "uncertain" | "open" | "absent":
            yield from _calls(live)
            yield from _alarm(state, live, alarm.looks + 1, at)
        case _:
            assert_never(live.stage)


# --- the owner
def evolve(state: GatewayState, event: Change) -> GatewayState:
    """The state after an event of the gateway's own."""
    match event:
        case ConfigTaken(config=config, birth=birth):
            rules, twins = config.gateway, config.dry_run
            return structs.replace(state, birth=birth, rules=rules, twins=twins)
        case ModeTaken(mode=mode):
            return structs.replace(state, killed=mode == "killed")
        case OrderIntended(order=order):
            assert order.id not in state.live
            return structs.replace(state, live={**state.live, order.id: begun(event)})
        case _:
            return structs.replace(state, live=_after(state.live, event))


def _after(live: dict[str, Live], step: Step) -> dict[str, Live]:
    """``step`` may be the refusal of what was never intended."""
    after = moved(live[step.id], step) if step.id in live else None
    if after is not None:
        return {**live, step.id: after}
    return {id: other for id, other in live.items() if id != step.id}


def resume(state: GatewayState, at: float) -> Outcome:
    """Look at everything at once: calls and alarms were lost, and what was being sent may be."""
    for id, live in state.live.items():
        yield CheckOrders(id, live.epoch)


class Gateway(Owner[GatewayState]):
    """The index keeps every intent by its id, so that none is ever intended twice."""

    name = "gateway"
    accepts = get_args(Inbox)
    State = GatewayState
    recalls = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    @staticmethod
    def key(message: Inbox) -> str:
        """The id of what a wish would intend."""
        return message.id if isinstance(message, BudgetReserved | ExitWanted) else ""

    @staticmethod
    def keeps(event: Change) -> str:
        """Intents, by id."""
        return event.order.id if isinstance(event, OrderIntended) else ""
