"""When losses stop entries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from core.trading.protections import (
    USUAL,
    Day,
    EndedTrade,
    Lock,
    daily_loss_limit,
    day_after,
    day_end,
    day_lock,
    drawdown,
    locks_at,
    protections,
    remembered,
    verdicts,
)
from messages.config import Config, Protection
from messages.trading import ExitReason

D = Decimal
GUARD = Protection("StoplossGuard", lookback_period=60, trade_limit=2, stop_duration=30)
ALONE = Protection(
    "StoplossGuard", lookback_period=60, trade_limit=2, stop_duration=30, only_per_pair=True
)
FALL = Protection(
    "MaxDrawdown", lookback_period=60, stop_duration=30, max_allowed_drawdown=D("0.1")
)


def over(
    minute: int, profit: str, reason: ExitReason = "stop_loss", pair: str = "KRW-A"
) -> EndedTrade:
    return EndedTrade(pair, minute * 60.0, reason, D(profit))


def locks(rule: Protection, *history: EndedTrade) -> list[Lock]:
    return list(verdicts(history, Config(protections=(rule,), dry_run_wallet=D(1000))))


def test_a_dry_run_has_none_and_live_has_the_usual_ones() -> None:
    assert protections(Config()) == ()
    assert protections(Config(dry_run=False)) == USUAL
    assert protections(Config(dry_run=False, protections=())) == ()
    assert protections(Config(protections=(GUARD,))) == (GUARD,)
    assert daily_loss_limit(Config()) is None
    assert daily_loss_limit(Config(max_daily_loss_krw=D(7))) == 7
    assert daily_loss_limit(Config(dry_run=False, available_capital=D(200_000))) == 10_000


@pytest.mark.parametrize(
    ("history", "until"),
    [
        ((over(1, "-1"),), None),
        ((over(1, "-1"), over(2, "-1", "trailing_stop_loss")), 32),
        ((over(1, "-1"), over(2, "1", "trailing_stop_loss")), None),  # a stop with a gain
        ((over(1, "-1"), over(2, "-1", "roi")), None),
        ((over(1, "-1"), over(61, "-1")), None),  # the first has left the lookback just now
        ((over(2, "-1"), over(61, "-1")), 91),
        ((over(1, "-1"), over(2, "-1"), over(3, "5", "roi")), 32),  # from the newest stop
        ((over(1, "-1", pair="KRW-B"), over(2, "-1")), 32),
    ],
)
def test_the_stoploss_guard_counts_losing_stops(
    history: tuple[EndedTrade, ...], until: int | None
) -> None:
    expected = [Lock("*", until * 60.0, "StoplossGuard")] if until else []
    assert locks(GUARD, *history) == expected


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_guards_the_longer_lock_counts_whichever_stands_first(turned: bool) -> None:
    brief = Protection("StoplossGuard", lookback_period=60, trade_limit=1, stop_duration=5)
    rules = (brief, GUARD) if turned else (GUARD, brief)
    history = (over(1, "-1"), over(2, "-1"))
    (lock,) = verdicts(history, Config(protections=rules, dry_run_wallet=D(1000)))
    assert lock.until == 32 * 60


def test_the_stoploss_guard_can_look_at_each_pair_alone() -> None:
    assert locks(ALONE, over(1, "-1", pair="KRW-B"), over(2, "-1")) == []
    found = locks(ALONE, over(1, "-1"), over(2, "-1", pair="KRW-B"), over(3, "-1"))
    assert found == [Lock("KRW-A", 33 * 60.0, "StoplossGuard")]


@pytest.mark.parametrize(
    ("profits", "fall", "locked"),
    [
        (("-100",), 100, False),  # just at what is allowed
        (("-100.01",), D("100.01"), True),
        (("500", "-50", "-51"), 101, True),  # from the height of the sum, not from zero
        (("-60", "30", "-60"), 90, False),
        (("-60", "30", "-71"), 101, True),
    ],
)
def test_the_drawdown_is_the_greatest_fall_of_the_summed_profit(
    profits: tuple[str, ...], fall: Decimal, locked: bool
) -> None:
    history = [over(i, p, "roi") for i, p in enumerate(profits)]
    assert drawdown(history) == fall
    newest = history[-1].at + 30 * 60
    assert locks(FALL, *history) == ([Lock("*", newest, "MaxDrawdown")] if locked else [])


# --- the others of freqtrade
def earned(minute: int, ratio: str, reason: ExitReason = "roi", pair: str = "KRW-A") -> EndedTrade:
    """A trade of 1,000 won."""
    return EndedTrade(pair, minute * 60.0, reason, D(ratio) * 1000, D(1000))


LOW = Protection(
    "LowProfitPairs",
    lookback_period=60,
    trade_limit=2,
    stop_duration=30,
    required_profit=D("0.02"),
)


@pytest.mark.parametrize(
    ("history", "locked"),
    [
        ((earned(1, "0.001"),), False),  # one trade is not two
        ((earned(1, "0.001"), earned(2, "0.001")), True),
        ((earned(1, "0.01"), earned(2, "0.01")), False),  # just what is required
        ((earned(1, "-0.5"), earned(2, "0.9")), False),
        ((earned(1, "0.001", pair="KRW-B"), earned(2, "0.001")), False),
        ((earned(1, "0.001"), earned(61, "0.001")), False),
        ((over(1, "1", "roi"), over(2, "1", "roi")), False),  # what they cost is not known
    ],
)
def test_a_pair_whose_trades_earn_too_little_rests(
    history: tuple[EndedTrade, ...], locked: bool
) -> None:
    assert locks(LOW, *history) == ([Lock("KRW-A", 32 * 60.0, "LowProfitPairs")] if locked else [])


def test_a_cooldown_period_rests_each_pair_after_each_trade() -> None:
    rule = Protection("CooldownPeriod", stop_duration=5)
    assert locks(rule, over(1, "9", "roi", "KRW-B"), over(2, "9", "roi")) == [
        Lock("KRW-A", 7 * 60.0, "CooldownPeriod")
    ]
    config = Config(protections=(rule,))
    assert remembered((over(1, "1"),), over(2, "1"), config) == (over(2, "1"),)


def test_the_stoploss_guard_counts_what_earned_less_than_required() -> None:
    rule = structs.replace(GUARD, required_profit=D("-0.02"))
    mild = (earned(1, "-0.01", "stop_loss"), earned(2, "-0.01", "stop_loss"))
    bad = (earned(1, "-0.03", "stop_loss"), earned(2, "-0.03", "stop_loss"))
    assert locks(rule, *mild) == []
    assert locks(rule, *bad) == [Lock("*", 32 * 60.0, "StoplossGuard")]
    assert locks(GUARD, *mild) == [Lock("*", 32 * 60.0, "StoplossGuard")]


def test_lookback_and_duration_may_be_told_in_candles() -> None:
    rule = Protection("StoplossGuard", lookback_period_candles=2, stop_duration_candles=3)
    config = Config(protections=(rule,), timeframe="5m")
    assert [lock.until for lock in verdicts((over(1, "-1"),), config)] == [60.0 + 900]
    assert remembered((over(1, "-1"), over(2, "-1")), over(11, "-1"), config) == (
        over(2, "-1"),
        over(11, "-1"),
    )


@pytest.mark.parametrize(
    ("minute", "until"), [(1, 90), (90, 90), (91, 1440 + 90), (1440, 1440 + 90)]
)
def test_a_lock_may_end_at_a_time_of_the_day_in_utc(minute: int, until: int) -> None:
    rule = Protection("StoplossGuard", trade_limit=1, unlock_at="01:30")
    assert [lock.until for lock in locks(rule, over(minute, "-1"))] == [until * 60.0]
    config = Config(protections=(rule,))
    assert locks_at(until * 60.0, "StoplossGuard", minute * 60.0, config) is (until > minute)


def test_only_what_a_rule_still_counts_is_remembered() -> None:
    config = Config(protections=(GUARD, FALL))
    history = remembered((over(0, "1"), over(1, "2"), over(9, "3")), over(61, "4"), config)
    assert history == (over(9, "3"), over(61, "4"))
    assert remembered(history, over(62, "5"), Config()) == ()


@pytest.mark.parametrize(
    ("at", "starts", "end"),
    [
        (0, "00:00", 54_000),  # 1970-01-01 09:00 KST
        (53_999, "00:00", 54_000),
        (54_000, "00:00", 140_400),
        (0, "09:00", 86_400),
        (-1, "09:00", 0),
        (0, "09:30", 1_800),
    ],
)
def test_a_trading_day_ends_by_the_korean_clock(at: int, starts: str, end: int) -> None:
    assert day_end(float(at), starts) == end


def test_the_loss_of_a_day_locks_until_the_day_ends() -> None:
    config = Config(max_daily_loss_krw=D(100))
    day = day_after(Day(), 10.0, D(-60), config)
    assert day_lock(day, config) is None
    day = day_after(day, 20.0, D(-40), config)
    assert day_lock(day, config) == Lock("*", 54_000.0, "max_daily_loss_krw")
    assert day_lock(day, Config()) is None
    assert day_after(day, 54_000.0, D(-1), config) == Day(140_400.0, D(-1))
