"""The money type and its roundings."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    ceil_amount,
    down,
    floor_amount,
    floor_volume,
    half_even,
    money,
    prepare_thread,
    quotient,
    quotient_down,
    quotient_up,
    up,
)

D = Decimal
figures = st.decimals(0, 10**12, places=12)
divisors = st.decimals(D("0.00000001"), 10**12, places=8)


@pytest.mark.parametrize(
    "bad",
    ["NaN", "sNaN", "inf", "-inf", "-1", "-0.00000001", "x", "", "1e24", "1e-31", "9e99999", 1.5],
)
def test_what_is_no_money_is_refused_and_the_error_shows_it(bad: str | float) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(bad))):
        money(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1.50", D("1.5")),
        (7, D(7)),
        ("-0", D(0)),
        (D(0), D(0)),
        ("1e-30", D("1e-30")),  # the finest and the greatest there may be
        ("9e23", D("9e23")),
    ],
)
def test_what_is_money_is_taken_as_it_stands(text: str | int, figure: Decimal) -> None:
    assert money(text) == figure
    assert not money(text).is_signed()


@pytest.mark.parametrize(
    ("rounding", "texts", "expected"),
    [
        (floor_amount, ("1.999",), "1"),
        (floor_amount, ("-1.001",), "-2"),
        (ceil_amount, ("1.001",), "2"),
        (ceil_amount, ("-1.999",), "-1"),
        (floor_volume, ("0.123456789",), "0.12345678"),
        (quotient, ("2", "3"), "0.66666667"),
        (quotient_down, ("2", "3"), "0.66666666"),
        (quotient_up, ("1", "3"), "0.33333334"),
        (quotient_down, ("5000", "75324000"), "0.00006637"),
        (quotient_down, ("10000", "30000"), "0.33333333"),
    ],
)
def test_a_rounding_goes_the_way_of_its_name(
    rounding: Callable[..., Decimal], texts: tuple[str, ...], expected: str
) -> None:
    assert str(rounding(*map(D, texts))) == expected


@pytest.mark.parametrize(
    ("rounding", "value", "places", "expected"),
    [
        (half_even, "0.5", 0, "0"),
        (half_even, "1.5", 0, "2"),
        (down, "0.0129", 3, "0.012"),
        (up, "0.0121", 3, "0.013"),
    ],
)
def test_a_rounding_keeps_so_many_decimals(
    rounding: Callable[..., Decimal], value: str, places: int, expected: str
) -> None:
    assert str(rounding(D(value), places)) == expected


def test_a_quotient_just_below_a_tie_is_no_tie() -> None:
    assert quotient(D(3 * 10**61), D(2 * 10**61 + 1), 0) == 1


def test_a_bare_division_that_does_not_come_out_even_fails() -> None:
    assert D(1) / D(8) == D("0.125")
    with pytest.raises(decimal.Inexact):
        D(1) / D(3)


def test_a_float_does_not_mix_with_money() -> None:
    with pytest.raises(decimal.FloatOperation):
        D(0.1)
    with pytest.raises(TypeError):
        D(1) + 0.1  # type: ignore[operator]


def test_every_thread_has_the_context_of_money() -> None:
    def traps() -> bool:
        prepare_thread()
        return decimal.getcontext().traps[decimal.Inexact] and decimal.getcontext().prec == 60

    def default() -> bool:
        return bool(decimal.getcontext().traps[decimal.Inexact])

    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        assert first.submit(traps).result()
        assert second.submit(default).result()
    assert traps()


@given(figures, divisors, st.integers(0, 12))
def test_a_quotient_is_the_nearest_and_its_neighbours_enclose_it(
    a: Decimal, b: Decimal, places: int
) -> None:
    exact = Fraction(a) / Fraction(b)
    unit = Fraction(1, 10**places)
    low, high = quotient_down(a, b, places), quotient_up(a, b, places)
    assert 0 <= exact - Fraction(low) < unit
    assert 0 <= Fraction(high) - exact < unit
    assert Fraction(quotient(a, b, places)) == round(exact / unit) * unit


@given(st.decimals(-(10**9), 10**9, places=12), st.integers(0, 11))
def test_rounding_moves_by_less_than_a_unit(value: Decimal, places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    assert 0 <= value - down(value, places) < unit
    assert 0 <= up(value, places) - value < unit
    assert abs(half_even(value, places) - value) * 2 <= unit
