"""Owns the time of the sandbox's market: the wall's pace times ``speed``, from any moment on."""

from __future__ import annotations

import time


class Clock:
    """``start`` is the market's moment (epoch seconds) at which the clock is made.

    ``speed`` is how many of the market's seconds pass in a real one; ValueError unless above 0.
    """

    def __init__(self, start: float, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"speed: {speed} is not above 0")
        self.speed = speed
        self._start, self._born = start, time.monotonic()

    def now(self) -> float:
        """The market's moment, in epoch seconds."""
        return self._start + (time.monotonic() - self._born) * self.speed

    def until(self, moment: float) -> float:
        """Real seconds until the market reaches a moment; negative when it is past."""
        return (moment - self.now()) / self.speed

    def forward(self, moment: float) -> None:
        """Set the clock to a later moment; an earlier one changes nothing: time never goes back."""
        if moment > self.now():
            self._start, self._born = moment, time.monotonic()
