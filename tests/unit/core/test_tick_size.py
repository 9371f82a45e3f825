"""Upbit's price units, by height, day and coin."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.tick_size import (
    CHANGES,
    grid,
    korean_day,
    on_grid,
    price_down,
    price_up,
    tick_size,
    worse_buy,
    worse_sell,
)

D = Decimal
NOW, SECOND, FIRST = date(2025, 9, 1), date(2024, 6, 1), date(2023, 7, 1)
prices = st.decimals(D("0.001"), D(300_000_000), places=8)
rates = st.sampled_from([D("0.0001"), D("0.0005"), D("0.01"), D("0.3")])
days = st.sampled_from([NOW, SECOND, FIRST, date(2025, 4, 1)])
pairs = st.sampled_from(["KRW-BTC", "KRW-ADA", "KRW-USDT", ""])


@pytest.mark.parametrize(
    ("price", "now", "second", "first"),
    [
        ("161000000", "1000", "1000", "1000"),
        ("2000000", "1000", "1000", "1000"),
        ("1999999", "1000", "500", "500"),
        ("1000000", "1000", "500", "500"),
        ("658000", "500", "100", "100"),  # BCH, seen live in April 2026
        ("134000", "100", "50", "50"),  # AAVE
        ("50000", "50", "10", "10"),
        ("37990", "10", "10", "10"),  # COMP
        ("6180", "5", "1", "5"),  # EGLD
        ("4999", "1", "1", "5"),
        ("2663", "1", "1", "5"),  # ATOM
        ("100", "1", "0.1", "1"),
        ("99.9", "0.1", "0.01", "0.1"),
        ("41.1", "0.1", "0.01", "0.1"),  # CPOOL
        ("1", "0.01", "0.001", "0.01"),
        ("0.1", "0.001", "0.0001", "0.001"),
        ("0.0106", "0.0001", "0.00001", "0.0001"),  # XEC
        ("0.005", "0.00001", "0.000001", "0.0001"),
        ("0.0005", "0.000001", "0.0000001", "0.0001"),
        ("0.00005", "0.0000001", "0.00000001", "0.0001"),
        ("0.000005", "0.00000001", "0.00000001", "0.0001"),
    ],
)
def test_the_unit_follows_height_and_day(price: str, now: str, second: str, first: str) -> None:
    assert tick_size(D(price), NOW) == D(now)
    assert tick_size(D(price), SECOND) == D(second)
    assert tick_size(D(price), FIRST) == D(first)


@pytest.mark.parametrize(
    ("pair", "price", "day", "tick"),
    [
        ("KRW-ADA", 500, date(2024, 9, 30), "0.1"),
        ("KRW-ADA", 500, date(2024, 10, 1), "1"),
        ("KRW-ADA", 1000, date(2024, 10, 1), "1"),
        ("KRW-ADA", 99, date(2024, 10, 1), "0.01"),
        ("KRW-XRP", 500, date(2024, 10, 1), "0.1"),
        ("KRW-USDT", 1450, date(2025, 3, 20), "1"),
        ("KRW-USDT", 1450, date(2025, 3, 21), "0.5"),
        ("KRW-USDC", 1450, date(2025, 7, 30), "0.5"),
        ("KRW-USDT", 1450, date(2025, 7, 31), "1"),
        ("KRW-BTC", 500, date(2024, 1, 28), "1"),
        ("KRW-BTC", 500, date(2024, 1, 29), "0.1"),
        ("KRW-BTC", 500, date(2025, 7, 30), "0.1"),
        ("KRW-BTC", 500, date(2025, 7, 31), "1"),
    ],
)
def test_tables_and_exceptions_begin_on_their_day(
    pair: str, price: int, day: date, tick: str
) -> None:
    assert tick_size(D(price), day, pair) == D(tick)


def test_a_day_begins_at_midnight_in_korea() -> None:
    begin = 1753887600  # 2025-07-30T15:00:00Z = 2025-07-31T00:00:00+09:00
    assert korean_day(begin) == date(2025, 7, 31)
    assert korean_day(begin - 0.001) == date(2025, 7, 30)


@pytest.mark.parametrize("bad", ["0", "-1"])
def test_there_is_no_grid_without_a_price(bad: str) -> None:
    with pytest.raises(ValueError, match="no price"):
        tick_size(D(bad), NOW)


@pytest.mark.parametrize(
    ("price", "bought", "sold"),
    [
        ("161000000", "161081000", "160919000"),  # 161,080,500 and 160,919,500 are between ticks
        ("160000000", "160080000", "159920000"),  # already on the grid: they stay
        ("999900", "1001000", "999000"),  # the worsened price's band counts, not the price's
        ("1000000", "1001000", "999500"),
        ("0.0106", "0.0107", "0.0105"),
    ],
)
def test_slippage_goes_to_the_grid_beyond(price: str, bought: str, sold: str) -> None:
    assert worse_buy(D(price), D("0.0005"), NOW) == D(bought)
    assert worse_sell(D(price), D("0.0005"), NOW) == D(sold)


def test_without_slippage_the_recorded_price_stays_on_the_grid_or_not() -> None:
    assert worse_buy(D("1234567.89"), D(0), NOW) == D("1234567.89")
    assert worse_sell(D("1234567.89"), D(0), NOW) == D("1234567.89")


def test_a_sale_never_gets_nothing() -> None:
    assert worse_sell(D("0.00000001"), D("0.5"), NOW) == D("0.00000001")


@given(prices, days, pairs)
def test_a_buy_never_pays_above_and_a_sell_never_asks_below_what_was_decided(
    price: Decimal, day: date, pair: str
) -> None:
    low, high = price_down(price, day, pair), price_up(price, day, pair)
    tick = tick_size(price, day, pair)
    assert low <= price <= high
    assert price - low < tick
    assert high - price < tick
    assert on_grid(high, day, pair)
    assert low == 0 or on_grid(low, day, pair)
    assert price_down(high, day, pair) == high


@given(prices, rates, days, pairs)
def test_slippage_is_on_the_grid_and_costs_at_most_a_tick_more_than_the_rate(
    price: Decimal, rate: Decimal, day: date, pair: str
) -> None:
    bought, sold = worse_buy(price, rate, day, pair), worse_sell(price, rate, day, pair)
    dear, cheap = price * (1 + rate), price * (1 - rate)
    assert 0 <= bought - dear < tick_size(dear, day, pair)
    assert on_grid(bought, day, pair)
    assert on_grid(sold, day, pair)
    assert cheap - sold < tick_size(cheap, day, pair)
    assert sold <= cheap or sold == tick_size(cheap, day, pair)


@given(prices, st.sampled_from([*CHANGES, *(d - timedelta(1) for d in CHANGES)]), pairs)
def test_the_table_of_a_day_has_the_tick_of_every_price(price: D, day: date, pair: str) -> None:
    tick = next(tick for low, tick in grid(day, pair) if price >= low)
    assert tick == tick_size(price, day, pair)
