"""One intent against a small venue: every order of arrivals, losses, answers, fills and crashes.

All sequences of moves up to a depth are walked, states met before are not walked again; from each
state the faults then end and the rest must come to a true end. The venue's book is the judge, the
gateway's own opinion is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from msgspec import Struct, structs

from actors.orders.gateway import Gateway, GatewayState
from messages.budget import BudgetReserved
from messages.config import Gateway as Rules
from messages.control import TradingChanged
from messages.orders import (
    CheckOrders,
    OrderClosed,
    OrderFilled,
    OrderForgotten,
    OrderRefused,
    OrderReport,
    QueryOrder,
    SubmitOrder,
)
from tests.unit.actors.fold_checks import turn

NOW, ID = 1_700_000_000.0, "KRW-BTC@60"
RULES = Rules(
    quarantine_minutes=1,
    quarantine_answers=2,
    look_up_seconds_max=Decimal(60),
    tombstone_seconds=900,
    tombstone_hours=2,
    tombstone_days=0,
)
WISH = BudgetReserved(ID, "KRW-BTC", Decimal(10000), Decimal(5), Decimal(100), NOW + 30)
FILLS = 2  # it takes to spend the order
DEPTH = 5  # moves; 7 takes some minutes


class Book(Struct, frozen=True):
    """What the venue has of the order: nothing, or how much was filled and whether it ended."""

    state: str = ""
    filled: int = 0
    burnt: bool = False
    created: int = 0


class World(Struct, frozen=True):
    """The gateway, the venue, what is on its way between them, and what was said of the end."""

    gateway: GatewayState
    at: float
    book: Book = Book()
    calls: frozenset[Any] = frozenset()
    reports: frozenset[OrderReport] = frozenset()
    alarms: frozenset[tuple[float, CheckOrders]] = frozenset()
    submits: int = 0
    ends: tuple[Any, ...] = ()
    filled: Decimal = Decimal(0)
    crashes: int = 0


def key(world: World) -> str:
    live = world.gateway.live
    parts = (live, world.book, sorted(map(repr, world.calls)), sorted(map(repr, world.reports)))
    return repr((parts, sorted(map(repr, world.alarms)), world.at, world.ends, world.crashes))


def told(world: World, message: Any) -> World:
    """The gateway takes a message; what it says goes on its way."""
    taken = turn(Gateway, world.gateway, message, world.at)
    calls = {
        m for m in taken.said if type(m).__name__ in ("SubmitOrder", "QueryOrder", "CancelOrder")
    }
    alarms = {(world.at + alarm.seconds, alarm.message) for alarm in taken.alarms}
    filled = world.filled
    for event in taken.of(OrderFilled, OrderClosed):
        assert event.volume >= filled  # totals only grow
        filled = event.volume
    return structs.replace(
        world,
        gateway=taken.state,
        calls=world.calls | calls,
        alarms=world.alarms | alarms,
        submits=world.submits + len(taken.of(SubmitOrder)),
        ends=(*world.ends, *taken.of(OrderClosed, OrderRefused, OrderForgotten)),
        filled=filled,
    )


def snapshot(book: Book, call: str) -> OrderReport:
    totals = (Decimal(book.filled), Decimal(book.filled * 5000), Decimal(book.filled))
    return OrderReport(
        ID,
        "snapshot",
        call,
        "u",
        book.state,
        "KRW-BTC",
        "bid",
        "price",
        Decimal(10000),
        None,
        *totals,
    )  # type: ignore[arg-type]


def performed(world: World, call: Any, refuse: bool = False) -> tuple[World, OrderReport]:
    """The venue performs a call that arrived."""
    book = world.book
    if isinstance(call, SubmitOrder):
        if book.burnt:
            return world, OrderReport(ID, "refused", "submit", name="duplicated_identifier")
        if refuse:
            book = structs.replace(book, burnt=True)
            no = OrderReport(ID, "refused", "submit", name="insufficient_funds_bid")
            return structs.replace(world, book=book), no
        book = Book("wait", 0, True, book.created + 1)
        return structs.replace(world, book=book), snapshot(book, "submit")
    did = "query" if isinstance(call, QueryOrder) else "cancel"
    if not book.state:
        return world, OrderReport(ID, "absent", did)  # type: ignore[arg-type]
    if did == "cancel" and book.state == "wait":
        book = structs.replace(book, state="cancel")
        return structs.replace(world, book=book), snapshot(world.book, did)
    return world, snapshot(book, did)


def filled(world: World) -> World:
    book = world.book
    state = "done" if book.filled + 1 == FILLS else "wait"
    return structs.replace(world, book=structs.replace(book, filled=book.filled + 1, state=state))


def rung(world: World) -> World:
    first = min(world.alarms, key=lambda alarm: (alarm[0], repr(alarm[1])))
    world = structs.replace(world, at=max(world.at, first[0]), alarms=world.alarms - {first})
    return told(world, first[1])


def crashed(world: World) -> World:
    """Memory is lost; a call that has left may still arrive."""
    none: frozenset[Any] = frozenset()
    world = structs.replace(world, reports=none, alarms=none, crashes=world.crashes + 1)
    for message in Gateway.resume(world.gateway, world.at):
        world = told(world, message)
    return world


def moves(world: World) -> Iterator[World]:
    for call in world.calls:
        left = structs.replace(world, calls=world.calls - {call})
        yield left  # lost
        for refuse in {False, isinstance(call, SubmitOrder)}:
            after, report = performed(left, call, refuse)
            yield structs.replace(after, reports=after.reports | {report})
            unread = OrderReport(ID, "unknown", report.call)
            yield structs.replace(after, reports=after.reports | {unread})
    for report in world.reports:
        yield told(world, report)  # it may come again
        yield told(structs.replace(world, reports=world.reports - {report}), report)
    if world.book.state == "wait":
        yield filled(world)
    if world.alarms:
        yield rung(world)
    if world.crashes < 2:
        yield crashed(world)
    if not world.gateway.killed:
        yield told(world, TradingChanged("killed"))


def settled(world: World) -> World:
    """The faults end: everything arrives, is answered, filled, and rings."""
    for _ in range(1000):
        if world.calls:
            call = min(world.calls, key=repr)
            left = structs.replace(world, calls=world.calls - {call})
            world, report = performed(left, call)
            world = structs.replace(world, reports=world.reports | {report})
        elif world.reports:
            report = min(world.reports, key=repr)
            world = told(structs.replace(world, reports=world.reports - {report}), report)
        elif world.book.state == "wait":
            world = filled(world)
        elif world.alarms:
            world = rung(world)
        else:
            return world
    raise AssertionError("it never comes to rest")


def check_end(world: World, twins: bool) -> None:
    book = world.book
    assert world.gateway.live == {}
    assert book.created <= 1
    assert world.submits <= (3 if twins else 1)
    assert len(world.ends) == 1
    (end,) = world.ends
    if book.created:
        assert isinstance(end, OrderClosed)
        assert (end.state, end.volume) == (book.state, Decimal(book.filled))
    else:
        assert isinstance(end, OrderRefused | OrderForgotten)


def intended(twins: bool) -> World:
    return told(World(GatewayState("b", RULES, twins), NOW), WISH)


def given_up() -> World:
    """Its only copy is still on its way when the quarantine ends."""
    world = intended(twins=False)
    (submit,) = world.calls
    while world.gateway.live[ID].stage != "absent":
        world = rung(world)
        for call in world.calls - {submit}:
            world, report = performed(structs.replace(world, calls=frozenset({submit})), call)
            world = told(world, report)
    return world


@pytest.mark.parametrize(
    ("start", "twins"), [(intended(False), False), (intended(True), True), (given_up(), False)]
)
def test_one_intent_comes_to_one_true_end_whatever_happens(start: World, twins: bool) -> None:
    layer, seen = [start], {key(start)}
    for _ in range(DEPTH):
        reached = []
        for world in layer:
            for after in moves(world):
                name = key(after)
                if name not in seen:
                    seen.add(name)
                    reached.append(after)
        layer = reached
        for world in layer[:: max(1, len(layer) // 200)]:
            check_end(settled(world), twins)
    assert len(seen) > 1000
