"""Price jumps of more than three times between two candles: a redenomination, or bad data.

What is earned across one is not earned, so every command that reads candles names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from msgspec import Struct

from core.market.candles import CandleSeries, candle_at

TIMES = 3  # a greater change, up or down, is no market's


class Jump(Struct, frozen=True):
    """From the close of a candle to the candle after it, which begins at ``time``. KRW."""

    pair: str
    time: int  # epoch seconds
    before: Decimal
    after: Decimal


def jumped(before: Decimal, after: Decimal) -> bool:
    """Whether a price is more than three times the one before it, or less than a third."""
    return before > 0 and (after > TIMES * before or TIMES * after < before)


def jumps(series: CandleSeries) -> Iterator[Jump]:
    """All of a tape, oldest first."""
    closes = series.close[:-1].astype(np.float64)
    for index in np.flatnonzero(_far(closes, series.open[1:]) | _far(closes, series.close[1:])):
        before, after = candle_at(series, int(index)), candle_at(series, int(index) + 1)
        to = after.open if jumped(before.close, after.open) else after.close
        if jumped(before.close, to):
            yield Jump(series.pair, after.time, before.close, to)


def _far(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Roughly: what floats take for a jump is looked at again exactly."""
    least = TIMES * 0.999
    return (after > least * before) | (after * least < before)
