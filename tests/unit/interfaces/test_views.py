"""The questions of the control protocol, answered from a real state directory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from msgspec import structs
from rich.console import Console

from actors.entries.entry_filter import StrategistState, lock_of
from actors.entries.strategist import Strategist, evolve
from core.orders.intents import GatewayState
from core.orders.lifecycle import new_order
from core.trading.trades import HoldingsState, Trade
from i18n import word
from i18n.errors import UserError
from i18n.styles import rendered
from interfaces.views import Ledger, answer, lines, plain, render
from interfaces.views.health import HealthView
from interfaces.views.why import LAST
from messages import control
from messages.account import (
    AccountSeen,
    CoinsFreed,
    CoinsMovedOut,
    DustLost,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.base import Envelope
from messages.budget import BudgetAdjusted
from messages.config import Config
from messages.control import ConfigTaken, ForceEnter
from messages.market_status import PairBarred, TermsSeen
from messages.orders import Order, OrderIntended
from messages.runtime_stats import HealthIssue
from messages.trading import DustKept, ExitFailed, ExitWanted, PairLocked
from messages.venue_queries import Balance, OpenOrder
from persistence.reader import Reader
from persistence.record import Record
from persistence.store import Store
from projections.equity_curve import trading_day
from projections.ledger import clock
from projections.recent_entries import pair_of
from tests.support.journals import (
    BTC,
    ETH,
    START,
    TRADE,
    Nothing,
    candles,
    closing,
    letters,
    life,
    row,
    state,
)

D = Decimal
QUESTIONS = [
    kind(BTC) if kind is control.ShowWhy else kind() for kind in get_args(control.Questions)
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = state(tmp_path, life())
    store.archive([(BTC, candle) for candle in candles()], 3)
    yield store
    store.close()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: type(q).__name__)
def test_every_question_is_answered_as_a_table_and_as_json(
    store: Reader, question: control.Questions, language: str
) -> None:
    view = answer(question, store)
    console = Console(file=StringIO(), width=160)
    console.print(render(view, language))
    assert console.file.getvalue().strip()  # type: ignore[attr-defined]
    assert json.loads(json.dumps(plain(view))) == plain(view)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: type(q).__name__)
def test_a_state_directory_without_a_trade_answers_too(
    tmp_path: Path, question: control.Questions
) -> None:
    with state(tmp_path, life()[:1]) as empty:
        view = answer(question, empty)
        assert render(view, "ko")
        assert plain(view)


def test_the_status_tells_profit_after_fees_and_the_stop(store: Reader) -> None:
    view = plain(answer(control.ShowStatus(), store))
    (trade,) = view["trades"]
    last = candles()[-1].close
    gain = 5 * last * (1 - D("0.0005")) - D("5002.5")
    assert D(trade["profit_abs"]) == gain
    assert trade["stop_reason"] == "trailing_stop_loss"
    assert D(trade["stop_rate"]) == D(1100) * D("0.98")
    assert trade["open_date"] == "2025-09-01T00:01:00Z"
    assert view["at"] == "2025-09-01T01:20:00Z"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "has 900 of 3,000 candles"), ("ko", "캔들 3,000개 중 900개만")],
)
def test_what_ails_the_running_bot_makes_its_health_ill_and_is_told(
    store: Reader, language: str, words: str
) -> None:
    facts = {"pair": BTC, "have": "900", "need": "3,000"}
    well = answer(control.ShowHealth(), store)
    ill = answer(control.ShowHealth(), store, ails=(HealthIssue("startup", facts),))
    assert isinstance(ill, HealthView)
    assert not ill.well
    text = rendered(render(ill, language), 160)
    assert words in text
    assert words not in rendered(render(well, language), 160)


def test_a_price_that_is_not_known_is_not_made_up(tmp_path: Path) -> None:
    with state(tmp_path, life()) as bare:
        (trade,) = plain(answer(control.ShowStatus(), bare))["trades"]
        assert trade["current_rate"] is trade["profit_abs"] is None


def test_the_balance_adds_up_from_the_budgets_events(store: Reader) -> None:
    found = plain(answer(control.ShowBalance(), store))
    assert D(found["cash"]) == 1000000 - 10005 + D("5497.25")
    assert D(found["reserved"]) == 10005  # of the other pair
    assert D(found["free"]) == D(found["cash"]) - 10005
    (coin,) = found["coins"]
    assert coin == {
        "pair": BTC, "amount": "5", "cost": "5002.5", "dust": "0", "dust_value": "0"
    }  # fmt: skip


def test_dust_stays_in_the_balance_until_it_joins_a_trade(tmp_path: Path) -> None:
    with state(tmp_path, [*life(), closing("0.25")]) as dusty:
        found = plain(answer(control.ShowBalance(), dusty))
        assert found["coins"] == [dust_of("0.25", "51")]


def dust_of(amount: str, value: str) -> dict[str, str]:
    return {"pair": BTC, "amount": "0", "cost": value, "dust": amount, "dust_value": value}


def test_dust_is_shown_with_its_value_and_its_loss_is_profit(tmp_path: Path) -> None:
    rest = structs.replace(
        row("-1002.5"), amount=D(5), stake_amount=D(5000), fee_open_cost=D("2.5"),
        fee_close_cost=D(0), close_rate=D(800), exit_reason="dust",
    )  # fmt: skip
    with state(tmp_path, [*life(), DustKept(rest, D(4000), "stop_loss")]) as dusty:
        assert plain(answer(control.ShowBalance(), dusty))["coins"] == [dust_of("5", "4000")]
        view = answer(control.ShowStatus(), dusty)
        assert plain(view)["trades"] == []
        assert plain(view)["dust"] == [{"pair": BTC, "amount": "5", "value": "4000"}]
        for language, words in (("en", "Dust, kept"), ("ko", "잔량")):
            text = rendered(render(view, language))
            assert words in text
            assert "4,000" in text
        profit = plain(answer(control.ShowProfit(), dusty))
        assert D(profit["summary"]["profit_abs"]) == D("400") - D("1002.5")
        told = plain(answer(control.ShowBalance(), dusty))
        assert D(told["total"]) - D(told["cash"]) == 4000


def test_the_account_stands_beside_the_books(tmp_path: Path) -> None:
    coins = {BTC: Balance(D(9), D(2), D(1100)), ETH: Balance(D(3))}
    seen = AccountSeen(Balance(D(900), D(100)), coins, (OpenOrder("u", ETH, "ask"),))
    with state(tmp_path, [*life(), seen, BudgetAdjusted(D(-55), "account")]) as live:
        view = answer(control.ShowBalance(), live)
        found = plain(view)
        assert D(found["cash"]) == 1000000 - 10005 + D("5497.25") - 55
        pockets = {p["pair"]: p for p in found["account"]["pockets"]}
        assert [pockets["KRW"][k] for k in ("whole", "free", "locked")] == ["1000", "900", "100"]
        btc = [pockets[BTC][k] for k in ("whole", "external", "average", "venue_average")]
        assert btc == ["11", "6", "1000", "1100"]  # 5 are held in the trade
        assert (pockets[ETH]["external"], found["account"]["orders"]) == ("3", 1)
        text = rendered(render(view, "ko"))
        for word in ("보유", "주문가능", "주문중", "매수평균가", "11"):
            assert word in text


def test_on_paper_the_balance_knows_no_account(store: Reader) -> None:
    assert plain(answer(control.ShowBalance(), store))["account"] is None


def test_a_released_trade_is_open_no_more_and_its_dust_is_back(tmp_path: Path) -> None:
    gone = TradeReleased(TRADE, BTC, D(4), D(1), D(30))
    with state(tmp_path, [*life(), gone, DustLost(BTC, D("0.5"))]) as released:
        assert plain(answer(control.ShowStatus(), released))["trades"] == []
        found = plain(answer(control.ShowBalance(), released))
        assert found["coins"] == [dust_of("0.5", "15")]


def test_a_suspended_trade_is_shown_everywhere_with_what_to_type(tmp_path: Path) -> None:
    gone = TradeSuspended(TRADE, BTC, D(2), 100.0, 86500.0)
    with state(tmp_path, [*life(), gone]) as away:
        status = answer(control.ShowStatus(), away)
        assert plain(status)["trades"][0]["suspended"] == "2"
        health = answer(control.ShowHealth(), away)
        assert not health.well
        for view in (status, health, answer(control.ShowWhy(BTC), away)):
            for language in ("en", "ko"):
                assert "explain BTC" in rendered(render(view, language), 400)
    with state(tmp_path / "back", [*life(), gone, TradeResumed(TRADE, BTC)]) as back:
        assert plain(answer(control.ShowStatus(), back))["trades"][0]["suspended"] == "0"


def test_an_exit_that_waits_for_its_coins_is_shown_with_the_order_that_locks_them(
    tmp_path: Path,
) -> None:
    lock = OpenOrder("his-order", BTC, "ask")
    failed = ExitFailed("x", TRADE, BTC, "coins_not_free", 9.0, waits=True, asks=(lock,))
    with state(tmp_path, [*life(), failed]) as waiting:
        assert "his-order" in rendered(render(answer(control.ShowStatus(), waiting), "en"), 400)
    with state(tmp_path / "freed", [*life(), failed, CoinsFreed(TRADE, BTC)]) as freed:
        assert "his-order" not in rendered(render(answer(control.ShowStatus(), freed), "en"), 400)


@pytest.mark.parametrize("why", ["recovering", "pair_disputed", "pair_busy", "coins_not_free"])
def test_an_exit_that_is_barred_is_shown_with_what_it_waits_for(tmp_path: Path, why: str) -> None:
    waits = why == "coins_not_free"
    failed = ExitFailed("x", TRADE, BTC, why, 9.0, waits)
    with state(tmp_path, life()) as waiting:
        trade = Trade(TRADE, BTC, D(1), D(1), D(0), D(1), 0.0, "", D(1), 0.0)
        trade = structs.replace(trade, waits=waits, bar="" if waits else why)
        kept = Record(HoldingsState(trades={TRADE: trade}))
        waiting.commit("holdings", kept, letters([failed]))
        shown = [control.ShowStatus(), control.ShowHealth(), control.ShowWhy(BTC)]
        assert plain(answer(control.ShowHealth(), waiting))["exits_barred"] == {BTC: why}
        for view, language in product(shown, ("en", "ko")):
            told = rendered(render(answer(view, waiting), language), 400)
            assert word("reason", why, language) in told, (view, language)


@pytest.mark.parametrize("since", [0, 2 * LAST])
def test_why_gives_the_reason_for_which_a_forced_entry_is_refused(
    tmp_path: Path, since: int
) -> None:
    """Though it is older than all the decisions that are shown."""
    bar = PairBarred(ETH, "wallet_suspended", "paused", False, 9.0)
    later = [PairLocked(ETH, 9.0, "cooldown")] * since
    config = Config(strategy="rsi_macd_bollinger")
    barred = evolve(evolve(StrategistState(), ConfigTaken(config)), lock_of(bar))
    with state(tmp_path, [*life(), bar, *later]) as store:
        store.commit("strategist", Record(barred), letters([TermsSeen()]))
        wish = Strategist.decide(barred, ForceEnter(pair=ETH, id="1"), 10.0)
        (reply,) = [said for said in wish if isinstance(said, control.OperatorReply)]
        found = plain(answer(control.ShowWhy(ETH), store))
        assert found["refused"] == [reply.facts["reason"]] == ["wallet_suspended"]
        events = [decision["event"] for decision in found["decisions"]]
        assert ("PairBarred" in events) is not since
        for language, said in (("en", "deposits or withdrawals"), ("ko", "입출금 정지")):
            told = rendered(render(answer(control.ShowWhy(ETH), store), language), 400)
            assert said in told
            assert not any(line.rstrip().endswith(":") for line in told.splitlines())
        assert plain(answer(control.ShowWhy(BTC), store))["refused"] == []


def test_what_was_moved_out_is_in_no_sum_and_shown_apart_at_its_cost(tmp_path: Path) -> None:
    moved = CoinsMovedOut(BTC, D(2), D(2000), D(1), D(1000), TRADE)
    with state(tmp_path, [*life(), moved]) as away:
        found = plain(answer(control.ShowBalance(), away))
        assert found["moved"] == "2001"
    with state(tmp_path / "before", life()) as before:
        assert plain(answer(control.ShowBalance(), before))["total"] == found["total"]


def test_orders_shows_only_those_that_have_not_ended(tmp_path: Path) -> None:
    with state(tmp_path, life()[:5]) as early:
        (order,) = plain(answer(control.ShowOrders(), early))["orders"]
        assert (order["state"], order["uuid"]) == ("wait", "uuid-1")
    assert early


def test_trades_gives_the_last_ones(tmp_path: Path) -> None:
    with state(tmp_path, [*life(), closing()]) as both:
        found = plain(answer(control.ShowTrades(limit=1), both))
        assert found["total"] == 2
        assert [trade["profit_abs"] for trade in found["trades"]] == ["100"]
        total = plain(answer(control.ShowProfit(), both))["summary"]
        assert (total["profit_abs"], total["rows"], total["trades"]) == ("500", 2, 1)


def test_a_trading_day_begins_when_the_configuration_says() -> None:
    assert trading_day(START, "00:00") == date(2025, 9, 1)
    assert trading_day(START - 1, "09:00") == date(2025, 8, 31)
    assert trading_day(START, "09:00") == date(2025, 9, 1)


def test_daily_lists_days_without_an_exit_too(store: Reader) -> None:
    days = plain(answer(control.ShowDaily(days=3), store))["days"]
    assert [(day["day"], day["profit_abs"]) for day in days] == [
        ("2025-09-01", "400"),
        ("2025-08-31", "0"),
        ("2025-08-30", "0"),
    ]


def test_locks_that_have_run_out_are_not_shown(store: Reader) -> None:
    (lock,) = plain(answer(control.ShowLocks(), store))["locks"]
    assert (lock["pair"], lock["reason"]) == ("*", "MaxDrawdown")


def test_why_tells_the_decisions_of_the_pair_and_what_stops_every_pair(store: Reader) -> None:
    found = plain(answer(control.ShowWhy(BTC), store))
    events = [decision["event"] for decision in found["decisions"]]
    assert events[:3] == ["EntryWanted", "BudgetReserved", "OrderIntended"]
    assert events[-3:] == ["PairLocked", "BreakerOpened", "TradingChanged"]
    assert "EntryVetoed" not in events
    other = plain(answer(control.ShowWhy(ETH), store))
    assert "EntryVetoed" in [decision["event"] for decision in other["decisions"]]


def test_why_offers_markets_and_no_lock_of_every_pair(store: Reader) -> None:
    with pytest.raises(UserError) as error:
        answer(control.ShowWhy("KRW-BCT"), store)
    assert error.value.allowed == f"{BTC}, {ETH}"


def test_why_gives_each_conditions_value_at_the_newest_candle(store: Reader) -> None:
    found = plain(answer(control.ShowWhy(BTC), store))
    conditions = {c["name"]: c for c in found["conditions"]}
    assert set(conditions) == {"rsi", "macd", "bollinger"}
    assert conditions["rsi"]["limit"] == "30"
    assert 0 < float(conditions["rsi"]["value"]) < 100
    assert float(conditions["bollinger"]["value"]) == float(candles()[-1].close)
    assert plain(answer(control.ShowWhy(ETH), store))["conditions"] == []


def test_health_tells_what_needs_a_person(store: Reader) -> None:
    found = plain(answer(control.ShowHealth(), store))
    assert (found["breaker"], found["mode"]) == ("open", "stopentry")
    assert found["entries"] == len(life())
    assert found["owners"] == ["test"]
    assert found["newest_candle"] == "2025-09-01T01:19:00Z"


@pytest.mark.parametrize(
    ("late", "waits"), [(0.0, False), (80.0, False), (100.0, True), (-32400.0, True)]
)
def test_health_is_not_well_while_an_exit_waits(store: Store, late: float, waits: bool) -> None:
    ledger = Ledger()
    answer(control.ShowHealth(), store, ledger)
    due = clock(store, ledger) - late
    wish = ExitWanted(f"{TRADE}/x1", TRADE, BTC, D(1), "stop_loss", D(1), 0, due)
    trade = Trade(TRADE, BTC, D(1), D(1), D(0), D(1), 0.0, "", D(1), 0.0)
    refused = structs.replace(trade, wish=wish, retry_at=due, retry_seconds=4.0)
    store.commit("holdings", Record(HoldingsState(trades={TRADE: refused})), letters([closing()]))
    view = answer(control.ShowHealth(), store)
    assert isinstance(view, HealthView)
    assert view.exits_waiting == ((BTC,) if waits else ())
    assert not (waits and structs.replace(view, breaker="closed").well)

    queued = GatewayState(live={"x": new_order(OrderIntended(_sale(due + 30.0), "n", "{}"))})
    store.commit("holdings", Record(HoldingsState()), letters([closing()]))
    store.commit("gateway", Record(queued), letters([closing()]))
    view = answer(control.ShowHealth(), store)
    assert isinstance(view, HealthView)
    assert view.exits_waiting == ((BTC,) if waits else ())


def _sale(good_until: float) -> Order:
    return Order("x", TRADE, BTC, "ask", "market", volume=D(1), good_until=good_until)


def test_the_configuration_shown_is_the_journaled_one(store: Reader) -> None:
    rows = {r["key"]: r["value"] for r in plain(answer(control.ShowConfig(), store))["settings"]}
    assert rows["startup_candle_count"] == 60
    assert rows["rsi_oversold"] == 30.0


def test_a_ledger_that_is_kept_reads_on_where_it_stood(store: Store) -> None:
    kept = Ledger()
    answer(control.ShowProfit(), store, kept)
    assert kept.number == len(life())

    store.commit("test", Record(Nothing()), letters([closing()]))
    view = answer(control.ShowProfit(), store, kept)
    assert plain(view) == plain(answer(control.ShowProfit(), store))
    assert kept.trades.open == {}


def test_every_entry_of_the_journal_is_a_line_and_json(store: Reader) -> None:
    for envelope in store.events():
        for language in ("en", "ko"):
            assert str(envelope.number) in lines.line(envelope, language)
        found = lines.as_json(envelope)
        assert json.loads(json.dumps(found))["event"]["type"] == type(envelope.body).__name__
    first = next(store.events(1))
    assert pair_of(first) == BTC


def test_a_wish_that_is_bound_to_no_candle_tells_no_price() -> None:
    forced = ExitWanted("i", "t", BTC, Decimal(2), "force_exit", Decimal(0), -1, 150.0)
    seen = ExitWanted("i", "t", BTC, Decimal(2), "roi", Decimal(110), 60, 150.0)
    for language in ("en", "ko"):
        assert "₩" not in lines.text(Envelope(forced, 0.0, "holdings"), language)
        assert "₩110" in lines.text(Envelope(seen, 0.0, "holdings"), language)
