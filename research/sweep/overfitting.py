"""Owns how far the best of many trials is to be believed.

The more is tried, the better the best of it looks, by luck alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import e, sqrt
from statistics import NormalDist, pvariance

from research.sweep.scores import Score

EULER = 0.5772156649015329
SURE = 0.95  # of the deflated ratio: below it luck explains the best
NOTHING = 1e-9  # of what it was worth in training: a sum of floats that is meant as 0
FEW_DAYS = 30  # of a part: with fewer its ratios say little
_NORMAL = NormalDist()


def deflated_sharpe(best: Score, every: Sequence[Score]) -> float | None:
    """The probability that the best's Sharpe ratio is above what luck gives so many trials.

    Source: D. H. Bailey and M. Lopez de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio
    Management 40(5), 2014, equations 1 and 2, with ratios of a day, their variance over all the
    trials, and the skewness and kurtosis of the best's returns. None for fewer than two trials or
    three days, and where nothing varies.
    """
    ratio, skew, kurtosis, days = best.daily
    spread = pvariance([score.daily[0] for score in every]) if len(every) > 1 else 0.0
    if days < 3 or spread <= 0:
        return None
    luck = sqrt(spread) * most_by_luck(len(every))
    error = 1.0 - skew * ratio + (kurtosis - 1.0) / 4.0 * ratio**2
    return _NORMAL.cdf((ratio - luck) * sqrt(days - 1) / sqrt(error)) if error > 0 else None


def most_by_luck(trials: int) -> float:
    """The expected greatest of so many standard normal draws (the same, equation 1)."""
    first, second = 1.0 - 1.0 / trials, 1.0 - 1.0 / (trials * e)
    return (1.0 - EULER) * _NORMAL.inv_cdf(first) + EULER * _NORMAL.inv_cdf(second)


def warnings(
    train: float,
    tried: float | None,
    sure: float | None,
    days: int,
    profits: tuple[float, float] = (0.0, 0.0),
) -> list[str]:
    """What speaks against the best: ``tried`` is its objective where it was not chosen on.

    ``days``: of the shortest part of the history. ``profits``: KRW where it was chosen on, and
    where it was not; a mean of ratios may look well although its folds have lost.
    """
    found = ["loses"] if profits[0] < 0 else []
    lost = profits[0] > 0 >= profits[1] and tried is not None
    if tried is None:
        found += ["unseen"] if train > 0 else []
    elif train > 0 and (lost or tried <= train * NOTHING):
        found.append("lost")
    elif train > 0 and tried < train / 2:
        found.append("fell")
    if sure is not None and sure < SURE:
        found.append("luck")
    if days < FEW_DAYS:
        found.append("few")
    return found
