"""Candles in columns: exact where money looks, the nearest float where a strategy looks."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market import candles as c
from messages.market import Candle


def prices(places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(1, 9 * 10**10).map(lambda units: Decimal(units).scaleb(-places))


@st.composite
def candle_lists(draw: st.DrawFn) -> list[Candle]:
    times = sorted(draw(st.sets(st.integers(0, 10**6), min_size=1, max_size=8)))
    number = st.integers(0, 8).flatmap(prices)
    return [Candle(60 * time, *(draw(number) for _ in range(5))) for time in times]


SOME = [
    Candle(60, *map(Decimal, ("0.0087", "0.0090", "0.00865", "1", "2.5"))),
    Candle(180, *[Decimal("0.01")] * 4, Decimal("300")),
    Candle(240, *[Decimal("12")] * 4, Decimal("0.00000001")),
]


@given(candle_lists())
def test_a_tape_gives_back_every_candle_exactly(given_candles: list[Candle]) -> None:
    series = c.series_of("KRW-X", 60, given_candles)
    assert [c.candle_at(series, i) for i in range(len(given_candles))] == given_candles


@given(candle_lists())
def test_columns_hold_the_floats_nearest_to_the_decimals(given_candles: list[Candle]) -> None:
    series = c.series_of("KRW-X", 60, given_candles)
    whole, single = c.columns(series), c.candles_of(given_candles)
    for name in c.COLUMNS:
        assert getattr(whole, name).tolist() == getattr(single, name).tolist(), name


def test_decimals_are_spelled_as_short_as_they_can_be() -> None:
    series = c.series_of("KRW-X", 60, SOME)
    assert [str(c.candle_at(series, i).close) for i in range(3)] == ["1", "0.01", "12"]
    assert str(c.candle_at(series, 1).volume) == "300"


def test_equal_records_have_equal_scales_however_they_were_cut() -> None:
    series = c.series_of("KRW-X", 60, SOME)
    again = c.joined([c.trimmed(c.part(series, 0, 1)), c.trimmed(c.part(series, 1, 3))])
    assert (again.price_places, again.volume_places) == (5, 8)
    assert [c.candle_at(again, i) for i in range(3)] == SOME


def test_a_price_of_too_many_digits_is_refused_not_rounded() -> None:
    wide = Candle(0, *[Decimal("123456789012.12345678")] * 4, Decimal(1))
    with pytest.raises(ValueError, match="digits"):
        c.series_of("KRW-X", 60, [wide])
    with pytest.raises(ValueError, match="digits"):
        c.rescaled(np.array([10**17]), 3)


def test_a_window_is_a_view_and_a_live_window_keeps_its_length() -> None:
    whole = c.columns(c.series_of("KRW-X", 60, SOME))
    seen = c.window(whole, 1, 3)
    assert seen.close.base is not None
    assert seen.time.tolist() == [180, 240]
    grown = c.with_next(c.window(whole, 0, 2), SOME[2], keep=2)
    assert [getattr(grown, n).tolist() for n in c.COLUMNS] == [
        getattr(seen, n).tolist() for n in c.COLUMNS
    ]
    assert grown.time.dtype == np.int64


def test_candles_are_merged_by_their_times_and_the_later_telling_wins() -> None:
    def at(time: int, close: int) -> Candle:
        return Candle(time, *[Decimal(close)] * 4, Decimal(1))

    known = c.candles_of([at(60, 1), at(180, 3)])
    whole = c.merged(known, [at(120, 2), at(180, 4), at(240, 5)], keep=9)
    assert (whole.time.tolist(), whole.close.tolist()) == ([60, 120, 180, 240], [1, 2, 4, 5])
    cut = c.merged(known, [at(120, 2), at(240, 5)], keep=2)
    assert cut.time.tolist() == [180, 240]
    assert c.merged(known, [at(180, 7)], keep=9).close.tolist() == [1, 7]
    nothing = c.merged(c.candles_of([]), [], keep=9)
    assert (nothing.time.tolist(), nothing.time.dtype) == ([], np.int64)


def test_between_takes_starts_in_the_span_and_history_before_it() -> None:
    series = c.series_of("KRW-X", 60, SOME)
    assert c.between(series, 61, 240).time.tolist() == [180]
    assert c.between(series, 180, 241, history=5).time.tolist() == [60, 180, 240]


def test_a_volume_of_too_many_digits_is_cut_where_a_price_is_refused() -> None:
    huge, tiny = Decimal("3000000000000.12345678"), Decimal("0.00000012")
    series = c.series_of("KRW-X", 60, [Candle(0, *[Decimal(1)] * 4, huge)])
    assert c.candle_at(series, 0).volume == Decimal("3000000000000.123456")
    later = c.series_of("KRW-X", 60, [Candle(60, *[Decimal(1)] * 4, tiny)])
    both = c.joined([series, later])
    assert [c.candle_at(both, n).volume for n in range(2)] == [
        Decimal("3000000000000.123456"),
        Decimal(0),
    ]
