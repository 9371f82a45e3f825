"""Owns how candles come into an archive: what is known is passed over, what is new is put in."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from adapters.archive.columns import HEAD, UNITS, Head, append, head_of, mapped, write_anew
from adapters.recorded_rows import RecordingError
from core.market.candles import COLUMNS, LARGEST, PRICES, CandleSeries, joined, rescaled


class Added(Struct, frozen=True):
    """What an addition came to: ``candles`` that are new, and ``known`` ones."""

    pair: str
    candles: int
    known: int


def add(archive: Path, series: CandleSeries) -> Added:
    """Put a tape's candles in; on the disk when this returns.

    What the archive has already is passed over, so an addition that was interrupted is begun
    again. RecordingError for a candle that it has otherwise, and while another process adds.
    """
    if not len(series.time):
        return Added(series.pair, 0, 0)
    folder = archive / f"{series.pair}-{UNITS[series.seconds]}"
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if not (folder / HEAD).exists():
            write_anew(folder, series, 1)
            return Added(series.pair, len(series.time), 0)
        return _added(folder, head_of(folder), mapped(folder), series)


def _added(folder: Path, head: Head, old: CandleSeries, series: CandleSeries) -> Added:
    known = np.isin(series.time, old.time, assume_unique=True)
    _refuse_other(folder, old, _chosen(series, known))
    new = _chosen(series, ~known)
    if len(new.time) and new.time[0] > old.time[-1] and _fits(old, new):
        append(folder, head, _at(new, old))
    elif len(new.time):
        write_anew(folder, _merged(old, new), head.generation + 1)
    return Added(series.pair, len(new.time), int(known.sum()))


def _refuse_other(folder: Path, old: CandleSeries, again: CandleSeries) -> None:
    """Candles of one time are one candle: prices alike, volumes at the decimals that both keep."""
    if not len(again.time):
        return
    mine = _chosen(old, np.searchsorted(old.time, again.time))
    places = max(old.price_places, again.price_places)
    spare = min(old.volume_places, again.volume_places)
    wrong = np.zeros(len(again.time), dtype=np.bool_)
    for name in PRICES:
        one, other = (rescaled(getattr(t, name), places - t.price_places) for t in (mine, again))
        wrong |= one != other
    one, other = (rescaled(t.volume, spare - t.volume_places) for t in (mine, again))
    for place in np.flatnonzero(wrong | (one != other))[:1]:
        when = np.datetime64(int(again.time[place]), "s")
        raise RecordingError(
            f"{folder}: has another candle of {again.pair} at {when}Z; "
            "add it to an archive of its own, or leave that day out"
        )


def _fits(old: CandleSeries, new: CandleSeries) -> bool:
    """Whether the new ones can be written at the decimals of the old."""
    more = old.volume_places - new.volume_places
    if old.price_places < new.price_places or more < 0:
        return False
    most: int = int(new.volume.max()) * 10**more
    return most <= LARGEST


def _at(new: CandleSeries, old: CandleSeries) -> CandleSeries:
    """The new one at the decimals of the old."""
    by = old.price_places - new.price_places
    prices = {name: rescaled(getattr(new, name), by) for name in PRICES}
    volume = rescaled(new.volume, old.volume_places - new.volume_places)
    return structs.replace(new, **prices, volume=volume)


def _merged(old: CandleSeries, new: CandleSeries) -> CandleSeries:
    both = joined([old, new])
    return _chosen(both, np.argsort(both.time))


def _chosen(series: CandleSeries, which: NDArray[np.generic]) -> CandleSeries:
    return structs.replace(series, **{name: getattr(series, name)[which] for name in COLUMNS})


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process adds to this tape meanwhile. Raises RecordingError."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RecordingError(f"{folder}: another process adds to it; wait for it") from None
