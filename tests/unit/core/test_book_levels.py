"""How an order takes what a book offers."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from core.venue.levels import Level, offered, suffices, taken
from messages.orders import Order

ASKS: list[Level] = [(D(100), D(1)), (D(101), D(2)), (D(103), D(3))]
BIDS: list[Level] = [(D(99), D(1)), (D(98), D(2)), (D(0), D(0))]


def order(side: str, kind: str, price: str = "", volume: str = "") -> Order:
    figures = [D(text) if text else None for text in (price, volume)]
    return Order("", "", "KRW-BTC", side, kind, *figures)  # type: ignore[arg-type]


def test_faqs_example_of_a_total_keeps_what_buys_nothing() -> None:
    """10,000 KRW at 30,000 buys 0.33333333: docs/reference/upbit.md 3.6."""
    spend = order("bid", "price", "10000")
    levels = [(D(30_000), D(5))]
    assert taken(spend, D(10_000), levels) == [(D(30_000), D("0.33333333"))]
    assert suffices(spend, D(10_000), levels)


def test_a_total_goes_from_level_to_level() -> None:
    found = taken(order("bid", "price", "250"), D(250), ASKS)
    assert found == [(D(100), D(1)), (D(101), D("1.48514851"))]
    assert not suffices(order("bid", "price", "1000"), D(1000), ASKS)


@pytest.mark.parametrize(
    ("wanted", "levels", "found"),
    [
        (order("bid", "limit", "101", "5"), ASKS, 2),
        (order("bid", "limit", "99", "5"), ASKS, 0),
        (order("ask", "limit", "98", "5"), BIDS, 2),
        (order("ask", "limit", "100", "5"), BIDS, 0),
        (order("ask", "market", "", "5"), BIDS, 2),
        (order("ask", "best", "", "5"), BIDS, 1),
        (order("bid", "best", "500", ""), ASKS, 1),
    ],
)
def test_only_levels_within_the_limit_are_offered(
    wanted: Order, levels: list[Level], found: int
) -> None:
    assert offered(wanted, levels) == levels[:found]


def test_a_volume_is_taken_to_its_last_part() -> None:
    sale = order("ask", "market", "", "2.5")
    assert taken(sale, D("2.5"), offered(sale, BIDS)) == [(D(99), D(1)), (D(98), D("1.5"))]
    assert suffices(sale, D(3), offered(sale, BIDS))
    assert not suffices(sale, D("3.00000001"), offered(sale, BIDS))
