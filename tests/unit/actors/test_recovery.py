"""How a life on real money begins: the past is read, found sales are booked, then it sells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors import account, auditor, budget, trading_state
from actors.account import AFTER_READ, Account
from actors.auditor import Auditor
from actors.budget import Budget
from actors.holdings import holdings
from actors.holdings.holdings import Holdings
from actors.orders import gateway
from actors.orders.gateway import Gateway
from actors.orders.order_history import (
    AGAIN_SECONDS,
    GRACE_SECONDS,
    LOOK_SECONDS,
    LOST_SECONDS,
    MARGIN,
    ROWS_LOOKS,
    SLOW_SECONDS,
    UNREAD,
    WEEK,
    past_of,
)
from actors.trading_state import RIVAL_SECONDS, TradingStateOwner
from core.orders.order_history import LOOKS_MAX, OF_PAST
from core.orders.payload import identifier
from messages.account import CompareCash, CompareCoins
from messages.base import After, Envelope, Event
from messages.budget import BudgetAdjusted
from messages.config import Config
from messages.control import ConfigAdopted, StartTrading, TradingChanged
from messages.orders import (
    OrderClosed,
    OrderDisputed,
    OrderIntended,
    OrderRefused,
    OrderReport,
    QueryOrder,
)
from messages.recovery import (
    BirthForgotten,
    BirthSighted,
    CheckName,
    CheckPast,
    ExitsAllowed,
    ExitsBarred,
    GuessedSale,
    LookUnread,
    NameReport,
    PastAsked,
    PastShut,
    PastSought,
    ReadPast,
    RecoveryBegun,
    RowsUnread,
    SaleFound,
    SaleTaken,
)
from messages.trading import EntryEnded, ExitWanted, TradeClosed, TradeOpened, TradeReduced
from messages.venue_queries import (
    AccountReport,
    Balance,
    ClosedOrder,
    FetchPast,
    OpenOrder,
    PastOrder,
    PastReport,
)
from persistence.record import Identity, Record
from persistence.store import Store
from tests.unit.actors.turns import Turns, of

D = Decimal
LIVE = Config(dry_run=False)
BIRTH, OLD, OTHER = "a" * 32, "b" * 32, "c" * 32
TRADE, PAIR = "KRW-A@60", "KRW-A"
X1 = f"{TRADE}/x1"
NAME = identifier(OLD, X1)
GUESS = GuessedSale(NAME, X1, TRADE, PAIR)
READ = ReadPast(10.0, (BIRTH, OLD), (), (GUESS,))
WISH = ExitWanted(X1, TRADE, PAIR, D(2), "stop_loss", D(90), 0, 1e12)
OPENED = TradeOpened(TRADE, PAIR, D(2), D(200), D(1), D(100), 5.0, "t")
FOUND = SaleFound(X1, NAME, TRADE, PAIR, D(2), D(180), D("0.5"), 50.0)
SOLD = OrderReport(
    OF_PAST + NAME, "snapshot", uuid="u", state="done", pair=PAIR, side="ask",
    volume=D(2), funds=D(180), fee=D("0.5"), filled_at=50.0,
)  # fmt: skip


def life(turns: Turns, at: float = 100.0) -> Turns:
    """A life of the gateway begins."""
    for event in of(Event, list(Gateway.resume(turns.state, at))):
        turns.state = Gateway.evolve(turns.state, event)
    return turns


def living(read: ReadPast = READ, at: float = 100.0) -> tuple[Turns, PastReport]:
    """A gateway that has asked for the past, and the report without an answer yet."""
    turns = Turns(gateway, Gateway)
    turns.take(ConfigAdopted(LIVE, BIRTH))
    life(turns, at)
    (fetch,) = of(FetchPast, turns.take(read, at))
    return turns, PastReport(fetch)


# --- the gateway
def test_nothing_is_sold_before_the_list_was_read_and_everything_after_it() -> None:
    turns, report = living()
    (refused,) = of(OrderRefused, turns.take(WISH, 100.0))
    assert refused.reason == "recovering"
    assert turns.take(report, 101.0) == [ExitsAllowed(True, 10.0)]
    wish = structs.replace(WISH, id=f"{TRADE}/x2")
    assert of(OrderIntended, turns.take(wish, 102.0))


def test_a_life_is_barred_from_its_first_breath() -> None:
    turns, report = living()
    turns.take(report, 101.0)
    life(turns)
    assert of(OrderRefused, turns.take(WISH, 102.0))


def test_an_unknown_sale_is_looked_up_booked_and_only_then_others_go_out() -> None:
    turns, report = living()
    said = turns.take(structs.replace(report, orders=(PastOrder(NAME, PAIR, "ask", 40.0),)), 101.0)
    assert of(RecoveryBegun, said)[0].orders == 1
    assert [query.identifier for query in of(QueryOrder, said)] == [NAME]
    assert turns.take(SOLD, 102.0) == [FOUND]
    assert of(OrderRefused, turns.take(WISH, 102.0))  # holdings have not booked it yet
    said = turns.take(SaleTaken(NAME, TRADE, PAIR, D(2), D(180), D("0.5"), 1), 103.0)
    assert said[-1] == ExitsAllowed(True, 10.0, 1)
    assert turns.take(SOLD, 104.0) == []


def cut_short() -> tuple[Turns, PastReport, SaleTaken]:
    """A life that begins after another has found a sale, and has not heard that it is booked."""
    turns, report = living()
    turns.take(structs.replace(report, orders=(PastOrder(NAME, PAIR, "ask", 40.0),)), 101.0)
    turns.take(SOLD, 102.0)
    life(turns, 103.0)
    (fetch,) = of(FetchPast, turns.take(structs.replace(READ, known=(NAME,), sales=()), 103.0))
    booked = SaleTaken(NAME, TRADE, PAIR, D(2), D(180), D("0.5"), 1)
    return turns, PastReport(fetch), booked


def test_a_sale_that_a_former_life_found_is_not_all_there_may_be_to_find() -> None:
    turns, report, booked = cut_short()
    assert of(ExitsAllowed, turns.take(booked, 104.0)) == []
    assert of(OrderRefused, turns.take(WISH, 104.0))
    stray = PastOrder(identifier(OLD, "KRW-B@60"), "KRW-B", "bid", 41.0)
    said = turns.take(structs.replace(report, orders=(stray,)), 105.0)
    assert of(RecoveryBegun, said)[0].orders == 1


def test_nor_is_a_list_without_anything_new_the_end_before_that_sale_is_booked() -> None:
    turns, report, booked = cut_short()
    (again,) = turns.take(report, 104.0)
    assert (again.message, turns.state.past.barred) == (report.call, True)
    assert of(ExitsAllowed, turns.take(booked, 105.0)) == []
    assert turns.take(report, 109.0) == [ExitsAllowed(True, 10.0)]


def test_what_is_not_answered_is_asked_for_again() -> None:
    turns, report = living()
    turns.take(structs.replace(report, orders=(PastOrder(NAME, PAIR, "ask", 40.0),)), 101.0)
    said = turns.take(CheckPast(), 103.0)
    assert of(QueryOrder, said)
    assert of(After, said)
    turns.take(SOLD, 104.0)
    assert turns.take(CheckPast(), 105.0) == []


def test_an_order_of_this_very_life_is_no_stranger() -> None:
    turns, report = living()
    turns.take(structs.replace(report, failed="timeout"), 101.0 + GRACE_SECONDS)
    (intent,) = of(OrderIntended, turns.take(structs.replace(WISH, good_until=1e12), 140.0))
    own = PastOrder(intent.identifier, PAIR, "ask", 140.0)
    assert turns.take(structs.replace(report, orders=(own,)), 150.0) == [ExitsAllowed(True, 10.0)]


@pytest.mark.parametrize("suspect", [True, False])
def test_a_list_that_cannot_be_had_bars_exits_for_long_only_where_there_is_suspicion(
    suspect: bool,
) -> None:
    turns, report = living(structs.replace(READ, suspect=suspect))
    failed = structs.replace(report, failed="timeout")
    said = turns.take(failed, 101.0)
    assert of(PastShut, said) == [PastShut("timeout", 10.0)]
    assert of(After, said)[0].message == report.call
    later = turns.take(failed, 101.0 + GRACE_SECONDS)
    assert of(PastShut, later) == []
    assert bool(of(ExitsAllowed, later)) is not suspect
    assert turns.state.past.barred is suspect
    found = structs.replace(report, orders=(PastOrder(NAME, PAIR, "ask", 40.0),))
    turns.take(found, 200.0)
    assert turns.state.past.barred


@pytest.mark.parametrize("suspect", [True, False])
def test_a_list_with_a_row_that_cannot_be_read_is_not_whole_and_has_guesses_asked_for(
    suspect: bool,
) -> None:
    turns, report = living(structs.replace(READ, suspect=suspect))
    odd = structs.replace(report, odd=1)
    said = turns.take(odd, 101.0)
    assert [query.identifier for query in of(QueryOrder, said)] == [NAME]
    assert of(PastShut, said) == [PastShut(UNREAD, 10.0)]
    assert report.call in [after.message for after in of(After, said)]
    turns.take(OrderReport(OF_PAST + NAME, "absent"), 102.0)
    later = turns.take(odd, 101.0 + GRACE_SECONDS)
    assert (of(PastShut, later), of(QueryOrder, later)) == ([], [])
    assert turns.state.past.barred is suspect
    assert turns.take(report, 150.0) == [ExitsAllowed(True, 10.0)]


def test_a_sale_behind_an_odd_row_is_booked_and_exits_wait_for_a_whole_list() -> None:
    turns, report = living(structs.replace(READ, suspect=True))
    odd = structs.replace(report, odd=1)
    turns.take(odd, 101.0)
    assert of(After, turns.take(report, 101.5)) != [], "what is sought is not answered yet"
    assert of(SaleFound, turns.take(SOLD, 102.0)) == [FOUND]
    taken = SaleTaken(NAME, TRADE, PAIR, D(2), D(180), D("0.5"), 1)
    assert of(ExitsAllowed, turns.take(taken, 103.0)) == []
    shown = PastOrder(NAME, PAIR, "ask", 40.0)
    turns.take(structs.replace(odd, orders=(shown,)), 106.0)
    assert turns.state.past.barred
    whole = structs.replace(report, orders=(shown,))
    assert turns.take(whole, 111.0) == [ExitsAllowed(True, 10.0, 1)]


@pytest.mark.parametrize("suspect", [True, False])
def test_rows_that_are_never_readable_bar_exits_for_so_many_looks_and_are_named(
    suspect: bool,
) -> None:
    turns, report = living(structs.replace(READ, suspect=suspect))
    odd = structs.replace(report, odd=2, rows=("u1",))
    turns.take(odd, 101.0)
    turns.take(OrderReport(OF_PAST + NAME, "absent"), 101.5)
    said: list[Any] = []
    for look in range(ROWS_LOOKS):
        assert turns.state.past.barred
        said += turns.take(odd, 102.0 + look)
    assert not turns.state.past.barred
    assert of(RowsUnread, said)[-1] == RowsUnread(2, ("u1",), 10.0, ROWS_LOOKS, True)
    assert [row.over for row in of(RowsUnread, said)].count(True) == 1
    assert of(ExitsAllowed, said) == [ExitsAllowed(True, 10.0)]
    assert of(After, said[-2:]) == [], "it is not asked for again"
    assert of(OrderIntended, turns.take(WISH, 110.0))


def test_rows_that_are_odd_do_not_end_it_while_a_guess_is_not_answered() -> None:
    turns, report = living(structs.replace(READ, suspect=True))
    odd = structs.replace(report, odd=1)
    for look in range(2 * ROWS_LOOKS):
        (*_, again) = turns.take(odd, 101.0 + look)
        assert (again.message, again.seconds) == (report.call, AGAIN_SECONDS)
    assert turns.state.past.barred


UNREADABLE = OrderReport(OF_PAST + NAME, "unknown", text="a figure that is none", unread=True)
OTHER_WISH = structs.replace(WISH, id="KRW-B@60/x1", trade="KRW-B@60", pair="KRW-B")


def unread() -> tuple[Turns, PastReport]:
    """A gateway for which a sale of the trade cannot be read, however often it looks."""
    turns, report = living(structs.replace(READ, suspect=True))
    turns.take(structs.replace(report, orders=(PastOrder(NAME, "", "", 0.0),)), 101.0)
    said = [said for look in range(LOOKS_MAX) for said in turns.take(UNREADABLE, 102.0 + look)]
    assert of(LookUnread, said)[-1] == LookUnread(NAME, PAIR, TRADE, LOOKS_MAX, True)
    assert said[-1] == ExitsAllowed(True, 10.0)
    return turns, report


def test_a_sale_that_cannot_be_read_bars_its_own_trade_and_no_other() -> None:
    turns, _ = unread()
    (refused,) = of(OrderRefused, turns.take(WISH, 120.0))
    assert refused.reason == "sale_unread"
    assert of(OrderIntended, turns.take(OTHER_WISH, 120.0))


def test_a_sale_that_can_be_read_at_last_is_booked_once_and_frees_its_trade() -> None:
    turns, _ = unread()
    query, later = turns.take(CheckPast(), 120.0)
    assert (query.identifier, later.seconds) == (NAME, SLOW_SECONDS)
    assert turns.take(UNREADABLE, 121.0) == []
    assert turns.take(SOLD, 180.0) == [FOUND]
    booked = SaleTaken(NAME, TRADE, PAIR, D(1), D(180), D("0.5"), 1, part=True)
    assert turns.take(booked, 181.0)[-1] == ExitsAllowed(True, 10.0, 1)
    assert of(OrderIntended, turns.take(structs.replace(WISH, id=f"{TRADE}/x2"), 182.0))
    assert turns.take(CheckPast(), 240.0) == []


def test_a_sale_that_cannot_be_read_bars_its_trade_in_later_lives_too() -> None:
    turns, _ = unread()
    assert turns.state.past.read_since == 0.0, "a later life reads again from there"
    life(turns, 200.0)
    (fetch,) = of(FetchPast, turns.take(READ, 200.0))
    turns.take(PastReport(fetch, failed="timeout"), 200.0 + GRACE_SECONDS)
    assert of(OrderRefused, turns.take(WISH, 240.0))[0].reason == "sale_unread"
    assert of(OrderIntended, turns.take(structs.replace(OTHER_WISH, id="KRW-B@60/x9"), 240.0))
    turns.take(OrderReport(OF_PAST + NAME, "snapshot", state="cancel", pair=PAIR, side="ask"))
    assert not turns.state.past.unread


def test_only_one_chain_of_calls_asks_for_a_list_that_fails() -> None:
    turns, report = living(structs.replace(READ, suspect=True))
    failed = structs.replace(report, failed="timeout")
    (again,) = of(After, turns.take(failed, 101.0))
    assert again.message == report.call
    asked, call, alarm = turns.take(CheckPast(report.call), 100.0 + LOST_SECONDS)
    assert (asked, call.chain) == (PastAsked(1), 1)
    assert (alarm.message, alarm.seconds) == (CheckPast(call), 2 * LOST_SECONDS)
    assert of(After, turns.take(failed, 162.0)) == [], "the chain that came before"
    (again,) = of(After, turns.take(PastReport(call, failed="timeout"), 163.0))
    assert again.message == call
    assert turns.take(CheckPast(report.call), 220.0) == []
    assert turns.take(report, 230.0) == [ExitsAllowed(True, 10.0)], (
        "a whole list counts all the same"
    )


def test_a_venue_has_as_long_to_answer_on_a_market_that_runs_faster() -> None:
    turns = Turns(gateway, Gateway)
    turns.take(ConfigAdopted(LIVE, BIRTH))
    life(turns)
    call, lost = turns.take(structs.replace(READ, pace=60.0), 100.0)[1:]
    assert (lost.seconds, lost.real) == (LOST_SECONDS, True)
    failed = PastReport(call, failed="timeout")
    (again,) = of(After, turns.take(failed, 100.0 + GRACE_SECONDS))
    assert (again.seconds, again.real) == (AGAIN_SECONDS, True)
    assert turns.state.past.barred, "on its clock half a real second has passed"
    assert of(ExitsAllowed, turns.take(failed, 100.0 + 60 * GRACE_SECONDS))
    shown = structs.replace(failed, failed="", orders=(PastOrder(NAME, PAIR, "ask", 40.0),))
    (look,) = of(After, turns.take(shown, 2000.0))
    assert (look.seconds, look.real) == (LOOK_SECONDS, True)


# --- holdings, the budget, the auditor
def held(*more: Any) -> Turns:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(LIVE))
    for event in (OPENED, EntryEnded(TRADE, PAIR), *more):
        turns.state = Holdings.evolve(turns.state, event)
    return turns


def test_a_found_sale_closes_its_trade_by_its_own_figures() -> None:
    turns = held()
    said = turns.take(FOUND, 100.0)
    assert of(SaleTaken, said) == [SaleTaken(NAME, TRADE, PAIR, D(2), D(180), D("0.5"), 1)]
    (closed,) = of(TradeClosed, said)
    row = closed.row
    assert (row.amount, row.close_rate, row.close_date) == (D(2), D(90), 50.0)
    assert (row.profit_abs, row.exit_reason) == (D("-21.5"), "recovered")
    assert turns.state.trades == {}
    assert of(TradeClosed, turns.take(FOUND, 101.0)) == []


def test_a_found_part_leaves_the_rest_under_the_next_number() -> None:
    turns = held(WISH)
    half = structs.replace(FOUND, id=f"{TRADE}/x3", volume=D(1), funds=D(90))
    said = turns.take(half, 100.0)
    assert of(TradeReduced, said)[0].row.amount == D(1)
    trade = turns.state.trades[TRADE]
    assert (trade.volume, trade.attempt, trade.partial_done) == (D(1), 3, True)


def test_what_was_refused_meanwhile_is_tried_again_at_once() -> None:
    turns = held(WISH)
    turns.take(OrderRefused(X1, TRADE, PAIR, "ask", "recovering"), 100.0)
    (again,) = of(ExitWanted, turns.take(ExitsAllowed(True), 100.1))
    assert (again.id, again.reason, again.good_until) == (f"{TRADE}/x2", "stop_loss", 130.1)


def test_the_cash_of_a_found_sale_comes_in_once_and_the_auditor_agrees() -> None:
    cash = Turns(budget, Budget)
    cash.take(ConfigAdopted(LIVE))
    (taken, closed) = [
        m for m in held().take(FOUND, 100.0) if isinstance(m, SaleTaken | TradeClosed)
    ]
    (adjusted,) = cash.take(taken)
    assert adjusted == BudgetAdjusted(D("179.5"), "recovered")
    books = Auditor.State()
    for number, event in enumerate((OPENED, taken, closed, adjusted), start=1):
        judge = auditor.JUDGES[type(event)]
        books, found = judge(books, event, number)
        assert found == []
    assert (books.trades, books.outside.orders, books.cash) == ({}, 0, D("179.5"))


# --- the account
def looking(births: tuple[str, ...] = (BIRTH, OLD), at: float = 100.0) -> Turns:
    turns = Turns(account, Account)
    turns.take(ConfigAdopted(LIVE, BIRTH))
    turns.take(PastSought(10.0, at, (), False, births), at)
    return turns


def seen(*orders: OpenOrder, **more: Any) -> AccountReport:
    return AccountReport(Balance(D(9)), {}, orders, asked=more.pop("asked", 200.0), **more)


def test_nothing_is_compared_before_the_past_was_read() -> None:
    turns = looking()
    assert of(CompareCoins, turns.take(seen(), 200.0)) == []
    turns.take(ExitsAllowed(True), 201.0)
    assert of(CompareCoins, turns.take(seen(asked=201.0), 202.0)) == []  # asked before its end
    said = turns.take(seen(asked=202.0), 203.0)
    assert of(CompareCoins, said)
    assert of(CompareCash, said)
    turns.take(RecoveryBegun(10.0, 1), 204.0)
    assert of(CompareCoins, turns.take(seen(asked=205.0), 206.0)) == []


def test_looks_are_compared_though_the_past_was_read_by_a_clock_ahead() -> None:
    turns = looking(at=32_000.0)
    turns.take(ExitsAllowed(True), 32_001.0)
    said = turns.take(seen(asked=205.0), 206.0)
    assert of(CompareCoins, said)
    assert of(CompareCash, said)


def test_an_order_of_another_birth_is_seen_though_this_life_began_by_a_clock_ahead() -> None:
    turns, name = looking(at=32_000.0), identifier(OTHER, "KRW-B@60")
    period = turns.state.seconds
    old = OpenOrder("u", "KRW-B", "bid", name, 1999.0 - period)
    assert of(BirthSighted, turns.take(seen(old, asked=2000.0), 2000.0)) == []
    new = structs.replace(old, created_at=1999.0)
    assert of(BirthSighted, turns.take(seen(new, asked=2000.0), 2000.0))


@pytest.mark.parametrize("place", ["open", "unfilled", "closed"])
def test_an_order_of_another_birth_made_since_the_start_is_told(place: str) -> None:
    turns, name = looking(), identifier(OTHER, "KRW-B@60")
    order = OpenOrder("u", "KRW-B", "bid", name, 150.0)
    closed = ClosedOrder("u", "KRW-B", "bid", name, D(1), D(1), D(0), 150.0)
    report = {"open": seen(order), "unfilled": seen(unfilled=(order,))}
    report["closed"] = seen(closed=(closed,))
    (sighted,) = of(BirthSighted, turns.take(report[place], 200.0))
    assert sighted == BirthSighted(name, "KRW-B", 150.0)
    assert of(BirthSighted, turns.take(report[place], 210.0)) == []  # the same order
    later = structs.replace(order, created_at=160.0)
    assert of(BirthSighted, turns.take(seen(later), 220.0))[0].again
    assert of(BirthForgotten, turns.take(TradingChanged("running"), 230.0))
    assert of(BirthSighted, turns.take(seen(later), 240.0)) == []


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("", 150.0),
        ("other-bot-17", 150.0),
        (identifier(BIRTH, "KRW-B@60"), 150.0),
        (identifier(OLD, "KRW-B@60"), 150.0),
        (identifier(OTHER, "KRW-B@60"), 99.0),
    ],
)
def test_orders_by_hand_of_other_bots_of_our_own_and_of_before_never_stop_entries(
    name: str, made: float
) -> None:
    turns = looking()
    order = OpenOrder("u", "KRW-B", "bid", name, made)
    closed = ClosedOrder("v", "KRW-B", "ask", name, D(1), D(1), D(0), made)
    report = seen(order, closed=(closed,), unfilled=(order,))
    assert of(BirthSighted, turns.take(report, 200.0)) == []
    assert turns.state.reconciled


@pytest.mark.parametrize("place", ["open", "unfilled", "closed"])
@pytest.mark.parametrize("birth", [BIRTH, OLD])
def test_whether_an_order_with_a_name_of_ours_was_placed_by_us_is_asked_of_the_gateway(
    birth: str, place: str
) -> None:
    turns, name = looking(), identifier(birth, "KRW-B@60")
    late = 200.0 + AFTER_READ
    order = OpenOrder("u", "KRW-B", "bid", name, late + 1.0)
    closed = ClosedOrder("u", "KRW-B", "bid", name, D(1), D(1), D(0), late + 1.0)
    reports = {"open": seen(order), "unfilled": seen(unfilled=(order,))}
    report = (reports | {"closed": seen(closed=(closed,))})[place]
    assert of(CheckName, turns.take(report, late)) == [], "the past is not read yet"
    turns.take(ExitsAllowed(True), 200.0)
    assert of(CheckName, turns.take(report, late)) == [CheckName(name, "u", "KRW-B", late + 1.0)]
    before = structs.replace(order, created_at=late)
    assert of(CheckName, turns.take(seen(before), late)) == []


def test_neither_what_we_send_nor_what_a_person_has_settled_is_asked_about() -> None:
    turns, late = looking(), 200.0 + 2 * AFTER_READ
    turns.take(ExitsAllowed(True), 200.0)
    gate = Turns(gateway, Gateway)
    gate.take(ConfigAdopted(LIVE, BIRTH))
    (intent,) = of(OrderIntended, gate.take(structs.replace(WISH, good_until=1e12), 210.0))
    report = seen(OpenOrder("u", PAIR, "ask", intent.identifier, late - 1.0))
    for event in (
        intent,
        OrderDisputed(X1, PAIR, "other_price"),
        OrderClosed(X1, TRADE, PAIR, "ask", "done", D(2), D(180), D(1), 220.0),
    ):
        turns.take(event, 220.0)
        assert of(CheckName, turns.take(report, late)) == []


def test_an_order_that_the_gateway_never_placed_is_a_sign_of_a_copy() -> None:
    turns, report = living()
    name = identifier(BIRTH, "KRW-B@60")
    shown = CheckName(name, "u", "KRW-B", 150.0)
    assert turns.take(shown, 100.0) == [], "it may be of the past"
    turns.take(report, 101.0)
    found = NameReport(name, "KRW-B", 150.0)
    assert turns.take(shown, 151.0) == [found]
    (intent,) = of(OrderIntended, turns.take(structs.replace(WISH, good_until=1e12), 152.0))
    own = CheckName(intent.identifier, "v", PAIR, 153.0)
    assert turns.take(own, 153.0) == [], "it is on its way"
    shown_order = OrderReport(
        X1, "snapshot", "submit", "v", "done", PAIR, "ask", "market", None, D(2), D(2), D(180)
    )
    assert of(OrderClosed, turns.take(shown_order, 154.0))
    assert turns.take(own, 155.0) == [], "its uuid is known"
    account = looking()
    assert account.take(found, 160.0) == [BirthSighted(name, "KRW-B", 150.0)]
    assert account.take(found, 161.0) == []
    later = structs.replace(found, created_at=170.0)
    assert account.take(later, 171.0) == [BirthSighted(name, "KRW-B", 170.0, again=True)]


# --- the steward
def test_a_second_birth_stops_entries_until_start_is_typed_after_a_quiet_while() -> None:
    turns = Turns(trading_state, TradingStateOwner)
    sighted = BirthSighted(identifier(OTHER, "x"), PAIR, 90.0)
    assert of(TradingChanged, turns.take(sighted, 100.0)) == [TradingChanged("stopentry")]
    assert of(TradingChanged, turns.take(structs.replace(sighted, again=True), 200.0)) == []
    (refused,) = turns.take(StartTrading("a"), 200.0 + RIVAL_SECONDS - 1)
    assert (refused.done, refused.key) == (False, "second_birth_seen")
    assert turns.state.mode == "stopentry"
    turns.take(StartTrading("b"), 200.0 + RIVAL_SECONDS)
    assert turns.state.mode == "running"


# --- at a start
def stored(path: Path, birth: str = BIRTH, former: tuple[str, ...] = ()) -> Store:
    return Store.create(path, Identity(birth, "live", "upbit", "", former=former), sync=False)


def written(store: Store, name: str, state: Any, *events: Event, at: float = 5000.0) -> None:
    letters = [Envelope(event, at, name) for event in events]
    index = {Gateway.keeps(e): e for e in events if name == "gateway" and Gateway.keeps(e)}
    store.commit(name, Record(state), letters, index)


def test_a_start_asks_from_the_last_entry_on_and_again_from_there_until_it_was_read(
    tmp_path: Path,
) -> None:
    store = stored(tmp_path)
    assert past_of(store, 9000.0).since == 9000.0 - MARGIN
    written(
        store,
        "gateway",
        Gateway.State(past=structs.replace(Gateway.State().past, read_since=9000.0 - MARGIN)),
        ExitsBarred(),
    )
    first = past_of(store, 9000.0)
    assert (first.since, first.suspect) == (5000.0 - MARGIN, False)
    written(store, "account", Account.State(), ExitsBarred(), at=9001.0)
    assert past_of(store, 9100.0).since == first.since  # it was not read
    read = structs.replace(Gateway.State().past, read_since=first.since)
    written(store, "gateway", Gateway.State(past=read), ExitsBarred(), at=9002.0)
    assert past_of(store, 9100.0).since == 9002.0 - MARGIN
    store.close()


def test_a_new_birth_and_a_journal_from_the_future_are_suspect(tmp_path: Path) -> None:
    store = stored(tmp_path, BIRTH, (OLD,))
    written(store, "gateway", Gateway.State(birth=OLD), ExitsBarred())
    found = past_of(store, 9000.0)
    assert (found.suspect, found.births) == (True, (BIRTH, OLD))
    written(store, "gateway", Gateway.State(birth=BIRTH), ExitsBarred())
    assert not past_of(store, 9000.0).suspect
    early = past_of(store, 1000.0)
    assert (early.suspect, early.since) == (True, 1000.0 - WEEK)
    store.close()


def test_a_start_knows_its_own_names_and_guesses_those_of_lost_sales(tmp_path: Path) -> None:
    store = stored(tmp_path, BIRTH, (OLD,))
    turns = Turns(gateway, Gateway)
    turns.take(ConfigAdopted(LIVE, OLD))
    (intent,) = of(OrderIntended, turns.take(WISH, 100.0))
    trades = held(WISH).state
    written(store, "holdings", trades, OPENED)
    written(store, "gateway", turns.state, intent)
    found = past_of(store, 9000.0)
    assert intent.identifier == NAME
    assert NAME in found.known
    names = {guess.identifier for guess in found.sales}
    assert NAME not in names
    assert {
        identifier(birth, f"{TRADE}/x{n}") for birth in (BIRTH, OLD) for n in range(2, 10)
    } < names
    assert identifier(BIRTH, X1) in names
    store.close()
