"""Owns how far our clock is from the server's, told from the ``Date`` of a few answers.

``Date`` (RFC 9110, 6.6.1) has whole seconds, cut off: an answer that was sent between two moments
of ours bounds the difference from both sides, and answers at different fractions of a second
narrow it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from msgspec import Struct

SECONDS_MAX = 1.0  # a larger difference is reported
SAMPLES = 5
SPREAD = 0.2  # seconds between two samples: together they cover the second


class Sample(Struct, frozen=True):
    """One answer: when it was asked for and when it was there, by our clock, and its ``Date``."""

    asked: float
    got: float
    date: float


def skew(samples: Sequence[Sample]) -> float | None:
    """Seconds that our clock is ahead (negative: behind); None when no answer told a date.

    The smallest difference that fits every answer, 0 when none is needed; where they contradict
    each other (a clock was set, or one server of several is wrong) the median of the single ones.
    """
    told = [sample for sample in samples if sample.date]
    if not told:
        return None
    bounds = [(sample.asked - sample.date - 1, sample.got - sample.date) for sample in told]
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    if low > high:
        return median((low + high) / 2 for low, high in bounds)
    return max(low, min(high, 0.0))
