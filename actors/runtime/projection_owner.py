"""The shell of an owner that watches others: what it notes is written now and then, not each time.

Its ``passing`` events are folded into memory alone. What led to them counts as not yet taken in,
so the journal gives it again after a crash; a letter is finished once the state behind it is
written. A ledger older than its witness is not judged: it never saw the beginning.
"""

from __future__ import annotations

from functools import reduce
from typing import ClassVar, TypeVar

from actors.runtime.owner import Owner
from messages.base import Envelope, Event, Reply
from persistence.store import Record

S = TypeVar("S")


class ProjectionOwner(Owner[S]):
    """An owner that may lag behind the journal by what it can take in again."""

    passing: ClassVar[type[Event]]

    def begin(self) -> None:
        """Go on from what was written."""
        unknown = self.system.store.load(self.name, self.State) is None
        self.blind = unknown and self._late()
        self.unwritten = False
        super().begin()

    def _late(self) -> bool:
        """Whether something that it watches was settled without it."""
        store = self.system.store
        begun = store.events(0, store.settled())
        return store.base().number > 0 or any(type(e.body) in self.accepts for e in begun)

    def take(self, envelope: Envelope) -> Reply | None:
        """One turn."""
        if not self.blind:
            return super().take(envelope)
        self._taken(envelope)
        return None

    def _commit(self, events: list[Event], cursors: dict[str, int], cause: Envelope) -> None:
        if all(isinstance(event, self.passing) for event in events):
            self.record = Record(reduce(self.evolve, events, self.record.state), cursors)
            self.unwritten = True
            return
        super()._commit(events, cursors, cause)
        self.unwritten = False
        for source, number in cursors.items():
            self.system.settling.taken(self.name, source, number)

    def _taken(self, envelope: Envelope) -> None:
        if not self.unwritten:
            super()._taken(envelope)
