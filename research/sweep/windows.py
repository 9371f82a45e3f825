"""Owns the parts of a history that a sweep looks at: what it trains on, and what it is tried on.

By time alone, never shuffled: what comes later must not be known earlier.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from core.market.candles import CandleSeries
from research.sweep.space import InvalidSpace


class Window(Struct, frozen=True):
    """From ``begin`` up to ``end`` (epoch seconds, the end excluded); a fold's two have its number.

    ``train``: whether the choice is made on it, or tried on it.
    """

    begin: int
    end: int
    train: bool
    fold: int = 0

    @property
    def days(self) -> int:
        """Whole ones."""
        return (self.end - self.begin) // 86400


def windows_of(
    candle_series: Sequence[CandleSeries], startup: int, validation: float, folds: int
) -> tuple[Window, ...]:
    """Training and, with a share for it, validation; or ``folds`` times both, walking forward.

    Each fold is tried on the part that follows what it was trained on; the trained parts are as
    long as three of those. Raises Unfit for a history that is too short.
    """
    begin, end = _span(candle_series, startup)
    if folds:
        return _walked(begin, end, folds)
    if not validation:
        return (Window(begin, end, True),)
    cut = begin + int((end - begin) * (1 - validation))
    return _sound((Window(begin, cut, True), Window(cut, end, False)))


def latest(windows: Sequence[Window]) -> int:
    """The place of the window that one's choice for the days to come is made on."""
    return max(place for place, window in enumerate(windows) if window.train)


def _span(candle_series: Sequence[CandleSeries], startup: int) -> tuple[int, int]:
    """From the first candle that anybody may trade on to the end of the last."""
    known = [series for series in candle_series if len(series.time) >= startup]
    if not known:
        longest = max((len(series.time) for series in candle_series), default=0)
        what = f"no market has {startup} start-up candles; the longest has {longest}"
        raise InvalidSpace(what, "recording", f"{startup + 1} candles and more")
    firsts = [int(series.time[startup - 1]) for series in known]
    return min(firsts), max(int(t.time[-1]) + t.seconds for t in known)


TRAINED = 3  # parts that are trained on, for one that is tried on


def _walked(begin: int, end: int, folds: int) -> tuple[Window, ...]:
    part = (end - begin) / (folds + TRAINED)
    found = []
    for fold in range(folds):
        first, cut, last = (
            begin + int(part * n) for n in (fold, fold + TRAINED, fold + TRAINED + 1)
        )
        found += [Window(first, cut, True, fold), Window(cut, last, False, fold)]
    return _sound(tuple(found))


def _sound(found: tuple[Window, ...]) -> tuple[Window, ...]:
    if any(window.end - window.begin < 60 for window in found):
        raise InvalidSpace("the history is too short to be parted", "recording", "more candles")
    return found
