"""Owns what a run of the kernel is worth: its figures, and one number to choose by.

Of trades that are over, dust at its last price: one still open at the end of a window is worth
what it cost.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from core.market.candles import CandleSeries, Floats
from core.performance.drawdown import underwater
from core.performance.ratios import YEAR_DAYS, calmar, sharpe, sortino, yearly
from research.kernel import layout as at
from research.kernel.layout import Ints
from research.rules import Rules
from research.runner import KernelRun

DAY = 86400


class Score(Struct, frozen=True):
    """Of one window. ``profit`` KRW, ``drawdown`` a share of the peak before it; ratios a year's.

    ``daily``: sharpe of a day, skewness and kurtosis of the days' returns, and how many days.
    """

    profit: float = 0.0
    exits: int = 0
    drawdown: float = 0.0
    sharpe: float | None = None
    sortino: float | None = None
    calmar: float | None = None
    daily: tuple[float, float, float, int] = (0.0, 0.0, 3.0, 0)


OBJECTIVES: dict[str, Callable[[Score], float | None]] = {
    "profit": lambda score: score.profit,
    "sharpe": lambda score: score.sharpe,
    "sortino": lambda score: score.sortino,
    "calmar": lambda score: score.calmar,
    "profit-over-drawdown": lambda score: score.profit / max(score.drawdown, 0.001),
}


def worth(score: Score, objective: str) -> float | None:
    """What a score is chosen by; None for one that never traded, or has no such ratio."""
    return OBJECTIVES[objective](score) if score.exits else None


def scored(
    played: KernelRun, candle_series: tuple[CandleSeries, ...], rules: Rules, begin: int, end: int
) -> Score:
    """The figures of a run between two moments (epoch seconds)."""
    times, profits = earned(played, candle_series, rules)
    days = max(1, -(-(end - begin) // DAY))
    places = np.minimum((times - begin) // DAY, days - 1)  # dust at the very end is of the last
    gains = np.bincount(places, weights=profits, minlength=days).astype(np.float64)
    wallet = float(rules.capital)
    closes = np.concatenate(([wallet], wallet + np.cumsum(gains)))
    before = closes[:-1]
    change = np.divide(gains, before, out=np.zeros_like(gains), where=before > 0)
    fall = abs(float(underwater(np.concatenate(([wallet], wallet + np.cumsum(profits)))).min()))
    listed = change.tolist()
    ratio = sharpe(listed)
    growth = yearly(wallet, float(closes[-1]), float(end - begin))
    return Score(
        profit=float(profits.sum()),
        exits=len(profits),
        drawdown=fall,
        sharpe=ratio,
        sortino=sortino(listed),
        calmar=calmar(growth, fall),
        daily=((ratio or 0.0) / YEAR_DAYS**0.5, *_shape(change), days),
    )


def earned(
    played: KernelRun, candle_series: tuple[CandleSeries, ...], rules: Rules
) -> tuple[Ints, Floats]:
    """When each exit was (epoch seconds), in order, and its KRW."""
    rows = played.actions[played.actions[:, at.KIND] != at.BOUGHT]
    times = _times(rows, candle_series)
    order = np.argsort(times, kind="stable")
    return times[order], _won(rows, rules)[order]


def _won(rows: Ints, rules: Rules) -> Floats:
    """The two columns of the kernel's money as a float."""
    low = rows[:, at.PROFIT_LOW].view(np.uint64).astype(np.float64)
    found: Floats = (rows[:, at.PROFIT] * 2.0**64 + low) / float(rules.unit)
    return found


def _times(rows: Ints, candle_series: tuple[CandleSeries, ...]) -> Ints:
    """A sale is dated by the open of its candle, dust by the close."""
    found = np.empty(len(rows), dtype=np.int64)
    for place, series in enumerate(candle_series):
        own = rows[:, at.MARKET] == place
        kept = rows[own, at.KIND] == at.TURNED_TO_DUST
        found[own] = series.time[rows[own, at.INDEX]] + kept * series.seconds
    return found


def _shape(change: Floats) -> tuple[float, float]:
    """Skewness and kurtosis (3 for a normal one) of the returns."""
    apart = change - change.sum() / len(change)
    squares = apart * apart
    variance = float(squares.sum()) / len(change)
    if variance < 1e-24:
        return 0.0, 3.0
    third, fourth = float(squares @ apart), float(squares @ squares)
    return third / len(change) / variance**1.5, fourth / len(change) / variance**2
