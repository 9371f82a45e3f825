"""Owns the second witness: it adds up the money of all owners while the bot trades.

It decides nothing about money. What does not add up is stated with its evidence; then entries
stop until an operator starts trading again. Its books hold what is open and running sums. They
are written after some events, or a day, and at once with a violation (actors/runtime/witness).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never, get_args

from msgspec import structs

from actors.runtime.owner import Outputs
from actors.runtime.projection_owner import ProjectionOwner
from core.audit.cash import OfBudget, counted
from core.audit.entry import Told, matched
from core.audit.orders import Lived, OfVenue, at_venue, intended, lived
from core.audit.pending import overdue, uneven
from core.audit.trades import OfHoldings, held
from messages.audit import (
    AuditState,
    BooksAudited,
    BooksNoted,
    CheckBooks,
    IntentWitnessed,
    InvariantBroken,
    Unmatched,
)
from messages.base import After, Envelope, Message, Reply
from messages.control import ConfigAdopted
from messages.orders import OrderIntended
from messages.paper import PaperOpened
from messages.trading import EntryWanted

GRACE_SECONDS = 600.0  # between two looks for what nobody has told; two of them and it is broken
WRITTEN_EVENTS = 64  # the books are written after so many,
WRITTEN_SECONDS = 86400.0  # or after so long

Inbox = (
    ConfigAdopted
    | CheckBooks
    | EntryWanted
    | OfBudget
    | OrderIntended
    | Lived
    | PaperOpened
    | OfVenue
    | OfHoldings
)
JUDGES: dict[type, Callable[[AuditState, Any, int], Told]] = {  # whose word is judged by whom
    **dict.fromkeys(get_args(OfBudget), counted),
    **dict.fromkeys(get_args(Lived), lived),
    **dict.fromkeys(get_args(OfVenue), at_venue),
    **dict.fromkeys(get_args(OfHoldings), held),
}
Change = BooksAudited | IntentWitnessed | InvariantBroken


def decide(
    books: AuditState, message: Inbox, at: float, kept: Message | None = None, number: int = 0
) -> Outputs:
    """``kept`` tells that this intent was witnessed before; ``number`` is the message's own."""
    after, found = _judged(books, message, number, kept is not None)
    armed = books.armed and not isinstance(message, CheckBooks)
    if not armed and uneven(after):
        armed = True
        yield After(GRACE_SECONDS, CheckBooks())
    noted = books.noted + 1
    due = noted >= WRITTEN_EVENTS or at - books.written_at >= WRITTEN_SECONDS
    if found or due:
        yield from map(IntentWitnessed, after.fresh)
        yield from found
        facts = {"fresh": (), "noted": 0, "written_at": at, "armed": armed}
        yield BooksAudited(structs.replace(after, **facts))
    elif after is not books or armed != books.armed:
        yield BooksNoted(structs.replace(after, noted=noted, armed=armed))


def _judged(books: AuditState, message: Inbox, number: int, known: bool) -> Told:
    judge = JUDGES.get(type(message))
    if judge is not None:
        return judge(books, message, number)
    match message:
        case ConfigAdopted(config=config, birth=birth):
            births = dict.fromkeys([*books.births[-1:], *([birth] if birth else [])])
            capital = config.capital if books.capital is None else books.capital
            return structs.replace(books, capital=capital, births=tuple(births)), []
        case CheckBooks():
            return overdue(books)
        case EntryWanted(id=id, pair=pair, stake=stake):
            return matched(books, id, Unmatched(True, pair, stake, (number,)))
        case OrderIntended():
            return intended(books, message, number, known)
        case PaperOpened():
            return structs.replace(books, paper=True), []
        case _:
            raise TypeError(f"nobody judges {type(message).__name__}")


def evolve(books: AuditState, event: Change | BooksNoted) -> AuditState:
    match event:
        case BooksAudited(books=after) | BooksNoted(books=after):
            return after
        case IntentWitnessed() | InvariantBroken():
            return books
        case _:
            assert_never(event)


def resume(state: AuditState, at: float) -> Outputs:
    """The alarm was lost."""
    if state.armed:
        yield After(GRACE_SECONDS, CheckBooks())


class Auditor(ProjectionOwner[AuditState]):
    """The second witness; the index keeps the id of every intent it has seen."""

    name = "auditor"
    low_priority = True
    accepts = get_args(Inbox)
    State = AuditState
    indexed = True
    passing = BooksNoted
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    def take(self, envelope: Envelope) -> Reply | None:
        """Evidence is told by its number."""
        self._number = envelope.number
        return super().take(envelope)

    def _decide(self, body: Any) -> tuple[Message | After, ...]:
        kept = self.system.store.kept(self.name, key) if (key := self.key(body)) else None
        return tuple(decide(self.record.state, body, self.system.now(), kept, self._number))

    @staticmethod
    def key(message: Inbox) -> str:
        """An intent's id."""
        return message.order.id if isinstance(message, OrderIntended) else ""

    @staticmethod
    def keeps(event: Change) -> str:
        """Ids of intents, for ever."""
        return event.id if isinstance(event, IntentWitnessed) else ""
