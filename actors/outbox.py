"""Owns what waits for messengers, and what is known of each letter that was sent.

It hears what the notifier hears. What it has heard is folded into memory, and counts as not yet
taken in; after a moment all of it is written at once (actors/runtime/projection_owner.py). So an
order never waits for a notice, many notices become one letter, and a crash loses none: the journal
gives again what was not written. A send is committed as begun before it leaves; one that a crash
cut off is unsure, and repeated or not by its level (core/notices/channels.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import reduce
from typing import Any, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from actors.runtime.owner import Outputs
from actors.runtime.projection_owner import ProjectionOwner
from core.notices import channels
from core.notices.account import OfAccount
from core.notices.events import NoticeOf
from core.notices.kinds import DAY, KST_SECONDS, wanted
from core.notices.market_status import OfVenue
from core.notices.orders import OfOrder
from core.notices.repeats import RepeatFilter
from core.notices.summary import NOTHING, heard, plus, summed
from core.orders.end_reason import EndReason, of_event
from core.waits import due
from messages.base import After, Envelope, Message, Reply
from messages.control import ConfigAdopted
from messages.notification_config import Notify
from messages.notification_delivery import (
    Channel,
    LanesOpened,
    LetterBegun,
    LetterEnded,
    LetterReport,
    Notice,
    NoticeHeard,
    NoticesGathered,
    NotifyTaken,
    OpenLanes,
    PostDue,
    PostNotice,
    SummaryCounts,
    SummaryPosted,
)

COUNTED_SECONDS = 60.0  # what is only counted may wait so long before it is written
LOOK_SECONDS = 3600.0  # from one look to the next at most

Inbox = NoticeOf | OfOrder | OfAccount | OfVenue | PostNotice | OpenLanes | PostDue | LetterReport
Change = NoticesGathered | SummaryPosted | LanesOpened | NotifyTaken | LetterBegun | LetterEnded


class OutboxState(Struct, frozen=True, omit_defaults=True):
    """``heard`` and ``noted`` are not written yet, and empty in whatever is."""

    notify: Notify = Notify()
    lanes: tuple[Channel, ...] = ()
    pace: float = 1.0  # seconds of the clock in a real one
    tally: SummaryCounts = SummaryCounts()
    since: float = 0.0  # the last summary, or the first time that anything was written
    heard: tuple[Notice, ...] = ()
    noted: SummaryCounts = SummaryCounts()


def decide(
    state: OutboxState,
    message: Inbox,
    at: float,
    told_at: float | None = None,
    why: EndReason | None = None,
) -> Outputs:
    """``told_at``: when what a notice tells of happened; the moment of the turn without it.

    ``why``: of an order that has ended, what its events tell.
    """
    match message:
        case PostDue():
            yield from _onward(state, at, [*_overdue(state, at)])
        case LetterReport():
            lane = next((one for one in state.lanes if one.name == message.lane), None)
            if lane and lane.sending and lane.attempt == message.attempt:
                ended = channels.ended(lane, message, state.notify, at, state.pace)
                yield from _onward(state, at, [ended])
        case OpenLanes(names=names, pace=pace):
            known = (tuple(lane.name for lane in state.lanes), state.pace)
            opened = [LanesOpened(names, pace)] if known != (names, pace) else []
            yield from _onward(state, at, opened)
        case _:
            notice, counted = heard(message, at if told_at is None else told_at, why or EndReason())
            yield from _hear(state, message, at, notice, counted)


def _hear(
    state: OutboxState, message: Any, at: float, notice: Notice | None, counted: SummaryCounts
) -> Outputs:
    """Keep it in mind, and set the moment at which it is written; at once what cannot wait."""
    if notice and not wanted(notice, state.notify):
        notice = None
    more = (*state.heard, notice) if notice else state.heard
    if isinstance(message, ConfigAdopted) and message.config.notify != state.notify:
        full = replace(state, heard=more, noted=plus(state.noted, counted))
        yield from _onward(full, at, [NotifyTaken(message.config.notify)])
    elif len(more) >= state.notify.outbox_max:
        yield from _onward(replace(state, heard=more, noted=plus(state.noted, counted)), at, [])
    elif notice or counted != NOTHING:
        yield NoticeHeard(notice, counted)
        seconds = float(state.notify.gather_seconds) if notice else COUNTED_SECONDS
        yield After(seconds * state.pace, PostDue())


def _onward(state: OutboxState, at: float, said: list[Any]) -> Outputs:
    """All that was heard goes into the lanes, and every lane that may send does."""
    events: list[Any] = []
    if state.heard or state.noted != NOTHING:
        events.append(NoticesGathered(state.heard, state.noted))
    events += said
    after = reduce(evolve, events, state)
    if due(_summary_at(after), at, after.notify.summary_hours * 3600.0):
        notice = summed(after.tally, after.since, at) if after.since else None
        told = notice if notice and wanted(notice, after.notify) else None
        events.append(SummaryPosted(at, told))
        after = evolve(after, events[-1])
    for lane in after.lanes:
        if begun := channels.begin(lane, after.notify, at, after.pace):
            events.append(begun)
            after = evolve(after, begun)
    yield from events
    sent = {event.lane for event in events if isinstance(event, LetterBegun)}
    yield from (channels.call(lane) for lane in after.lanes if lane.name in sent)
    yield _alarm(after, at)


def _overdue(state: OutboxState, at: float) -> Iterator[LetterEnded]:
    """Sends of which nobody has reported for too long."""
    for lane in state.lanes:
        if lane.sending and abs(at - lane.begun_at) >= channels.GUARD_SECONDS * state.pace:
            yield _cut_off(state, lane, at)


def _cut_off(state: OutboxState, lane: Channel, at: float) -> LetterEnded:
    """How a send ends that nobody reports of."""
    report = LetterReport(lane.name, lane.attempt, "unsure", lane.part + 1)
    return channels.ended(lane, report, state.notify, at, state.pace)


def _summary_at(state: OutboxState) -> float:
    """When the next summary is due: at full hours of the Korean day."""
    every = state.notify.summary_hours * 3600.0
    midnight = (state.since + KST_SECONDS) // DAY * DAY - KST_SECONDS
    return min(midnight + ((state.since - midnight) // every + 1) * every, midnight + DAY)


def _alarm(state: OutboxState, at: float) -> After:
    """The next alarm; never far away, for a clock may be set back."""
    moments = [channels.next_moment(lane, state.notify, at, state.pace) for lane in state.lanes]
    moment = min([_summary_at(state), *(one for one in moments if one is not None)])
    return After(min(max(0.0, moment - at), LOOK_SECONDS * state.pace), PostDue())


def evolve(state: OutboxState, event: Change | NoticeHeard) -> OutboxState:
    """The state after an event of the outbox's own."""
    match event:
        case NoticeHeard(notice=notice, counted=counted):
            more = (*state.heard, notice) if notice else state.heard
            return replace(state, heard=more, noted=plus(state.noted, counted))
        case NoticesGathered(notices=notices, counted=counted):
            state = replace(state, heard=(), noted=NOTHING, tally=plus(state.tally, counted))
            return _with(state, notices)
        case SummaryPosted(at=at, notice=notice):
            state = replace(state, tally=NOTHING, since=at)
            return _with(state, (notice,)) if notice else state
        case LanesOpened(names=names, pace=pace):
            kept = {lane.name: lane for lane in state.lanes}
            opened = tuple(kept.get(name, Channel(name)) for name in names)
            return replace(state, lanes=opened, pace=pace)
        case NotifyTaken(notify=notify):
            return replace(state, notify=notify)
        case LetterBegun(lane=name):
            return _changed(state, name, lambda lane: channels.begun(lane, event))
        case LetterEnded(lane=name):
            return _changed(state, name, lambda lane: channels.after(lane, event))
        case _:
            assert_never(event)


def _with(state: OutboxState, notices: tuple[Notice, ...]) -> OutboxState:
    most = state.notify.outbox_max
    return replace(state, lanes=tuple(channels.added(lane, notices, most) for lane in state.lanes))


def _changed(state: OutboxState, name: str, change: Any) -> OutboxState:
    kept = tuple(change(lane) if lane.name == name else lane for lane in state.lanes)
    return replace(state, lanes=kept)


def resume(state: OutboxState, at: float) -> Outputs:
    """A send that was begun has ended nobody knows how; whatever may be sent is."""
    cut = [_cut_off(state, lane, at) for lane in state.lanes if lane.sending]
    yield from cut
    yield _alarm(reduce(evolve, cut, state), at)


class Outbox(ProjectionOwner[OutboxState]):
    """In the cast only where there is a messenger. It falls silent when it fails too often."""

    name = "outbox"
    background = low_priority = True
    accepts = get_args(Inbox)
    State = OutboxState
    passing = NoticeHeard
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    def begin(self) -> None:
        """One that comes to an older ledger hears from now on."""
        self._thinning = RepeatFilter()
        self._set = math.inf  # how many seconds the alarm that is set was given
        self._number = 0  # of that alarm
        super().begin()
        self.blind = False

    def take(self, envelope: Envelope) -> Reply | None:
        """A notice is dated by what it tells of."""
        self._told_at = envelope.at if envelope.number else self.system.now()
        return super().take(envelope)

    def _decide(self, body: Any) -> tuple[Message | After, ...]:
        if isinstance(body, PostDue) and body.number == self._number:
            self._set = math.inf
        why = of_event(body, lambda key: self.system.store.kept("gateway", key))
        said = decide(self.record.state, body, self.at, self._told_at, why)
        return tuple(kept for one in said if (kept := self._kept(one)))

    def _thinned(self, said: NoticeHeard) -> NoticeHeard:
        """Without the notice where it repeats what was told of late; it counts all the same."""
        one = said.notice
        tells = one is None or self._thinning.tells(one.level, one.key, one.facts, one.at)
        return said if tells else replace(said, notice=None)

    def _kept(self, said: Message | After) -> Message | After | None:
        """An alarm only where none is set that was given as few seconds: that one rings first.

        By seconds, not by moments: a clock that leaps moves no alarm.
        """
        if isinstance(said, NoticeHeard):
            return self._thinned(said)
        if not isinstance(said, After):
            return said
        if self._set <= said.seconds:
            return None
        self._set, self._number = said.seconds, self._number + 1
        return After(said.seconds, PostDue(self._number))
