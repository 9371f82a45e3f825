"""Owns what a run of the kernel is worth: its figures, and one number to choose by.

Of what was sold: a trade still open at the end of a window is worth what it cost.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from core.market.candles import Floats, Tape
from core.performance.drawdown import underwater
from core.performance.ratios import YEAR_DAYS, calmar, sharpe, sortino, yearly
from research.kernel import layout as at
from research.kernel.layout import Ints
from research.playing import Played
from research.rules import Rules

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


def scored(played: Played, tapes: tuple[Tape, ...], rules: Rules, begin: int, end: int) -> Score:
    """The figures of a run between two moments (epoch seconds)."""
    sold = played.actions[played.actions[:, at.KIND] == at.SOLD]
    profits = won_of(sold, rules)
    times = times_of(sold, tapes)
    days = max(1, -(-(end - begin) // DAY))
    counted = np.bincount((times - begin) // DAY, weights=profits, minlength=days)
    gains = counted[:days].astype(np.float64)  # whole numbers where nothing was sold
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


def won_of(sold: Ints, rules: Rules) -> Floats:
    """KRW of each exit: the two columns of the kernel's money as a float."""
    low = sold[:, at.PROFIT_LOW].view(np.uint64).astype(np.float64)
    found: Floats = (sold[:, at.PROFIT] * 2.0**64 + low) / float(rules.unit)
    return found


def times_of(sold: Ints, tapes: tuple[Tape, ...]) -> Ints:
    """When each was filled, epoch seconds."""
    found = np.empty(len(sold), dtype=np.int64)
    for place, tape in enumerate(tapes):
        own = sold[:, at.MARKET] == place
        found[own] = tape.time[sold[own, at.INDEX]]
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
