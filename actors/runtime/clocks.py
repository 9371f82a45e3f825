"""Which time it is: the wall's, or that of a market which runs faster."""

from __future__ import annotations

import time


class Clock:
    """The wall's clock; with ``start`` (epoch seconds) and ``rate`` that of a sandbox's market."""

    def __init__(self, start: float | None = None, rate: float = 1.0) -> None:
        self._start, self._rate = start, rate
        self._anchor = time.monotonic()

    def now(self) -> float:
        """Epoch seconds."""
        if self._start is None:
            return time.time()
        return self._start + (time.monotonic() - self._anchor) * self._rate

    def real(self, seconds: float) -> float:
        """Real seconds of so many on this clock."""
        return seconds / self._rate
