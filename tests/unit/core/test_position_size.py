"""How much an entry costs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trading.position_size import entry_cost, least_entry

D = Decimal
FEE = D("0.0005")


@pytest.mark.parametrize(
    ("min_order", "stoploss", "least"),
    [("5000", "-0.03", 5413), ("5000", "-0.5", 10500), ("5000", "-0.01", 5304), ("0", "-0.03", 1)],
)
def test_the_least_entry_can_be_sold_at_its_stop(min_order: str, stoploss: str, least: int) -> None:
    assert least_entry(D(min_order), D(stoploss)) == least


@pytest.mark.parametrize(
    ("free", "stake", "spent"),
    [
        ("1000000", "100000", "100000"),
        ("100050", "100000", "100000"),  # the fee just fits on top
        ("100049.99", "100000", "99999"),
        ("5002.5", "100000", "5000"),
        ("100050.50025", "100000.5", "100000.5"),
        ("0", "100000", "0"),
    ],
)
def test_an_entry_is_cut_to_the_cash_that_carries_it(free: str, stake: str, spent: str) -> None:
    assert entry_cost(D(free), D(stake), FEE) == D(spent)


@given(
    st.decimals(0, 10**9, places=10),
    st.integers(5000, 10**9),
    st.decimals(0, D("0.05"), places=5),
)
def test_an_entry_never_costs_more_than_is_free_and_leaves_less_than_two_won_when_cut(
    free: Decimal, stake: int, rate: Decimal
) -> None:
    spent = entry_cost(free, D(stake), rate)
    assert spent * (1 + rate) <= free
    assert spent <= stake
    if spent < stake:
        assert free - spent * (1 + rate) < 2


@given(st.integers(1, 10**6), st.decimals(D("-0.99"), D("-0.001"), places=3))
def test_the_least_entry_is_worth_more_than_the_minimum_at_its_stop(
    min_order: int, stoploss: Decimal
) -> None:
    assert least_entry(D(min_order), stoploss) * (1 + stoploss) >= min_order * D("1.05")
