"""Owns what the outcomes of single exits tell, in whatever order they came. Money is KRW."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.money import quotient

ZERO = Decimal(0)


def profit_factor(profits: Sequence[Decimal]) -> Decimal | None:
    """All that was won over all that was lost; None where nothing was lost.

    Source: R. Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd edition,
    Wiley 2008.
    """
    lost = -sum((p for p in profits if p < 0), ZERO)
    return quotient(sum((p for p in profits if p > 0), ZERO), lost) if lost else None


def expectancy(profits: Sequence[Decimal]) -> Decimal | None:
    """What an exit earns on the average, KRW: win rate * average win - loss rate * average loss.

    Source: V. K. Tharp, "Trade Your Way to Financial Freedom", McGraw-Hill 1998. With even exits
    counted among all, this is the mean. None without an exit.
    """
    return quotient(sum(profits, ZERO), Decimal(len(profits))) if profits else None


def expectancy_ratio(profits: Sequence[Decimal]) -> Decimal | None:
    """The same for each won of an average loss: (1 + average win / average loss) * win rate - 1.

    Source: freqtrade's ``calculate_expectancy`` (data/metrics.py). It counts an even exit as a
    loss of the average size. None where nothing was lost.
    """
    wins, losses = [p for p in profits if p > 0], [-p for p in profits if p < 0]
    if not losses:
        return None
    lost = quotient(sum(losses, ZERO), Decimal(len(losses)), 20)
    won = quotient(sum(wins, ZERO), Decimal(len(wins)), 20) if wins else ZERO
    rate = quotient(Decimal(len(wins)), Decimal(len(profits)), 20)
    return quotient((1 + quotient(won, lost, 20)) * rate - 1, Decimal(1))


def longest_losses(profits: Sequence[Decimal]) -> int:
    """The most losses one after the other, in this order."""
    longest = now = 0
    for profit in profits:
        now = now + 1 if profit < 0 else 0
        longest = max(longest, now)
    return longest
