"""Owns a recording that is still being fetched: valid up to its last page, whatever interrupts it.

Each page is a gzip member of its own (RFC 1952, 2.2), appended and synced; a member that was cut
short is cut off when the file is opened again. ``finish`` packs all of it anew, so the recording
is the same to the byte however often it was interrupted, and gives it its name last.
"""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Self

from msgspec import Struct

from adapters import recording
from adapters.compression import most
from adapters.recorded_rows import RecordingError
from core.market.candles import CandleSeries
from messages.market import Candle

SUFFIX = ".unfinished"
CHUNK = 64 * 1024
_TIME = recording.HEADER.index("timestamp_utc")


class Row(Struct, frozen=True):
    """One candle, and the KRW that were traded in it."""

    candle: Candle
    value: Decimal


class PartialDownload:
    """The file beside ``path`` in which its rows gather. Close it."""

    def __init__(self, path: Path, pair: str, seconds: int) -> None:
        """RecordingError while another process fetches the same."""
        self.path, self.pair, self._unit = path, pair, recording.UNITS[seconds]
        self._place = path.with_name(path.name + SUFFIX)
        self._handle = os.open(self._place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise RecordingError(f"{self._place}: another process is fetching it") from None
        size, self.last = _whole(self._place)
        os.ftruncate(self._handle, size)
        os.lseek(self._handle, size, os.SEEK_SET)
        if not size:
            self._append(",".join(recording.HEADER) + "\n")

    def append(self, rows: Sequence[Row]) -> None:
        """One page, oldest first, later than all before; on the disk when this returns."""
        if rows:
            self._append("".join(self._line(row) for row in rows))
            self.last = rows[-1].candle.time

    def finish(self) -> CandleSeries | None:
        """Give the recording its name; what it holds, None (and no file) when that is nothing."""
        series = None
        if self.last is not None:
            part = self.path.with_name(self.path.name + ".part")
            with (
                gzip.open(self._place, "rb") as rows,
                part.open("wb") as raw,
                gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
            ):
                shutil.copyfileobj(rows, packed, CHUNK)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            series = recording.read([part])[0]  # what cannot be read never bears the name
            os.replace(part, self.path)
        self._place.unlink()
        return series

    def close(self) -> None:
        """Let others go on with it."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _append(self, text: str) -> None:
        data = gzip.compress(text.encode(), 6, mtime=0)
        while data:
            data = data[os.write(self._handle, data) :]
        os.fsync(self._handle)

    def _line(self, row: Row) -> str:
        candle = row.candle
        when = datetime.fromtimestamp(candle.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        figures = (candle.open, candle.high, candle.low, candle.close, candle.volume, row.value)
        return ",".join((self.pair, self._unit, when, *map(_plain, figures))) + "\n"


def _plain(figure: Decimal) -> str:
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _whole(path: Path) -> tuple[int, int | None]:
    """Bytes of the members that are whole, and the last candle's start in them."""
    data = memoryview(path.read_bytes())
    good, last, room = 0, None, most(len(data))
    while good < len(data):
        member, text, place = zlib.decompressobj(wbits=31), b"", good
        try:
            while not member.eof and place < len(data):
                piece = data[place : place + CHUNK]
                text += member.decompress(piece, max(1, room - len(text)))
                if len(text) >= room:
                    raise RecordingError(f"{path}: unpacks to more than a recording can hold")
                place += len(piece) - len(member.unused_data)
        except zlib.error:
            break
        if not member.eof or not text.endswith(b"\n"):
            break
        cell = text.splitlines()[-1].decode().split(",")[_TIME]
        if good:  # the first member is the header
            last = int(datetime.fromisoformat(cell).timestamp())
        good = place
    return good, last
