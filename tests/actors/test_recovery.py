"""How a life on real money begins: the past is read, found sales are booked, then it sells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors import account, auditor, budget, steward
from actors.account import Account
from actors.auditor import Auditor
from actors.budget import Budget
from actors.holdings import holdings
from actors.holdings.holdings import Holdings
from actors.orders import gateway
from actors.orders.gateway import Gateway
from actors.orders.past import GRACE_SECONDS, MARGIN, WEEK, past_of
from actors.steward import RIVAL_SECONDS, Steward
from core.orders.bodies import identifier
from core.orders.past import OF_PAST
from messages.account import CompareCash, CompareCoins
from messages.base import After, Envelope, Event
from messages.budget import BudgetAdjusted
from messages.config import Config
from messages.control import ConfigAdopted, StartTrading, TradingChanged
from messages.fetching import (
    AccountReport,
    ClosedOrder,
    FetchPast,
    OpenOrder,
    PastOrder,
    PastReport,
    Pocket,
)
from messages.orders import OrderIntended, OrderRefused, OrderReport, QueryOrder
from messages.recovery import (
    BirthForgotten,
    BirthSighted,
    CheckPast,
    ExitsAllowed,
    ExitsBarred,
    Guess,
    PastShut,
    PastSought,
    ReadPast,
    RecoveryBegun,
    SaleFound,
    SaleTaken,
)
from messages.trading import EntryEnded, ExitWanted, TradeClosed, TradeOpened, TradeReduced
from persistence.record import Birth, Record
from persistence.store import Store
from tests.actors.turns import Turns, of

D = Decimal
LIVE = Config(dry_run=False)
BIRTH, OLD, OTHER = "a" * 32, "b" * 32, "c" * 32
TRADE, PAIR = "KRW-A@60", "KRW-A"
X1 = f"{TRADE}/x1"
NAME = identifier(OLD, X1)
GUESS = Guess(NAME, X1, TRADE, PAIR)
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
    return AccountReport(Pocket(D(9)), {}, orders, asked=more.pop("asked", 200.0), **more)


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


# --- the steward
def test_a_second_birth_stops_entries_until_start_is_typed_after_a_quiet_while() -> None:
    turns = Turns(steward, Steward)
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
    return Store.create(path, Birth(birth, "live", "upbit", "", former=former), sync=False)


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
