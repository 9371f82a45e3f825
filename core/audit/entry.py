"""Owns the auditor's pencil: how a case is changed, its evidence kept, and a violation put."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from msgspec import structs

from messages.audit import (
    AuditState,
    Imbalance,
    Invariant,
    InvariantBroken,
    Numbers,
    OrderEvidence,
    Unmatched,
)

EVIDENCE = 12  # journal numbers that a case keeps
Told = tuple[AuditState, list[InvariantBroken]]
Fact = Decimal | str | int | Iterable[str]
V = TypeVar("V")


def broken(
    invariant: Invariant, where: str, expected: Fact, found: Fact, evidence: Numbers
) -> InvariantBroken:
    """A violation, its figures in plain decimal notation."""
    return InvariantBroken(invariant, where, _written(expected), _written(found), evidence)


def _written(fact: Fact) -> str:
    match fact:
        case Decimal():
            return format(fact, "f")
        case str() | int():
            return str(fact)
        case _:
            return " ".join(sorted(fact))


def with_number(numbers: Numbers, number: int) -> Numbers:
    """The evidence, its newest last."""
    return (*numbers, number)[-EVIDENCE:]


def seen(books: AuditState, id: str) -> OrderEvidence:
    """The case of an order, known or not."""
    return books.orders.get(id, OrderEvidence())


def with_order(books: AuditState, id: str, case: OrderEvidence) -> AuditState:
    """The books with this case."""
    return structs.replace(books, orders={**books.orders, id: case})


def without(entries: dict[str, V], key: str) -> dict[str, V]:
    """All but one."""
    return {k: value for k, value in entries.items() if k != key}


# --- wishes and their answers
def matched(books: AuditState, id: str, half: Unmatched) -> Told:
    """A wish meets its answer, whichever comes first; an answer is never more than the wish."""
    other = books.halves.get(id)
    if other is None:
        return structs.replace(books, halves={**books.halves, id: half}), []
    numbers = (*other.numbers, *half.numbers)
    if other.wished == half.wished:
        return books, [broken("wish_twice", id, 1, 2, numbers)]
    found = []
    wish, answer = (other, half) if other.wished else (half, other)
    if answer.most > wish.most:
        found.append(broken("wish_exceeded", id, wish.most, answer.most, numbers))
    return structs.replace(books, halves=without(books.halves, id)), found


# --- sums of two witnesses
def weighed(balance: Imbalance, more: Imbalance) -> tuple[Imbalance, bool]:
    """The balance after what one of them has told; False when it does not come out even."""
    after = Imbalance(
        balance.orders + more.orders,
        balance.volume + more.volume,
        balance.krw + more.krw,
        (*balance.numbers, *more.numbers)[-EVIDENCE:],
    )
    if after.orders:
        return after, True
    return Imbalance(numbers=after.numbers), not after.volume and not after.krw


def with_pair(books: AuditState, pair: str, more: Imbalance) -> Told:
    """The gateway (1 order) or holdings (-1) have told the end of an order of a pair.

    Holdings take in the ends as the gateway has told them, so equal counts mean equal orders.
    """
    before = books.pairs.get(pair, Imbalance())
    after, even = weighed(before, more)
    others = without(books.pairs, pair)
    pairs = {**others, pair: after} if after.orders else others
    books = structs.replace(books, pairs=pairs)
    if even:
        return books, []
    volume, krw = before.volume + more.volume, before.krw + more.krw
    off = f"{volume:f} {krw:f}"
    return books, [broken("holdings_differ", pair, "0 0", off, after.numbers)]
