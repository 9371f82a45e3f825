"""What sold coin had cost: nothing is made and nothing lost, by either method."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.performance.costs import Lot, Method, Pool, added, taken

D = Decimal
METHODS: tuple[Method, ...] = ("moving_average", "fifo")
coin = st.decimals("0.00000001", 1000, places=8)
krw = st.decimals(0, 10**7, places=8)
lots = st.builds(Lot, volume=coin, cost=krw, fee=krw, at=st.just(1.0))
moves = st.lists(st.one_of(lots, coin), max_size=25)


def bought(method: Method, *rows: tuple[str, str]) -> Pool:
    pool: Pool = ()
    for place, (volume, cost) in enumerate(rows):
        pool = added(pool, Lot(D(volume), D(cost), D(0), float(place)), method)
    return pool


@pytest.mark.parametrize(
    ("method", "sold", "costs"),
    [
        ("moving_average", ["1", "1"], ["150", "150"]),
        ("fifo", ["1", "1"], ["100", "200"]),
        ("moving_average", ["0.5", "1.5"], ["75", "225"]),
        ("fifo", ["0.5", "1.5"], ["50", "250"]),
        ("moving_average", ["2"], ["300"]),
        ("fifo", ["2"], ["300"]),
        ("fifo", ["3"], ["300"]),  # more than was ever bought here
        ("moving_average", ["0.3", "0.3", "1.4"], ["45", "45", "210"]),
    ],
)
def test_costs_of_two_purchases_at_100_and_200(
    method: Method, sold: list[str], costs: list[str]
) -> None:
    pool = bought(method, ("1", "100"), ("1", "200"))
    for volume, cost in zip(sold, costs, strict=True):
        pool, gone = taken(pool, D(volume))
        assert gone.cost == D(cost)
    assert pool == ()


def test_the_moving_average_moves_with_each_purchase_between_sales() -> None:
    pool = bought("moving_average", ("2", "200"))
    pool, first = taken(pool, D(1))
    pool = added(pool, Lot(D(1), D(300), D(0), 9.0), "moving_average")
    pool, second = taken(pool, D(1))
    assert (first.cost, second.cost) == (100, 200)


def test_the_rest_of_a_lot_takes_what_rounding_left() -> None:
    pool = bought("moving_average", ("3", "100"))
    costs = []
    for _ in range(3):
        pool, gone = taken(pool, D(1))
        costs.append(gone.cost)
    assert costs == [D("33.33333333"), D("33.33333333"), D("33.33333334")]


@given(moves, st.sampled_from(METHODS))
def test_what_was_paid_is_what_was_taken_and_what_is_left_to_the_last_digit(
    steps: list[Lot | Decimal], method: Method
) -> None:
    pool: Pool = ()
    paid, gone = [D(0)] * 3, [D(0)] * 3
    for step in steps:
        if isinstance(step, Lot):
            pool = added(pool, step, method)
            paid = [a + b for a, b in zip(paid, (step.volume, step.cost, step.fee), strict=True)]
        else:
            pool, out = taken(pool, step)
            assert out.volume <= step
            gone = [a + b for a, b in zip(gone, (out.volume, out.cost, out.fee), strict=True)]
    left = [sum((getattr(lot, name) for lot in pool), D(0)) for name in ("volume", "cost", "fee")]
    assert [a + b for a, b in zip(gone, left, strict=True)] == paid
    assert min((getattr(lot, n) for lot in pool for n in ("volume", "cost", "fee")), default=0) >= 0


@given(st.lists(st.tuples(lots, coin), max_size=10))
def test_where_all_is_sold_before_the_next_purchase_both_methods_agree(
    rounds: list[tuple[Lot, Decimal]],
) -> None:
    found: dict[Method, list[Lot]] = {}
    for method in METHODS:
        pool: Pool = ()
        for lot, part in rounds:
            pool = added(pool, lot, method)
            pool, first = taken(pool, part)
            pool, rest = taken(pool, lot.volume)
            assert pool == ()
            found.setdefault(method, []).extend((first, rest))
    assert found.get("fifo") == found.get("moving_average")
