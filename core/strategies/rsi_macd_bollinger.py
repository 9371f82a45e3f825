"""The default strategy, a sample: oversold RSI, a MACD crossing, a close under the lower band.

It enters when enough of the three held within the last few candles and at least one holds now.
It has no exit signal of its own: stops, trailing and gains end its trades.
"""

from __future__ import annotations

from functools import reduce
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from core.indicators import (
    Bools,
    at_most,
    bollinger_lower,
    crossed_above,
    macd,
    recent,
    rsi,
)
from core.market.candles import Candles
from core.strategy import PRICE, Panels, Signals, searched

Period = Annotated[int, Meta(ge=2, le=1000, description="candles")]


class Params(Struct, frozen=True):
    """Its tunable numbers; ``extra`` says where a search looks for them."""

    rsi_period: Annotated[Period, Meta(extra=searched(7, 28, 7))] = 14
    rsi_oversold: Annotated[
        float, Meta(ge=0, le=100, description="RSI at or below this", extra=searched(20, 45, 5))
    ] = 30
    macd_fast: Period = 12
    macd_slow: Period = 26
    macd_signal: Annotated[int, Meta(ge=1, le=1000, description="candles")] = 9
    bollinger_period: Annotated[Period, Meta(extra=searched(10, 40, 10))] = 20
    bollinger_deviation: Annotated[
        float,
        Meta(
            gt=0,
            le=10,
            description="standard deviations below the mean",
            extra=searched(1.5, 3, 0.5),
        ),
    ] = 2
    condition_window: Annotated[
        int,
        Meta(
            ge=1,
            le=1000,
            description="candles a condition stays recent, its own included",
            extra=searched(1, 9, 2),
        ),
    ] = 5
    conditions_required: Annotated[
        int,
        Meta(
            ge=1,
            le=3,
            description="conditions that must be recent to enter",
            extra=searched(1, 3, 1),
        ),
    ] = 2


class RsiMacdBollinger:
    """The strategy object that the registry names."""

    Params: type[Struct] = Params

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        """Entries, no exits, and where each of the three conditions is recent."""
        held = conditions(candles, params)
        counting = {name: recent(at, params.condition_window) for name, at in held.items()}
        counts = reduce(np.add, (at.view(np.uint8) for at in counting.values()))
        now = reduce(np.logical_or, held.values())
        return Signals(
            (counts >= params.conditions_required) & now,
            np.zeros(len(candles.time), dtype=np.bool_),
            counting,
        )

    @staticmethod
    def indicators(candles: Candles, params: Any) -> Panels:
        """What the conditions compare."""
        close = candles.close
        line, trigger = macd(close, params.macd_fast, params.macd_slow, params.macd_signal)
        lower = bollinger_lower(close, params.bollinger_period, params.bollinger_deviation)
        level = np.full(len(close), params.rsi_oversold, dtype=np.float64)
        return {
            PRICE: {"Bollinger": lower},
            "RSI": {"RSI": rsi(close, params.rsi_period), "rsi_oversold": level},
            "MACD": {"MACD": line, "signal": trigger},
        }


def conditions(candles: Candles, params: Params) -> dict[str, Bools]:
    """Where each condition holds, by name; a minute without trades is no candle at all."""
    close = candles.close
    line, trigger = macd(close, params.macd_fast, params.macd_slow, params.macd_signal)
    lower = bollinger_lower(close, params.bollinger_period, params.bollinger_deviation)
    return {
        "rsi": at_most(rsi(close, params.rsi_period), params.rsi_oversold),
        "macd": crossed_above(line, trigger, close),
        "bollinger": at_most(close, lower, close),
    }
