"""What those who watch the journal make of it: the same as the ledger, in steps, within bounds."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from app.composition import build
from app.config.config_file import load
from app.maintenance.folds import folds
from app.replay import Replay
from app.state_summary import state_summary
from core.market.synthetic import synthetic_market
from core.trading.exits import stop_level
from interfaces.views import Ledger
from messages.config import Config
from messages.control import ConfigAdopted
from messages.orders import Order, OrderClosed, OrderFilled, OrderIntended, OrderUncertain
from messages.trading import EntryWanted, HighRaised, TradeClosed, TradeOpened
from persistence.maintenance.trim import trimming
from persistence.record import Identity
from persistence.store import Store
from projections.order_latency import KEEP, OrderLatency
from projections.projections import ORDERS_MAX, ROWS_MAX, Projections
from projections.stop_history import StopHistory
from projections.summary import summarise
from tests.support.cli_runner import TIGHT
from tests.support.journals import BTC, letters, row

D = Decimal
KST_DAY = "00:00"


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A day on the built-in market, with many trades."""
    loaded = load(None, TIGHT)
    folder = tmp_path_factory.mktemp("traded") / "state"
    with Store.create(folder, Identity("b", "paper", "upbit", ""), sync=False) as store:
        replay = Replay(synthetic_market(seed=1, days=1), loaded.strategy.strategy, bulk=True)
        bot = build(loaded.config, replay, store, runtime="steps")
        bot.start()
        bot.run()
        yield store


def read(store: Store, seed: int = 0) -> Projections:
    """All of it, in steps of any size."""
    chronicle, steps = Projections(), random.Random(seed)
    while chronicle.read_on(store, steps.randint(1, 400)):
        pass
    return chronicle


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_ledger_however_it_was_read(traded: Store, seed: int) -> None:
    chronicle, ledger = read(traded, seed), Ledger()
    ledger.catch_up(traded)
    assert len(ledger.trades.closed) > 50
    for name in ("number", "at", "config", "mode", "trades", "cash", "orders", "locks", "pairs"):
        assert getattr(chronicle, name) == getattr(ledger, name), name
    light = chronicle.light()
    assert light.trades == ledger.trades
    assert light.orders.rows == {i: r for i, r in ledger.orders.rows.items() if not r.ended}


def test_its_sums_are_those_of_the_summary(traded: Store) -> None:
    chronicle = read(traded)
    wallet = chronicle.config.capital
    summary = summarise(chronicle.trades.closed, wallet)
    curve = chronicle.curve
    assert (chronicle.closed, curve.profit) == (summary.rows, summary.profit_abs)
    assert (curve.wins, curve.losses, curve.fees) == (summary.wins, summary.losses, summary.fees)
    assert sum(curve.days.values()) == summary.profit_abs
    counts = chronicle.counts
    for group in summary.by_reason:
        found = sum(n for (reason, _), n in counts.rows.items() if reason == group.name)
        assert found == group.rows
    intended = sum(n for (_, outcome), n in counts.orders.items() if outcome == "intended")
    assert intended == len(chronicle.orders.rows)


def test_an_orders_stages_are_dated_and_measured_once() -> None:
    courses = OrderLatency()
    order = Order("o", "o", BTC, "bid", "price", price=D(1))
    courses.take(EntryWanted("o", BTC, D(1), D(1), "", 0, 0.0), 100.0)
    courses.take(OrderIntended(order, "jb", "{}"), 100.2)
    courses.left({"o": 100.3, "unheard of": 1.0})
    courses.take(OrderUncertain("o", BTC, "bid", "timeout"), 100.4)
    assert courses.rows["o"].uncertain == 100.4
    fill = OrderFilled("o", "o", BTC, "bid", D(1), D(1), D(0), 101.0)
    courses.take(fill, 101.3)
    courses.take(fill, 102.0)
    end = OrderClosed("o", "o", BTC, "bid", "done", D(1), D(1), D(0), 101.0)
    courses.take(end, 103.0)
    courses.take(end, 104.0)
    courses.left({"o": 99.0})
    course = courses.rows["o"]
    assert (course.decided, course.durable, course.sent) == (100.0, 100.2, 100.3)
    assert (course.filled, course.ended, course.uncertain) == (101.3, 104.0, 0)
    spans = {name: (sum(s.counts), s.seconds) for name, s in courses.stages.items()}
    assert spans["decided_durable"] == (1, pytest.approx(0.2))
    assert spans["durable_sent"] == (1, pytest.approx(0.1))
    assert spans["sent_filled"] == (1, pytest.approx(1.0))
    assert spans["decided_ended"] == (1, pytest.approx(3.0))
    assert spans["decided_reserved"] == (0, 0)


def test_when_an_order_left_is_measured_also_when_it_is_told_late() -> None:
    courses = OrderLatency()
    courses.take(OrderIntended(Order("o", "o", BTC, "ask", "market"), "jb", "{}"), 10.0)
    courses.take(OrderClosed("o", "o", BTC, "ask", "done", D(1), D(1), D(0), 0.0), 12.0)
    courses.left({"o": 10.5})
    courses.left({"o": 10.5})
    assert sum(courses.stages["durable_sent"].counts) == 1
    assert courses.stages["durable_sent"].seconds == pytest.approx(0.5)


def test_only_the_newest_courses_are_kept() -> None:
    courses = OrderLatency()
    for n in range(KEEP + 100):
        courses.take(EntryWanted(f"o{n}", BTC, D(1), D(1), "", 0, 0.0), float(n))
    assert len(courses.rows) == KEEP
    assert "o99" not in courses.rows


def test_a_stop_is_a_step_for_each_level_and_follows_a_new_configuration() -> None:
    levels, config = StopHistory(), Config()
    levels.take(TradeOpened("t", BTC, D(1), D(1000), D(0), D(1000), 10.0, ""), 10.0, config)
    for at, high in ((20, "1001"), (30, "1040"), (40, "1040"), (50, "1060")):
        levels.take(HighRaised("t", BTC, D(high), at), float(at), config)
    tighter = structs.replace(config, trailing_stop_positive=D("0.01"))
    levels.adopt(60.0, tighter)
    levels.take(TradeClosed(structs.replace(row("1", close=70.0), trade="t")), 70.0, tighter)
    (track,) = levels.of(BTC)
    assert track.ended == 70.0
    assert track.steps == [
        (10.0, stop_level(D(1000), D(1000), config)[0]),
        (30.0, stop_level(D(1000), D(1040), config)[0]),
        (50.0, stop_level(D(1000), D(1060), config)[0]),
        (60.0, stop_level(D(1000), D(1060), tighter)[0]),
    ]


def test_what_has_ended_is_let_go_of_and_what_lives_is_not() -> None:
    chronicle = Projections()
    living = Order("living", "living", BTC, "bid", "limit", price=D(1), volume=D(1))
    chronicle.take(letters([ConfigAdopted(Config()), OrderIntended(living, "jb", "{}")]))
    for n in range(ORDERS_MAX + 500):
        order = Order(f"o{n}", "t", BTC, "ask", "market", volume=D(1))
        end = OrderClosed(order.id, "t", BTC, "ask", "done", D(1), D(1), D(0), 0.0)
        chronicle.take(letters([OrderIntended(order, "jb", "{}"), end]))
    assert len(chronicle.orders.rows) == chronicle.orders_kept == ORDERS_MAX
    assert "living" in chronicle.orders.rows
    assert [r.id for r in chronicle.newest_orders(0, 2)] == [
        f"o{ORDERS_MAX + 499}",
        f"o{ORDERS_MAX + 498}",
    ]
    for _ in range(2 * ROWS_MAX + 10):
        chronicle.take(letters([TradeClosed(row("1"))]))
    assert ROWS_MAX <= len(chronicle.trades.closed) < 2 * ROWS_MAX
    assert chronicle.closed == 2 * ROWS_MAX + 10
    assert chronicle.curve.profit == chronicle.closed


def test_a_journal_that_was_trimmed_adds_up_to_the_same(traded: Store, tmp_path: Path) -> None:
    whole = read(traded)
    shutil.copytree(traded.path, tmp_path / "state")
    with Store.open(tmp_path / "state", sync=False) as store:
        early = Projections()
        early.read_on(store, 30)
        half = whole.curve.times[len(whole.curve.times) // 2]
        for _ in trimming(store, folds(), Ledger.of_base(store), half):
            pass
        assert early.number < store.base().number < store.count()
        while early.read_on(store, 70):
            pass
        for found in (read(store), early):
            assert (found.number, found.closed) == (whole.number, whole.closed)
            assert found.curve == whole.curve
            assert found.trades == whole.trades
            assert found.cash.now == whole.cash.now


def test_the_owners_records_tell_what_is_open_before_the_journal_was_read(traded: Store) -> None:
    drawn, ledger = state_summary(traded), Ledger()
    ledger.catch_up(traded)
    assert drawn.cash.now == ledger.cash.now
    assert drawn.cash.reserved.keys() == {k for k, v in ledger.cash.reserved.items() if v}
    assert drawn.config == ledger.config
    assert drawn.mode == ledger.mode
    assert drawn.trades.open.keys() == ledger.trades.open.keys()
    for id, trade in drawn.trades.open.items():
        assert structs.replace(trade, entering=False) == structs.replace(
            ledger.trades.open[id], entering=False
        )
