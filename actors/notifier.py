"""Owns what people are told, and the summary of each hour.

Not durable, on purpose: a notice costs no commit, and counting what happens would cost one each.
So its counts are kept in memory and may be lost with it; the summary says since when it counts,
and begins with the start of the bot. Everything it tells of is in the journal anyhow. A summary
is due at each full hour of the runtime's clock, so nothing has to be remembered for that either.
A recording at full speed runs ahead of what is told: the first event of the next hour gives the
summary too, so that notices stay in the order of time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, assert_never, get_args

from msgspec import Struct, structs

from actors.runtime.owner import Outputs, Owner
from core.notices.account import OfAccount, account_notice
from core.notices.events import NoticeOf, Text, counted, notice_of, text
from core.notices.market_status import OfVenue, venue_notice
from core.notices.orders import OfOrder, order_notice
from core.orders.end_reason import EndReason, of_event
from core.waits import left
from messages.base import After, Envelope, Message, Reply
from messages.notices import NoticeCounted, ShowNotice, SkipNotice, SummaryDue, SummaryGiven
from persistence.store import Record

Inbox = NoticeOf | OfOrder | OfAccount | OfVenue | SummaryDue
Change = NoticeCounted | SummaryGiven
HOUR = 3600.0


class NotifierState(Struct, frozen=True):
    """Counts since the last summary; ``profit`` in KRW, ``since`` 0 before the first."""

    since: float = 0.0
    due: float = 0.0
    signals: int = 0
    entries: int = 0
    exits: int = 0
    refusals: int = 0
    profit: Decimal = Decimal(0)


def decide(
    state: NotifierState, message: Inbox, at: float, why: EndReason | None = None
) -> Outputs:
    """Tell it, and count it. ``why``: of an order that has ended, what its events tell."""
    if not isinstance(message, SummaryDue):
        if 0 < state.due <= at:
            yield from _summed(state, state.since, at)
        notice = _notice(message, why or EndReason())
        if notice:
            yield ShowNotice(*notice, at)
        count = counted(message)
        if count:
            yield count
    elif wait := left(state.due, at, HOUR):  # a twin of an alarm that has rung
        yield After(wait, SummaryDue())
    else:
        yield from _summed(state, state.since or message.since, at)
        yield After(_next_hour(at) - at, SummaryDue())


def _summed(state: NotifierState, since: float, at: float) -> Outputs:
    """The summary of what was counted, dated by when it was due: nothing was told since."""
    moment = min(state.due, at) if state.due else at
    yield ShowNotice(*_summary(state, since), moment)
    yield SummaryGiven(moment, _next_hour(at))


def _notice(message: NoticeOf | OfOrder | OfAccount | OfVenue, why: EndReason) -> Text | None:
    if isinstance(message, OfOrder):
        return order_notice(message, why)
    if isinstance(message, OfAccount):
        return account_notice(message)
    return venue_notice(message) if isinstance(message, OfVenue) else notice_of(message)


def _next_hour(at: float) -> float:
    return (at // HOUR + 1) * HOUR


def _summary(state: NotifierState, since: float) -> Text:
    facts = {"entries": state.entries, "exits": state.exits, "refusals": state.refusals}
    if not state.signals:
        return text("info", "summary_quiet", since=since, profit=state.profit, **facts)
    signals = state.signals
    return text("info", "summary", since=since, signals=signals, profit=state.profit, **facts)


def evolve(state: NotifierState, event: Change) -> NotifierState:
    """The state after an event of the notifier's own."""
    match event:
        case SummaryGiven(at=at, due=due):
            return NotifierState(since=at, due=due or _next_hour(at))
        case NoticeCounted(kind=kind, profit=profit):
            match kind:
                case "signal":
                    return structs.replace(state, signals=state.signals + 1)
                case "entry":
                    return structs.replace(state, entries=state.entries + 1)
                case "exit":
                    total = state.profit + profit
                    return structs.replace(state, exits=state.exits + 1, profit=total)
                case "refusal":
                    return structs.replace(state, refusals=state.refusals + 1)
                case _:
                    assert_never(kind)
        case _:
            assert_never(event)


def resume(state: NotifierState, at: float) -> Outputs:
    """The next summary is due at the next full hour."""
    yield After(_next_hour(at) - at, SummaryDue(at))


class Notifier(Owner[NotifierState]):
    """Falls silent when it fails too often, while the rest trades on.

    At an event at which it fails it tries once more, with an empty memory as after a restart. At
    the second failure it has the steward journal that the event is skipped
    (docs/reference/reliability.md 5), and fails as ever: the supervisor says so, and within its
    bound the next tenant goes on behind it.
    """

    name = "notifier"
    background = low_priority = True
    accepts = get_args(Inbox)
    durable = False
    takes_backlog = False  # what was before this start is in the journal, and is no news
    State = NotifierState
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    def begin(self) -> None:
        """Count from now on: an alarm of the tenant before does not know since when."""
        super().begin()
        self._forget()

    def _forget(self) -> None:
        cursors = self.record.cursors
        now = self.system.now()
        self.record = Record(NotifierState(since=now, due=_next_hour(now)), cursors)

    def take(self, envelope: Envelope) -> Reply | None:
        """A notice is dated by what it tells of, however late it is told: nobody waits for it."""
        self._happened = envelope.at if envelope.number else self.system.now()
        return self._tried(envelope) if envelope.number else super().take(envelope)

    def _tried(self, envelope: Envelope) -> Reply | None:
        try:
            return super().take(envelope)
        except Exception:
            self._forget()
        try:
            return super().take(envelope)
        except Exception as error:
            skip = SkipNotice(envelope.number, f"{type(error).__name__}: {error}"[:500])
            self.system.send(skip, source=self.name, cause=envelope)
            self.system.settling.taken(self.name, envelope.source, envelope.number)
            raise

    def _decide(self, body: Any) -> tuple[Message | After, ...]:
        why = of_event(body, lambda key: self.system.store.kept("gateway", key))
        return tuple(decide(self.record.state, body, self._happened, why))
