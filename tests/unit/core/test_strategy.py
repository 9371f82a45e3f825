"""The strategy's rules, candle by candle; and a window says what the whole history says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from msgspec import Struct, structs

from adapters.recording import read
from core.indicators import bollinger_lower, macd, rsi
from core.market.candles import Candles, CandleSeries, columns, window
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from core.strategies.rsi_macd_bollinger import Params, conditions
from core.strategy import Signals, latest_verdict, params_of, signals_of, verdict_at
from messages.market import Verdict
from tests.support.recorded import SEPTEMBER, needed

STRATEGY = BUILT_IN["rsi_macd_bollinger"]
STARTUP = 400
TIGHT = Params(condition_window=12, conditions_required=3)
LOOSE = Params(rsi_oversold=45, condition_window=9, conditions_required=1)


def verdict_by_the_book(held: dict[str, list[bool]], row: int, params: Params) -> Verdict:
    """The rules of entering, told plainly for one candle."""
    first = max(0, row - params.condition_window + 1)
    recent = tuple(name for name, at in held.items() if any(at[first : row + 1]))
    now = any(at[row] for at in held.values())
    return Verdict(len(recent) >= params.conditions_required and now, False, recent)


@pytest.mark.parametrize("params", [Params(), TIGHT, LOOSE])
def test_enough_recent_conditions_and_one_now_make_an_entry(params: Params) -> None:
    candles = columns(synthetic_market(seed=3, days=2)[2])
    held = {name: at.tolist() for name, at in conditions(candles, params).items()}
    signals = STRATEGY.signals(candles, params)
    found = [verdict_at(signals, row) for row in range(len(candles.time))]
    assert found == [verdict_by_the_book(held, row, params) for row in range(len(found))]
    assert any(verdict.entry for verdict in found)


def test_each_condition_is_its_rule() -> None:
    candles = columns(synthetic_market(seed=4, days=1)[1])
    close, held = candles.close, conditions(candles, Params())
    values, lower = rsi(close, 14), bollinger_lower(close, 20, 2)
    line, trigger = macd(close, 12, 26, 9)
    for row in range(40, len(close)):
        assert held["rsi"][row] == (values[row] <= 30 + 1e-9)
        assert held["bollinger"][row] == (close[row] <= lower[row] + 1e-9 * close[row])
        now = line[row] - trigger[row] > 1e-9 * close[row]
        before = line[row - 1] - trigger[row - 1] > 1e-9 * close[row - 1]
        assert held["macd"][row] == (now and not before)
    assert list(held) == ["rsi", "macd", "bollinger"]


def differences(series: CandleSeries, rows: range, params: Params) -> list[int]:
    candles = columns(series)
    whole = signals_of(STRATEGY, params, candles, STARTUP)
    seen = (
        latest_verdict(STRATEGY, params, window(candles, max(0, row - 450), row + 1), STARTUP)
        for row in rows
    )
    return [row for row, found in zip(rows, seen, strict=True) if found != verdict_at(whole, row)]


@pytest.mark.parametrize("params", [Params(), TIGHT, LOOSE])
@pytest.mark.parametrize("place", range(5))
def test_a_window_says_what_the_whole_made_up_history_says(place: int, params: Params) -> None:
    series = synthetic_market(seed=5)[place]
    assert differences(series, range(STARTUP - 1, len(series.time), 3), params) == []


@needed
def test_a_window_says_what_the_whole_recorded_history_says() -> None:
    for series in read(SEPTEMBER):
        count = len(series.time)
        rows = range(STARTUP - 1, count, 7)
        assert differences(series, rows, Params()) == [], series.pair


def test_the_last_of_the_startup_candles_may_enter_and_none_before() -> None:
    class Eager:
        Params: type[Struct] = Params

        @staticmethod
        def signals(candles: Candles, params: Any) -> Signals:
            every = np.ones(len(candles.time), dtype=np.bool_)
            return Signals(every, every)

    candles = columns(synthetic_market(seed=1, days=1)[0])
    signals = signals_of(Eager(), Params(), candles, 10)
    assert np.flatnonzero(signals.entry)[0] == 9
    short = window(candles, 0, 9)
    assert not signals_of(Eager(), Params(), short, 10).entry.any()
    assert latest_verdict(Eager(), Params(), short, 10) == Verdict()
    assert latest_verdict(Eager(), Params(), window(candles, 0, 10), 10).entry


def test_a_missing_minute_stays_missing() -> None:
    candles = columns(synthetic_market(seed=1, days=1)[4])
    packed = structs.replace(candles, time=candles.time[0] + 60 * np.arange(len(candles.time)))
    assert (np.diff(candles.time) > 60).any()
    found, same = STRATEGY.signals(candles, Params()), STRATEGY.signals(packed, Params())
    assert found.entry.tolist() == same.entry.tolist()


def test_parameters_come_from_their_keys_with_defaults_for_the_rest() -> None:
    found = params_of(STRATEGY, {"rsi_oversold": Decimal("27.5"), "condition_window": 3})
    assert found == Params(rsi_oversold=27.5, condition_window=3)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"rsi_oversold": 101}, "rsi_oversold: .*100.*101"),
        ({"rsi_period": "14"}, "rsi_period: .*int.*'14'"),
        ({"conditions_required": 0}, "conditions_required: .*1"),
        ({"rsi_oversolt": 30}, "rsi_oversolt: .*no such.*rsi_oversold"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_range(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        params_of(STRATEGY, values)
