"""Owns the calls that wait for their share of the venue's rate limits; remembers nothing.

Not durable: its events are only folded into memory. A call lost with it is asked for again by
the gateway's alarms, and a submit that was waiting is looked up, not repeated. Who goes first:
exits, cancels, entries, look-ups, candles. What the breaker holds back are entries and candles
(all, when banned).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.machinery.owner import Outcome, Owner
from core.windows import recorded, room_at
from messages.base import After, Message
from messages.config import Exchange
from messages.control import ConfigAdopted
from messages.fetching import CandlesReport, DispatchFetch, Fetch, FetchAccount, FetchCandles
from messages.limits import (
    CallDropped,
    CallQueued,
    CallReleased,
    HoldCalls,
    HoldChanged,
    LimitsTaken,
    PaceChanged,
    Queued,
    Refill,
    RefillAwaited,
    RefillCame,
    SetPace,
    ShowHold,
)
from messages.orders import Call, CancelOrder, Dispatch, OrderReport, QueryOrder, SubmitOrder

Inbox = Call | Fetch | Refill | HoldCalls | SetPace | ConfigAdopted
Change = (
    CallQueued
    | CallReleased
    | CallDropped
    | HoldChanged
    | PaceChanged
    | LimitsTaken
    | RefillAwaited
    | RefillCame
)
EXIT, CANCEL, ENTRY, LOOK_UP, CANDLES = range(5)  # who goes first
HELD_BACK = (ENTRY, CANDLES)  # by the breaker, while the venue does not answer
LATE = 0.001  # seconds after its good_until at which a waiting call is surely too late


class LimiterState(Struct, frozen=True):
    """What waits, first to go first; when calls went out, by group; what holds them back."""

    limits: Exchange = Exchange()
    queue: tuple[Queued, ...] = ()
    sent: dict[str, tuple[float, ...]] = {}
    pace: dict[str, int] = {}  # calls a second, where the breaker has set fewer
    entries_until: float = 0.0
    all_until: float = 0.0
    probe: bool = False
    refills: tuple[float, ...] = ()  # alarms that are still to ring, earliest last


# --- decide
def decide(state: LimiterState, message: Inbox, at: float) -> Outcome:
    """Take in what changes, then let out whatever may go now."""
    first: list[Message] = []
    match message:
        case SubmitOrder() | QueryOrder() | CancelOrder() | FetchCandles() | FetchAccount():
            first = list(_taken(state, message, at))
        case Refill():
            first = [RefillCame(at)]
        case HoldCalls(entries_until=entries_until, all_until=all_until, probe=probe):
            first = [HoldChanged(entries_until, all_until, probe)]
            if message.exchange and message.exchange != state.limits:
                first.append(LimitsTaken(message.exchange))
        case SetPace(group=group, per_second=per_second):
            first = [PaceChanged(group, per_second)]
        case ConfigAdopted(config=config):
            first = [LimitsTaken(config.exchange)]
        case _:
            assert_never(message)
    for said in first:
        yield said
        if isinstance(said, Change):
            state = evolve(state, said)
    yield from _let_out(state, at)


def group_of(call: Call | Fetch) -> str:
    """Upbit's rate group (upbit-api.md 5.1); DELETE /order belongs to the default one."""
    if isinstance(call, FetchCandles):
        return "candles"
    return "order" if isinstance(call, SubmitOrder) else "default"


def priority_of(call: Call | Fetch) -> int:
    """0 goes first."""
    match call:
        case SubmitOrder(order=order):
            return EXIT if order.purpose == "exit" else ENTRY
        case CancelOrder():
            return CANCEL
        case QueryOrder() | FetchAccount():
            return LOOK_UP
        case FetchCandles():
            return CANDLES
        case _:
            assert_never(call)


def _taken(state: LimiterState, call: Call | Fetch, at: float) -> Iterator[Message]:
    """Queue it, unless it waits already; a cancel takes its own waiting order with it."""
    if isinstance(call, CancelOrder):
        for index, queued in enumerate(state.queue):
            if isinstance(queued.call, SubmitOrder) and queued.call.order.id == call.id:
                yield from _dropped(index, queued.call)
                return
    if any(_same(queued.call, call) for queued in state.queue):
        return
    queued = Queued(call, priority_of(call), at)
    yield CallQueued(queued)
    if len(state.queue) >= state.limits.queue_max:
        index = len(state.queue)
        last = evolve(state, CallQueued(queued)).queue[index]
        yield from _dropped(index, last.call)


def _same(waiting: Call | Fetch, call: Call | Fetch) -> bool:
    """Whether one answer serves both: looks at the account differ in when they were asked."""
    both = isinstance(waiting, FetchAccount) and isinstance(call, FetchAccount)
    return both or waiting == call


def _dropped(index: int, call: Call | Fetch) -> Iterator[Message]:
    """A submit that never left is a definite no; a look-up or a cancel is asked for again."""
    yield CallDropped(index)
    if isinstance(call, SubmitOrder):
        yield OrderReport(call.order.id, "not_sent", "submit")
    elif isinstance(call, FetchCandles):
        yield CandlesReport(call.pair, call.seconds, failed="not_sent", until=call.until)


def _let_out(state: LimiterState, at: float) -> Outcome:
    """Drop what is too late, dispatch what has room, and wake up when that may change."""
    wake = float("inf")
    index = 0
    while index < len(state.queue):
        call = state.queue[index].call
        until = call.order.good_until if isinstance(call, SubmitOrder) else 0.0
        moment = _moment(state, call, at)
        event: CallDropped | CallReleased
        if until and at > until:
            yield from _dropped(index, call)
            event = CallDropped(index)
        elif moment <= at:
            event = CallReleased(group_of(call), at, index)
            yield event
            if at < state.entries_until and state.queue[index].priority in HELD_BACK:
                spent = HoldChanged(state.entries_until, state.all_until, False)
                yield spent
                state = evolve(state, spent)
            yield DispatchFetch(call) if isinstance(call, Fetch) else Dispatch(call)
        else:
            wake = min(wake, moment, until + LATE if until else moment)
            index += 1
            continue
        state = evolve(state, event)
    if wake < float("inf") and (not state.refills or wake < state.refills[-1]):
        yield RefillAwaited(wake)
        yield After(wake - at, Refill())


def _moment(state: LimiterState, call: Call | Fetch, at: float) -> float:
    """When the call may go out, as far as is known now."""
    group = group_of(call)
    per_second, per_minute = _limits(state.limits, group)
    per_second = min(per_second, state.pace.get(group, per_second))
    moment = room_at(state.sent.get(group, ()), per_second, per_minute, at)
    held = priority_of(call) in HELD_BACK and not state.probe
    return max(moment, state.entries_until if held else 0.0, state.all_until)


def _limits(limits: Exchange, group: str) -> tuple[int, int]:
    """Calls a second and a minute of a group."""
    if group == "order":
        return limits.order_per_second, limits.order_per_minute
    if group == "candles":
        return limits.quotation_per_second, limits.quotation_per_minute
    return limits.default_per_second, limits.default_per_minute


# --- evolve
def evolve(state: LimiterState, event: Change) -> LimiterState:
    """The state after an event of the limiter's own."""
    match event:
        case CallQueued(queued=new):
            place = sum(other.priority <= new.priority for other in state.queue)
            queue = (*state.queue[:place], new, *state.queue[place:])
            return structs.replace(state, queue=queue)
        case CallReleased(group=group, at=at, index=index):
            sent = {**state.sent, group: recorded(state.sent.get(group, ()), at)}
            return structs.replace(state, sent=sent, queue=_without(state.queue, index))
        case CallDropped(index=index):
            return structs.replace(state, queue=_without(state.queue, index))
        case HoldChanged(entries_until=entries, all_until=all_until, probe=probe):
            return structs.replace(state, entries_until=entries, all_until=all_until, probe=probe)
        case PaceChanged(group=group, per_second=per_second):
            return structs.replace(state, pace={**state.pace, group: per_second})
        case LimitsTaken(exchange=exchange):
            return structs.replace(state, limits=exchange)
        case RefillAwaited(at=at):
            return structs.replace(state, refills=(*state.refills, at))
        case RefillCame(at=at):
            # The earliest has rung, whatever the clock says; with it those that are due too.
            refills = tuple(moment for moment in state.refills[:-1] if moment > at)
            return structs.replace(state, refills=refills)
        case _:
            assert_never(event)


def _without(queue: tuple[Queued, ...], index: int) -> tuple[Queued, ...]:
    return (*queue[:index], *queue[index + 1 :])


def resume(state: LimiterState, at: float) -> Outcome:
    """The breaker remembers what was to be held back."""
    yield ShowHold()


class Limiter(Owner[LimiterState]):
    """Restarted when it fails: it loses calls, never orders."""

    name = "limiter"
    accepts = get_args(Inbox)
    durable = False
    State = LimiterState
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)
