"""Owns how well the venue answers: failures in a row, bans, and paces that were cut.

While the breaker is open the limiter holds back entries; exits, cancels and look-ups go on. Only
transport errors and 5xx count. The limiter's own limit outlasts the pause by another pause, so it
is the probe that ends a hold, and never two alarms of the same moment. A restart changes nothing:
what is held is told to whoever starts and asks, with the time that is left.
"""

from __future__ import annotations

from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.runtime.owner import Outputs, Owner
from core.limits.calls import BAN_LONGEST, BAN_MARGIN, BAN_SECONDS, limits_of
from core.waits import left, passed, runs
from messages.base import After
from messages.config import Breaker as Rules
from messages.config import Exchange
from messages.control import ConfigAdopted, ConfigTaken
from messages.limits import (
    FOREVER,
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    CallFailed,
    CallsRecovered,
    HoldCalls,
    PaceRegrown,
    PaceShrunk,
    ProbeVenue,
    SetPace,
    ShowHold,
    VenueBanned,
)
from messages.orders import CallReport

Inbox = CallReport | ProbeVenue | ShowHold | ConfigAdopted
Change = (
    ConfigTaken
    | CallFailed
    | CallsRecovered
    | BreakerOpened
    | BreakerHalfOpened
    | BreakerClosed
    | VenueBanned
    | PaceShrunk
    | PaceRegrown
)
SHRINK_SECONDS = 1.0  # the "too many" of one burst are one
REGROW_SECONDS = 60.0  # of good answers, before a group's pace is doubled again


class Pace(Struct, frozen=True):
    """A group's calls a second since it was told "too many"; ``at`` is its last change."""

    per_second: int
    at: float


class BreakerState(Struct, frozen=True):
    """Closed while ``until`` is 0; moments are epoch seconds."""

    rules: Rules = Rules()
    exchange: Exchange = Exchange()
    failures: int = 0
    until: float = 0.0
    half_open: bool = False
    banned_until: float = 0.0
    banned_seconds: float = 0.0  # how long that ban lasts from its beginning
    paces: dict[str, Pace] = {}


# --- decide
def decide(state: BreakerState, message: Inbox, at: float) -> Outputs:
    """What an answer of the venue means for the calls to come."""
    match message:
        case CallReport():
            yield from _reported(state, message, at)
        case ProbeVenue(until=until):
            if state.until and until == state.until:
                yield from _probe(state, at)
        case ShowHold():
            yield _hold(state)  # to a limiter that has lost its memory
        case ConfigAdopted(config=config):
            event = ConfigTaken(config)
            yield event
            # A limiter may have been told of former limits since it heard of these.
            yield _hold(evolve(state, event))
        case _:
            assert_never(message)


def _reported(state: BreakerState, report: CallReport, at: float) -> Outputs:
    match report.outcome:
        case "ok":
            yield from _answered(state, report.group, at)
        case "failed":
            yield from _failed(state, at)
        case "throttled":
            yield from _throttled(state, report.group, at)
        case "banned":
            seconds = (report.seconds or BAN_SECONDS) + BAN_MARGIN
            event = VenueBanned(at + seconds, seconds)
            known = runs(state.banned_until, at, longest_ban(state))
            if not known or event.until > state.banned_until:
                yield event
                yield _hold(evolve(state, event))
        case _:
            assert_never(report.outcome)


def _answered(state: BreakerState, group: str, at: float) -> Outputs:
    # After a leap of the clock the alarm for a probe may be late: an answer is as good as one.
    if state.half_open or 0 < state.until <= at:
        event = BreakerClosed()
        yield event
        yield _hold(evolve(state, event))
    elif state.failures and not state.until:
        yield CallsRecovered()
    pace = state.paces.get(group)
    if pace and passed(pace.at, at, REGROW_SECONDS):
        faster = min(pace.per_second * 2, _most(state, group))
        yield PaceRegrown(group, faster, at)
        yield SetPace(group, faster)


def _failed(state: BreakerState, at: float) -> Outputs:
    if state.until and not state.half_open:
        return  # open already: what goes on meanwhile proves nothing new
    failures = state.failures + 1
    if failures < state.rules.failures and not state.half_open:
        yield CallFailed(failures)
        return
    event = BreakerOpened(at + state.rules.pause_seconds, failures)
    yield event
    yield _hold(evolve(state, event))
    yield After(float(state.rules.pause_seconds), ProbeVenue(event.until))


def _throttled(state: BreakerState, group: str, at: float) -> Outputs:
    most = _most(state, group)
    pace = state.paces.get(group, Pace(most, at - SHRINK_SECONDS))
    slower = max(1, min(pace.per_second, most) // 2)
    if passed(pace.at, at, SHRINK_SECONDS):
        yield PaceShrunk(group, slower, at)
        yield SetPace(group, slower)


def _most(state: BreakerState, group: str) -> int:
    """Calls a second that the configuration grants the group."""
    return limits_of(state.exchange, group)[0]


def _probe(state: BreakerState, at: float) -> Outputs:
    """Let one held call pass, and another after each pause until an answer settles it."""
    event = BreakerHalfOpened()
    if not state.half_open:
        yield event
    yield _hold(evolve(state, event))
    yield After(float(state.rules.pause_seconds), ProbeVenue(state.until))


def _hold(state: BreakerState) -> HoldCalls:
    """All that the limiter has to know."""
    entries = FOREVER if state.until else 0.0
    paces = {group: pace.per_second for group, pace in state.paces.items()}
    banned, seconds = state.banned_until, longest_ban(state)
    return HoldCalls(entries, banned, state.half_open, state.exchange, paces, seconds)


def longest_ban(state: BreakerState) -> float:
    """Seconds that the newest ban lasts from its beginning."""
    return state.banned_seconds or BAN_LONGEST


# --- evolve
def evolve(state: BreakerState, event: Change) -> BreakerState:
    """The state after an event of the breaker's own."""
    match event:
        case ConfigTaken(config=config):
            return structs.replace(state, rules=config.breaker, exchange=config.exchange)
        case CallFailed(failures=failures):
            return structs.replace(state, failures=failures)
        case CallsRecovered():
            return structs.replace(state, failures=0)
        case BreakerOpened(until=until, failures=failures):
            return structs.replace(state, until=until, failures=failures, half_open=False)
        case BreakerHalfOpened():
            return structs.replace(state, half_open=True)
        case BreakerClosed():
            return structs.replace(state, until=0.0, failures=0, half_open=False)
        case VenueBanned(until=until, seconds=seconds):
            return structs.replace(state, banned_until=until, banned_seconds=seconds)
        case PaceShrunk(group=group, per_second=per_second, at=at):
            paces = {**state.paces, group: Pace(per_second, at)}
            return structs.replace(state, paces=paces)
        case PaceRegrown(group=group, per_second=per_second, at=at):
            paces = {key: pace for key, pace in state.paces.items() if key != group}
            if per_second < _most(state, group):
                paces[group] = Pace(per_second, at)
            return structs.replace(state, paces=paces)
        case _:
            assert_never(event)


def resume(state: BreakerState, at: float) -> Outputs:
    """What was open stays open for the time that is left; a probe that was out is repeated.

    What is held the limiter asks for itself, at each of its own starts.
    """
    if state.until:
        longest = float(state.rules.pause_seconds)
        wait = 0.0 if state.half_open else left(state.until, at, longest)
        yield After(wait, ProbeVenue(state.until))


class Breaker(Owner[BreakerState]):
    """Durable: neither a pause nor a ban ends because we started again."""

    name = "breaker"
    accepts = get_args(Inbox)
    State = BreakerState
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)
