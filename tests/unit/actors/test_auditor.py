"""The second witness: every invariant is named when it breaks, in whatever order it is heard."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import pytest
from msgspec import structs

from actors import auditor
from actors.auditor import GRACE_SECONDS, Auditor
from messages.account import SoldOutside
from messages.audit import (
    AuditState,
    BooksAudited,
    BooksNoted,
    CheckBooks,
    IntentWitnessed,
    Invariant,
    InvariantBroken,
)
from messages.base import After, Event
from messages.budget import (
    BudgetAdjusted,
    BudgetCredited,
    BudgetRefused,
    BudgetReleased,
    BudgetReserved,
    BudgetSettled,
    SaleEnded,
)
from messages.config import Config
from messages.control import ConfigAdopted
from messages.orders import (
    Order,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderForgotten,
    OrderIntended,
    OrderRepeated,
    OrderUncertain,
)
from messages.paper import PaperAccepted, PaperEnded, PaperFilled
from messages.trading import (
    DustKept,
    EntryEnded,
    EntryWanted,
    ExitFilled,
    ExitWanted,
    HighRaised,
    TradeClosed,
    TradeIncreased,
    TradeOpened,
    TradeReduced,
)
from tests.unit.actors.event_fixtures import (
    A,
    B,
    Change,
    Story,
    also,
    lacking,
    other,
    shuffled,
    story,
    twice,
)
from tests.unit.actors.turns import Turns, of

D = Decimal
SEEDS = 60
FIRST, LATER = f"{A}@60", f"{A}@1200"


class Hearing(Turns):
    """The auditor and what it has said; the journal's numbers are counted here."""

    def __init__(self, state: AuditState | None = None) -> None:
        super().__init__(auditor, Auditor, state)
        self.found: list[InvariantBroken] = []
        self.number = 0

    def hear(self, message: Any, at: float = 0.0) -> list[Any]:
        self.number += isinstance(message, Event)
        number = self.number if isinstance(message, Event) else 0
        kept = self.kept.get(Auditor.key(message) or "-")
        said = list(auditor.decide(self.state, message, at, kept, number))
        for event in (m for m in said if isinstance(m, Event)):
            self.state = auditor.evolve(self.state, event)  # type: ignore[arg-type]
            if isinstance(event, IntentWitnessed):
                self.kept[event.id] = event
        self.found += of(InvariantBroken, said)
        return said

    def all_of(self, told: Story) -> Hearing:
        """A story to its end, and two looks at what nobody has told."""
        for _, event in told:
            self.hear(event)
        self.hear(CheckBooks())
        self.hear(CheckBooks())
        return self


def names(told: Story) -> list[str]:
    return [breach.invariant for breach in Hearing().all_of(told).found]


def test_what_is_right_is_never_called_wrong_whoever_is_heard_first() -> None:
    for seed in range(SEEDS):
        hearing = Hearing().all_of(shuffled(story(), seed))
        assert hearing.found == [], seed
        books = hearing.state
        held = (books.orders, books.halves, books.trades, books.dust, books.pairs, books.waits)
        assert held == ({},) * 6, "what has ended is forgotten"
        assert books.cash == D("-10005") * 3 + D("5497.25") + D("4397.8") + 10995 + D("10994.5")


OTHER = OrderIntended(Order("x", "x", A, "bid", "price", price=D(1)), "x", "{}")
AGAIN = Order(FIRST, FIRST, A, "bid", "price", price=D(10000))
SPOILED: list[tuple[Invariant, Change]] = [
    ("intent_twice", twice(OrderIntended)),
    ("intent_twice", also("gateway", OrderIntended(AGAIN, "any", "{}"), OrderClosed, -1)),
    ("identifier_wrong", other(OrderIntended, identifier="somebody's")),
    ("pair_side_twice", also("gateway", OTHER, OrderIntended)),
    ("stage_outside_table", lacking(OrderAccepted)),
    ("stage_outside_table", lacking(OrderIntended)),
    ("stage_outside_table", also("gateway", OrderForgotten(FIRST), OrderAccepted)),
    ("stage_outside_table", also("gateway", OrderRepeated(f"{B}@600", 3), OrderUncertain)),
    ("fills_fell", other(OrderFilled, 1, volume=D(3))),
    ("fills_fell", other(OrderFilled, 1, volume=D(4), funds=D(4000), fee=D(2))),
    ("fills_fell", other(BudgetSettled, 1, funds=D(3000))),
    ("fills_fell", twice(BudgetCredited)),
    ("fills_fell", other(TradeIncreased, volume=D(3))),
    ("fills_fell", other(ExitFilled, volume=D(6))),
    ("overfilled", other(OrderFilled, 1, funds=D(10001))),
    ("overfilled", other(OrderFilled, 2, volume=D("5.1"))),
    ("closed_otherwise", other(OrderClosed, fee=D(4))),
    ("closed_otherwise", other(OrderClosed, 2, volume=D(3))),
    ("wish_missing", lacking(EntryWanted)),
    ("wish_missing", lacking(BudgetRefused)),
    ("wish_exceeded", other(BudgetReserved, krw=D(10001))),
    ("wish_exceeded", other(EntryWanted, stake=D(9999))),
    ("wish_exceeded", other(ExitWanted, volume=D(11))),
    ("wish_twice", twice(ExitWanted)),
    ("wish_twice", other(ExitWanted, 2, id=f"{FIRST}/x2")),
    ("reservation_missing", lacking(BudgetReserved)),
    ("reservation_twice", twice(BudgetReserved)),
    ("reservation_left", lacking(BudgetReleased)),
    ("reservation_left", lacking(BudgetReleased, 2)),
    ("reservation_freed", lacking(OrderClosed)),
    ("reservation_freed", twice(BudgetReleased, -1)),
    ("overcommitted", other(ConfigAdopted, config=Config(available_capital=D(10000)))),
    ("cash_differs", other(BudgetSettled, 1, fee=D(6))),
    ("cash_differs", other(BudgetReleased, 2, krw=D(10004))),
    ("cash_differs", other(BudgetCredited, 2, fee=D(0))),
    ("cash_differs", lacking(SaleEnded)),
    ("cash_differs", other(BudgetRefused, free=D(995492))),
    ("cash_differs", other(BudgetAdjusted, krw=D(10996))),
    ("cash_differs", lacking(BudgetAdjusted)),
    ("holdings_differ", other(TradeIncreased, volume=D(11))),
    ("holdings_differ", other(TradeIncreased, fee=D(6))),
    ("holdings_differ", lacking(EntryEnded)),
    ("holdings_differ", lacking(TradeOpened)),
    ("holdings_differ", lacking(DustKept)),
    ("holdings_differ", other(DustKept, value=D(1000))),
    ("holdings_differ", twice(DustKept)),
    ("holdings_differ", lacking(TradeClosed, -1)),
    ("holdings_differ", lacking(SoldOutside)),
    ("holdings_differ", twice(TradeOpened)),
    ("high_fell", other(HighRaised, max_price=D(999))),
    ("partial_flag_cleared", other(ExitWanted, 2, reason="partial_exit")),
    ("venue_differs", twice(PaperAccepted)),
    ("venue_differs", lacking(PaperFilled)),
    ("venue_differs", lacking(PaperEnded, -1)),
    ("venue_differs", other(PaperEnded, state="cancel", resting=structs.replace(
        next(e for _, e in story() if isinstance(e, PaperEnded)).resting, fee=D(9)))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("invariant", "spoil"), SPOILED, ids=lambda value: value if isinstance(value, str) else "by"
)
def test_what_is_wrong_is_named_whoever_is_heard_first(invariant: Invariant, spoil: Change) -> None:
    wrong = spoil(story())
    assert wrong != story()
    first, *rest = wrong  # the configuration: what is said before it is known has no measure
    for told in [rest, *(shuffled(rest, seed) for seed in range(SEEDS // 4))]:
        assert invariant in names([first, *told])


def test_every_invariant_has_a_stream_that_breaks_it() -> None:
    assert {name for name, _ in SPOILED} == set(get_args(Invariant))


@pytest.mark.parametrize("spoil", [
    other(TradeReduced, row=structs.replace(
        next(e for _, e in story() if isinstance(e, TradeReduced)).row, max_rate=D(1099))),
])  # fmt: skip
def test_a_row_remembers_the_high(spoil: Change) -> None:
    assert "high_fell" in names(spoil(story()))


def test_a_violation_tells_where_and_shows_its_evidence() -> None:
    told = other(OrderClosed, fee=D(4))(story())
    (first, *_) = Hearing().all_of(told).found
    assert (first.invariant, first.where) == ("closed_otherwise", FIRST)
    assert (first.expected, first.found) == ("10 10000 5", "10 10000 4")
    assert first.evidence, "journal numbers"
    events = [event for _, event in told]
    assert all(FIRST in str(events[number - 1]) for number in first.evidence)
    assert isinstance(events[first.evidence[-1] - 1], OrderClosed)


def test_where_there_is_no_paper_venue_none_is_waited_for() -> None:
    told = [said for said in story() if said[0] != "paper"]
    for seed in range(SEEDS // 4):
        hearing = Hearing().all_of(shuffled(told, seed))
        assert hearing.found == []
        assert hearing.state.paper is False
        assert (hearing.state.orders, hearing.state.waits) == ({}, {})
        opened = next(event for _, event in told if isinstance(event, TradeOpened))
        later: Story = [("holdings", structs.replace(opened, trade=LATER))]
        assert hearing.all_of(later).found == [], "and it goes on"


def test_the_same_is_said_once() -> None:
    hearing = Hearing().all_of(lacking(BudgetReleased)(story()))
    count = len(hearing.found)
    for _ in range(5):
        hearing.hear(CheckBooks())
    assert len(hearing.found) == count


def test_a_witness_is_given_two_looks_to_be_heard() -> None:
    hearing = Hearing()
    told = story()[:4]
    late = told.pop()  # the reservation
    said = [m for _, event in told for m in hearing.hear(event)]
    assert of(After, said) == [After(GRACE_SECONDS, CheckBooks())], "one alarm"
    assert of(After, hearing.hear(CheckBooks())) == [After(GRACE_SECONDS, CheckBooks())]
    hearing.hear(late[1])
    hearing.hear(CheckBooks())
    hearing.hear(CheckBooks())
    assert [b.invariant for b in hearing.found] == ["reservation_left"], "no intent followed"


def test_the_books_are_written_now_and_then_and_at_once_with_a_violation() -> None:
    hearing = Hearing()
    said = [hearing.hear(event, at=1e6) for _, event in story()]
    written = [i for i, one in enumerate(said) if of(BooksAudited, one)]
    assert written == [0, 64], "the first of all, and after 64"
    assert all(of(BooksNoted, one) for i, one in enumerate(said) if i not in written)
    assert not hearing.state.fresh or len(hearing.kept) >= 3
    a_day_later = hearing.hear(EntryWanted("t", B, D(1), D(1), "", 0, 0.0), at=1e6 + 86400)
    assert of(BooksAudited, a_day_later)
    wrong = hearing.hear(TradeIncreased("?", B, D(1), D(1), D(1), D(1)), at=1e6 + 86401)
    assert [type(m) for m in wrong if isinstance(m, Event)] == [InvariantBroken, BooksAudited]
