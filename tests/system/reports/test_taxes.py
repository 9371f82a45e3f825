"""Sales for taxes: what a journal tells of them, and the file that a spreadsheet reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from app.backtest import backtest
from app.config.config_file import load
from app.replay import Replay
from core.market.synthetic import synthetic_market
from core.performance.costs import Method
from interfaces.reports.tax_file import COLUMNS, of_year, sales_of, text
from messages.account import DustLost, TradeReleased
from messages.base import Event
from messages.budget import BudgetAdjusted
from messages.trading import (
    DustKept,
    TradeClosed,
    TradeIncreased,
    TradeOpened,
    TradeRecord,
    TradeReduced,
)
from persistence.store import Store
from projections.cost_basis import CostBasis, Sale
from projections.ledger import Ledger
from projections.trades import fold
from tests.support.cli_runner import TIGHT, run, said
from tests.support.journals import BTC, START, closing, letters, life, row, state

D = Decimal
METHODS: tuple[Method, ...] = ("moving_average", "fifo")
NEW_YEAR = 1_767_193_200.0  # 2026-01-01 00:00 in Korea
ONE = f"{BTC}@1"


def opened(volume: str, funds: str, fee: str = "0", trade: str = ONE, at: float = 1.0) -> Event:
    return TradeOpened(trade, BTC, D(volume), D(funds), D(fee), D(1), at, "")


def grown(volume: str, funds: str, fee: str = "0", at: float = 2.0) -> Event:
    return TradeIncreased(ONE, BTC, D(volume), D(funds), D(fee), D(1), at)


def part(volume: str, proceeds: str, cost: str, trade: str = ONE, at: float = 3.0) -> TradeRecord:
    """What was sold for so much, with a fee of 1, of a trade whose average cost was so much."""
    profit = D(proceeds) - 1 - D(cost)
    whole = row("0", trade=trade, close=at)
    money = {"stake_amount": D(cost), "fee_open_cost": D(0), "fee_close_cost": D(1)}
    return structs.replace(whole, amount=D(volume), profit_abs=profit, **money)


def sales(method: Method, events: Sequence[Event]) -> list[Sale]:
    pools = CostBasis(method)
    pools.take(letters(events))
    return pools.sales


@pytest.mark.parametrize(
    ("method", "costs"), [("moving_average", ["150", "150"]), ("fifo", ["100", "200"])]
)
def test_fills_of_one_entry_at_two_prices_cost_what_the_method_says(
    method: Method, costs: list[str]
) -> None:
    events = [opened("1", "100"), grown("2", "300")]
    events += [TradeReduced(part("1", "180", "150")), TradeClosed(part("1", "190", "150"))]
    found = sales(method, events)
    assert [s.cost for s in found] == list(map(D, costs))
    assert [s.proceeds for s in found] == [180, 190]
    assert sum(s.gain for s in found) == 370 - 2 - 300


def test_dust_keeps_its_cost_until_the_trade_that_it_joins_is_sold() -> None:
    dust = TradeClosed(part("9", "95", "90"), D(1), D(10), D("0.5"))
    joined = opened("11", "130", "1.5", trade=f"{BTC}@2")  # 10 coins for 120, fee 1, and the dust
    rest = TradeClosed(part("11", "150", "130", trade=f"{BTC}@2"))
    for method in METHODS:
        found = sales(method, [opened("10", "100", "5"), dust, joined, rest])
        assert [s.cost for s in found] == [90, 130]
        assert sum(s.cost + s.buy_fee for s in found) == 100 + 5 + 120 + 1


def kept(volume: str, value: str, cost: str, trade: str = ONE, at: float = 3.0) -> DustKept:
    """What could not be sold, at its value."""
    dust = structs.replace(
        part(volume, value, cost, trade, at), profit_abs=D(value) - D(cost), exit_reason="dust",
        fee_close_cost=D(0), close_rate=D(value) / D(volume),
    )  # fmt: skip
    return DustKept(dust, D(value), "stop_loss")


@pytest.mark.parametrize("trimmed", range(8))
@pytest.mark.parametrize("method", METHODS)
def test_dust_is_no_sale_and_keeps_what_was_paid_though_its_loss_is_booked(
    method: Method, trimmed: int
) -> None:
    """Whatever part of the journal was trimmed away: its base knows the same."""
    two, three = f"{BTC}@2", f"{BTC}@3"

    def sold(row: TradeRecord, since: float) -> TradeClosed:
        return TradeClosed(structs.replace(row, open_date=since))

    dust = kept("4", "8", "40")  # 4 coins of 10 a coin, at 2 a coin
    first = structs.replace(part("6", "66", "60"), open_date=1.0)
    events = [
        opened("10", "100"),
        TradeReduced(first),
        structs.replace(dust, row=structs.replace(dust.row, open_date=1.0)),
        opened("14", "208", trade=two, at=4.0),  # 10 coins of 20 a coin, and the dust
        sold(part("14", "280", "208", two, 5.0), 4.0),
        opened("1", "5", trade=three, at=6.0),
        sold(part("1", "7", "5", three, 7.0), 6.0),
    ]
    pools, ledger = CostBasis(method), Ledger()
    ledger.take(letters(events)[:trimmed])
    pools.begin(ledger.trades, ledger.dust, 0.0)
    pools.take(letters(events)[trimmed:])
    assert [(s.row.amount, s.cost) for s in pools.sales] == [(6, 60), (14, 240), (1, 5)]
    assert all(lots == () for lots in pools.pools.values())


@pytest.mark.parametrize("trimmed", range(5))
@pytest.mark.parametrize("method", METHODS)
def test_dust_that_was_sold_by_hand_is_a_sale_of_what_was_paid_for_it(
    method: Method, trimmed: int
) -> None:
    """Whatever part of the journal was trimmed away: its base knows the same."""
    dust = kept("4", "8", "40")
    events = [
        opened("4", "40"),
        structs.replace(dust, row=structs.replace(dust.row, open_date=1.0)),
        DustLost(BTC, D(3), D(9), D(1), "by-hand", 400.0),
        DustLost(BTC, D(1)),
    ]
    pools, ledger = CostBasis(method), Ledger()
    ledger.take(letters(events)[:trimmed])
    pools.begin(ledger.trades, ledger.dust, 0.0)
    pools.take(letters(events)[trimmed:])
    (sold,) = pools.sales
    assert (sold.row.amount, sold.proceeds, sold.fee, sold.cost) == (3, 9, 1, 30)
    assert (sold.gain, sold.row.close_date, sold.row.exit_reason) == (
        -22,
        400.0,
        "sold_on_exchange",
    )
    assert pools.pools[BTC] == ()


@pytest.mark.parametrize("trimmed", range(5))
@pytest.mark.parametrize("method", METHODS)
def test_dust_that_is_lost_takes_what_was_paid_for_it_along(method: Method, trimmed: int) -> None:
    events = [
        opened("4", "40"),
        kept("4", "8", "40"),
        DustLost(BTC, D(1)),
        opened("4", "7", trade=f"{BTC}@2", at=400.0 + START),  # one coin for 1, and 3 of dust
        TradeClosed(part("4", "9", "7", f"{BTC}@2", 500.0 + START)),
    ]
    pools, ledger = CostBasis(method), Ledger()
    ledger.take(letters(events)[:trimmed])
    pools.begin(ledger.trades, ledger.dust, 0.0)
    pools.take(letters(events)[trimmed:])
    assert [(s.row.amount, s.cost) for s in pools.sales] == [(4, 31)]


def test_coin_that_is_released_or_lost_leaves_at_cost_and_is_no_sale() -> None:
    events = [opened("4", "400"), TradeReleased(ONE, BTC, D(4))]
    assert sales("fifo", events) == []
    again = [*events, opened("1", "500", trade=f"{BTC}@2")]
    again += [TradeClosed(part("1", "600", "500", trade=f"{BTC}@2"))]
    assert [s.cost for s in sales("fifo", again)] == [500]
    lost = [
        opened("2", "200"),
        TradeClosed(part("1", "110", "100"), D(1), D(100)),
        DustLost(BTC, D(1)),
    ]
    lost += [opened("1", "70", trade=f"{BTC}@2"), TradeClosed(part("1", "90", "70", f"{BTC}@2"))]
    assert [s.cost for s in sales("moving_average", lost)] == [100, 70]


@pytest.mark.parametrize("reason", ["moved_out", "lost"])
def test_coin_that_was_moved_out_or_lost_is_no_sale_and_takes_its_cost_along(reason: Any) -> None:
    left = structs.replace(part("3", "100", "300"), exit_reason=reason)
    sold = part("1", "150", "100")
    found = sales("moving_average", [opened("4", "400"), TradeReduced(left), TradeClosed(sold)])
    assert [(s.proceeds, s.cost) for s in found] == [(150, 100)]


def test_coin_that_was_moved_out_and_comes_back_keeps_its_cost_and_its_date() -> None:
    left = structs.replace(part("4", "100", "400"), exit_reason="moved_out")
    back = structs.replace(
        opened("4", "400", trade=f"{BTC}+c"), tag="adopted", opened_at=NEW_YEAR * 1.0
    )
    sold = part("4", "500", "400", trade=f"{BTC}+c")
    (sale,) = sales("fifo", [opened("4", "400"), TradeClosed(left), back, TradeClosed(sold)])
    assert (sale.cost, sale.bought_at) == (400, opened("4", "400").opened_at)


def test_deposits_and_withdrawals_change_no_sale() -> None:
    moved = [BudgetAdjusted(D(10**6), "account"), BudgetAdjusted(D(-(10**6)), "account")]
    events = [*life(), closing()]
    mixed = [moved[0], *events[:9], moved[1], *events[9:]]
    for method in METHODS:
        assert sales(method, events) == sales(method, mixed)
        assert len(sales(method, events)) == 2


def test_a_year_is_one_of_korea() -> None:
    rows = [part("1", "110", "100", at=NEW_YEAR - 1), part("1", "110", "100", at=NEW_YEAR)]
    events = [opened("2", "200"), TradeReduced(rows[0]), TradeClosed(rows[1])]
    found = sales("fifo", events)
    assert [s.row.close_date for s in of_year(found, 2025)] == [NEW_YEAR - 1]
    assert [s.row.close_date for s in of_year(found, 2026)] == [NEW_YEAR]
    assert of_year(found, 2024) == []


def real_sales(method: Method) -> tuple[list[Sale], list[TradeRecord]]:
    """Of a day on the built-in market, with partial exits, and the rows it is made of."""
    loaded = load(None, TIGHT)
    replay = Replay(synthetic_market(seed=4, days=1), loaded.strategy.strategy, bulk=True)
    found: list[Sale] = []

    def look(store: Store) -> None:
        found.extend(sales_of(store, method))

    ledger = backtest(loaded, replay, look=look)
    return found, [one for one in ledger.trades.sorted_rows if one.amount]


@pytest.mark.parametrize("method", METHODS)
def test_the_gains_of_a_real_run_are_its_profits_to_the_last_digit(method: Method) -> None:
    found, rows = real_sales(method)
    assert len(found) == len(rows) > 20
    assert [s.row for s in found] == rows
    assert any(one.exit_reason == "partial_exit" for one in rows)
    assert [s.gain for s in found] == [one.profit_abs for one in rows]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 10**6)), min_size=1, max_size=6))
def test_all_that_fills_have_cost_is_in_the_sales_whatever_the_fills(
    fills: list[tuple[int, int]],
) -> None:
    volume = funds = 0
    events: list[Event] = []
    for count, krw in fills:
        volume, funds = volume + count, funds + krw
        make = grown if events else opened
        events.append(make(str(volume), str(funds)))
    events += [TradeReduced(part("1", "5", "1"))] if volume > 1 else []
    events.append(TradeClosed(part(str(volume - (volume > 1)), "5", "1")))
    for method in METHODS:
        assert sum(s.cost for s in sales(method, events)) == funds


def test_a_trimmed_journal_knows_the_sales_of_before_and_what_is_open() -> None:
    events = [*life(), closing()]
    before = letters(events)[:14]
    kept = fold(before)
    for method in METHODS:
        pools = CostBasis(method)
        pools.begin(kept, {}, float(START))
        pools.take(letters(events)[14:])
        assert [s.gain for s in pools.sales] == [s.gain for s in sales(method, events)]
        assert all(lots == () for lots in pools.pools.values())


# --- the file
def test_the_file_is_one_that_excel_reads_and_adds_up(tmp_path: Path) -> None:
    state(tmp_path, [*life(), closing()]).close()
    words = ("report", "--tax", "2025", "sold.csv", "--state-dir", "state")
    for language in ("en", "ko"):
        assert run(*words, cwd=tmp_path, JANGBU__LANGUAGE=language).returncode == 0
        raw = (tmp_path / "sold.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf"), "without its mark Excel takes it for another code"
        assert raw.count(b"\r\n") == raw.count(b"\n") == 3
        table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        assert {len(line) for line in table} == {len(COLUMNS)}
        rows = [dict(zip(COLUMNS, line, strict=True)) for line in table[1:]]
        assert [r["sold_at"] for r in rows] == ["2025-09-01 10:00:00"] * 2
        for r in rows:
            figures = {name: D(r[name]) for name in COLUMNS[3:9]}
            spent = figures["sale_fee"] + figures["cost"] + figures["buy_fee"]
            assert figures["gain"] == figures["proceeds"] - spent
        assert sum(D(r["gain"]) for r in rows) == 500


def test_a_year_without_a_sale_writes_nothing(tmp_path: Path) -> None:
    state(tmp_path, [*life(), closing()]).close()
    done = run("report", "--tax", "2024", "x.csv", "--state-dir", "state", cwd=tmp_path)
    assert done.returncode == 0
    assert "2024" in done.stdout
    assert not (tmp_path / "x.csv").exists()


def test_the_same_as_json_and_bad_input_is_told(tmp_path: Path) -> None:
    state(tmp_path, [*life(), closing()]).close()
    words = ("report", "--tax", "2025", "x.csv", "--state-dir", "state")
    assert len(said(*words, "--method", "fifo", cwd=tmp_path)) == 2
    for bad in (
        ("report", "--tax", "1999", "x.csv"),
        ("report", "--tax", "2025", "no/x.csv", "--state-dir", "state"),
        (*words, "--method", "lifo"),
        ("report", "--tax", "2025", "x.csv", "--state-dir", "none"),
    ):
        assert run(*bad, cwd=tmp_path).returncode == 2, bad


def test_no_cell_is_one_that_a_spreadsheet_would_compute() -> None:
    events = [opened("1", "100"), TradeClosed(part("1", "50", "100"))]
    table = list(csv.reader(io.StringIO(text(sales("fifo", events), "fifo", "en"))))
    texts = [cell for line in table for cell in line if cell and not cell.lstrip("-")[0].isdigit()]
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@"))]
