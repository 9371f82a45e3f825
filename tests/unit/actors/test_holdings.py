"""What is held, from the first fill to the last."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors.holdings import holdings
from actors.holdings.holdings import Holdings
from actors.notifier import Notifier, NotifierState
from core.trading.trades import Dust, Trade
from messages.base import After
from messages.config import Config, Protection
from messages.control import (
    CommandTaken,
    ConfigAdopted,
    ForceExit,
    OperatorReply,
    TradingChanged,
)
from messages.exchange import Exchange
from messages.market import Candle, CandleReport, Verdict, Watch
from messages.market_status import PairBarred
from messages.notices import ShowNotice
from messages.orders import OrderAbsent, OrderClosed, OrderFilled, OrderRefused
from messages.trading import (
    CancelWanted,
    DustKept,
    EntryEnded,
    ExitFailed,
    ExitFilled,
    ExitWanted,
    ForceExitNoted,
    HighRaised,
    PairLocked,
    RetryExit,
    TradeClosed,
    TradeEmptied,
    TradeIncreased,
    TradeOpened,
    TradeReduced,
)
from tests.unit.actors.fold_checks import turn
from tests.unit.actors.turns import TIGHT, Turns, candle, of

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
    totals = (D(6), D(230), D("0.115"))
    assert turns.take(more) == [
        TradeIncreased(TRADE, PAIR, *totals, D("38.33333333"), 180.0)  # type: ignore[arg-type, misc]
    ]
    assert (the(turns).volume, the(turns).funds, the(turns).fee) == totals
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
    assert turns.take(bid(OrderClosed, "10", "1000"))[:2] == [
        TradeOpened(TRADE, PAIR, D(10), D(1000), D("0.5"), D(100), 60.0, ""),
        EntryEnded(TRADE, PAIR),
    ]


def test_a_later_fill_at_a_higher_price_lifts_the_peak_to_the_entry() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(TIGHT))
    turns.all(bid(OrderFilled, "10", "1000"), bid(OrderFilled, "20", "2400", 120.0))
    assert (the(turns).price, the(turns).max_price) == (D(120), D(120))


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
    said = turns.take(report(120, low, high, "99", leave), at=181.5)
    (wanted,) = of(ExitWanted, said)
    facts: Any = (D(volume), reason, D(99), 120, 210.0)  # from the close on, not from now
    assert wanted == ExitWanted(f"{TRADE}/x1", TRADE, PAIR, *facts)
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


def test_a_candle_that_comes_twice_does_not_meet_the_peak_that_it_raised() -> None:
    turns, swing = holding(), report(120, "97.5", "104")
    assert of(HighRaised, turns.take(swing, at=180.0))
    assert turns.take(swing, at=181.0) == []


@pytest.mark.parametrize("high", [D(99), D(100)])
def test_a_peak_that_is_stated_has_risen(high: Decimal) -> None:
    with pytest.raises(AssertionError):
        Holdings.evolve(holding().state, HighRaised(TRADE, PAIR, high, 120))


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
    fill = ask(OrderFilled, "1000", "95")
    (filled,) = turns.take(fill)
    assert filled == ExitFilled(fill.id, TRADE, PAIR, D(1000), fill.funds, fill.fee, 180.0)
    assert turns.take(fill) == []  # running totals, again
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
    turns.take(ask(OrderFilled, "400", "95"))
    (reduced,) = of(TradeReduced, turns.take(ask(OrderClosed, "400", "95")))
    assert reduced.row.exit_reason == "stop_loss"
    assert (the(turns).volume, the(turns).partial_done) == (D(600), False)
    assert (the(turns).sold, the(turns).exit) == (D(0), None)
    (wanted,) = of(ExitWanted, turns.take(report(180, "90", "100"), at=240.0))
    assert (wanted.id, wanted.volume) == (f"{TRADE}/x2", D(600))


def test_fills_of_what_is_no_exit_under_way_are_not_its() -> None:
    turns = holding()
    assert turns.take(ask(OrderFilled, "400")) == []  # none is
    turns.take(report(120, "90", "100"), at=180.0)
    assert turns.take(ask(OrderFilled, "400", attempt=9)) == []
    assert turns.take(structs.replace(ask(OrderFilled, "400"), trade="other")) == []
    assert the(turns).sold == 0


def test_a_new_exits_fills_are_counted_from_nothing() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    turns.take(ask(OrderFilled, "400"))
    turns.take(OrderAbsent(f"{TRADE}/x1", TRADE, PAIR, "ask"), at=200.0)
    turns.take(RetryExit(TRADE), at=201.0)
    (filled,) = turns.take(ask(OrderFilled, "300", attempt=2))
    assert (filled.volume, the(turns).sold) == (D(300), D(300))


def test_a_sale_ends_the_trade_that_it_is_of_though_its_pair_has_another() -> None:
    turns, other = holding(), "KRW-A@60"
    turns.all(*(bid(kind, "10", "1000", 60.0, other) for kind in (OrderFilled, OrderClosed)))
    turns.take(ForceExit(PAIR, "c"), at=200.0)
    sale = structs.replace(ask(OrderClosed, "10"), id=f"{other}/x1", trade=other)
    (closed,) = of(TradeClosed, turns.take(sale))
    assert (closed.row.trade, closed.row.exit_reason) == (other, "force_exit")
    assert set(turns.state.trades) == {TRADE}


def test_an_exit_that_was_cancelled_unsold_is_not_forced_again() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    assert turns.take(ask(OrderClosed, "0"), at=181.0) == [
        ExitFailed(f"{TRADE}/x1", TRADE, PAIR, "unfilled", 182.0, seconds=1.0)
    ]
    assert turns.take(RetryExit(TRADE), at=200.0) == []
    assert turns.take(report(120, "90", "100"), at=200.0) == []  # that candle was taken
    assert of(ExitWanted, turns.take(report(180, "90", "100"), at=240.0))


def test_a_refused_exit_waits_1_2_4_to_60_seconds_and_is_tried_again() -> None:
    turns, at = holding(), 180.0
    turns.take(report(120, "90", "100"), at=at)
    for attempt, wait in enumerate((1, 2, 4, 8, 16, 32, 60, 60, 60), 1):
        failed, after = turns.take(no(attempt), at)
        assert failed.retry_at == at + wait
        alarm = RetryExit(TRADE, f"{TRADE}/x{attempt}")
        assert after == After(wait, alarm)
        assert turns.take(report(120 + 60 * attempt, "90", "100"), at) == []
        early = turns.take(RetryExit(TRADE), at + wait - 0.5)
        assert early == [After(0.5, alarm)]
        at += wait
        (wanted,) = turns.take(RetryExit(TRADE), at)
        assert (wanted.id, wanted.reason) == (f"{TRADE}/x{attempt + 1}", "stop_loss")
        assert (wanted.close, wanted.candle, wanted.good_until) == (D(90), 120, at + 30)
        assert turns.take(RetryExit(TRADE), at) == []  # under way


def test_an_exit_of_a_market_that_is_gone_waits_longer_and_longer_up_to_an_hour() -> None:
    turns, at, waits = holding(), 180.0, []
    turns.take(report(120, "90", "100"), at=at)
    for attempt in range(1, 20):
        failed, after = turns.take(no(attempt, "notfoundmarket"), at)
        waits.append(after.seconds)
        at += after.seconds
        assert failed.retry_at == at
        (wanted,) = turns.take(RetryExit(TRADE), at)
        assert (wanted.id, wanted.failures) == (f"{TRADE}/x{attempt + 1}", attempt)
    assert waits == [*(2.0**n for n in range(12)), *[3600.0] * 7]
    _, after = turns.take(no(20), at)  # it is there again, and the venue busy
    assert after.seconds == 60


def test_a_day_of_a_market_that_is_gone_is_told_by_the_warden_alone_and_fills_no_journal() -> None:
    turns, at, told, events = holding(), 180.0, [], 0
    turns.take(report(120, "90", "100"), at=at)
    for attempt in range(1, 1000):
        refusal = no(attempt, "notfoundmarket")
        failed, after = turns.take(refusal, at)
        at += after.seconds
        wanted, *_ = turns.take(RetryExit(TRADE), at)
        for said in (refusal, wanted):
            told += turn(Notifier, NotifierState(), said, at).of(ShowNotice)
        events += len([refusal, failed, wanted])
        if at > 86400:
            break
    assert told == []
    assert events < 120


def test_a_refused_part_is_decided_anew() -> None:
    turns = holding()
    turns.take(report(120, "100", "106"), at=180.0)
    assert [type(m) for m in turns.take(no(), 180.0)] == [ExitFailed]
    assert turns.take(RetryExit(TRADE), 181.0) == []
    assert of(ExitWanted, turns.take(report(180, "104.5", "104.9"), at=240.0)) == []
    (wanted,) = of(ExitWanted, turns.take(report(240, "104.5", "105"), at=300.0))
    assert wanted.reason == "partial_exit"


def test_a_refused_part_waits_until_its_time_and_no_longer() -> None:
    turns = holding()
    turns.take(report(120, "100", "106"), at=180.0)
    assert turns.take(no(), 239.0)[0].retry_at == 240.0
    assert turns.take(report(120, "100", "106"), at=240.0) == []  # no candle counts twice
    assert of(ExitWanted, turns.take(report(180, "100", "106"), at=239.5)) == []
    assert of(ExitWanted, turns.take(report(240, "100", "106"), at=240.0))


def test_a_refusal_of_what_is_not_under_way_changes_nothing() -> None:
    turns = holding()
    before = turns.state
    assert turns.all(no(), OrderAbsent(f"{TRADE}/x1", TRADE, PAIR, "ask")) == []
    assert turns.state == before


def test_an_absent_exit_is_tried_again_and_a_late_sale_is_still_a_sale() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    failed, _ = turns.take(OrderAbsent(f"{TRADE}/x1", TRADE, PAIR, "ask"), at=200.0)
    assert failed.reason == "absent"
    turns.take(RetryExit(TRADE), at=201.0)
    (closed,) = of(TradeClosed, turns.take(ask(OrderClosed, "1000", "95", attempt=1)))
    assert closed.row.exit_reason == "stop_loss"
    assert turns.take(no(2)) == []


def test_a_late_sale_of_a_part_ends_the_retries_of_the_whole() -> None:
    turns, at = holding(), 180.0
    turns.take(report(120, "90", "100"), at=at)
    for attempt in (1, 2, 3):
        refused = turns.take(no(attempt), at)[0]
        at = refused.retry_at
        if attempt < 3:
            turns.take(RetryExit(TRADE), at)
    turns.take(ask(OrderClosed, "400", "95", attempt=1))  # it was no refusal after all
    assert turns.take(RetryExit(TRADE), at) == []
    (wanted,) = of(ExitWanted, turns.take(report(180, "90", "100"), at=at - 1.0))
    assert wanted.volume == 600
    assert turns.take(no(4), at)[0].retry_at == at + 1.0  # the waits begin anew


def test_a_part_that_is_the_whole_is_no_part() -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    (closed,) = of(TradeClosed, holdings.decide(turns.state, ask(OrderClosed, "1000"), 180.0))  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        Holdings.evolve(turns.state, TradeReduced(closed.row))


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
    assert part.row.exit_reason == "exit_signal"  # of an order whose reason went with its trade
    assert turns.state.trades[later].volume == D(200)


def entering() -> Turns:
    """300 coins bought at 100, and the entry's order lives."""
    turns = Turns(holdings, Holdings)
    turns.all(ConfigAdopted(TIGHT), bid(OrderFilled, "300", "30000"))
    return turns


def late(volume: str) -> OrderClosed:
    """The end of a sale that was given up as absent, of a trade that is over."""
    funds = D(volume) * 110
    id = "KRW-A@-600"
    facts = (D(volume), funds, funds * D("0.0005"), 90.0)
    return OrderClosed(f"{id}/x1", id, PAIR, "ask", "cancel", *facts)


def test_what_a_late_sale_takes_from_an_entry_that_still_fills_is_gone_for_good() -> None:
    turns = entering()
    (reduced,) = of(TradeReduced, turns.take(late("100")))
    assert (reduced.row.amount, reduced.row.stake_amount) == (D(100), D(10000))
    assert turns.take(bid(OrderFilled, "300", "30000")) == []  # running totals, again
    (increased,) = of(TradeIncreased, turns.take(bid(OrderFilled, "500", "50000", 100.0)))
    assert increased.volume == D(500), "running totals of the entry"
    assert (the(turns).volume, the(turns).funds, the(turns).fee) == (D(400), D(40000), D(20))
    turns.take(bid(OrderClosed, "500", "50000", 100.0))
    assert (the(turns).volume, the(turns).ended) == (D(400), True)


@pytest.mark.parametrize("more", [False, True])
def test_a_late_sale_of_all_that_an_entry_has_yet_ends_the_trade_with_the_entry(more: bool) -> None:
    turns = entering()
    said = turns.take(late("300"))
    assert of(TradeReduced, said)
    assert not of(TradeClosed, said)
    assert the(turns).volume == 0
    total, funds = ("500", "50000") if more else ("300", "30000")
    said = turns.take(bid(OrderClosed, total, funds, 100.0))
    assert of(EntryEnded, said)
    if more:
        assert (the(turns).volume, the(turns).funds) == (D(200), D(20000))
        return
    assert not of(TradeClosed, said)  # no row of nothing
    (emptied,) = of(TradeEmptied, said)
    assert (emptied.trade, emptied.pair, emptied.reason) == (TRADE, PAIR, "exit_signal")
    assert of(PairLocked, said)
    assert turns.state.trades == turns.state.dust == {}


@pytest.mark.parametrize("mode", ["running", "stopentry"])
def test_a_stopped_bot_keeps_the_retry_for_when_it_may_leave_again(mode: Any) -> None:
    turns = holding()
    turns.take(report(120, "90", "100"), at=180.0)
    turns.all(no(), TradingChanged("stopped"), at=180.0)
    assert turns.take(RetryExit(TRADE), at=181.0) == []
    said = turns.take(TradingChanged(mode), at=500.0)
    assert of(After, said) == [After(0.0, RetryExit(TRADE, f"{TRADE}/x1"))]
    assert of(ExitWanted, turns.take(RetryExit(TRADE), at=500.0))


# --- dust
@pytest.mark.parametrize("refused", [False, True])
def test_dust_books_its_loss_frees_the_slot_rests_and_joins_the_next_trade(refused: bool) -> None:
    turns = holding(volume="51")
    if refused:
        turns.take(report(120, "97", "99", "99"), at=180.0)
        said = turns.take(no(reason="under_min_total_ask"), at=180.0)
        assert not of(DustKept, said)  # at which price is not told
        assert Watch("holdings", PAIR, D(97), D(0)) in said  # any price matters
        said = turns.take(traded("97"), at=181.5)
    else:
        said = turns.take(report(120, "97", "99", "97"), at=181.5)
    assert of(ExitWanted, said) == []
    (kept,) = of(DustKept, said)
    closed = 181.5 if refused else 180.0
    row = kept.row
    assert (row.exit_reason, row.amount, row.close_date, row.close_rate) == (
        "dust", D(51), closed, D(97)
    )  # fmt: skip
    assert row.profit_abs == 51 * 97 - 5100 - D("2.55")
    assert (row.fee_close_cost, kept.value, kept.reason) == (0, D(4947), "stop_loss")
    assert of(PairLocked, said) == [PairLocked(PAIR, closed + 600, "cooldown")]
    assert turns.state.dust == {PAIR: Dust(D(51), D(4947))}
    (opened,) = turns.take(bid(OrderFilled, "100", "20000", 900.0, "KRW-A@840"))
    assert (opened.volume, opened.funds, opened.fee) == (D(151), D(24947), D(10))
    assert opened.price == 200  # the levels come from the new fill
    assert turns.state.dust == {}
    (more,) = turns.take(bid(OrderFilled, "200", "44000", 960.0, "KRW-A@840"))
    assert (more.volume, more.funds, more.price) == (D(251), D(48947), D(220))


def traded(value: str, at: float = 181.0) -> CandleReport:
    """One price, traded at that moment."""
    figure = D(value)
    candle = Candle(int(at), figure, figure, figure, figure, D(1))
    return CandleReport(PAIR, candle, 0, since=at, moment=at)


def test_what_a_forced_exit_cannot_sell_is_worth_the_next_price_not_what_it_cost() -> None:
    turns = holding(volume="51")
    turns.take(ForceExit(PAIR, "c"), at=200.0)  # bound to no candle's price
    assert not of(DustKept, turns.take(no(reason="under_min_total_ask"), at=201.0))
    (kept,) = of(DustKept, turns.take(traded("60", 201.2), at=201.5))
    assert (kept.row.close_rate, kept.row.close_date, kept.reason) == (D(60), 201.5, "force_exit")
    assert kept.row.profit_abs == 51 * 60 - 5100 - D("2.55")


def test_what_was_refused_for_its_worth_is_sold_when_the_price_says_otherwise() -> None:
    turns = holding(volume="51")
    turns.take(ForceExit(PAIR, "c"), at=200.0)
    turns.take(no(reason="under_min_total_ask"), at=201.0)
    said = turns.take(traded("101", 201.2), at=201.5)
    assert not of(DustKept, said)
    (again,) = of(ExitWanted, turns.take(RetryExit(TRADE), at=202.0))
    assert (again.volume, again.reason) == (D(51), "force_exit")


def test_a_stopped_bot_books_no_dust_until_it_may_leave_again() -> None:
    turns = holding(volume="51")
    turns.take(ForceExit(PAIR, "c"), at=200.0)
    turns.all(no(reason="under_min_total_ask"), TradingChanged("stopped"), at=201.0)
    assert not of(DustKept, turns.take(traded("60", 201.2), at=201.5))
    turns.take(TradingChanged("running"), at=300.0)
    assert of(DustKept, turns.take(traded("60", 301.0), at=301.5))


def test_dust_adds_up() -> None:
    turns, other = holding(volume="51"), "KRW-A@60"
    turns.all(*(bid(kind, "40", "4000", 60.0, other) for kind in (OrderFilled, OrderClosed)))
    turns.take(report(120, "97", "99", "97"), at=180.0)
    assert turns.state.dust == {PAIR: Dust(D(91), D(8827))}


def test_what_dust_earns_later_counts_once_in_the_trade_that_sells_it() -> None:
    """Of all rows together: the won that came in less the won that went out."""
    turns = holding(volume="51")
    (kept,) = of(DustKept, turns.take(report(120, "97", "99", "97"), at=180.0))
    turns.all(
        *(bid(kind, "100", "20000", 900.0, "KRW-A@840") for kind in (OrderFilled, OrderClosed))
    )
    (wanted,) = of(ExitWanted, turns.take(ForceExit(PAIR, "c"), at=1000.0))
    assert wanted.volume == 151
    sold = OrderClosed(wanted.id, wanted.trade, PAIR, "ask", "done", D(151), D(30200), D(15), 1e3)
    (closed,) = of(TradeClosed, turns.take(sold, at=1000.0))
    paid = D(5100) + D("2.55") + 20000 + 10
    assert kept.row.profit_abs + closed.row.profit_abs == 30200 - 15 - paid
    assert closed.row.fee_open_cost == 10


def test_the_loss_of_dust_counts_on_its_day_and_for_the_guard_of_stops() -> None:
    guard = Protection("StoplossGuard", lookback_period=60, trade_limit=1, stop_duration=30)
    facts: dict[str, Any] = {"cooldown_minutes": 0, "max_daily_loss_krw": D(150)}
    turns = holding(Config(protections=(guard,), **facts), volume="51")
    said = turns.take(report(120, "97", "99", "97"), at=180.0)
    assert [lock.reason for lock in of(PairLocked, said)] == ["StoplossGuard", "max_daily_loss_krw"]
    assert turns.state.day.profit == D("-155.55")
    mild = holding(Config(protections=(guard,), cooldown_minutes=0), volume="51")
    signal = structs.replace(report(120, "98", "99", "98"), verdict=Verdict(exit=True))
    assert not of(PairLocked, mild.take(signal, at=180.0))  # no stop wanted to sell it
    assert mild.state.dust


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


def lost(turns: Turns, at: int, trade: str = TRADE, pair: str = PAIR) -> list[PairLocked]:
    """Bought at 100, all sold at 95 at a stop; the locks that this brings about."""
    for kind in (OrderFilled, OrderClosed):
        fill = structs.replace(bid(kind, "1000", "100000", float(at), trade), pair=pair)
        turns.take(fill)
    candle_at = CandleReport(pair, candle(at + 60, "90", "100"), 60)
    (wanted,) = of(ExitWanted, turns.take(candle_at, at=at + 120.0))
    sale = ask(OrderClosed, "1000", "95", at + 120.0)
    return of(PairLocked, turns.take(structs.replace(sale, id=wanted.id, trade=trade, pair=pair)))


def guarded(**more: Any) -> Turns:
    guard = Protection("StoplossGuard", lookback_period=60, trade_limit=2, stop_duration=30)
    guard = structs.replace(guard, **more)
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(Config(protections=(guard,), cooldown_minutes=0)))
    return turns


def test_losses_are_remembered_from_trade_to_trade() -> None:
    turns = guarded()
    assert lost(turns, 60, "a") == []
    assert lost(turns, 600, "b", "KRW-B") == [PairLocked("*", 720.0 + 1800, "StoplossGuard")]


def test_where_losses_count_by_pair_another_pairs_do_not() -> None:
    turns = guarded(only_per_pair=True)
    assert lost(turns, 60, "a") == lost(turns, 600, "b", "KRW-B") == []
    assert lost(turns, 1200, "c") == [PairLocked(PAIR, 1320.0 + 1800, "StoplossGuard")]


def test_the_parts_of_a_trade_make_its_profit_together() -> None:
    turns = guarded(trade_limit=1)
    for kind in (OrderFilled, OrderClosed):
        turns.take(bid(kind, "1000", "100000"))
    turns.take(report(120, "104", "106"), at=180.0)
    turns.take(ask(OrderClosed, "500", "106"))
    turns.take(report(240, "96", "100"), at=300.0)
    said = turns.take(ask(OrderClosed, "500", "96", 300.0, attempt=2))
    (closed,) = of(TradeClosed, said)
    assert closed.row.profit_abs < 0
    assert closed.row.exit_reason in ("stop_loss", "trailing_stop_loss")
    assert of(PairLocked, said) == []  # 2,900 were gained before 2,100 were lost


def test_the_parts_of_a_trade_make_its_profit_ratio_together() -> None:
    low = Protection("LowProfitPairs", trade_limit=1, stop_duration=30, required_profit=D("0.02"))
    for required, locked in ((D("0.009"), False), (D("0.02"), True)):
        turns = Turns(holdings, Holdings)
        rule = structs.replace(low, required_profit=required)
        turns.take(ConfigAdopted(Config(protections=(rule,), cooldown_minutes=0)))
        for kind in (OrderFilled, OrderClosed):
            turns.take(bid(kind, "1000", "100000"))
        turns.take(report(120, "104", "106"), at=180.0)
        turns.take(ask(OrderClosed, "500", "106"))
        turns.take(report(240, "96", "100"), at=300.0)
        said = turns.take(ask(OrderClosed, "500", "96.5", 300.0, attempt=2))
        (closed,) = turns.state.history
        assert 100_000 <= closed.cost < 101_000  # both halves, with the fee
        assert [lock.reason for lock in of(PairLocked, said)] == ["LowProfitPairs"] * locked


def test_what_trades_cost_is_kept_only_where_a_protection_asks_for_it() -> None:
    turns = guarded()
    lost(turns, 60, "a")
    assert [closed.cost for closed in turns.state.history] == [0]


def test_a_pair_rests_for_its_cooldown_period_and_no_other_does() -> None:
    rule = Protection("CooldownPeriod", stop_duration=30)
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(Config(protections=(rule,), cooldown_minutes=0)))
    assert lost(turns, 60, "a") == [PairLocked(PAIR, 180.0 + 1800, "CooldownPeriod")]


def test_the_losses_of_a_day_add_up() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(Config(max_daily_loss_krw=D(8000), cooldown_minutes=0)))
    assert lost(turns, 60, "a") == []
    assert lost(turns, 600, "b") == [PairLocked("*", 54_000.0, "max_daily_loss_krw")]


def test_a_pair_may_rest_for_several_reasons() -> None:
    guard = Protection("StoplossGuard", 60, 1, 30, only_per_pair=True)
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(Config(protections=(guard,), cooldown_minutes=10)))
    lost(turns, 60, "a")
    assert turns.state.locks == {PAIR: {"cooldown": 780.0, "StoplossGuard": 1980.0}}


def test_a_lock_is_stated_once_for_each_end_that_it_has() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(Config(max_daily_loss_krw=D(1), cooldown_minutes=0)))
    day = PairLocked("*", 54_000.0, "max_daily_loss_krw")
    assert lost(turns, 60, "a") == [day]
    assert lost(turns, 600, "b") == []
    assert lost(turns, 54_000, "c") == [structs.replace(day, until=54_000.0 + 86_400)]


def test_locks_that_are_over_are_let_go_of_when_a_trade_closes() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(TIGHT))  # ten minutes of rest
    lost(turns, 60, "a")
    assert turns.state.locks == {PAIR: {"cooldown": 780.0}}
    lost(turns, 300, "b", "KRW-B")
    assert turns.state.locks == {PAIR: {"cooldown": 780.0}, "KRW-B": {"cooldown": 1020.0}}
    lost(turns, 660, "c", "KRW-C")  # closes as the first lock ends
    assert set(turns.state.locks) == {"KRW-B", "KRW-C"}


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
    every = pair == "all"
    facts = {"count": "1"} if every else {"pair": PAIR}
    assert of(OperatorReply, said) == [
        OperatorReply(True, "exit_wanted_all" if every else "exit_wanted", facts)
    ]
    assert turns.take(ForceExit(pair, "c1"), at=201.0) == [
        OperatorReply(True, "done" if every else "exit_wanted", {"pair": pair})
    ]
    vetoed = "exits_vetoed" if every else "exit_vetoed"
    assert turns.take(ForceExit(pair, "c2"), at=202.0) == [
        OperatorReply(False, vetoed, {"pair": pair, "reason": "exit_under_way"})
    ]


def test_a_forced_exit_of_nothing_is_refused() -> None:
    assert holding().take(ForceExit("KRW-B", "c1")) == [
        OperatorReply(False, "exit_vetoed", {"pair": "KRW-B", "reason": "no_trade"})
    ]


def test_all_that_is_idle_is_sold_and_counted() -> None:
    turns = holding()
    turns.take(ForceExit(PAIR, "c1"), at=200.0)
    for id in ("b", "c"):
        for kind in (OrderFilled, OrderClosed):
            turns.take(structs.replace(bid(kind, "10", "1000", 60.0, id), pair=f"KRW-{id}"))
    said = turns.take(ForceExit("all", "c2"), at=201.0)
    assert [wanted.trade for wanted in of(ExitWanted, said)] == ["b", "c"]
    assert of(OperatorReply, said) == [OperatorReply(True, "exit_wanted_all", {"count": "2"})]


def test_only_an_operators_commands_are_recalled() -> None:
    assert Holdings.key(ForceExit(PAIR, "c1")) == Holdings.keeps(CommandTaken("c1")) == "c1"
    assert Holdings.key(report(120, "1", "2")) == Holdings.keeps(EntryEnded(TRADE, PAIR)) == ""


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
    assert said[:2] == [
        ForceExitNoted(TRADE, PAIR),
        CancelWanted(TRADE, PAIR, "force_exit"),
    ]
    assert of(ExitWanted, said) == []
    (busy,) = turns.take(ForceExit(PAIR, "c2"), at=71.0)
    assert (busy.done, busy.facts["reason"]) == (False, "exit_under_way")
    said = turns.take(bid(OrderClosed, "12", "1200"), at=80.0)
    (wanted,) = of(ExitWanted, said)
    assert (wanted.volume, wanted.reason) == (D(12), "force_exit")
    turns.take(ask(OrderClosed, "0"), at=81.0)  # cancelled by somebody
    assert of(ExitWanted, turns.take(ForceExit(PAIR, "c3"), at=90.0))


def test_a_forced_exit_of_an_entry_that_still_fills_sells_its_dust_too() -> None:
    turns = holding(volume="51")
    turns.take(report(120, "97", "99", "97"), at=180.0)  # all of it is dust
    turns.take(bid(OrderFilled, "100", "10000", 900.0, "b"))
    turns.take(ForceExit(PAIR, "c1"), at=901.0)
    said = turns.take(bid(OrderClosed, "200", "20000", 902.0, "b"), at=903.0)
    assert [(wanted.trade, wanted.volume) for wanted in of(ExitWanted, said)] == [("b", D(251))]


def test_a_forced_exit_leaves_the_current_candle_to_be_taken() -> None:
    turns = holding()
    turns.take(ForceExit(PAIR, "c1"), at=180.0)
    assert of(HighRaised, turns.take(report(120, "99", "104"), at=180.0))


@pytest.mark.parametrize("leaving", [False, True])
def test_a_delisting_sells_what_is_idle_of_that_pair_alone(leaving: bool) -> None:
    config = Config(dry_run=False, exchange=Exchange(exit_on_delisting=True))
    turns = holding(config)
    for kind in (OrderFilled, OrderClosed):
        turns.take(structs.replace(bid(kind, "10", "1000", 60.0, "b"), pair="KRW-B"))
    if leaving:
        turns.take(ForceExit(PAIR, "c"), at=200.0)
    said = turns.take(PairBarred(PAIR, "delisting", "2026-12-01", True), at=300.0)
    assert [wanted.trade for wanted in of(ExitWanted, said)] == ([] if leaving else [TRADE])


# --- starts and configurations
def test_a_start_says_again_what_to_watch_and_what_to_retry() -> None:
    turns = holding()
    turns.take(report(120, "90", "101"), at=180.0)
    turns.take(no(), at=180.0)
    said = list(holdings.resume(turns.state, 180.5))
    assert said == [
        Watch("holdings", PAIR, D(97), D(101)),
        After(0.5, RetryExit(TRADE, f"{TRADE}/x1")),
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
