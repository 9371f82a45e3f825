"""Owns the calls that wait for their share of the venue's rate limits; remembers nothing.

Not durable: its events are only folded into memory. A call lost with it is asked for again by
the gateway's alarms, and a submit that was waiting is looked up, not repeated. Who goes first:
exits, cancels, entries, look-ups, candles. What the breaker holds back are entries and candles
(all, when banned).

An edge that says when it has ended a call is handed one at a time, so that an exit never waits
behind look-ups that nobody answers. Its call counts from its end, for it may have reached the venue
only then: however long each was on its way, no second there holds too many. And what the venue
says is left of a group holds, whatever we have counted: others may share our address or account.

Nothing leaves before the breaker has said what is held and at which pace. Moments are the wall's:
when it is set back, what lies in the future counts as of now, so no window stays full for longer
than its own length.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from msgspec import structs

from actors.runtime.owner import Outputs, Owner
from core.limits.calls import (
    BAN_MARGIN,
    BAN_SECONDS,
    CANDLES,
    ENTRY,
    edge_of,
    good_until,
    group_of,
    limits_of,
    priority_of,
    same,
)
from core.limits.queue import CallInFlight, Change, LimiterState, capped_at, counted, evolve
from core.limits.windows import SECOND, room_at
from messages.base import After, Envelope, Event, Message
from messages.control import ConfigAdopted
from messages.limits import (
    CallDropped,
    CallQueued,
    CallReleased,
    EdgeFreed,
    HoldAwaited,
    HoldCalls,
    HoldChanged,
    LimitsTaken,
    MomentsCapped,
    PaceChanged,
    Queued,
    Refill,
    RefillAwaited,
    RefillCame,
    ReleaseCall,
    RoomTold,
    SetPace,
    ShowHold,
)
from messages.orders import Call, CancelOrder, Dispatch, OrderReport, SubmitOrder
from messages.venue_queries import (
    BookReport,
    CandlesReport,
    DispatchFetch,
    Fetch,
    FetchBook,
    FetchCandles,
)
from persistence.store import Record

Inbox = Call | Fetch | Refill | ReleaseCall | HoldCalls | SetPace | ConfigAdopted
HELD_BACK = (ENTRY, CANDLES)  # by the breaker, while the venue does not answer
LATE = 0.001  # seconds after its good_until at which a waiting call is surely too late
OVERDUE = 1.0  # seconds: an alarm that is late by more is of a clock that has leapt ahead since
LOST_SECONDS = 900.0  # after the longest call an edge that is silent has lost it: a last resort


def decide(state: LimiterState, message: Inbox, at: float) -> Outputs:
    """Take in what changes, then let out whatever may go now."""
    if capped_at(state, at) is not state:
        yield MomentsCapped(at)
        state = capped_at(state, at)
    if state.refills and state.refills[-1] < at - OVERDUE:
        yield RefillCame(at)
        state = evolve(state, RefillCame(at))
    first: list[Message] = []
    match message:
        case Refill():
            first = [RefillCame(at)]
        case ReleaseCall():
            first = list(_freed(state, message, at))
        case HoldCalls(entries_until=entries_until, all_until=all_until, probe=probe):
            first = [HoldChanged(entries_until > 0, all_until, probe, message.all_seconds)]
            first += [PaceChanged(group, pace) for group, pace in message.paces.items()]
            if message.exchange and message.exchange != state.limits:
                first.append(LimitsTaken(message.exchange))
        case SetPace(group=group, per_second=per_second):
            first = [PaceChanged(group, per_second)]
        case ConfigAdopted(config=config):
            first = [LimitsTaken(config.exchange)]
        case _:
            first = list(_taken(state, message, at))
    for said in first:
        yield said
        if isinstance(said, Change):
            state = evolve(state, said)
    yield from _let_out(state, at)


def _freed(state: LimiterState, said: ReleaseCall, at: float) -> Iterator[Change]:
    """Calls of other edges may not have been counted yet where this one's answer comes from.

    A ban holds from here on: the breaker, who remembers it, hears of it a moment later.
    """
    yield EdgeFreed(said.edge, at)
    if said.banned:
        seconds = (said.seconds or BAN_SECONDS) + BAN_MARGIN
        if at + seconds > state.all_until:
            yield structs.replace(_hold(state), all_until=at + seconds, all_seconds=seconds)
    if said.remaining >= 0:
        others = sum(
            bool(hand.since) and hand.group == said.group
            for edge, hand in state.hands.items()
            if edge != said.edge
        )
        yield RoomTold(said.group, max(0, said.remaining - others), at + SECOND)


def _taken(state: LimiterState, call: Call | Fetch, at: float) -> Iterator[Message]:
    """Queue it, unless it waits already; a cancel takes its own waiting order with it."""
    if isinstance(call, CancelOrder):
        for index, queued in enumerate(state.queue):
            if isinstance(queued.call, SubmitOrder) and queued.call.order.id == call.id:
                yield from _dropped(index, queued.call, "taken_back")
                return
    if any(same(queued.call, call) for queued in state.queue):
        return
    queued = Queued(call, priority_of(call), at)
    yield CallQueued(queued)
    if len(state.queue) >= state.limits.queue_max:
        index = len(state.queue)
        last = evolve(state, CallQueued(queued)).queue[index]
        yield from _dropped(index, last.call, "queue_full")


def _dropped(index: int, call: Call | Fetch, why: str) -> Iterator[Message]:
    """A submit that never left is a definite no; a look-up or a cancel is asked for again."""
    yield CallDropped(index)
    if isinstance(call, SubmitOrder):
        yield OrderReport(call.order.id, "not_sent", "submit", text=why)
    elif isinstance(call, FetchCandles):
        yield CandlesReport(call.pair, call.seconds, failed="not_sent", until=call.until)
    elif isinstance(call, FetchBook):
        yield BookReport(call.id, call.pair, failed="not_sent")


def _let_out(state: LimiterState, at: float) -> Outputs:
    """Drop what is too late, dispatch what has room, and wake up when that may change."""
    wake = float("inf")
    index = 0
    while index < len(state.queue):
        call = state.queue[index].call
        until = good_until(call)
        moment = _moment(state, call, at)
        event: CallDropped | CallReleased
        if until and at > until:
            held = state.entries_held and state.queue[index].priority in HELD_BACK
            yield from _dropped(index, call, "held_back" if held else "late")
            event = CallDropped(index)
        elif moment <= at:
            since, order = state.queue[index].since, _order_of(call)
            event = CallReleased(group_of(call), at, index, since, order)
            yield event
            if state.entries_held and state.queue[index].priority in HELD_BACK:
                spent = structs.replace(_hold(state), probe=False)
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


def _hold(state: LimiterState) -> HoldChanged:
    """What holds calls back now."""
    return HoldChanged(state.entries_held, state.all_until, state.probe, state.all_seconds)


def _order_of(call: Call | Fetch) -> str:
    """The id of the order that the call submits; "" when it does something else."""
    return call.order.id if isinstance(call, SubmitOrder) else ""


def _moment(state: LimiterState, call: Call | Fetch, at: float) -> float:
    """When the call may go out, as far as is known now."""
    group = group_of(call)
    per_second, per_minute = limits_of(state.limits, group)
    per_second = min(per_second, state.pace.get(group, per_second))
    moment = room_at(counted(state, group, at), per_second, per_minute, at)
    left, until = state.told.get(group, (1, 0.0))
    held = priority_of(call) in HELD_BACK and not state.probe
    since = state.hands.get(edge_of(call), CallInFlight()).since
    patience = (float(state.limits.call_seconds) + LOST_SECONDS) * state.pace_of_clock
    lost = since + patience if since else 0.0
    return max(
        moment,
        0.0 if left else until,
        float("inf") if state.awaiting or (held and state.entries_held) else 0.0,
        state.all_until,
        lost,
    )


def resume(state: LimiterState, at: float) -> Outputs:
    """The breaker remembers what was to be held back: nothing leaves before its answer."""
    yield HoldAwaited()
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

    def begin(self) -> None:
        """How long a call may take is told in real seconds."""
        super().begin()
        state = structs.replace(self.record.state, pace_of_clock=self.system.pace)
        self.record = Record(state, self.record.cursors)

    def _commit(self, events: list[Event], cursors: dict[str, int], cause: Envelope) -> None:
        """As for every owner; what went out is measured too."""
        super()._commit(events, cursors, cause)
        meter = self.system.meter
        meter.waiting = len(self.record.state.queue)
        for event in events:
            if isinstance(event, CallReleased):
                meter.released(event.group, event.at - event.since)
                if event.order:
                    meter.sent(event.order, event.at)
