"""Which markets are traded when the configuration says all of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.universe import Listing, universe, why_not
from messages.config import Config

D = Decimal
TODAY = date(2025, 9, 20)
CONFIG = Config(pair_blacklist=("KRW-BAD",))
MUCH = D(5_000_000_000)


def listing(pair: str = "KRW-A", **facts: Any) -> Listing:
    return Listing(pair, **{"turnover": MUCH, **facts})


@pytest.mark.parametrize(
    ("market", "reason"),
    [
        (listing(), None),
        (listing("BTC-A"), "not_krw"),
        (listing("KRW-BAD"), "blacklisted"),
        (listing(warning=True), "warned"),
        (listing(caution=True), "cautioned"),
        (listing(turnover=MUCH - D("0.1")), "low_turnover"),
        (listing(listed=TODAY - timedelta(days=6)), "newly_listed"),
        (listing(listed=TODAY - timedelta(days=7)), None),
        (listing(listed=None), None),
        (listing(warning=True, caution=True, turnover=D(0)), "warned"),
    ],
)
def test_a_market_is_left_out_for_the_first_reason_there_is(
    market: Listing, reason: str | None
) -> None:
    assert why_not(market, CONFIG, TODAY) == reason
    found = universe([market], CONFIG, TODAY)
    assert found.pairs == (() if reason else (market.pair,))
    assert found.left_out == ({market.pair: reason} if reason else {})


def test_a_caution_is_taken_where_the_configuration_says_so_and_a_warning_never() -> None:
    bold = Config(trade_cautioned=True, min_turnover_krw=D(0), min_days_listed=0)
    markets = [
        listing("KRW-C", caution=True, turnover=D(0), listed=TODAY),
        listing("KRW-W", warning=True),
    ]
    assert universe(markets, bold, TODAY).pairs == ("KRW-C",)


def test_the_greater_turnover_comes_first_and_a_tie_goes_by_name() -> None:
    markets = [listing("KRW-B"), listing("KRW-A"), listing("KRW-C", turnover=MUCH * 2)]
    assert universe(markets, CONFIG, TODAY).pairs == ("KRW-C", "KRW-A", "KRW-B")


@given(st.permutations([listing(f"KRW-{n}", turnover=MUCH * (n % 3)) for n in range(7)]))
def test_the_order_of_the_listings_changes_nothing(markets: list[Listing]) -> None:
    assert universe(markets, CONFIG, TODAY).pairs == ("KRW-2", "KRW-5", "KRW-1", "KRW-4")
