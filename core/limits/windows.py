"""Owns the sliding windows of a rate limit: how many calls in any second, in any minute."""

from __future__ import annotations

SECOND, MINUTE = 1.0, 60.0


def room_at(sent: tuple[float, ...], per_second: int, per_minute: int | None, at: float) -> float:
    """The moment (epoch seconds, never before ``at``) from which one more call may go out.

    ``sent`` are the moments of former calls, oldest first, none after ``at``. No half-open stretch
    of a second, or of a minute, ever holds more than its limit: a call counts until exactly that
    long after. None: a minute has no limit.
    """
    moment = at
    for limit, length in ((per_second, SECOND), (per_minute, MINUTE)):
        if limit is not None and len(sent) >= limit:
            moment = max(moment, sent[-limit] + length)
    return moment


def capped(sent: tuple[float, ...], at: float) -> tuple[float, ...]:
    """The same calls on a clock that has been set back: one of the future counts as of now.

    So a window stays full for its own length, and no longer.
    """
    return tuple(min(moment, at) for moment in sent) if sent and max(sent) > at else sent


def moved(sent: tuple[float, ...], since: float, at: float) -> tuple[float, ...]:
    """The calls that still count when the one of ``since`` counts from ``at``."""
    if since not in sent:
        return sent
    place = sent.index(since)
    return recorded(sent[:place] + sent[place + 1 :], at)


def recorded(sent: tuple[float, ...], at: float) -> tuple[float, ...]:
    """The calls that still count after one more at ``at``."""
    if sent and sent[0] + MINUTE <= at:
        sent = tuple(moment for moment in sent if moment + MINUTE > at)
    return (*sent, at)
