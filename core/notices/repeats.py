"""Notices of what goes on and on: the first at once, the next after an hour, then one a day.

Who is told the same each minute stops reading. What is over is forgotten, so that the next time is
news again.
"""

from __future__ import annotations

from collections.abc import Mapping

from messages.notices import Level

# What may go on and on, and the facts by which one such thing is told from another.
REPEATING: dict[str, tuple[str, ...]] = {
    "entry_refused": ("pair", "reason"),
    "entry_unfunded": ("pair", "reason"),
    "exit_unresolved": ("pair",),
    "past_unread": ("reason",),
    "breaker_opened": (),
    "breaker_probed": (),
    "venue_banned": (),
    "pace_shrunk": ("group",),
    "actor_failed": ("name", "reason"),
}
# A halt alone comes and goes by the minute: the terms of orders say that the market is open, and
# the next order is refused for its maintenance. What else bars a pair is told whenever it begins.
HALTED, OF_A_HALT = "halted", frozenset({"pair_barred", "held_barred", "pair_freed"})
OVER: dict[str, tuple[str, ...]] = {  # a notice that ends others, of its pair where it has one
    "entry_filled": ("entry_refused", "entry_unfunded"),
    "entry_filled_cut": ("entry_refused", "entry_unfunded"),
    "entry_part_filled": ("entry_refused", "entry_unfunded"),
    "exit_filled": ("exit_unresolved",),
    "exit_part_filled": ("exit_unresolved",),
    "order_arrived": ("exit_unresolved",),
    "breaker_closed": ("breaker_opened", "breaker_probed", "venue_banned"),
}
HOUR, DAY = 3600.0, 86400.0
MOST = 1000  # things that are remembered
Subject = tuple[str, ...]


class RepeatFilter:
    """Remembers what was told, in memory alone: a start may tell it once more."""

    def __init__(self) -> None:
        self._told: dict[Subject, tuple[float, int]] = {}  # when last, and how often

    def tells(self, level: Level, key: str, facts: Mapping[str, str], at: float) -> bool:
        """Whether people are told of this one."""
        self._forget(key, facts.get("pair", ""))
        halt = key in OF_A_HALT and facts.get("reason") == HALTED
        if key not in REPEATING and not halt:
            return True
        telling = REPEATING.get(key, ())
        subject = (key, facts.get("pair", ""), level, *(facts[name] for name in telling))
        last, times = self._told.get(subject, (0.0, 0))
        if times and 0 <= at - last < (HOUR if times == 1 else DAY):
            return False
        self._told.pop(subject, None)
        self._told[subject] = (at, times + 1)
        if len(self._told) > MOST:
            del self._told[next(iter(self._told))]
        return True

    def _forget(self, key: str, pair: str) -> None:
        ended = OVER.get(key, ())
        if ended:
            gone = [s for s in self._told if s[0] in ended and s[1] == pair]
            for subject in gone:
                del self._told[subject]
