"""Owns how much a packed file may become: a small one that unpacks to gigabytes is no recording."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

LEAST = 64 * 1024 * 1024  # bytes that any file may unpack to,
TIMES = 100  # and so many times its own size; a recording packs to a tenth or so


class TooLarge(ValueError):
    """It unpacks to more than a recording of its size can be."""

    def __init__(self, bound: int) -> None:
        super().__init__(
            f"unpacks to more than {bound:,} bytes, {TIMES} times its size: this is no recording"
        )


def most(size: int) -> int:
    """Bytes that a packed file of this size may unpack to."""
    return LEAST + TIMES * size


class Unpacked(io.RawIOBase):
    """The content of a gzip file, up to its bound; raises TooLarge beyond it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._bound = self._left = most(path.stat().st_size)
        self._file = gzip.GzipFile(path, "rb")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As of any raw stream."""
        data = self._file.read(min(len(buffer), io.DEFAULT_BUFFER_SIZE * 8))
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(self._bound)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """The file too."""
        self._file.close()
        super().close()


def text_of(path: Path) -> io.TextIOWrapper:
    """The same as UTF-8 text, its ends of lines untouched."""
    return io.TextIOWrapper(io.BufferedReader(Unpacked(path)), encoding="utf-8", newline="")
