"""Owns what the gateway's word, and a paper venue's, must be: the order table, and the fills."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from core.audit.cash import agreed
from core.audit.entry import Told, broken, matched, seen, with_number, with_order, with_pair
from core.orders.lifecycle import OrderEvent
from core.orders.payload import identifier
from messages.account import DisputeSettled, SettlementAsked
from messages.audit import (
    AuditState,
    Imbalance,
    Invariant,
    InvariantBroken,
    OrderEvidence,
    Unmatched,
)
from messages.orders import (
    CancelIntended,
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFilled,
    OrderForgotten,
    OrderFound,
    OrderIntended,
    OrderMissed,
    OrderRefused,
    OrderRepeated,
    OrderUncertain,
)
from messages.paper import PaperAccepted, PaperEnded, PaperFilled

ZERO = Decimal(0)
Lived = OrderEvent  # what may be said of an intent; where it may lead is told here once more
OfVenue = PaperAccepted | PaperFilled | PaperEnded
AT_VENUE = ("sending", "uncertain", "open", "disputed")  # where an order may be alive
SAME = ""
TABLE: dict[type, tuple[tuple[str, ...], str]] = {  # from which stages, and to which
    OrderAccepted: (("sending", "uncertain"), "open"),
    OrderUncertain: (("sending",), "uncertain"),
    OrderMissed: (("uncertain", "absent"), SAME),
    OrderRepeated: (("uncertain",), SAME),
    OrderFilled: (("open", "settled"), SAME),
    CancelIntended: (("sending", "uncertain", "open"), SAME),
    OrderClosed: (("open", "settled"), "ended"),
    OrderRefused: (("sending", "uncertain"), "ended"),
    OrderAbsent: (("uncertain",), "absent"),
    OrderForgotten: (("absent",), "ended"),
    OrderFound: (("absent",), "uncertain"),
    OrderDisputed: (("sending", "uncertain", "absent", "open"), "disputed"),
    SettlementAsked: (("disputed",), SAME),
    DisputeSettled: (("disputed",), "settled"),
}


# --- the gateway
def intended(books: AuditState, event: OrderIntended, number: int, known: bool) -> Told:
    """A new intent; ``known`` tells that its id was written down before."""
    order, id, found = event.order, event.order.id, []
    case = seen(books, id)
    numbers = with_number(case.numbers, number)
    if known or id in books.fresh or case.stage:
        found.append(broken("intent_twice", id, 1, 2, numbers))
    names = [identifier(birth, id) for birth in books.births]
    if names and event.identifier not in names:
        found.append(broken("identifier_wrong", id, names[-1], event.identifier, numbers))
    for other, live in books.orders.items():
        same = (live.pair, live.side) == (order.pair, order.side)
        if other != id and same and live.stage in AT_VENUE:
            both = (*live.numbers, number)
            found.append(broken("pair_side_twice", order.pair, other, id, both))
    case = structs.replace(
        case,
        pair=order.pair,
        side=order.side,
        stage="sending",
        most_volume=order.volume,
        most_funds=_most(order.price, order.volume) if order.side == "bid" else None,
        numbers=numbers,
    )
    books = structs.replace(with_order(books, id, case), fresh=(*books.fresh, id))
    if order.side == "ask":
        half = Unmatched(False, order.pair, order.volume or ZERO, (number,))
        books, more = matched(books, id, half)
        return _after(books, id, found + more)
    return _after(books, id, found + backed(id, case))


def _most(price: Decimal | None, volume: Decimal | None) -> Decimal | None:
    return price if price is None or volume is None else price * volume


def backed(id: str, case: OrderEvidence) -> list[InvariantBroken]:
    """An entry asks for no more than was reserved for it."""
    if case.backed is None or case.most_funds is None or case.most_funds <= case.backed:
        return []
    return [broken("wish_exceeded", id, case.backed, case.most_funds, case.numbers)]


def lived(books: AuditState, event: Lived, number: int) -> Told:
    """Something has become of an intent."""
    case = seen(books, event.id)
    case = structs.replace(case, numbers=with_number(case.numbers, number))
    if isinstance(event, OrderRefused) and not case.stage:
        return _never_intended(books, event, case, number)
    stages, after = TABLE[type(event)]
    found = []
    if case.stage not in stages:
        what = f"{type(event).__name__} {case.stage or 'unknown'}"
        found.append(broken("stage_outside_table", event.id, stages, what, case.numbers))
    if not case.pair and isinstance(event, OrderFilled | OrderClosed):
        case = structs.replace(case, pair=event.pair, side=event.side)
    case, more = _changed(case, event)
    case = structs.replace(case, stage=after or case.stage)
    books, off = _told_to_holdings(with_order(books, event.id, case), event, number)
    return _after(books, event.id, [*found, *more, *off])


def _never_intended(
    books: AuditState, event: OrderRefused, case: OrderEvidence, number: int
) -> Told:
    """A wish that was refused by us: an entry's reservation has to go, an exit is answered."""
    if event.side == "ask":
        return matched(books, event.id, Unmatched(False, event.pair, ZERO, (number,)))
    facts = {"pair": event.pair, "side": "bid", "stage": "ended"}
    case = structs.replace(case, ends=case.ends + 1, told=ZERO, **facts)
    return _after(with_order(books, event.id, case), event.id, [])


def _changed(case: OrderEvidence, event: Lived) -> tuple[OrderEvidence, list[InvariantBroken]]:
    """The case after the event, its stage left out."""
    match event:
        case OrderRepeated(id=id, attempt=attempt):
            found = _unless(attempt == case.attempt + 1, "stage_outside_table", id, case, attempt)
            return structs.replace(case, attempt=attempt), found
        case OrderFilled():
            return _filled(case, event)
        case OrderClosed():
            return _closed(case, event)
        case OrderRefused() | OrderAbsent():
            if isinstance(event, OrderAbsent):
                case = structs.replace(case, given_up=True)
            return _ended(case, owed=case.side == "bid"), []
        case DisputeSettled():
            return structs.replace(case, settled=True), []
    return case, []


def _unless(
    good: bool, invariant: Invariant, id: str, case: OrderEvidence, attempt: int
) -> list[InvariantBroken]:
    return [] if good else [broken(invariant, id, case.attempt + 1, attempt, case.numbers)]


def _filled(case: OrderEvidence, fill: OrderFilled) -> tuple[OrderEvidence, list[InvariantBroken]]:
    known, told = (case.volume, case.funds, case.fee), (fill.volume, fill.funds, fill.fee)
    found = []
    if told == known or any(new < old for new, old in zip(told, known, strict=True)):
        found.append(broken("fills_fell", fill.id, _row(known), _row(told), case.numbers))
    if not case.settled:
        for name, most, got in (
            ("volume", case.most_volume, fill.volume),
            ("funds", case.most_funds, fill.funds),
        ):
            if most is not None and got > most:
                asked, is_now = f"{name} {most:f}", f"{name} {got:f}"
                found.append(broken("overfilled", fill.id, asked, is_now, case.numbers))
    return structs.replace(case, volume=fill.volume, funds=fill.funds, fee=fill.fee), found


def _closed(case: OrderEvidence, end: OrderClosed) -> tuple[OrderEvidence, list[InvariantBroken]]:
    known, told = (case.volume, case.funds, case.fee), (end.volume, end.funds, end.fee)
    found = []
    if told != known:
        found.append(broken("closed_otherwise", end.id, _row(known), _row(told), case.numbers))
    case = structs.replace(case, volume=end.volume, funds=end.funds, fee=end.fee, closed=True)
    untouched = case.given_up or end.side == "ask"  # nothing is reserved, or not any more
    return _ended(case, owed=bool(end.funds) or not untouched), found


def _ended(case: OrderEvidence, owed: bool) -> OrderEvidence:
    """An end; ``owed`` when the budget has something to do about it."""
    if not owed:
        return case
    told = case.funds + case.fee if case.side == "bid" else case.funds - case.fee
    return structs.replace(case, ends=case.ends + 1, told=told)


def _row(totals: tuple[Decimal, ...]) -> str:
    return " ".join(f"{total:f}" for total in totals)


def _told_to_holdings(books: AuditState, event: Lived, number: int) -> Told:
    """Holdings will tell what became of every order that has moved coin."""
    if not isinstance(event, OrderClosed) or not event.volume:
        return books, []
    if event.side == "bid":
        more = Imbalance(1, event.volume, -(event.funds + event.fee), (number,))
    else:
        more = Imbalance(1, -event.volume, event.funds - event.fee, (number,))
    return with_pair(books, event.pair, more)


def _after(books: AuditState, id: str, found: list[InvariantBroken]) -> Told:
    books, more = agreed(books, id)
    return books, found + more


# --- the paper venue
def at_venue(books: AuditState, event: OfVenue, number: int) -> Told:
    """An order of the paper venue, its fills added up."""
    id = event.resting.order.id if isinstance(event, PaperAccepted) else event.id
    case = seen(books, id)
    numbers, found = with_number(case.numbers, number), []
    case = structs.replace(case, numbers=numbers)
    match event:
        case PaperAccepted():
            if case.venue:
                found.append(broken("venue_differs", id, 1, 2, numbers))
            case = structs.replace(case, venue="resting")
        case PaperFilled():
            now = (event.volume, event.funds, event.fee)
            sums = [old + new for old, new in zip(case.at_venue, now, strict=True)]
            case = structs.replace(case, at_venue=(sums[0], sums[1], sums[2]))
        case PaperEnded(resting=resting):
            told = (resting.volume, resting.funds, resting.fee)
            if case.venue != "resting" or told != case.at_venue:
                found.append(broken("venue_differs", id, _row(case.at_venue), _row(told), numbers))
            case = structs.replace(case, venue="ended", at_venue=told)
    return _after(with_order(books, id, case), id, found)
