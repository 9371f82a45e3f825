"""Strategies that are wrong on purpose: each knows something that a live bot cannot know."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct

from core.indicators import Bools, at_most, bollinger_lower, rsi
from core.market.candles import Candles
from core.strategy import Signals


class Params(Struct, frozen=True):
    """Nothing to tune."""


def said(condition: Bools) -> Signals:
    return Signals(condition, np.zeros_like(condition), {"seen": condition})


class NextClose:
    """Enters where the next candle closes higher."""

    Params: type[Struct] = Params

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        rises = np.zeros(len(candles.time), dtype=np.bool_)
        rises[:-1] = candles.close[1:] > candles.close[:-1]
        return said(rises)


class WholeMean:
    """Enters below the mean of the whole history."""

    Params: type[Struct] = Params

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        return said(candles.close < candles.close.mean())


class LongMemory:
    """Looks at the past alone, but at more of it than a short window holds."""

    Params: type[Struct] = Params

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        return said(rsi(candles.close, 200) < 48)


class Honest:
    """Looks twenty candles back and no further."""

    Params: type[Struct] = Params

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        lower = bollinger_lower(candles.close, 20, 2)
        return said(at_most(candles.close, lower, candles.close))
