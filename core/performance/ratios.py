"""Owns ratios of return to risk. They inform, so they are floats; None where one has no meaning.

Returns are of days, which a market without closing hours has 365 of a year, and the rate that
risks nothing is taken as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

YEAR_DAYS = 365
YEAR_SECONDS = YEAR_DAYS * 86400
TINY = 1e-12  # a deviation that is nothing but the rounding of floats


def sharpe(returns: Sequence[float]) -> float | None:
    """Mean of the returns over their standard deviation (n - 1), for a year: times sqrt(365).

    Source: W. F. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21(1), 1994, the
    ratio ex post (equations 3 to 6) with a benchmark of 0. None for fewer than two returns, and
    where all are alike.
    """
    if len(returns) < 2:
        return None
    mean = fsum(returns) / len(returns)
    deviation = sqrt(fsum([(r - mean) ** 2 for r in returns]) / (len(returns) - 1))
    return mean / deviation * sqrt(YEAR_DAYS) if deviation > TINY else None


def sortino(returns: Sequence[float]) -> float | None:
    """Mean of the returns over their downside deviation, for a year: times sqrt(365).

    The deviation is the root of the mean square of min(0, return), over all n of them.
    Source: F. A. Sortino and L. N. Price, "Performance Measurement in a Downside Risk
    Framework", Journal of Investing 3(3), 1994, with a target of 0. None where nothing fell.
    """
    if not returns:
        return None
    mean = fsum(returns) / len(returns)
    deviation = sqrt(fsum([r**2 for r in returns if r < 0]) / len(returns))
    return mean / deviation * sqrt(YEAR_DAYS) if deviation > TINY else None


def yearly(first: float, last: float, seconds: float) -> float | None:
    """The compound growth of a year: (last / first) ** (year / seconds) - 1.

    None where there was nothing to grow, where no time passed, and for more than a float holds.
    """
    if first <= 0 or last <= 0 or seconds <= 0:
        return None
    try:
        return float((last / first) ** (YEAR_SECONDS / seconds)) - 1.0
    except OverflowError:
        return None


def calmar(growth: float | None, drawdown: float) -> float | None:
    """The compound growth of a year over the greatest drawdown, as a share (0.1 = 10 %).

    Source: T. W. Young, "Calmar Ratio: A Smoother Tool", Futures 20(1), 1991; of the whole
    run, where he took the last 36 months. None without a drawdown.
    """
    return None if growth is None or drawdown <= TINY else growth / drawdown
