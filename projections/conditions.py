"""The conditions of a strategy as they stand at the newest archived candle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from msgspec import Struct

from core import indicators
from core.market.candles import Candles, candles_of
from core.strategies.rsi_macd_bollinger import Params, conditions
from core.strategy import Strategy, params_of
from messages.config import Config
from messages.market import Candle


class Condition(Struct, frozen=True):
    """One condition: whether it holds, whether it still counts, its value and what it needs.

    ``needs`` is a catalogue key with its ``limit``; value and limit are plain text, "" when the
    strategy does not tell.
    """

    name: str
    holds: bool
    recent: bool
    value: str = ""
    needs: str = "needs_signal"
    limit: str = ""


def look(strategy: Strategy | None, config: Config, candles: list[Candle]) -> tuple[Condition, ...]:
    """The conditions at the last candle; none when too few are kept or no strategy is known."""
    if strategy is None or len(candles) < 2:
        return ()
    columns = candles_of(candles)
    try:
        params = params_of(strategy, config.strategy_params)
        signals = strategy.signals(columns, params)
    except ValueError:  # a strategy of somebody's own: it may be another file than it was
        return ()
    known = _readings(columns, params) if isinstance(params, Params) else {}
    made = []
    for name, counts in signals.conditions.items():
        reading = known.get(name, {"holds": bool(counts[-1])})
        made.append(Condition(name, recent=bool(counts[-1]), **reading))
    return tuple(made)


def _readings(candles: Candles, params: Params) -> dict[str, dict[str, Any]]:
    """Values of the default strategy's three, as it computes them itself."""
    close = candles.close
    held = conditions(candles, params)
    rsi = indicators.rsi(close, params.rsi_period)
    line, trigger = indicators.macd(close, params.macd_fast, params.macd_slow, params.macd_signal)
    lower = indicators.bollinger_lower(close, params.bollinger_period, params.bollinger_deviation)
    told: dict[str, tuple[float, str, str]] = {
        "rsi": (float(rsi[-1]), "needs_at_most", _figure(float(params.rsi_oversold))),
        "macd": (float((line - trigger)[-1]), "needs_crossing", "0"),
        "bollinger": (float(close[-1]), "needs_at_most", _figure(float(lower[-1]))),
    }
    return {
        name: {"holds": bool(held[name][-1]), "value": _figure(value), "needs": key, "limit": limit}
        for name, (value, key, limit) in told.items()
    }


def _figure(value: float) -> str:
    """Six significant digits at least, no exponent; "" when it is not known."""
    if not np.isfinite(value):
        return ""
    places = 1 if abs(value) >= 10 else 6
    text = format(Decimal(repr(round(value, places))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
