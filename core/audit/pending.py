"""Owns what the auditor waits for: cases in which one witness has told what another has not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import structs

from core.audit.cash import agreed, waiting
from core.audit.entry import broken
from messages.audit import AuditState, Invariant, InvariantBroken, Numbers

TOLD = -1


class Wait(NamedTuple):
    """One such case: its key in the books, what is broken if nobody tells more, and where."""

    key: str
    invariant: Invariant
    where: str
    numbers: Numbers


def waits(books: AuditState) -> Iterator[Wait]:
    """All of them."""
    for id, case in books.orders.items():
        if invariant := waiting(books, case):
            yield Wait(f"order {id}", invariant, id, case.numbers)
    for id, half in books.halves.items():
        yield Wait(f"wish {id}", "wish_missing", id, half.numbers)
    for pair, balance in books.pairs.items():
        yield Wait(f"pair {pair}", "holdings_differ", pair, balance.numbers)
    if books.outside.orders:
        yield Wait("outside", "cash_differs", "sold_on_exchange", books.outside.numbers)


def overdue(books: AuditState) -> tuple[AuditState, list[InvariantBroken]]:
    """A look: what waited at the last one for the same, and waits still, is broken; said once.

    A venue of which nothing was heard until then, not even that it opened, is none of paper.
    """
    found: list[InvariantBroken] = []
    now: dict[str, int] = {}
    for wait in waits(books):
        newest = max(wait.numbers, default=0)
        before = books.waits.get(wait.key)
        now[wait.key] = newest if before != TOLD else TOLD
        if before == newest and wait.invariant == "venue_differs" and books.paper is None:
            return _without_paper(books)
        if before == newest:
            found.append(broken(wait.invariant, wait.where, "told", "missing", wait.numbers))
            now[wait.key] = TOLD
    return structs.replace(books, waits=now), found


def _without_paper(books: AuditState) -> tuple[AuditState, list[InvariantBroken]]:
    """Whatever waited for a paper venue alone is over."""
    books, found = structs.replace(books, paper=False, waits={}), []
    for id in books.orders:
        books, more = agreed(books, id)
        found += more
    return books, found


def uneven(books: AuditState) -> bool:
    """Whether something waits that has not been told yet: another look is needed."""
    if not (books.orders or books.halves or books.pairs or books.outside.orders):
        return False
    return any(books.waits.get(wait.key) != TOLD for wait in waits(books))
