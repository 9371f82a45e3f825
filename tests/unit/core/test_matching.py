"""The rules of a venue: refusals, locks, fills."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from core.money import quotient_up
from core.venue.matching import Fill, Rules, due, fill, locked, refusal
from messages.market import Candle
from messages.orders import Order
from messages.paper import Resting

D = Decimal
DAY = date(2025, 9, 1)
RULES = Rules()
RICH = (D(10**12), D(10**12))


def order(side: str = "bid", kind: str = "limit", **given: Any) -> Order:
    """An order with prices and volumes from text."""
    figures = {k: D(v) if k in ("price", "volume", "reference") else v for k, v in given.items()}
    return Order("o", "t", figures.pop("pair", "KRW-BTC"), side, kind, **figures)  # type: ignore[arg-type]


def resting(order: Order, accepted_at: float = 60.0, **changes: Any) -> Resting:
    return structs.replace(Resting(order, "i", "u", accepted_at), **changes)


def candle(open_: str, high: str = "", low: str = "", time: int = 60) -> Candle:
    return Candle(time, D(open_), D(high or open_), D(low or open_), D(open_), D(1))


def through(order: Order, prices: list[Candle], rules: Rules) -> list[Fill]:
    """Every fill of an order, candle by candle, with the totals carried along."""
    now, fills = resting(order), []
    for price in prices:
        done = fill(now, price, rules, DAY)
        if done is None:
            continue
        fills.append(done)
        totals = (now.volume + done.volume, now.funds + done.funds, now.fee + done.fee)
        now = structs.replace(now, volume=totals[0], funds=totals[1], fee=totals[2])
        if done.state != "wait":
            break
    return fills


# --- refusals
@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (order("bid", "market", volume="1"), "create_bid_error"),
        (order("ask", "price", price="6000"), "create_ask_error"),
        (order("bid", "limit", price="1000"), "create_bid_error"),
        (order("ask", "limit", volume="1"), "create_ask_error"),
        (order("bid", "price", price="6000", volume="1"), "create_bid_error"),
        (order("ask", "market", price="6000", volume="1"), "create_ask_error"),
        (order("ask", "market"), "create_ask_error"),
        (order("bid", "best", volume="1", time_in_force="ioc"), "create_bid_error"),
        (order("ask", "best", price="6000", time_in_force="fok"), "create_ask_error"),
        (order("bid", "best", price="6000"), "invalid_time_in_force"),
        (order("bid", "price", price="6000", time_in_force="ioc"), "invalid_time_in_force"),
        (order("ask", "market", volume="1", time_in_force="fok"), "invalid_time_in_force"),
        (
            order("bid", "limit", price="1000", volume="9", time_in_force="gtc"),
            "invalid_time_in_force",
        ),
        (order("bid", "price", price="6000", time_in_force="post_only"), "invalid_post_only"),
        (order("bid", "limit", price="NaN", volume="9"), "validation_error"),
        (order("bid", "limit", price="1000", volume="0"), "validation_error"),
        (order("bid", "price", price="-6000"), "validation_error"),
        (order("bid", "price", price="6000", pair="BTC-ETH"), "notfoundmarket"),
        (order("bid", "limit", price="1000500", volume="1"), "invalid_price_bid"),
        (order("ask", "limit", price="1000500", volume="1"), "invalid_price_ask"),
        (order("bid", "limit", price="1000", volume="9.000000001"), "invalid_volume_bid"),
        (order("ask", "market", volume="0.000000001"), "invalid_volume_ask"),
        (order("bid", "price", price="4999.99"), "under_min_total_bid"),
        (order("bid", "limit", price="4999", volume="1"), "under_min_total_bid"),
        (order("ask", "market", volume="1", reference="4999"), "under_min_total_ask"),
        (order("bid", "price", price="1000000001"), "over_krw_funds_bid"),
        (order("ask", "limit", price="1001000", volume="1000"), "over_krw_funds_ask"),
    ],
)
def test_an_order_that_breaks_a_rule_is_refused_by_upbits_name(wrong: Order, name: str) -> None:
    refused = refusal(wrong, *RICH, RULES, DAY)
    assert refused
    assert refused[0] == name
    assert refused[1]


@pytest.mark.parametrize(
    "right",
    [
        order("bid", "limit", price="5000", volume="1"),
        order("ask", "limit", price="1001000", volume="0.00500000", time_in_force="post_only"),
        order("bid", "limit", price="5000", volume="1", time_in_force="ioc"),
        order("bid", "price", price="5000"),
        order("bid", "price", price="1000000000"),
        order("ask", "market", volume="0.00000001"),  # of a price that nobody told
        order("ask", "market", volume="1", reference="5000"),
        order("bid", "best", price="5000", time_in_force="fok"),
        order("ask", "best", volume="1", time_in_force="ioc"),
    ],
)
def test_every_combination_that_upbit_knows_is_taken(right: Order) -> None:
    assert refusal(right, *RICH, RULES, DAY) is None


def test_the_fee_on_top_must_be_there_too() -> None:
    buy = order("bid", "price", price="10000")
    assert refusal(buy, D(10005), D(0), RULES, DAY) is None
    assert refusal(buy, D("10004.99"), D(0), RULES, DAY) == (
        "insufficient_funds_bid",
        "주문 가능한 금액(KRW)이 부족합니다.",
    )
    sale = order("ask", "market", volume="1")
    assert refusal(sale, D(0), D(1), RULES, DAY) is None
    assert refusal(sale, D(10**9), D("0.99999999"), RULES, DAY) == (
        "insufficient_funds_ask",
        "주문 가능한 금액(BTC)이 부족합니다.",
    )


def test_a_limit_is_judged_by_the_grid_of_its_day() -> None:
    buy = order("bid", "limit", price="1000500", volume="1")
    assert refusal(buy, *RICH, RULES, date(2025, 7, 30)) is None


# --- locks and fills: the checked cases of the reference, 3.5
def test_a_live_market_buy_comes_out_to_the_last_digit() -> None:
    buy = order("bid", "price", price="5000")
    assert locked(buy, D("0.0005")) == D("5002.5")
    done = fill(resting(buy), candle("75324000"), RULES, DAY)
    assert done == Fill(D("0.00006637"), D("4999.25388"), D("2.49962694"), "cancel")
    assert D("2.5") - done.fee == D("0.00037306")
    assert D("5002.5") - done.funds - done.fee == D("0.74649306")


def test_a_limit_buy_locks_its_fee_on_top() -> None:
    assert locked(order("bid", "limit", price="613", volume="10"), D("0.0005")) == D("6133.065")


def test_a_sale_locks_its_coin_and_pays_its_fee_unrounded() -> None:
    sale = order("ask", "limit", price="1375", volume="5.377594")
    assert locked(sale, D("0.0005")) == D("5.377594")
    done = fill(resting(sale), candle("1375"), RULES, DAY)
    assert done == Fill(D("5.377594"), D("7394.19175"), D("3.697095875"), "done")


def test_a_limit_buy_far_above_the_price_keeps_the_rest_of_its_lock() -> None:
    buy, rules = order("bid", "limit", price="17417000", volume="1"), Rules(fee_rate=D("0.0015"))
    done = fill(resting(buy), candle("101000"), rules, DAY)
    assert done == Fill(D(1), D(101000), D("151.5"), "done")
    assert locked(buy, rules.fee_rate) - done.funds - done.fee == D(17341974)


def test_a_total_that_is_used_up_exactly_ends_done() -> None:
    buy = order("bid", "price", price="10000")
    assert fill(resting(buy), candle("25000"), RULES, DAY) == Fill(D("0.4"), D(10000), D(5), "done")
    faq = fill(resting(buy), candle("30000"), RULES, DAY)
    assert faq
    assert (faq.volume, faq.funds, faq.state) == (D("0.33333333"), D("9999.9999"), "cancel")


@pytest.mark.parametrize(
    ("wish", "rate", "price"),
    [
        (order("bid", "price", price="100000"), "0.0005", "161081000"),
        (order("ask", "market", volume="1"), "0.0005", "160919000"),
        (order("bid", "price", price="100000"), "0", "161000000"),
        (order("ask", "market", volume="1"), "0", "161000000"),
        (order("ask", "best", volume="1", time_in_force="ioc"), "0.0005", "160919000"),
    ],
)
def test_a_market_order_fills_at_the_open_made_worse(wish: Order, rate: str, price: str) -> None:
    rules = Rules(slippage_rate=D(rate))
    done = fill(resting(wish), candle("161000000", "999000000", "1000"), rules, DAY)
    assert done
    assert done.funds == done.volume * D(price)


@pytest.mark.parametrize(
    ("side", "prices", "paid"),
    [
        ("bid", ("9900", "9950", "9800"), "9900"),  # open better: at the open
        ("bid", ("10000", "10000", "10000"), "10000"),
        ("bid", ("10100", "10200", "10000"), "10000"),  # touched: at the limit
        ("bid", ("10100", "10200", "10005"), None),
        ("ask", ("10100", "10200", "10050"), "10100"),
        ("ask", ("9900", "10000", "9800"), "10000"),
        ("ask", ("9900", "9995", "9800"), None),
    ],
)
def test_a_limit_order_fills_at_its_price_or_better(
    side: str, prices: tuple[str, str, str], paid: str | None
) -> None:
    wish = order(side, "limit", price="10000", volume="2")
    done = fill(resting(wish), candle(*prices), Rules(slippage_rate=D("0.1")), DAY)
    assert (done.funds if done else None) == (D(paid) * 2 if paid else None)


@pytest.mark.parametrize(
    ("force", "opens", "share", "executed", "state"),
    [
        ("ioc", "9900", "1", "2", "done"),
        ("ioc", "9900", "0.4", "0.8", "cancel"),
        ("ioc", "10100", "1", "0", "cancel"),  # though its low would reach the limit
        ("fok", "9900", "1", "2", "done"),
        ("fok", "9900", "0.4", "0", "cancel"),
        ("fok", "10100", "1", "0", "cancel"),
        ("post_only", "9900", "1", "0", "cancel"),  # it would take
        ("post_only", "10100", "1", "2", "done"),
    ],
)
def test_time_in_force_decides_what_may_wait(
    force: str, opens: str, share: str, executed: str, state: str
) -> None:
    wish = order("bid", "limit", price="10000", volume="2", time_in_force=force)
    done = fill(resting(wish), candle(opens, "10200", "9800"), Rules(share=D(share)), DAY)
    assert done
    assert (done.volume, done.state) == (D(executed), state)


def test_a_post_only_order_that_has_rested_is_a_maker_at_its_own_price() -> None:
    wish = order("bid", "limit", price="10000", volume="2", time_in_force="post_only")
    done = fill(resting(wish), candle("9900", time=120), RULES, DAY)
    assert done == Fill(D(2), D(20000), D(10), "done")
    assert fill(resting(wish), candle("10100", time=120), RULES, DAY) is None


def test_an_order_is_due_at_a_candle_newer_than_the_one_it_came_in_and_once() -> None:
    wish = order("ask", "market", volume="1")
    assert not due(resting(wish, 120.0), candle("1", time=60), 60)  # decided at its close
    assert due(resting(wish, 120.0), candle("1", time=120), 60)
    assert not due(resting(wish, 120.0, candle=180), candle("1", time=180), 60)
    assert due(resting(wish, 120.0, candle=180), candle("1", time=240), 60)


def test_at_prices_an_order_is_due_by_the_prices_own_moment() -> None:
    wish, price = order("ask", "market", volume="1"), candle("1", time=120)
    assert not due(resting(wish, 120.5), price, 0, 120.2), "older than the order"
    assert not due(resting(wish, 120.5), price, 0, 120.5)
    assert due(resting(wish, 120.5), price, 0, 120.7), "a later one of the same second"
    part = resting(wish, 120.5, filled_at=120.7, candle=120)
    assert not due(part, price, 0, 120.7)
    assert due(part, price, 0, 120.8), "each price of a second fills its share"


# --- shares
def test_each_price_fills_its_share_and_the_last_one_the_rest() -> None:
    sale = order("ask", "limit", price="10000", volume="1.00000001")
    fills = through(sale, [candle("10000")] * 9, Rules(share=D("0.3")))
    assert [f.volume for f in fills] == [D("0.3"), D("0.3"), D("0.3"), D("0.10000001")]
    assert [f.state for f in fills] == ["wait", "wait", "wait", "done"]


def test_each_price_spends_its_share_of_a_total_and_the_last_one_the_rest() -> None:
    buy = order("bid", "price", price="10000")
    fills = through(buy, [candle("30000"), candle("25000"), candle("27000")], Rules(share=D("0.4")))
    assert [f.volume for f in fills] == [D("0.13333333"), D("0.16"), D("0.07407407")]
    assert [f.state for f in fills] == ["wait", "wait", "cancel"]


@pytest.mark.parametrize(
    "wish", [order("bid", "price", price="5000"), order("ask", "market", volume="0.00000003")]
)
def test_a_share_too_small_to_trade_fills_all_at_once(wish: Order) -> None:
    fills = through(wish, [candle("160000000")] * 3, Rules(share=D("0.0001")))
    assert len(fills) == 1
    assert fills[0].state != "wait"


def test_a_price_at_which_nothing_can_be_bought_ends_the_order_untouched() -> None:
    buy = order("bid", "price", price="5000")
    done = fill(resting(buy), candle("600000000000"), RULES, DAY)
    assert done == Fill(D(0), D(0), D(0), "cancel")


def test_parts_that_are_cut_short_leave_the_rest_to_one_more_price() -> None:
    buy = order("bid", "price", price="5000")
    rules = Rules(share=D("0.01"), slippage_rate=D("0.0005"))
    fills = through(buy, [candle("54917541.2294")] * 200, rules)
    assert len(fills) == 101
    assert {f.volume for f in fills[:-1]} == {D("0.00000090")}
    assert fills[-1].state == "cancel"
    assert 5000 - sum(f.funds for f in fills) < D("0.55")  # less than 1e-8 of the coin


prices = st.decimals(D("0.01"), D(200_000_000), places=4).map(lambda p: candle(str(p)))
shares = st.sampled_from([D(1), D("0.5"), D("0.3"), D("0.07"), D("0.01")])
slips = st.sampled_from([D(0), D("0.0005"), D("0.02")])


@given(st.integers(5000, 10**9), st.lists(prices, min_size=1, max_size=5), shares, slips)
def test_a_market_buy_spends_at_most_its_total_and_ends(
    total: int, candles: list[Candle], share: Decimal, slip: Decimal
) -> None:
    buy = order("bid", "price", price=str(total))
    # What the parts are cut by adds up to more prices: twice as many at most.
    fills = through(buy, candles * 200, Rules(share=share, slippage_rate=slip))
    funds, fee = sum(f.funds for f in fills), sum(f.fee for f in fills)
    assert [f.state == "wait" for f in fills] == [True] * (len(fills) - 1) + [False]
    assert funds <= total
    assert funds + fee <= locked(buy, RULES.fee_rate)
    assert fee == funds * RULES.fee_rate
    assert fills[-1].state == ("done" if funds == total else "cancel")
    for part in fills[:-1]:  # its share, short of it by less than 1e-8 of the coin
        short = total * share - part.funds
        assert 0 <= short * part.volume < part.funds * D("1e-8")
    if share == 1:  # less is left than one more 1e-8 of the coin would cost
        assert D(total) - funds < candles[0].open * (1 + slip) * D("1.1") * D("1e-8") + D("1e-8")


@given(
    st.decimals(D("0.0001"), 10**6, places=8),
    st.lists(prices, min_size=1, max_size=5),
    shares,
    slips,
)
def test_a_market_sale_sells_exactly_its_volume_in_as_many_prices_as_shares(
    volume: Decimal, candles: list[Candle], share: Decimal, slip: Decimal
) -> None:
    sale = order("ask", "market", volume=str(volume))
    fills = through(sale, candles * 100, Rules(share=share, slippage_rate=slip))
    assert sum(f.volume for f in fills) == volume
    assert len(fills) == quotient_up(D(1), share, 0)
    assert fills[-1].state == "done"
    assert all(
        f.funds <= f.volume * c.open or slip for f, c in zip(fills, candles * 100, strict=False)
    )
