"""Owns what people are told, and the summary of each hour.

Not durable, on purpose: a notice costs no commit, and counting what happens would cost one each.
So its counts are kept in memory and may be lost with it; the summary says since when it counts,
and begins with the start of the bot. Everything it tells of is in the journal anyhow. A summary
is due at each full hour of the runtime's clock, so nothing has to be remembered for that either.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.machinery.owner import Outcome, Owner
from core.notices import Text, Told, counted, text, told
from messages.base import After
from messages.notices import NoticeCounted, ShowNotice, SummaryDue, SummaryGiven

Inbox = Told | SummaryDue
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


def decide(state: NotifierState, message: Inbox, at: float) -> Outcome:
    """Tell it, and count it."""
    if not isinstance(message, SummaryDue):
        notice = told(message)
        if notice:
            yield ShowNotice(*notice, at)
        count = counted(message)
        if count:
            yield count
    elif at < state.due:  # a twin of an alarm that has rung, or a clock that went back
        yield After(state.due - at, SummaryDue())
    else:
        yield ShowNotice(*_summary(state, state.since or message.since), at)
        yield SummaryGiven(at)
        yield After(_next_hour(at) - at, SummaryDue())


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
        case SummaryGiven(at=at):
            return NotifierState(since=at, due=_next_hour(at))
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


def resume(state: NotifierState, at: float) -> Outcome:
    """The next summary is due at the next full hour."""
    yield After(_next_hour(at) - at, SummaryDue(at))


class Notifier(Owner[NotifierState]):
    """Falls silent when it fails too often, while the rest trades on."""

    name = "notifier"
    accepts = get_args(Inbox)
    durable = False
    State = NotifierState
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)
