"""The journal shortened at its old end, in bounded steps, while its bot goes on.

What is trimmed was folded first: the states of all owners there, and what people's questions add
up to, are the journal's new base, written in one transaction. Only then the entries go. A trim
never passes what is settled, so every cursor finds what it still needs, and never takes the
newest entry. Cut short, it leaves entries before the base; the next one lets go of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, takewhile
from typing import Any, Protocol

from messages.base import Envelope
from persistence.journal_base import VIEW, Fold
from persistence.record import Base
from persistence.store import Store

BATCH = 500  # entries folded, or let go of, in one step


class Book(Protocol):
    """What people's questions add up to."""

    def take(self, events: list[Envelope]) -> None: ...
    def condensed(self) -> Any:
        """What of it stays when the entries are gone."""


def trimming(store: Store, folds: Mapping[str, Fold], book: Book, before: float) -> Iterator[Base]:
    """Trim what was stated before a moment (epoch seconds); each step gives the base so far.

    ``book`` stands at the store's base. Whoever stops between two steps has trimmed all or
    nothing. Raises StoreFull where there is no room even for that.
    """
    base = store.base()
    while store.forget(BATCH):  # of a trim that was cut short
        yield base
    end = min(store.settled(), store.count() - 1)
    states = {name: fold[2] for name, fold in folds.items()}
    known = {name: store.based(name, fold[0]) for name, fold in folds.items()}
    states |= {name: state for name, state in known.items() if state is not None}
    told = {name for name, state in known.items() if state is not None}
    events = store.events(base.number, end)
    while batch := list(takewhile(lambda e: e.at < before, islice(events, BATCH))):
        for envelope in batch:
            states[envelope.source] = folds[envelope.source][1](
                states[envelope.source], envelope.body
            )
            told.add(envelope.source)
        book.take(batch)
        base = Base(batch[-1].number, batch[-1].at)
        yield base
        if len(batch) < BATCH:
            break
    if base != store.base():
        store.rebase(base, {**{name: states[name] for name in told}, VIEW: book.condensed()})
        while store.forget(BATCH):
            yield base
    yield base
