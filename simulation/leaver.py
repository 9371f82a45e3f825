"""Owns a strategy that also leaves on its own: the built-in one, and out when RSI is high."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs

from core.indicators import rsi
from core.market.candles import Candles
from core.strategies.rsi_macd_bollinger import Params, RsiMacdBollinger
from core.strategy import Signals

HIGH = 72.0


class Leaver:
    """Its exits are what the built-in one lacks."""

    Params: type[Struct] = Params

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        """The built-in entries, and an exit wherever RSI stands at ``HIGH`` or over."""
        found = RsiMacdBollinger.signals(candles, params)
        return structs.replace(found, exit=rsi(candles.close, params.rsi_period) >= HIGH)
