"""Owns what is still to happen in the world, and which moment it is there.

It outlives the bot: a request that is under way arrives whether or not who sent it still lives.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

Act = Callable[[], None]
NEVER = float("inf")


class EventQueue:
    """Acts by their moment (epoch seconds), those of one moment in the order they were set."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._acts: list[tuple[float, int, Act]] = []
        self._ages = count()

    def after(self, seconds: float, act: Act) -> None:
        """Let something happen in so many seconds."""
        heapq.heappush(self._acts, (self.now + seconds, next(self._ages), act))

    def due(self) -> float:
        """The moment of the next act."""
        return self._acts[0][0] if self._acts else NEVER

    def happen(self) -> None:
        """The next act, at its moment."""
        due, _, act = heapq.heappop(self._acts)
        self.now = max(self.now, due)
        act()

    def pass_to(self, moment: float) -> None:
        """Everything up to a moment, while nobody is there to answer."""
        while self.due() <= moment:
            self.happen()
        self.now = max(self.now, moment)
