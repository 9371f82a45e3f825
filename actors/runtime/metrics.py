"""Owns the numbers of a running process that nobody decides by: how long, how many, since when.

A cell is written by one thread alone (that of the commits, or the limiter's), and read by whoever
asks; what is read may be one letter old, never torn.
"""

from __future__ import annotations

import resource
import sys
import time
from bisect import bisect_left
from collections import deque
from pathlib import Path

from messages.runtime_stats import BUCKETS, HistogramCounts

SENT_MAX = 256  # orders whose moment of leaving is remembered
STATM = Path("/proc/self/statm")  # Linux: size, resident ... in pages
CELLS = len(BUCKETS) + 1


class Histogram:
    """A span that grows."""

    def __init__(self) -> None:
        self._counts, self._seconds = [0] * CELLS, 0.0

    def note(self, seconds: float) -> None:
        """Once more."""
        self._counts[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds

    def span(self) -> HistogramCounts:
        """As it stands."""
        return HistogramCounts(tuple(self._counts), self._seconds)


class Metrics:
    """What the shells of the actors note."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._commits: dict[str, Histogram] = {}
        self._waits: dict[str, Histogram] = {}
        self._sent: deque[tuple[str, float]] = deque(maxlen=SENT_MAX)
        self.waiting = 0  # calls at the limiter

    def commits(self, name: str) -> Histogram:
        """The cell of an owner: what its commits take until they are on the disk."""
        return self._commits.setdefault(name, Histogram())

    def released(self, group: str, seconds: float) -> None:
        """The limiter let a call of this group go out, after it had waited so long."""
        self._waits.setdefault(group, Histogram()).note(seconds)

    def sent(self, id: str, at: float) -> None:
        """The limiter handed an order to the venue's edge."""
        self._sent.append((id, at))

    def spans(self) -> tuple[dict[str, HistogramCounts], dict[str, HistogramCounts]]:
        """Commits by owner, and waits by group."""
        return (
            {name: cell.span() for name, cell in list(self._commits.items())},
            {name: cell.span() for name, cell in list(self._waits.items())},
        )

    def left(self) -> dict[str, float]:
        """The newest orders and when each left."""
        return dict(self._sent.copy())

    def uptime(self) -> float:
        """Real seconds since it was made."""
        return time.monotonic() - self._began


def resident_memory() -> int:
    """Bytes of memory that this process holds now (Linux), or has held at most (macOS)."""
    try:
        pages = int(STATM.read_text().split()[1])
        return pages * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return held if sys.platform == "darwin" else held * 1024
