"""Owns how the gateway follows an intent: the calls and alarms that a change of course asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from actors.runtime.owner import Outputs
from core.orders.dispute_resolution import settled
from core.orders.intents import GatewayState, repeats, rules_for
from core.orders.lifecycle import (
    OrderEvent,
    TrackedOrder,
    apply,
    in_doubt,
    interpret,
    misled,
    unfilled,
    wait,
)
from messages.account import ExitUnresolved, WarnUnresolved
from messages.base import After
from messages.orders import (
    CancelIntended,
    CancelOrder,
    CheckOrders,
    OrderRepeated,
    OrderReport,
    OrderUncertain,
    QueryOrder,
    SubmitOrder,
)

WARN_SECONDS = 30  # an exit in doubt for longer is said
WARN_AGAIN = 60


# --- what follows from an intent's own events
def interpreted(
    state: GatewayState, report: OrderReport, at: float, another: bool = False
) -> Iterator[OrderEvent]:
    """What a report of a live intent proves; ``another``: its uuid is that of another order."""
    live = state.live[report.id]
    if another:
        return misled(live, report)
    if live.settling:
        return settled(live, report)
    return interpret(live, report, at, rules_for(state, live), repeats(state))


def advance(
    state: GatewayState, live: TrackedOrder, steps: Iterator[OrderEvent], at: float
) -> Outputs:
    """State these events, and make the calls that their outcome asks for."""
    after: TrackedOrder | None = live
    repeated = False
    for step in steps:
        assert after is not None
        yield step
        repeated |= isinstance(step, OrderRepeated)
        if isinstance(step, OrderUncertain):
            yield from warning(state, live)
        after = apply(after, step)
    if after is None or after.epoch == live.epoch:
        return
    if repeated:
        yield SubmitOrder(after.order, after.identifier, after.body)
    elif after.settling or (after.cancel and after.stage not in ("absent", "disputed")):
        yield from _calls(after)
    yield from next_check(state, after, 0, at)


def _calls(live: TrackedOrder) -> Outputs:
    """Look at it; while it is to be cancelled, say so again first: no answer to that is trusted."""
    order = live.order
    facts = (order.id, order.pair, live.identifier, order.purpose, live.uuid)
    if live.settling or (live.cancel and live.stage != "absent"):
        yield CancelOrder(*facts)
    yield QueryOrder(*facts)


def next_check(state: GatewayState, live: TrackedOrder, looks: int, at: float) -> Iterator[After]:
    """When it is looked at again."""
    seconds = wait(live, looks, at, state.rules)
    if seconds is not None:
        yield After(seconds, CheckOrders(live.order.id, live.epoch, looks))


# --- the alarm
def checked(state: GatewayState, alarm: CheckOrders, at: float) -> Outputs:
    """An alarm rings: ask, and go on asking."""
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
        case "disputed" if not live.settling:
            return
        case "sending":
            yield from advance(state, live, iter((in_doubt(live, "no_answer"),)), at)
            if not live.cancel:  # else the change of course has asked already
                yield from _calls(live)
        case "open" if unfilled(order, at) and not live.cancel:
            yield from cancelled(state, live, "unfilledtimeout", at)
        case "uncertain" | "open" | "absent" | "disputed":
            yield from _calls(live)
            yield from next_check(state, live, alarm.looks + 1, at)
        case _:
            assert_never(live.stage)


# --- what is at stake
def warning(state: GatewayState, live: TrackedOrder) -> Iterator[After]:
    """With money at stake somebody must know when a stop may be without effect."""
    if state.guards is not None and live.order.purpose == "exit":
        yield After(float(WARN_SECONDS), WarnUnresolved(live.order.id, WARN_SECONDS))


def warned(state: GatewayState, alarm: WarnUnresolved) -> Outputs:
    """Say it, and again, until it is known."""
    live = state.live.get(alarm.id)
    if live is not None and live.stage == "uncertain":
        yield ExitUnresolved(alarm.id, live.order.pair, alarm.seconds)
        yield After(float(WARN_AGAIN), WarnUnresolved(alarm.id, alarm.seconds + WARN_AGAIN))


# --- cancels
def cancellable(live: TrackedOrder) -> bool:
    """Whether it makes sense to ask for its cancel."""
    return not live.cancel and live.stage not in ("absent", "disputed")


def cancelled(state: GatewayState, live: TrackedOrder, reason: str, at: float) -> Outputs:
    """It is to be cancelled, if it can be."""
    if cancellable(live):
        yield from advance(state, live, iter((CancelIntended(live.order.id, reason),)), at)
