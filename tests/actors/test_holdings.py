"""What is held, from the first fill to the last."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from actors.holdings import holdings
from actors.holdings.holdings import Holdings
from core.trading.trades import Dust, Trade
from messages.base import After
from messages.config import Config, Protection
from messages.control import ConfigAdopted, ForceExit, OperatorReply, TradingChanged
from messages.market import CandleReport, Verdict, Watch
from messages.orders import OrderAbsent, OrderClosed, OrderFilled, OrderRefused
from messages.trading import (
    CancelWanted,
    EntryEnded,
    ExitFailed,
    ExitFilled,
    ExitWanted,
    HighRaised,
    PairLocked,
    RetryExit,
    TradeClosed,
    TradeIncreased,
    TradeOpened,
    TradeReduced,
)
from tests.actors.turns import TIGHT, Turns, candle, of

D = Decimal
PAIR = "KRW-A"
TRADE = "KRW-A@0"


def bid(kind: type, volume: str, funds: str, at: float = 60.0, trade: str = TRADE) -> Any:
    state = ("done",) if kind is OrderClosed else ()
    fee = D(funds) * D("0.0005")
    return kind(trade, trade, PAIR, "bid", *state, D(volume), D(funds), fee, at)


def ask(kind: type, volume: str, price: str = "100", at: float = 180.0, attempt: int = 1) -> Any:
    state = ("done",) if kind is OrderClosed else ()
    funds = D(volume) * D(price)
    id = f"{TRADE}/x{attempt}"
    return kind(id, TRADE, PAIR, "ask", *state, D(volume), funds, funds * D("0.0005"), at)


def no(attempt: int = 1, reason: str = "server_error") -> OrderRefused:
    return OrderRefused(f"{TRADE}/x{attempt}", TRADE, PAIR, "ask", reason)


def report(time: int, low: str, high: str, close: str = "", leave: bool = False) -> CandleReport:
    return CandleReport(PAIR, candle(time, low, high, close), 60, Verdict(exit=leave))


def holding(config: Config = TIGHT, volume: str = "1000") -> Turns:
    """1,000 coins bought at 100 at the open of the candle at 60."""
    turns = Turns(holdings, Holdings)
    funds = str(D(volume) * 100)
    turns.take(ConfigAdopted(config))
    turns.all(bid(OrderFilled, volume, funds), bid(OrderClosed, volume, funds))
    return turns


def the(turns: Turns) -> Trade:
    return turns.state.trades[TRADE]  # type: ignore[no-any-return]


# --- entries
def test_a_fill_opens_a_trade_and_the_end_of_its_order_opens_the_exits() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(TIGHT))
    fill = OrderFilled(TRADE, TRADE, PAIR, "bid", D(3), D(100), D("0.05"), 60.0, "rsi macd")
    assert turns.take(fill) == [
        TradeOpened(TRADE, PAIR, D(3), D(100), D("0.05"), D("33.33333333"), 60.0, "rsi macd")
    ]
    assert turns.take(fill) == []  # running totals, again
    assert turns.take(report(120, "1", "40")) == [HighRaised(TRADE, PAIR, D(40), 120)]
    more = bid(OrderFilled, "6", "230", 180.0)
    (increased,) = turns.take(more)
    assert isinstance(increased, TradeIncreased)
    assert increased.price == D("38.33333333")
    ended, watch = turns.take(bid(OrderClosed, "6", "230", 180.0))
    assert ended == EntryEnded(TRADE, PAIR)
    assert watch.above == D(40)  # the peak stays
    assert turns.take(report(180, "1", "90")) == []  # its open has filled the entry


def test_an_entry_without_a_fill_leaves_nothing() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(TIGHT))
    assert turns.take(bid(OrderClosed, "0", "0")) == []
    assert turns.state.trades == {}


def test_an_end_that_tells_more_than_the_fills_is_believed() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(TIGHT))
    said = turns.take(bid(OrderClosed, "10", "1000"))
    assert [type(m) for m in said] == [TradeOpened, EntryEnded, Watch]


# --- candles
def test_the_candle_of_the_fill_neither_exits_nor_moves_the_peak() -> None:
    assert holding().take(report(60, "1", "200", leave=True)) == []


def price(since: float, moment: float, low: str, high: str, last: str = "") -> CandleReport:
    return CandleReport(PAIR, candle(int(moment), low, high, last), 0, Verdict(), since, moment)


def test_a_price_before_the_entrys_fill_does_not_count_though_its_second_is_the_same() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(TIGHT))
    turns.all(bid(OrderFilled, "99", "9900", 60.4), bid(OrderClosed, "99", "9900", 60.4))
    assert turns.take(price(60.2, 60.2, "1", "200"), 60.5) == []
    assert turns.take(price(60.4, 60.4, "1", "200"), 60.5) == []
    (wanted,) = of(ExitWanted, turns.take(price(60.6, 60.6, "97", "97"), 60.7))
    assert (wanted.reason, wanted.candle) == ("stop_loss", 60)


def test_of_prices_around_the_fill_the_last_alone_counts() -> None:
    turns = holding()
    assert turns.take(price(59.0, 61.0, "1", "500", "100"), 61.0) == []
    assert [r.max_price for r in turns.take(price(59.0, 61.0, "1", "500", "101"), 61.0)[:1]] == [
        D(101)
    ]


def test_every_price_of_one_second_counts() -> None:
    turns = holding()
    (raised, _) = turns.take(price(90.1, 90.1, "104", "104"), 90.2)
    assert raised == HighRaised(TRADE, PAIR, D(104), 90)
    (wanted,) = of(ExitWanted, turns.take(price(90.3, 90.3, "101.9", "101.9"), 90.4))
    assert wanted.reason == "trailing_stop_loss"


def test_an_exit_at_a_price_is_good_from_now_on_however_old_its_trade_is() -> None:
    (wanted,) = of(ExitWanted, holding().take(price(61.0, 61.0, "97", "97"), at=4000.0))
    assert wanted.good_until == 4030.0


@pytest.mark.parametrize(
    ("low", "high", "leave", "reason", "volume"),
    [
        ("97", "100", False, "stop_loss", "1000"),
        ("98", "110", False, "roi", "1000"),
        ("98", "101", True, "exit_signal", "1000"),
        ("98", "105", False, "partial_exit", "500"),
    ],
)
def test_a_candle_decides_an_exit_and_then_raises_the_peak(
    low: str, high: str, leave: bool, reason: str, volume: str
) -> None:
    turns = holding()
    said = turns.take(report(120, low, high, "99", leave), at=180.0)
    (wanted,) = of(ExitWanted, said)
    assert (wanted.id, wanted.reason, wanted.volume) == (f"{TRADE}/x1", reason, D(volume))
    assert (wanted.close, wanted.good_until, wanted.candle) == (D(99), 210.0, 120)
    raised = of(HighRaised, said)
    assert [r.max_price for r in raised] == ([D(high)] if D(high) > 100 else [])
    assert turns.take(report(120, low, high, "99", leave), at=180.0) == []  # taken already
    later = turns.take(report(180, "1", "300"), at=240.0)
    assert of(ExitWanted, later) == []  # one is under way
    assert the(turns).max_price == 300  # the peak rises all the same


def test_the_trailing_stop_knows_the_peak_before_its_candle() -> None:
    turns = holding()
    assert of(ExitWanted, turns.take(report(120, "97.5", "104"), at=180.0)) == []
    (wanted,) = of(ExitWanted, turns.take(report(180, "101.92", "103"), at=240.0))
    assert wanted.reason == "trailing_stop_loss"


def test_another_pair_s_candle_says_nothing() -> None:
    other = CandleReport("KRW-B", candle(120, "1", "200"), 60)
    assert holding().take(other) == []


@pytest.mark.parametrize(
    ("mode", "exits"), [("stopped", 0), ("killed", 0), ("stopentry", 1), ("running", 1)]
)
def test_only_stop_and_kill_hold_back_exits(mode: Any, exits: int) -> None:
    turns = holding()
    turns.take(TradingChanged(mode))
    said = turns.take(report(120, "90", "101"), at=180.0)
    assert len(of(ExitWanted, said)) == exits
    assert len(of(HighRaised, said)) == 1


# --- the ends of exits
def test_a_sale_closes_the_trade_and_locks_the_pair_first() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    (filled,) = turns.take(ask(OrderFilled, "1000", "95"))
    assert isinstance(filled, ExitFilled)
    locked, closed, watch = turns.take(ask(OrderClosed, "1000", "95"))
    assert locked == PairLocked(PAIR, 180.0 + 600, "cooldown")
    assert closed.row.profit_abs == D("95000") - D("47.5") - D("100000") - D(50)
    assert closed.row.exit_reason == "stop_loss"
    assert watch == Watch("holdings", PAIR)
    assert turns.state.trades == {}
    assert turns.take(ask(OrderClosed, "1000", "95")) == []


def test_after_a_partial_exit_the_same_candle_goes_on_and_no_other_part_is_sold() -> None:
    turns = holding()
    turns.take(report(120, "100", "106"), at=180.0)
    said = turns.all(ask(OrderFilled, "500", "106"), ask(OrderClosed, "500", "106"))
    (reduced,) = of(TradeReduced, said)
    assert (reduced.row.stake_amount, reduced.row.exit_reason) == (D(50000), "partial_exit")
    assert the(turns).partial_done
    assert the(turns).volume == 500
    said = turns.take(report(180, "105", "108"), at=240.0)  # its open filled the part
    assert of(ExitWanted, said) == []
    assert of(HighRaised, said)[0].max_price == 108
    (wanted,) = of(ExitWanted, turns.take(report(240, "107", "110"), at=300.0))
    assert (wanted.id, wanted.reason, wanted.volume) == (f"{TRADE}/x2", "roi", D(500))


def test_a_partial_exit_that_is_the_whole_keeps_its_reason() -> None:
    turns = holding(volume="90")
    (wanted,) = of(ExitWanted, turns.take(report(120, "100", "105"), at=180.0))
    assert (wanted.volume, wanted.reason) == (D(90), "partial_exit")
    (closed,) = of(TradeClosed, turns.take(ask(OrderClosed, "90", "105")))
    assert closed.row.exit_reason == "partial_exit"


def test_an_exit_that_sold_a_part_only_leaves_the_rest_open() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    (reduced,) = of(TradeReduced, turns.take(ask(OrderClosed, "400", "95")))
    assert reduced.row.exit_reason == "stop_loss"
    assert (the(turns).volume, the(turns).partial_done) == (D(600), False)
    (wanted,) = of(ExitWanted, turns.take(report(180, "90", "100"), at=240.0))
    assert (wanted.id, wanted.volume) == (f"{TRADE}/x2", D(600))


def test_an_exit_that_was_cancelled_unsold_is_not_forced_again() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    assert turns.take(ask(OrderClosed, "0"), at=181.0) == [
        ExitFailed(f"{TRADE}/x1", TRADE, PAIR, "unfilled", 182.0)
    ]
    assert turns.take(RetryExit(TRADE), at=200.0) == []
    assert of(ExitWanted, turns.take(report(180, "90", "100"), at=240.0))


def test_a_refused_exit_waits_1_2_4_to_60_seconds_and_is_tried_again() -> None:
    turns, at = holding(), 180.0
    turns.take(report(120, "90", "100"), at=at)
    for attempt, wait in enumerate((1, 2, 4, 8, 16, 32, 60, 60, 60), 1):
        failed, after = turns.take(no(attempt), at)
        assert failed.retry_at == at + wait
        assert after == After(wait, RetryExit(TRADE))
        assert turns.take(report(120 + 60 * attempt, "90", "100"), at) == []
        early = turns.take(RetryExit(TRADE), at + wait - 0.5)
        assert early == [After(0.5, RetryExit(TRADE))]
        at += wait
        (wanted,) = turns.take(RetryExit(TRADE), at)
        assert (wanted.id, wanted.reason) == (f"{TRADE}/x{attempt + 1}", "stop_loss")
        assert wanted.good_until == at + 30
        assert turns.take(RetryExit(TRADE), at) == []  # under way


def test_a_refused_part_is_decided_anew() -> None:
    turns = holding()
    turns.take(report(120, "100", "106"), at=180.0)
    assert [type(m) for m in turns.take(no(), 180.0)] == [ExitFailed]
    assert of(ExitWanted, turns.take(report(180, "104.5", "104.9"), at=240.0)) == []
    (wanted,) = of(ExitWanted, turns.take(report(240, "104.5", "105"), at=300.0))
    assert wanted.reason == "partial_exit"


def test_an_absent_exit_is_tried_again_and_a_late_sale_is_still_a_sale() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    failed, _ = turns.take(OrderAbsent(f"{TRADE}/x1", TRADE, PAIR, "ask"), at=200.0)
    assert failed.reason == "absent"
    turns.take(RetryExit(TRADE), at=201.0)
    (closed,) = of(TradeClosed, turns.take(ask(OrderClosed, "1000", "95", attempt=1)))
    assert closed.row.exit_reason == "stop_loss"
    assert turns.take(no(2)) == []


def test_a_sale_that_outlives_its_trade_is_one_of_the_pairs_next_trade() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    turns.take(OrderAbsent(f"{TRADE}/x1", TRADE, PAIR, "ask"), at=200.0)
    turns.take(RetryExit(TRADE), at=201.0)
    assert of(TradeClosed, turns.take(ask(OrderClosed, "1000", "95", attempt=2)))
    later = "KRW-A@600"
    turns.all(*(bid(k, "1200", "120000", 660.0, later) for k in (OrderFilled, OrderClosed)))
    (part,) = of(TradeReduced, turns.take(ask(OrderClosed, "1000", "97", 900.0, attempt=1)))
    assert (part.row.trade, part.row.amount) == (later, D(1000))
    assert turns.state.trades[later].volume == D(200)


def test_a_stopped_bot_keeps_the_retry_for_when_it_starts_again() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    turns.all(no(), TradingChanged("stopped"), at=180.0)
    assert turns.take(RetryExit(TRADE), at=181.0) == []
    said = turns.take(TradingChanged("running"), at=500.0)
    assert of(After, said) == [After(0.0, RetryExit(TRADE))]
    assert of(ExitWanted, turns.take(RetryExit(TRADE), at=500.0))


# --- dust
@pytest.mark.parametrize("refused", [False, True])
def test_dust_frees_the_slot_rests_and_joins_the_next_trade(refused: bool) -> None:
    turns = holding(volume="51")
    if refused:
        turns.take(report(120, "97", "99", "99"), at=180.0)
        said = turns.take(no(reason="under_min_total_ask"), at=180.0)
    else:
        said = turns.take(report(120, "97", "99", "97"), at=180.0)
    assert of(ExitWanted, said) == []
    (closed,) = of(TradeClosed, said)
    assert (closed.row.exit_reason, closed.row.amount, closed.row.close_date) == (
        "dust",
        D(0),
        180.0,
    )
    assert of(PairLocked, said) == [PairLocked(PAIR, 780.0, "cooldown")]
    assert turns.state.dust == {PAIR: Dust(D(51), D(5100), D("2.55"))}
    (opened,) = turns.take(bid(OrderFilled, "100", "20000", 900.0, "KRW-A@840"))
    assert (opened.volume, opened.funds, opened.fee) == (D(151), D(25100), D("12.55"))
    assert opened.price == 200  # the levels come from the new fill
    assert turns.state.dust == {}
    (more,) = turns.take(bid(OrderFilled, "200", "44000", 960.0, "KRW-A@840"))
    assert (more.volume, more.funds, more.price) == (D(251), D(49100), D(220))


# --- protections
def test_a_loss_too_many_locks_every_pair() -> None:
    guard = Protection("StoplossGuard", lookback_period=60, trade_limit=1, stop_duration=30)
    turns = holding(Config(protections=(guard,), cooldown_minutes=0, max_daily_loss_krw=D(1)))
    turns.take(report(120, "90", "100"), at=180.0)
    said = turns.take(ask(OrderClosed, "1000", "95"))
    assert of(PairLocked, said) == [
        PairLocked("*", 180.0 + 1800, "StoplossGuard"),
        PairLocked("*", 54_000.0, "max_daily_loss_krw"),
    ]


def test_the_loss_of_a_part_counts_for_its_day() -> None:
    turns = holding(Config(max_daily_loss_krw=D(1)))
    turns.take(report(120, "90", "100"), at=180.0)
    said = turns.take(ask(OrderClosed, "400", "95"))
    assert of(PairLocked, said) == [PairLocked("*", 54_000.0, "max_daily_loss_krw")]


# --- the operator
@pytest.mark.parametrize("pair", [PAIR, "all"])
def test_a_forced_exit_sells_all_once_for_each_command(pair: str) -> None:
    turns = holding()
    turns.take(TradingChanged("stopped"))
    said = turns.take(ForceExit(pair, "c1"), at=200.0)
    (wanted,) = of(ExitWanted, said)
    assert (wanted.reason, wanted.volume, wanted.good_until) == ("force_exit", D(1000), 230.0)
    assert of(OperatorReply, said)[0].done
    (twin,) = turns.take(ForceExit(pair, "c1"), at=201.0)
    assert isinstance(twin, OperatorReply)
    assert twin.done
    (busy,) = turns.take(ForceExit(pair, "c2"), at=202.0)
    assert (busy.done, busy.facts["reason"]) == (False, "pair_busy")


def test_a_forced_exit_of_nothing_is_refused() -> None:
    (reply,) = holding().take(ForceExit("KRW-B", "c1"))
    assert (reply.done, reply.facts["reason"]) == (False, "no_trade")


@pytest.mark.parametrize("pair", [PAIR, "all"])
def test_a_killed_bot_refuses_a_forced_exit_and_keeps_none_for_later(pair: str) -> None:
    turns = holding()
    turns.take(TradingChanged("killed"))
    (reply,) = turns.take(ForceExit(pair, "c1"), at=200.0)
    assert (reply.done, reply.facts["reason"]) == (False, "killed")
    assert of(ExitWanted, turns.take(TradingChanged("running"), at=300.0)) == []


def test_while_the_entry_lives_a_forced_exit_cancels_it_first() -> None:
    turns = Turns(holdings, Holdings)
    turns.all(ConfigAdopted(TIGHT), bid(OrderFilled, "10", "1000"))
    said = turns.take(ForceExit(PAIR, "c1"), at=70.0)
    assert of(CancelWanted, said) == [CancelWanted(TRADE, PAIR, "force_exit")]
    assert of(ExitWanted, said) == []
    said = turns.take(bid(OrderClosed, "12", "1200"), at=80.0)
    (wanted,) = of(ExitWanted, said)
    assert (wanted.volume, wanted.reason) == (D(12), "force_exit")


def test_a_forced_exit_leaves_the_current_candle_to_be_taken() -> None:
    turns = holding()
    turns.take(ForceExit(PAIR, "c1"), at=180.0)
    assert of(HighRaised, turns.take(report(120, "99", "104"), at=180.0))


# --- starts and configurations
def test_a_start_says_again_what_to_watch_and_what_to_retry() -> None:
    turns = holding()
    turns.take(report(120, "90", "101"), at=180.0)
    turns.take(no(), at=180.0)
    said = list(holdings.resume(turns.state, 180.5))
    assert said == [
        Watch("holdings", PAIR, D(97), D(101)),
        After(0.5, RetryExit(TRADE)),
    ]


def test_a_new_configuration_moves_the_levels_of_open_trades() -> None:
    turns = holding()
    said = turns.take(ConfigAdopted(Config(stoploss=D("-0.2"))))
    assert of(Watch, said) == [Watch("holdings", PAIR, D(80), D(100))]


def test_what_lies_within_the_watched_band_is_never_stated() -> None:
    turns = holding()
    watch = of(Watch, list(holdings.resume(turns.state, 0.0)))[0]
    low, high = watch.below, watch.above
    assert low is not None
    assert high is not None
    assert turns.take(report(120, str(low + D("0.01")), str(high)), at=180.0) == []
    assert turns.take(report(180, str(low + D("0.01")), str(high + D("0.01"))), at=240.0) != []
