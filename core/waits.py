"""What is left of a wait whose end is remembered as a moment, on a clock that may be set.

Waits run from alarms, which count a machine's own seconds. A moment that is kept is only compared
at an alarm or at a start: one that lies further ahead than its longest wait was set by a clock that
has been set back since, and is due at once. So no leap adds more to a
wait than its own length.
"""

from __future__ import annotations


def left(not_before: float, at: float, longest: float) -> float:
    """Seconds until then; 0 when it is due."""
    ahead = not_before - at
    return ahead if 0.0 < ahead <= longest else 0.0


def due(not_before: float, at: float, longest: float) -> bool:
    """Whether the wait is over."""
    return not left(not_before, at, longest)


def passed(since: float, at: float, seconds: float) -> bool:
    """Whether so many seconds have passed; what was in the future has."""
    return due(since + seconds, at, seconds)


def runs(until: float, at: float, longest: float) -> bool:
    """Whether a time that ends then, and lasts at most ``longest``, is running."""
    return not due(until, at, longest)
