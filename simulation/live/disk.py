"""Owns what the bot's gauge sees of a world's disk."""

from __future__ import annotations

from collections.abc import Callable

from messages.storage import SpaceReport

PLENTY = 10**12


class Disk:
    """What the gauge looks at: a disk that fills shows it before nothing goes any more."""

    every = 60.0

    def __init__(self, full: Callable[[], bool]) -> None:
        self._full = full

    def measure(self) -> SpaceReport:
        """One look."""
        return SpaceReport(0.1, 0 if self._full() else PLENTY)
