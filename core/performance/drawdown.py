"""Owns the drawdown: how far below its highest peak so far an equity stands.

Source: M. Magdon-Ismail and A. F. Atiya, "Maximum Drawdown", Risk 17(10), 2004: the greatest fall
from a peak to a later trough. Deposits and withdrawals are no part of an equity here, so none of
them is a fall.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from core.money import quotient

ZERO = Decimal(0)
Floats = NDArray[np.float64]


def drawdown(equity: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    """The greatest fall from a peak, KRW, and the greatest share of a peak that was lost.

    ``equity``: KRW in the order of time, what it began with first. The two may be of different
    falls. An equity of nothing falls by nothing.
    """
    peak = fall = share = ZERO
    for place, krw in enumerate(equity):
        peak = krw if place == 0 else max(peak, krw)
        fall = max(fall, peak - krw)
        share = max(share, quotient(peak - krw, peak)) if peak > 0 else share
    return fall, share


def underwater(equity: Floats) -> Floats:
    """At each moment the share of the highest equity so far that is lost, 0 or below.

    The same as a chart needs it, in floats: -0.1 is a tenth below the peak.
    """
    if not len(equity):
        return equity
    peaks = np.maximum.accumulate(equity)
    return np.divide(equity - peaks, peaks, out=np.zeros_like(equity), where=peaks > 0)


def deepest(equity: Floats) -> float:
    """The greatest fall from a peak, KRW, in floats."""
    return float((np.maximum.accumulate(equity) - equity).max()) if len(equity) else 0.0
