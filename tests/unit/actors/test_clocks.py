"""A clock that is set back by hours or days: nobody waits for as long as it was ahead."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors import account
from actors.account import Account
from actors.entries.entry_filter import StrategistState, entry_refusal, with_lock
from actors.holdings.exits import retries, retry
from actors.market.market_status import MarketStatusOwner
from actors.notifier import Notifier, NotifierState
from core.limits.windows import capped
from core.market.instrument_status import MarketStatus
from core.orders.lifecycle import apply, interpret, new_order, unfilled
from core.orders.risk_limits import RiskLimits, RiskUsage, capped_at
from core.trading.protections import Day, day_after
from core.trading.trades import HoldingsState, Trade
from messages.account import CompareCash, CompareCoins
from messages.base import After
from messages.config import Config, Protection
from messages.config import Gateway as Rules
from messages.control import ConfigAdopted
from messages.exchange import Exchange
from messages.market_status import CheckMarkets, HoldingNoted, PairBarred, PairReminded
from messages.notices import SummaryDue
from messages.orders import (
    Order,
    OrderAbsent,
    OrderClosed,
    OrderForgotten,
    OrderIntended,
    OrderMissed,
    OrderReport,
)
from messages.trading import ExitWanted, RetryExit
from messages.venue_queries import AccountReport
from tests.support.live_streams import A, Feeding, history, price, update
from tests.unit.actors.fold_checks import turn
from tests.unit.actors.turns import Turns, of

D = Decimal
NOW, DAY = 1_756_684_800.0, 86400.0
BACK = pytest.mark.parametrize("back", [9 * 3600.0, 3 * DAY])
PAIR = "KRW-BTC"
WISH = ExitWanted("t/x1", "t", PAIR, D(1), "stop_loss", D(90), 0, NOW + 30)
TRADE = Trade("t", PAIR, D(1), D(100), D(0), D(100), NOW - 99, "", D(100), NOW - 99, ended=True)


# --- exits
@BACK
def test_a_refused_exit_is_tried_at_the_next_alarm_and_at_a_start(back: float) -> None:
    waits = structs.replace(TRADE, wish=WISH, failures=3, retry_at=NOW + 4, retry_seconds=4.0)
    state = HoldingsState(config=Config(), trades={"t": waits})
    alarm, earlier = RetryExit("t", "t/x1"), RetryExit("t", "t/x0")
    assert list(retries(state, NOW)) == [After(4.0, alarm)]
    assert list(retry(state, earlier, NOW)) == [After(4.0, alarm)]
    assert list(retries(state, NOW - back)) == [After(0.0, alarm)]
    (again,) = of(ExitWanted, retry(state, earlier, NOW - back))
    assert again.good_until == NOW - back + 30


def test_a_clock_that_is_put_right_adds_nothing_to_the_wait_of_a_refused_exit() -> None:
    ahead, wait = 90.0, 2048.0
    facts = {"failures": 12, "retry_at": NOW + ahead + wait, "retry_seconds": wait}
    state = HoldingsState(config=Config(), trades={"t": structs.replace(TRADE, wish=WISH, **facts)})
    (again,) = retry(state, RetryExit("t", "t/x1"), NOW + wait)
    assert isinstance(again, ExitWanted)


@BACK
def test_an_exit_may_be_decided_again(back: float) -> None:
    assert structs.replace(TRADE, retry_at=NOW + 60, retry_seconds=60.0).wait_left(NOW - 1) == 0
    assert structs.replace(TRADE, retry_at=NOW + 60, retry_seconds=60.0).wait_left(NOW + 1) == 59
    assert structs.replace(TRADE, retry_at=NOW + 60).wait_left(NOW + 1) == 59, "of an older journal"
    assert structs.replace(TRADE, retry_at=NOW + 60).wait_left(NOW - back) == 0


# --- orders
ORDER = Order("o", "o", PAIR, "bid", "limit", D(1), D(1), good_until=NOW + 30, cancel_at=NOW + 600)


@BACK
def test_an_entry_that_rests_is_cancelled_and_not_sent_again(back: float) -> None:
    assert not unfilled(ORDER, NOW + 599)
    assert unfilled(ORDER, NOW + 600)
    assert unfilled(ORDER, NOW - back)


@BACK
def test_what_was_given_up_is_watched_for_its_own_length(back: float) -> None:
    rules, missing = Rules(), OrderReport("o", "absent", "query")
    live = apply(
        new_order(OrderIntended(ORDER, "n", "{}")), OrderAbsent("o", "o", PAIR, "bid", NOW)
    )
    assert live
    (seen,) = interpret(live, missing, NOW - back, rules, None)
    assert isinstance(seen, OrderMissed)
    live = apply(live, seen)
    assert live
    longest = max(rules.tombstone_hours * 3600, rules.tombstone_days * DAY)
    live = structs.replace(live, watched=longest - 300.0)
    (more,) = interpret(live, missing, NOW - back + 299, rules, None)
    assert isinstance(more, OrderMissed)
    (end,) = interpret(live, missing, NOW - back + 300, rules, None)
    assert isinstance(end, OrderForgotten)


# --- caps and locks
@BACK
def test_what_was_spent_in_the_future_was_spent_now_and_today(back: float) -> None:
    guards = RiskLimits(None, None, D(9), 2, D(1), D(1), "09:00")
    spent = RiskUsage(NOW + DAY, D(9), (NOW - 1, NOW))
    assert capped_at(spent, NOW, guards) == spent
    capped_one = capped_at(spent, NOW - back, guards)
    assert capped_one.moments == (NOW - back, NOW - back)
    assert NOW - back < capped_one.ends <= NOW - back + DAY
    assert capped_one.krw == 9
    assert capped((1.0, 2.0, 9.0), 3.0) == (1.0, 2.0, 3.0)


@BACK
def test_a_lock_further_ahead_than_it_can_last_is_over(back: float) -> None:
    rule = Protection("StoplossGuard", lookback_period=60, trade_limit=1, stop_duration=30)
    config = Config(cooldown_minutes=10, protections=(rule,))
    state = StrategistState(config=config)
    for reason, minutes in (("cooldown", 10), ("StoplossGuard", 30)):
        locked = with_lock(state, PAIR, reason, NOW + minutes * 60)
        assert entry_refusal(locked, PAIR, NOW) == reason
        assert entry_refusal(locked, PAIR, NOW - 60) == reason, (
            "a candle's close lies before the fill"
        )
        assert entry_refusal(locked, PAIR, NOW - back) is None
    for reason in ("disputed", "MaxDrawdown"):  # nobody knows how long it lasts
        locked = with_lock(state, PAIR, reason, NOW + 60)
        assert entry_refusal(locked, PAIR, NOW - back) == reason


def test_losses_of_a_day_that_has_not_come_count_for_today() -> None:
    config = Config()
    day = day_after(Day(), NOW + 5 * DAY, D(-50), config)
    today = day_after(day, NOW, D(-7), config)
    assert today.profit == -57
    assert NOW < today.ends <= NOW + DAY
    assert day_after(today, today.ends, D(-1), config).profit == -1


# --- the account
@BACK
def test_a_pair_that_moved_before_the_leap_is_not_busy_after_it(back: float) -> None:
    turns = Turns(account, Account)
    turns.take(ConfigAdopted(Config(dry_run=False, exchange=Exchange(account_seconds=45))))
    turns.take(OrderIntended(structs.replace(ORDER, pair=A), "n", "{}"), NOW)
    turns.take(OrderClosed("o", "o", A, "bid", "done", D(1), D(1), D(0), NOW), NOW)
    looked = turns.take(AccountReport(asked=NOW - back), NOW - back + 1)
    assert of(CompareCoins, looked)[0].busy == ()
    assert of(CompareCash, looked)
    meanwhile = turns.take(AccountReport(asked=NOW), NOW - back)
    assert not of(CompareCoins, meanwhile) + of(CompareCash, meanwhile)


# --- words
@BACK
def test_reminders_and_summaries_go_on(back: float) -> None:
    warden = MarketStatus(config=Config(feed="upbit"))
    for event in (HoldingNoted("t", PAIR), PairBarred(PAIR, "warned", "", True, NOW)):
        warden = MarketStatusOwner.evolve(warden, event)
    assert not turn(MarketStatusOwner, warden, CheckMarkets(), NOW + DAY - 1).of(PairReminded)
    assert turn(MarketStatusOwner, warden, CheckMarkets(), NOW - back).of(PairReminded)
    due = NotifierState(since=NOW, due=NOW + 3600)
    assert turn(Notifier, due, SummaryDue(), NOW + 1).said == [After(3599.0, SummaryDue())]
    assert turn(Notifier, due, SummaryDue(), NOW - back).events


# --- candles
@BACK
def test_candles_that_a_clock_ahead_has_closed_are_asked_for_again(
    tmp_path: Path, back: float
) -> None:
    feeding = Feeding(tmp_path, history=history(A), pairs=(A,))
    feeding.tell(update("107", NOW), price("100", NOW + 12))
    feeding.until(NOW + 20)
    feeding.runtime.skew = back
    feeding.tell(price("100", NOW + 21))
    feeding.until(NOW + 120)
    before = len(feeding.tools["asked"])
    feeding.runtime.skew = 0.0
    feeding.tell(price("100", NOW + 121))
    feeding.until(NOW + 140)
    calls: list[Any] = feeding.tools["asked"][before:]
    assert calls
    assert calls[0][1].pair == A
    assert calls[0][1].until == NOW + 120
    feeding.tell(update("107", NOW + 120), price("100", NOW + 150), at=NOW + 150)
    feeding.tell(price("100", NOW + 180), at=NOW + 180)
    feeding.until(NOW + 183)
    assert feeding.store.candles(A, 1)[0].time == NOW + 120
