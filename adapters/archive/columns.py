"""Owns the files of an archive: how a tape is found in them, and how it gets there."""

from __future__ import annotations

import mmap
import os
import zlib
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct, structs

from adapters.recorded_rows import RecordingError
from core.market.candles import COLUMNS, CandleSeries, Ints
from core.market.mapped import let_go
from messages.config import TIMEFRAMES

HEAD, PART = "tape.json", "tape.json.part"
WIDTH = 8  # bytes of a number
CHUNK = 1 << 20
FORGET = getattr(os, "POSIX_FADV_DONTNEED", None)  # not everywhere
UNITS = {seconds: unit for unit, seconds in TIMEFRAMES.items()}


class Head(Struct, frozen=True):
    """What counts of the columns of one pair; ``checksums`` are crc32, by column."""

    pair: str
    unit: str
    generation: int
    count: int
    price_places: int
    volume_places: int
    checksums: dict[str, int]


def tapes_in(folder: Path) -> list[CandleSeries]:
    """The tapes of an archive, or the one of a folder in it, as views of their files.

    RecordingError for what is no archive, and for a damaged one.
    """
    own = folders_in(folder)
    if not own:
        raise RecordingError(f"{folder}: is no archive of recordings; `recordings` makes one")
    return [mapped(each) for each in own]


def folders_in(folder: Path) -> list[Path]:
    """Where the tapes of an archive lie: each in a folder of its own, by name."""
    if (folder / HEAD).exists():
        return [folder]
    return sorted(path.parent for path in folder.glob(f"*/{HEAD}"))


def damaged(folder: Path) -> str:
    """The column of a tape's folder that does not hold what was written; "" when all do."""
    head, series = head_of(folder), mapped(folder)
    wrong = (n for n in COLUMNS if zlib.crc32(getattr(series, n).data) != head.checksums[n])
    found = next(wrong, "")
    let_go([series])
    return found


def mapped(folder: Path) -> CandleSeries:
    """The tape of a folder. Raises RecordingError.

    Begun again when the columns were written anew meanwhile.
    """
    head = head_of(folder)
    try:
        columns = {name: _column(_place(folder, name, head.generation), head) for name in COLUMNS}
    except FileNotFoundError as error:
        if head_of(folder).generation != head.generation:
            return mapped(folder)
        raise _broken(folder, f"{Path(error.filename).name} is missing") from None
    seconds = TIMEFRAMES[head.unit]
    return CandleSeries(head.pair, seconds, head.price_places, head.volume_places, **columns)


def _column(path: Path, head: Head) -> Ints:
    length = head.count * WIDTH
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < length:  # or a look beyond its end would kill us
            raise _broken(path.parent, f"{path.name} is shorter than {length} bytes")
        view = mmap.mmap(file.fileno(), length, mmap.MAP_SHARED, mmap.PROT_READ)
    return np.frombuffer(view, dtype="<i8")


def head_of(folder: Path) -> Head:
    """What counts in a folder. Raises RecordingError."""
    try:
        head = msgspec.json.decode((folder / HEAD).read_bytes(), type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _broken(folder, f"{HEAD}: {error}") from None
    if head.count < 1 or head.unit not in TIMEFRAMES or set(head.checksums) != set(COLUMNS):
        raise _broken(folder, f"{HEAD} counts nothing that is a tape")
    return head


def append(folder: Path, head: Head, series: CandleSeries) -> None:
    """Candles after those that are there, at the same decimals."""
    sums = dict(head.checksums)
    for name in COLUMNS:
        data = _bytes(getattr(series, name))
        _write(_place(folder, name, head.generation), data, head.count * WIDTH)
        sums[name] = zlib.crc32(data, sums[name])
    _count(folder, structs.replace(head, count=head.count + len(series.time), checksums=sums))


def write_anew(folder: Path, series: CandleSeries, generation: int) -> None:
    """A whole tape, beside the one that counts until this one does."""
    sums = {}
    for name in COLUMNS:
        data = _bytes(getattr(series, name))
        _write(_place(folder, name, generation), data, 0)
        sums[name] = zlib.crc32(data)
    unit, count = UNITS[series.seconds], len(series.time)
    places = (series.price_places, series.volume_places)
    _count(folder, Head(series.pair, unit, generation, count, *places, sums))


def _write(path: Path, data: memoryview, at: int) -> None:
    """What lies beyond ``at`` never counted."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(at)
        file.seek(at)
        for start in range(0, len(data), CHUNK):
            file.write(data[start : start + CHUNK])
        file.flush()
        os.fsync(file.fileno())
        if FORGET is not None:  # what was added is not read at once: leave the memory to others
            os.posix_fadvise(file.fileno(), 0, 0, FORGET)


def _count(folder: Path, head: Head) -> None:
    """From now on these count; files of another generation do not, and go."""
    with (folder / PART).open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(head)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(folder / PART, folder / HEAD)
    _sync(folder)
    _sync(folder.parent)
    own = {_place(folder, name, head.generation) for name in COLUMNS}
    for path in folder.glob("*.i8"):
        if path not in own:
            path.unlink()


def _broken(folder: Path, what: str) -> RecordingError:
    return RecordingError(f"{folder}: is damaged: {what}; remove it and add its recordings again")


def _place(folder: Path, name: str, generation: int) -> Path:
    return folder / f"{name}.{generation}.i8"


def _bytes(values: Ints) -> memoryview:
    return np.ascontiguousarray(values, dtype="<i8").data.cast("B")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
