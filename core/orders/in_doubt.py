"""Owns what "not found" answers add up to: enough to send an order again, or to give it up.

One of them is no evidence, for what has arrived may not be visible yet
(docs/reference/reliability.md 2.2). They are counted from when the order last left:
what was sent again needs as long to become visible.
"""

from __future__ import annotations

from typing import NamedTuple

from messages.config import Gateway as Rules

ATTEMPTS_MAX = 3
DAY = 86400.0  # seconds


class NotFoundCount(NamedTuple):
    """Authoritative "not found" answers to one attempt, and for how many seconds they came."""

    answers: int
    seconds: float

    def reach(self, least: NotFoundCount) -> bool:
        """Whether these are enough in number and in time."""
        return self.answers >= least.answers and self.seconds >= least.seconds

    def prove_absence(self, rules: Rules) -> bool:
        """Whether the quarantine is over."""
        seconds = float(rules.quarantine_minutes * 60)
        return self.reach(NotFoundCount(rules.quarantine_answers, seconds))


PATIENT = NotFoundCount(5, 20.0)  # before the same order leaves again, under the same identifier
PROMPT = NotFoundCount(1, 0.0)  # a venue in our own process shows at once all that it ever had


def lapse(before: float, at: float, rules: Rules) -> float:
    """Seconds that two answers lie apart, 0 for the first (``before`` is 0 then).

    One wait at most: a stretch without such answers is an outage, and proves nothing.
    """
    return min(max(at - before, 0.0), float(rules.look_up_seconds_max)) if before else 0.0


def next_watch(since: float, rules: Rules) -> float:
    """Seconds from one look at a given-up order to the next, ``since`` seconds after its end.

    Often for some hours, then daily: what comes so late is rare, and a look-up is never free.
    Where there are no days, the last look is repeated as often until it is answered.
    """
    often = since < rules.tombstone_hours * 3600 or not rules.tombstone_days
    return float(rules.tombstone_seconds) if often else DAY


def since_last(since: float, before: float, at: float, rules: Rules) -> float:
    """Seconds from one look at a given-up order to the next, by a clock that may leap between.

    Twice the wait at most, so that no leap ahead ends the watch; none at all by one back.
    """
    return min(max(at - before, 0.0), 2 * next_watch(since, rules))


def watched_enough(since: float, rules: Rules) -> bool:
    """Whether the next answer that it is not there is the last that is asked for."""
    return since >= max(rules.tombstone_hours * 3600.0, rules.tombstone_days * DAY)
