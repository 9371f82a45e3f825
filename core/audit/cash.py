"""Owns what the budget's word must be: nothing promised twice, and every won accounted for."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from core.audit.entry import Told, broken, matched, seen, weighed, with_number, with_order, without
from messages.audit import (
    AuditState,
    Imbalance,
    Invariant,
    InvariantBroken,
    OrderEvidence,
    Unmatched,
)
from messages.budget import (
    BudgetAdjusted,
    BudgetCredited,
    BudgetRefused,
    BudgetReleased,
    BudgetReserved,
    BudgetSettled,
    SaleEnded,
)

ZERO = Decimal(0)
OfBudget = (
    BudgetReserved
    | BudgetRefused
    | BudgetSettled
    | BudgetCredited
    | BudgetReleased
    | SaleEnded
    | BudgetAdjusted
)


def counted(books: AuditState, event: OfBudget, number: int) -> Told:
    """What the budget has done."""
    match event:
        case BudgetReserved():
            return _reserved(books, event, number)
        case BudgetRefused(id=id, pair=pair, free=told):
            books, found = matched(books, id, Unmatched(False, pair, ZERO, (number,)))
            free = _free(books)
            if free is not None and told != free:
                found.append(broken("cash_differs", pair, free, told, (number,)))
            return books, found
        case BudgetSettled(id=id):
            return _moved(books, id, "bid", event.funds + event.fee, number)
        case BudgetCredited(id=id):
            return _moved(books, id, "ask", event.funds - event.fee, number)
        case BudgetReleased(id=id, krw=krw):
            return _answered(books, id, "bid", krw, number)
        case SaleEnded(id=id):
            return _answered(books, id, "ask", ZERO, number)
        case BudgetAdjusted(krw=krw):
            books = structs.replace(books, cash=books.cash + krw)
            if event.reason not in ("sold_on_exchange", "recovered"):
                return books, []
            return with_outside(books, Imbalance(-1, ZERO, -krw, (number,)))


def _left(case: OrderEvidence) -> Decimal:
    """What is still set aside."""
    return max(case.reserved - case.moved, ZERO) if not case.answers else ZERO


def _free(books: AuditState) -> Decimal | None:
    """Cash that no reservation holds; None while the capital is not known."""
    if books.capital is None:
        return None
    return books.capital + books.cash - sum(map(_left, books.orders.values()), ZERO)


def _reserved(books: AuditState, event: BudgetReserved, number: int) -> Told:
    id, case = event.id, seen(books, event.id)
    numbers = with_number(case.numbers, number)
    books, found = matched(books, id, Unmatched(False, event.pair, event.krw, (number,)))
    if case.backed is not None:
        found.append(broken("reservation_twice", id, 1, 2, numbers))
    facts = {"pair": event.pair, "side": "bid", "backed": event.krw, "numbers": numbers}
    case = structs.replace(case, reserved=event.krw + event.fee, **facts)
    if case.most_funds is not None and case.most_funds > event.krw:
        found.append(broken("wish_exceeded", id, event.krw, case.most_funds, numbers))
    books = with_order(books, id, case)
    free = _free(books)
    if free is not None and free < 0:
        found.append(broken("overcommitted", id, ZERO, free, numbers))
    return _after(books, id, found)


def _moved(books: AuditState, id: str, side: str, total: Decimal, number: int) -> Told:
    """Running totals: what is new of them leaves the cash, or comes to it."""
    case, found = seen(books, id), []
    numbers, more = with_number(case.numbers, number), total - case.moved
    if more <= 0:
        found.append(broken("fills_fell", id, case.moved, total, numbers))
    cash = books.cash + (more if side == "ask" else -more)
    case = structs.replace(case, side=case.side or side, moved=total, numbers=numbers)
    return _after(with_order(structs.replace(books, cash=cash), id, case), id, found)


def _answered(books: AuditState, id: str, side: str, krw: Decimal, number: int) -> Told:
    """The budget has seen an end of the order; what was left of a reservation is free."""
    case, found = seen(books, id), []
    numbers, left = with_number(case.numbers, number), _left(case)
    if krw != left:
        found.append(broken("cash_differs", id, left, krw, numbers))
    facts = {"answers": case.answers + 1, "answered": case.moved, "numbers": numbers}
    case = structs.replace(case, side=case.side or side, **facts)
    return _after(with_order(books, id, case), id, found)


def _after(books: AuditState, id: str, found: list[InvariantBroken]) -> Told:
    books, more = agreed(books, id)
    return books, found + more


def with_outside(books: AuditState, more: Imbalance) -> Told:
    """A sale by hand, told by holdings (1) or by the budget (-1)."""
    krw = books.outside.krw + more.krw
    after, even = weighed(books.outside, more)
    books = structs.replace(books, outside=after if after.orders else Imbalance())
    if even:
        return books, []
    return books, [broken("cash_differs", "sold_on_exchange", ZERO, krw, after.numbers)]


# --- an order, by all who tell of it
def agreed(books: AuditState, id: str) -> Told:
    """Compares the witnesses once both have told their end, whoever was the first.

    A case in which everything has ended, and agrees, is forgotten.
    """
    case, found = books.orders[id], []
    both = case.ends and case.ends == case.answers
    if both and case.answered != case.told:
        found.append(broken("cash_differs", id, case.told, case.answered, case.numbers))
        case = structs.replace(case, answered=case.told)
    over = case.stage == "ended"
    if over and both and case.side == "bid" and case.backed is None:
        found.append(broken("reservation_missing", id, "reserved", "nothing", case.numbers))
    if over and case.venue and not (case.closed or case.settled):
        found.append(broken("venue_differs", id, "refused", case.venue, case.numbers))
    known = (case.volume, case.funds, case.fee)
    compared = case.closed and not case.settled and case.venue == "ended"
    if over and compared and case.at_venue != known:
        ours, told = (" ".join(f"{t:f}" for t in row) for row in (known, case.at_venue))
        found.append(broken("venue_differs", id, ours, told, case.numbers))
    if over and case.ends == case.answers and not _venue_owes(books, case):
        return structs.replace(books, orders=without(books.orders, id)), found
    return (with_order(books, id, case) if found else books), found


def _venue_owes(books: AuditState, case: OrderEvidence) -> bool:
    """Whether a paper venue, unless there is none, has still to tell the end of a closed order."""
    if case.settled:
        return case.venue == "resting"
    return books.paper is not False and case.closed and case.venue != "ended"


def waiting(books: AuditState, case: OrderEvidence) -> Invariant | None:
    """Which invariant is broken if nobody tells more of this order; None when nobody has to."""
    if not case.stage:
        if case.answers:
            return "reservation_freed" if case.side == "bid" else "cash_differs"
        if case.venue:
            return "venue_differs"
        return "reservation_left" if case.backed is not None else "cash_differs"
    if case.answers != case.ends:
        if case.side == "ask":
            return "cash_differs"
        return "reservation_left" if case.answers < case.ends else "reservation_freed"
    if case.side == "bid" and case.backed is None and not case.answers:
        return "reservation_missing"
    owes = case.stage == "ended" and not case.settled and _venue_owes(books, case)
    return "venue_differs" if owes else None
