"""Owns what the limiter remembers: what waits, what went out when, what holds it back."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct, structs

from core.limits.calls import edge_of
from core.limits.windows import SECOND, capped, moved, recorded
from messages.config import Exchange
from messages.limits import (
    FOREVER,
    CallDropped,
    CallQueued,
    CallReleased,
    EdgeFreed,
    HoldAwaited,
    HoldChanged,
    LimitsTaken,
    MomentsCapped,
    PaceChanged,
    Queued,
    RefillAwaited,
    RefillCame,
    RoomTold,
)

Change = (
    CallQueued
    | CallReleased
    | CallDropped
    | EdgeFreed
    | RoomTold
    | HoldAwaited
    | HoldChanged
    | MomentsCapped
    | PaceChanged
    | LimitsTaken
    | RefillAwaited
    | RefillCame
)


class CallInFlight(Struct, frozen=True):
    """The call that an edge has in hand: its group, and since when; since 0 = none."""

    group: str = ""
    since: float = 0.0


class LimiterState(Struct, frozen=True):
    """What waits, first to go first; when calls went out, by group; what holds them back.

    ``hands``: by edge, of those that say when a call has ended; ``told``: by group, the calls
    that the venue says are left, and until when that holds.
    """

    limits: Exchange = Exchange()
    queue: tuple[Queued, ...] = ()
    sent: dict[str, tuple[float, ...]] = {}
    told: dict[str, tuple[int, float]] = {}
    hands: dict[str, CallInFlight] = {}
    pace: dict[str, int] = {}  # calls a second, where the breaker has set fewer
    entries_held: bool = False
    all_until: float = 0.0
    all_seconds: float = FOREVER  # from now until then at most
    awaiting: bool = False  # the breaker's word, at a start: until then everything is held
    probe: bool = False
    refills: tuple[float, ...] = ()  # alarms that are still to ring, earliest last
    pace_of_clock: float = 1.0  # seconds of the market's clock in a real one


def evolve(state: LimiterState, event: Change) -> LimiterState:
    """The state after an event of the limiter's own."""
    match event:
        case CallQueued(queued=new):
            place = sum(other.priority <= new.priority for other in state.queue)
            queue = (*state.queue[:place], new, *state.queue[place:])
            return structs.replace(state, queue=queue)
        case CallReleased():
            return _released(state, event)
        case CallDropped(index=index):
            return structs.replace(state, queue=_without(state.queue, index))
        case EdgeFreed(edge=edge, at=at):
            hand = state.hands.get(edge, CallInFlight())
            ended = moved(state.sent.get(hand.group, ()), hand.since, at)
            sent = {**state.sent, hand.group: ended} if ended else state.sent
            return structs.replace(state, sent=sent, hands={**state.hands, edge: CallInFlight()})
        case RoomTold(group=group, left=left, until=until):
            return structs.replace(state, told={**state.told, group: (left, until)})
        case HoldAwaited():
            return structs.replace(state, awaiting=True)
        case HoldChanged(entries_held=entries, all_until=all_until, probe=probe):
            state = structs.replace(state, entries_held=entries, all_until=all_until, probe=probe)
            return structs.replace(state, awaiting=False, all_seconds=event.all_seconds)
        case MomentsCapped(at=at):
            return capped_at(state, at)
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


def counted(state: LimiterState, group: str, at: float) -> tuple[float, ...]:
    """The moments of a group's calls; one under way may arrive only now, until its time is up."""
    sent, longest = state.sent.get(group, ()), float(state.limits.call_seconds)
    for hand in state.hands.values():
        if hand.since and hand.group == group:
            sent = moved(sent, hand.since, min(at, hand.since + longest))
    return sent


def capped_at(state: LimiterState, at: float) -> LimiterState:
    """What is remembered of the future counts as of now; the same state where nothing is.

    Alarms ring all the same, those of before too: what they are for is reckoned anew.
    """
    sent = {group: capped(moments, at) for group, moments in state.sent.items()}
    told = {group: (left, min(until, at + SECOND)) for group, (left, until) in state.told.items()}
    hands = {
        edge: CallInFlight(hand.group, min(hand.since, at)) for edge, hand in state.hands.items()
    }
    banned = min(state.all_until, at + state.all_seconds)
    if (sent, told, hands, banned) == (state.sent, state.told, state.hands, state.all_until):
        return state
    queue = tuple(structs.replace(one, since=min(one.since, at)) for one in state.queue)
    state = structs.replace(state, sent=sent, told=told, hands=hands, queue=queue)
    return structs.replace(state, all_until=banned, refills=())


def _released(state: LimiterState, event: CallReleased) -> LimiterState:
    group, at = event.group, event.at
    edge = edge_of(state.queue[event.index].call)
    hands = {**state.hands, edge: CallInFlight(group, at)} if edge in state.hands else state.hands
    left, until = state.told.get(group, (0, 0.0))
    told = {**state.told, group: (max(0, left - 1), until)} if at < until else state.told
    sent = {**state.sent, group: recorded(state.sent.get(group, ()), at)}
    queue = _without(state.queue, event.index)
    return structs.replace(state, sent=sent, told=told, hands=hands, queue=queue)


def _without(queue: tuple[Queued, ...], index: int) -> tuple[Queued, ...]:
    return (*queue[:index], *queue[index + 1 :])
