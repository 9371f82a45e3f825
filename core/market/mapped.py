"""Owns what a tape that lies in a mapped file holds of this machine's memory: what was just read.

The system reads a page of the file when a number in it is looked at, and counts it to the process
until it is let go of. Who goes through many long tapes lets go of each; nothing is lost by it.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable

from core.market.candles import COLUMNS, CandleSeries

LET_GO = getattr(mmap, "MADV_DONTNEED", None)  # not everywhere


def let_go(candle_series: Iterable[CandleSeries]) -> None:
    """Hold none of their pages; tapes that are in no file are left as they are."""
    for series in candle_series:
        for name in COLUMNS:
            place = _mapping(getattr(series, name))
            if place is not None and LET_GO is not None:
                place.madvise(LET_GO)


def is_mapped(series: CandleSeries) -> bool:
    """Whether it lies in a file."""
    return _mapping(series.time) is not None


def _mapping(view: object) -> mmap.mmap | None:
    """What a view of a view of it looks at, in the end."""
    while view is not None and not isinstance(view, mmap.mmap):
        view = view.obj if isinstance(view, memoryview) else getattr(view, "base", None)
    return view
