"""Comparisons that decide: ties tolerate 1e-9, the unknown decides nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core import indicators as i

NAN = float("nan")


def test_a_value_a_hair_above_its_limit_counts_and_more_does_not() -> None:
    values = np.array([30.0, 30 + 9e-10, 30 + 1.1e-9, NAN])
    assert i.at_most(values, 30.0).tolist() == [True, True, False, False]


def test_the_tolerance_of_a_price_grows_with_the_price() -> None:
    close = np.array([1e8 + 0.09, 1e8 + 0.11])
    assert i.at_most(close, np.array([1e8, 1e8]), close).tolist() == [True, False]


def test_a_crossing_is_above_now_and_not_one_candle_before() -> None:
    line = np.array([NAN, 1.0, 2.0, 0.0, 0.0, 1.0, 1.0])
    other = np.zeros(7)
    close = np.ones(7)
    assert np.flatnonzero(i.crossed_above(line, other, close)).tolist() == [5]


def test_a_tie_within_the_tolerance_is_not_above() -> None:
    line = np.array([0.0, 5e-8, 2e-7])
    close = np.full(3, 100.0)
    assert i.crossed_above(line, np.zeros(3), close).tolist() == [False, False, True]


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 12))
def test_recent_looks_at_the_last_candles_and_this_one(held: list[bool], window: int) -> None:
    expected = [any(held[max(0, n - window + 1) : n + 1]) for n in range(len(held))]
    assert i.recent(np.array(held, dtype=np.bool_), window).tolist() == expected


def test_a_history_too_short_for_an_indicator_is_unknown_not_an_error() -> None:
    for count in (0, 1, 5):
        close = np.full(count, 100.0)
        assert np.isnan(i.rsi(close, 14)).all()
        assert np.isnan(i.macd(close, 12, 26, 9)[0]).all()
        assert np.isnan(i.bollinger_lower(close, 20, 2)).all()


def test_bollinger_is_the_mean_less_population_deviations() -> None:
    close = 100 + np.arange(30.0) ** 1.5
    last = close[-20:]
    found = i.bollinger_lower(close, 20, 2.5)[-1]
    assert np.isclose(found, last.mean() - 2.5 * last.std(), rtol=1e-12)


def test_rsi_is_wilders() -> None:
    close = 100 + np.cumsum(np.sin(np.arange(60.0)) * 3)
    change = np.diff(close)
    gain, loss = np.maximum(change, 0), np.maximum(-change, 0)
    up, down = gain[:14].mean(), loss[:14].mean()
    for g, fall in zip(gain[14:], loss[14:], strict=True):
        up, down = (up * 13 + g) / 14, (down * 13 + fall) / 14
    assert np.isclose(i.rsi(close, 14)[-1], 100 * up / (up + down), rtol=1e-12)
