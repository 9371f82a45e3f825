"""Owns where a tape has no candle: minutes without a trade, and what was never fetched."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.market.candles import CandleSeries


class Gap(Struct, frozen=True):
    """From the start of the first candle that is missing (epoch seconds), so many in a row."""

    start: int
    candles: int


def gaps(series: CandleSeries) -> list[Gap]:
    """All of them between the first candle and the last, oldest first."""
    steps = np.diff(series.time) // series.seconds
    places = np.flatnonzero(steps > 1)
    return [Gap(int(series.time[i]) + series.seconds, int(steps[i]) - 1) for i in places]
