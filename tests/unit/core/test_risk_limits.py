"""The caps that an order meets last: what they cut, what they refuse, and the price band."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from core.market.tick_size import korean_day, on_grid
from core.orders.risk_limits import (
    RiskLimits,
    RiskUsage,
    counted,
    risk_limits_of,
    sellable,
    within_limits,
    worth,
)
from messages.account import PocketTaken
from messages.config import Config
from messages.exchange import Exchange
from messages.orders import Order

D = Decimal
PAIR = "KRW-BTC"
NOW = datetime(2026, 3, 22, 3, 0, tzinfo=UTC).timestamp()  # noon in Korea
FREE = RiskLimits(None, None, None, None, D(5413), D(6000), "00:00", slippage=D("0.003"))


def entry(krw: str = "100000", reference: str = "0", **more: Any) -> Order:
    return Order("e", "e", PAIR, "bid", "price", D(krw), reference=D(reference), **more)


def limit(price: str, volume: str) -> Order:
    return Order("e", "e", PAIR, "bid", "limit", D(price), D(volume), reference=D(price))


def leave(volume: str, reference: str = "1000") -> Order:
    return Order("e/x1", "e", PAIR, "ask", "market", None, D(volume), reference=D(reference))


def caps(**changes: Any) -> RiskLimits:
    return structs.replace(FREE, **changes)


# --- where they come from
def test_paper_knows_no_caps_and_live_has_those_of_the_configuration() -> None:
    assert risk_limits_of(Config()) is None
    assert risk_limits_of(Config(dry_run=False)) == RiskLimits(
        None, D(50000), D(200000), 10, D(5413), D(6000), "00:00", slippage=D("0.003")
    )
    config = Config(
        dry_run=False,
        pair_whitelist=(PAIR,),
        pair_blacklist=("KRW-X",),
        exchange=Exchange(max_order_krw=None, max_slippage=D("0.01")),
        day_starts_at="09:00",
    )
    guards = risk_limits_of(config)
    assert guards is not None
    assert (guards.pairs, guards.max_order, guards.slippage) == ((PAIR,), None, D("0.01"))
    assert (guards.day_starts_at, guards.blacklist) == ("09:00", ("KRW-X",))


# --- pairs
@pytest.mark.parametrize(
    ("pair", "listed", "reason"),
    [
        (PAIR, None, ""),
        (PAIR, (PAIR, "KRW-ETH"), ""),
        (PAIR, ("KRW-ETH",), "not_listed"),
        (PAIR, (), "not_listed"),  # a list of none allows none
        ("BTC-ETH", None, "not_listed"),
        ("BTC-ETH", ("BTC-ETH",), "not_listed"),  # caps are won
    ],
)
def test_only_listed_pairs_in_won_are_entered(
    pair: str, listed: tuple[str, ...] | None, reason: str
) -> None:
    order = structs.replace(entry(), pair=pair)
    assert within_limits(order, caps(pairs=listed), RiskUsage(), NOW) == (order, reason)


def test_a_blacklisted_pair_is_never_entered_listed_or_not() -> None:
    for listed in (None, (PAIR,)):
        guards = caps(pairs=listed, blacklist=(PAIR,))
        assert within_limits(entry(), guards, RiskUsage(), NOW) == (entry(), "blacklisted")


# --- an order's won
@pytest.mark.parametrize(
    ("krw", "cap", "left"),
    [("100000", "50000", "50000"), ("50000", "50000", "50000"), ("49999", "50000", "49999")],
)
def test_a_market_entry_is_cut_to_the_won(krw: str, cap: str, left: str) -> None:
    order, reason = within_limits(entry(krw), caps(max_order=D(cap)), RiskUsage(), NOW)
    assert (order, reason) == (entry(left), "")


def test_a_limit_entry_is_cut_by_its_volume_and_keeps_its_price() -> None:
    order, reason = within_limits(limit("7", "14285"), caps(max_order=D(50000)), RiskUsage(), NOW)
    assert reason == ""
    assert (order.price, order.volume) == (D(7), D("7142.85714285"))
    assert D(50000) - D("0.0000001") < worth(order) <= D(50000)


def test_what_could_not_be_sold_again_is_refused_by_the_name_of_the_cap() -> None:
    order = entry()
    assert within_limits(order, caps(max_order=D(5412)), RiskUsage(), NOW) == (
        order,
        "max_order_krw",
    )
    assert within_limits(order, caps(max_order=D(5413)), RiskUsage(), NOW) == (entry("5413"), "")
    assert within_limits(order, caps(max_daily=D(5412)), RiskUsage(), NOW) == (
        order,
        "max_daily_krw",
    )


# --- a day's won
def test_a_day_gives_out_what_is_left_of_it_and_then_nothing() -> None:
    guards, spent = caps(max_daily=D(200000), max_order=D(90000)), RiskUsage()
    given: list[Decimal] = []
    for number in range(4):
        order, reason = within_limits(entry(), guards, spent, NOW + number)
        if not reason:
            given.append(worth(order))
            spent = counted(spent, order, NOW + number, guards)
    assert given == [90000, 90000, 20000]
    assert spent.krw == 200000
    assert within_limits(entry(), guards, spent, NOW + 9)[1] == "max_daily_krw"


@pytest.mark.parametrize(
    ("starts", "hours"),
    [("00:00", 12), ("09:00", 21), ("12:30", 0.5)],  # from noon in Korea
)
def test_the_count_begins_anew_where_the_trading_day_starts(starts: str, hours: float) -> None:
    guards = caps(max_daily=D(100000), day_starts_at=starts)
    spent = counted(RiskUsage(), entry("100000"), NOW, guards)
    start = NOW + hours * 3600
    assert within_limits(entry(), guards, spent, start - 0.5)[1] == "max_daily_krw"
    order, reason = within_limits(entry(), guards, spent, start)
    assert (worth(order), reason) == (100000, "")
    again = counted(spent, order, start, guards)
    assert (again.krw, again.ends) == (100000, start + 86400)


def test_a_day_that_has_begun_ends_as_it_was_to_end_though_another_start_is_configured() -> None:
    spent = counted(RiskUsage(), entry(), NOW, caps())
    later = counted(spent, entry(), NOW + 60, caps(day_starts_at="13:00"))
    assert later.ends == spent.ends


# --- entries a minute
def test_so_many_entries_a_minute_and_no_more() -> None:
    guards, spent = caps(per_minute=2), RiskUsage()
    for second in (0, 30):
        spent = counted(spent, entry(), NOW + second, guards)
    assert within_limits(entry(), guards, spent, NOW + 59)[1] == "max_orders_per_minute"
    assert within_limits(entry(), guards, spent, NOW + 60)[1] == ""
    assert counted(spent, entry(), NOW + 60, guards).moments == (NOW + 30, NOW + 60)


# --- the price band
def test_a_market_entry_becomes_a_limit_that_takes_what_is_there_and_no_more() -> None:
    order, reason = within_limits(entry("100000", "100000000"), FREE, RiskUsage(), NOW)
    assert reason == ""
    assert (order.ord_type, order.time_in_force) == ("limit", "ioc")
    assert (order.price, order.volume) == (D(100300000), D("0.00099700"))


def test_on_a_coarse_grid_the_band_ends_at_the_price_below_it() -> None:
    order, _ = within_limits(entry("100000", "150"), FREE, RiskUsage(), NOW)
    assert (order.price, order.volume) == (D(150), D("666.66666666"))  # 150.45, of whole won


@pytest.mark.parametrize(("pair", "price"), [("KRW-ADA", "501"), ("KRW-BTC", "501.5")])
def test_the_grid_is_that_of_the_coin_and_the_day(pair: str, price: str) -> None:
    """Early in 2025 some coins had whole won where others had a tenth."""
    order = structs.replace(entry("100000", "500"), pair=pair)
    order, _ = within_limits(
        order, FREE, RiskUsage(), datetime(2025, 1, 15, tzinfo=UTC).timestamp()
    )
    assert order.price == D(price)


def test_a_cut_entry_is_banded_after_the_cut() -> None:
    order, _ = within_limits(entry("100000", "1000"), caps(max_order=D(50000)), RiskUsage(), NOW)
    assert (order.price, order.volume) == (D(1003), D("49.85044865"))
    assert worth(order) <= 50000


def test_an_entry_without_a_price_of_reference_has_no_band() -> None:
    forced = entry("50000", tag="force_entry")
    assert within_limits(forced, FREE, RiskUsage(), NOW) == (forced, "")


def test_a_limit_entry_keeps_its_own_price() -> None:
    asked = limit("1000", "50")
    assert within_limits(asked, FREE, RiskUsage(), NOW) == (asked, "")


@given(
    st.integers(5413, 10**7),
    st.decimals("0.0001", "200000000", places=4),
    st.decimals("0", "0.05", places=4),
    st.none() | st.integers(5413, 10**6),
)
def test_a_banded_entry_never_costs_more_than_was_reserved_nor_leaves_its_band(
    krw: int, reference: Decimal, slippage: Decimal, cap: int | None
) -> None:
    """The reservation is the won and the fee on all of them (docs/reference/upbit.md 3.5)."""
    guards = caps(slippage=slippage, max_order=None if cap is None else D(cap))
    order, reason = within_limits(entry(str(krw), str(reference)), guards, RiskUsage(), NOW)
    assert reason == ""
    assert order.price is not None
    assert order.volume is not None
    assert order.price <= reference * (1 + slippage)
    assert on_grid(order.price, korean_day(NOW), PAIR)
    assert order.volume == order.volume.quantize(D("0.00000001"))
    rate = D("0.0005")
    assert worth(order) * (1 + rate) <= min(krw, cap or krw) * (1 + rate)


# --- exits
def pocket(free: str, price: str = "0") -> PocketTaken:
    return PocketTaken(PAIR, True, D(free), D(price))


def test_an_exit_of_what_is_free_goes_out_whole_whatever_the_caps() -> None:
    guards = caps(pairs=(), max_order=D(1), max_daily=D(1), per_minute=0)
    assert sellable(leave("5"), guards, pocket("5")) == (leave("5"), "")
    small = leave("0.001")
    assert sellable(small, guards, pocket("5")) == (small, "")  # its worth is the venue's matter


def test_an_exit_is_cut_to_what_is_free() -> None:
    order, reason = sellable(leave("9"), FREE, pocket("6.5"))
    assert (order, reason) == (leave("6.5"), "")


def test_a_cut_exit_has_no_more_decimals_than_the_venue_takes() -> None:
    order, reason = sellable(leave("9"), FREE, pocket("6.123456789"))
    assert (order.volume, reason) == (D("6.12345678"), "")


@pytest.mark.parametrize(
    ("free", "reference", "price", "reason"),
    [
        ("6", "1000", "0", ""),
        ("5.999", "1000", "0", "coins_not_free"),
        ("0", "1000", "0", "coins_not_free"),
        ("6", "0", "1000", ""),  # a forced exit: the account's price
        ("5.999", "0", "1000", "coins_not_free"),
        ("6", "0", "0", "coins_not_free"),
    ],
)
def test_a_cut_exit_that_could_look_like_dust_waits(
    free: str, reference: str, price: str, reason: str
) -> None:
    wanted = leave("9", reference)
    order, why = sellable(wanted, FREE, pocket(free, price))
    assert why == reason
    assert order.volume == (D(9) if reason else D(free))
