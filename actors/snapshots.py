"""Year-end snapshots: when one is due, whether it was taken, and which there are.

Each January 1 at 00:00 KST the whole account is journaled, once: the tax of a coin that was held
then hangs on it, and its amount cannot be had later. A look that fails is taken again each
minute, and so is one with rows that cannot be read: after a while it is taken without them, and
says so. What was missed is taken late in the first days of the year, and is lost after them. The
index keeps each snapshot for ever. Alarms are short, so that no leap of the clock is slept over;
a clock that the venue's answers prove wrong begins no year.
"""

from __future__ import annotations

from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.runtime.owner import Outputs, Owner
from core.performance.year_end import korean_year, new_year
from messages.base import After, Message
from messages.control import OperatorReply, TakeSnapshot
from messages.snapshots import (
    CheckSnapshot,
    SnapshotFailed,
    SnapshotMissed,
    SnapshotPriced,
    SnapshotsBegun,
    SnapshotTaken,
)
from messages.venue_queries import FetchSnapshot, SnapshotReport

NAME = "snapshots"
LOOK_SECONDS = 60.0
MARGIN = 1.0  # seconds of the new year before the account is asked: clocks agree no better
GRACE = 300.0  # seconds after which one that is not there yet is reported, or taken with gaps
NEAR = 7 * 86400.0  # seconds in which a missed one is still taken by itself
PRICING = 86400.0  # seconds in which prices that could not be had are asked for
OF_YEAR, BY_HAND = "year ", "hand "  # how the ids of snapshots begin
SKEWED = 1.0  # seconds; a clock that is proven to be off by more is corrected

Inbox = CheckSnapshot | TakeSnapshot | SnapshotReport
Change = SnapshotsBegun | SnapshotTaken | SnapshotPriced | SnapshotFailed | SnapshotMissed


class SnapshotsState(Struct, frozen=True, omit_defaults=True):
    """``years`` have one, or have lost theirs; ``last`` is the id of the newest snapshot."""

    since: float = 0.0
    years: tuple[int, ...] = ()
    missed: int = 0  # the newest year that was reported as late or lost
    last: str = ""
    unpriced: SnapshotTaken | None = None


def of_year(year: int) -> str:
    """The id of a year's own snapshot."""
    return f"{OF_YEAR}{year}"


def by_hand(id: str) -> str:
    """The id of the snapshot that a command takes."""
    return f"{BY_HAND}{id}"


# --- decide
def decide(
    state: SnapshotsState, message: Inbox, at: float, kept: Message | None = None
) -> Outputs:
    """``kept``: the snapshot of this id, when it was taken before."""
    match message:
        case CheckSnapshot():
            yield from _asked(state, at)
            yield After(_wait(at), CheckSnapshot())
        case TakeSnapshot(id=id):
            if not id:
                yield OperatorReply(False, "refused_input", {"reason": "bad_command"})
                return
            if kept is None:
                yield FetchSnapshot(by_hand(id))
            yield OperatorReply(True, "snapshot_asked")
        case SnapshotReport():
            pending = state.unpriced
            if pending is not None and message.id == pending.id:
                yield from _priced(pending, message)
            elif kept is None:
                yield from _reported(state, message)
        case _:
            assert_never(message)


def _wait(at: float) -> float:
    """Until the next look: the new year's first second, when it comes sooner."""
    year = korean_year(at)
    moments = (new_year(each) + MARGIN - at for each in (year, year + 1))
    return min(LOOK_SECONDS, *(left for left in moments if left > 0))


def _owed(state: SnapshotsState, at: float) -> int | None:
    """The year whose snapshot is not there yet, as far as it may still be taken or reported."""
    year = korean_year(at)
    due = new_year(year)
    if year in state.years or at < due + MARGIN:
        return None
    return year if at - due <= NEAR or due >= state.since else None


def _asked(state: SnapshotsState, at: float) -> Outputs:
    year = _owed(state, at)
    if year is not None:
        yield FetchSnapshot(of_year(year))
    pending = state.unpriced
    if pending is not None and at - pending.taken_at <= PRICING:
        yield FetchSnapshot(pending.id, pending.taken_at, "prices", found=pending.held)


def _reported(state: SnapshotsState, report: SnapshotReport) -> Outputs:
    """By the venue's clock, where its answers prove ours to be wrong."""
    hand = report.id.startswith(BY_HAND)
    true = report.asked - (report.skew if abs(report.skew) > SKEWED else 0.0)
    year = _owed(state, true)
    if year is not None and not hand and report.id != of_year(year):
        return
    due = new_year(year) if year is not None else 0.0
    late = true - due if year is not None else 0.0
    if report.failed:
        if hand:
            yield SnapshotFailed(report.id, report.failed)
        elif year is not None and late > GRACE and state.missed != year:
            yield SnapshotMissed(year, due, late, late > NEAR, report.failed)
        return
    if report.unread and late <= GRACE:  # the next look may be at all of it
        if not hand:
            return
        year, due, late = None, 0.0, 0.0
    if year is not None and late > NEAR:
        yield SnapshotMissed(year, due, late, lost=True)
        year, due, late = None, 0.0, 0.0
    if year is not None or hand:
        taken = (report.id, year or 0, due, report.asked, late, report.held)
        yield SnapshotTaken(*taken, report.unpriced, state.last, report.unread)


def _priced(pending: SnapshotTaken, report: SnapshotReport) -> Outputs:
    """The prices come late, each with its own moment; the amounts stay those of the snapshot."""
    if report.failed or report.unpriced:
        return
    told = {one.currency: (one.price, one.price_at) for one in report.held}
    held = tuple(
        structs.replace(one, price=told[one.currency][0], price_at=told[one.currency][1])
        if one.currency in told
        else one
        for one in pending.held
    )
    yield SnapshotPriced(structs.replace(pending, held=held, unpriced=""))


def _pending(state: SnapshotsState, event: SnapshotTaken) -> SnapshotTaken | None:
    """The snapshot whose prices are asked for: the older one, while there is hope."""
    old = state.unpriced
    if old is not None and event.taken_at - old.taken_at <= PRICING:
        return old
    return event if event.unpriced else None


# --- the owner
def evolve(state: SnapshotsState, event: Change) -> SnapshotsState:
    match event:
        case SnapshotsBegun(at=at):
            return structs.replace(state, since=at)
        case SnapshotTaken(id=id, year=year):
            years = (*state.years, year) if year else state.years
            return structs.replace(state, years=years, last=id, unpriced=_pending(state, event))
        case SnapshotPriced():
            return structs.replace(state, unpriced=None)
        case SnapshotFailed():
            return state
        case SnapshotMissed(year=year, lost=lost):
            years = (*state.years, year) if lost else state.years
            return structs.replace(state, missed=year, years=years)
        case _:
            assert_never(event)


def resume(state: SnapshotsState, at: float) -> Outputs:
    """Alarms were lost. What was due before this ledger had this owner is owed by none."""
    if not state.since:
        yield SnapshotsBegun(at)
    yield CheckSnapshot()


class Snapshots(Owner[SnapshotsState]):
    """In the cast only where there is an account."""

    name = NAME
    accepts = get_args(Inbox)
    State = SnapshotsState
    indexed = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    @staticmethod
    def key(message: Inbox) -> str:
        """The id of the snapshot that a message is about."""
        match message:
            case CheckSnapshot():
                return ""
            case TakeSnapshot(id=id):
                return by_hand(id)
            case SnapshotReport(id=id):
                return id

    @staticmethod
    def keeps(event: Change) -> str:
        """Snapshots; the one with its prices stands in the place of the one without."""
        match event:
            case SnapshotTaken(id=id) | SnapshotFailed(id=id):
                return id
            case SnapshotPriced(snapshot=snapshot):
                return snapshot.id
            case _:
                return ""
