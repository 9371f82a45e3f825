"""Letters that wait for their moment."""

from __future__ import annotations

import heapq
from itertools import count
from typing import Any, NamedTuple


class Timer(NamedTuple):
    """Sorted by its moment, the idle ones last of that moment, then by age."""

    due: float
    idle: bool
    age: int
    mailbox: Any
    post: Any


class TimerQueue:
    """A heap of alarms."""

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._ages = count()

    def __bool__(self) -> bool:
        return bool(self._heap)

    def add(self, due: float, idle: bool, mailbox: Any, post: Any) -> None:
        """Set an alarm."""
        heapq.heappush(self._heap, Timer(due, idle, next(self._ages), mailbox, post))

    def due(self) -> float:
        """The moment of the next one."""
        return self._heap[0].due

    def pop(self) -> Timer:
        """Take the next one out."""
        return heapq.heappop(self._heap)

    def clear(self) -> None:
        """Forget them all."""
        self._heap.clear()
