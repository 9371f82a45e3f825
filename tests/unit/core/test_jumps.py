"""A price that jumps by more than three times between two candles is found, with both prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.market.candles import CandleSeries, series_of
from core.market.jumps import Jump, jumped, jumps
from messages.market import Candle

D = Decimal


def series(*closes: str) -> CandleSeries:
    """Candles of one price each, a minute apart."""
    return series_of("KRW-A", 60, [Candle(60 * i, *[D(c)] * 4, D(1)) for i, c in enumerate(closes)])


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [("100", "300", False), ("100", "301", True), ("300", "100", False), ("301", "100", True)],
)
def test_three_times_is_no_jump_and_anything_more_is(before: str, after: str, found: bool) -> None:
    assert jumped(D(before), D(after)) is found
    assert list(jumps(series(before, after))) == [Jump("KRW-A", 60, D(before), D(after))] * found


def test_every_jump_is_found_with_its_moment_and_both_prices() -> None:
    assert list(jumps(series("5", "5", "5000", "5001", "5"))) == [
        Jump("KRW-A", 120, D(5), D(5000)),
        Jump("KRW-A", 240, D(5001), D(5)),
    ]


def test_a_candle_that_ends_elsewhere_than_it_opened_is_looked_at_too() -> None:
    odd = [Candle(0, *[D(5)] * 4, D(1)), Candle(60, D(5), D(50), D(5), D(50), D(1))]
    assert list(jumps(series_of("KRW-A", 60, odd))) == [Jump("KRW-A", 60, D(5), D(50))]


def test_no_candle_and_one_candle_have_no_jump() -> None:
    assert list(jumps(series())) == list(jumps(series("5"))) == []
