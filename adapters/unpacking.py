"""What a file really is, by its first bytes, and its text, however it is packed.

A packed file may become only so much: a small one that unpacks to gigabytes is no recording.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

LEAST = 64 * 1024 * 1024  # bytes that any file may unpack to,
TIMES = 100  # and so many times its own size; a recording packs to a tenth or so
KINDS = {  # by how a file begins
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",  # an empty one
    b"ARROW1": "feather",
    b"FEA1": "feather",
    b"PAR1": "parquet",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "rar",
    b"\x89HDF": "HDF5",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"SQLite format 3": "an SQLite database",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
ARROW = ("feather", "parquet")
PACKED = ("gzip", "xz", "bzip2", "zip")
BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
WORKBOOK = "[Content_Types].xml"  # a zip file with it is of an office program


class TooLarge(ValueError):
    """It unpacks to more than a recording of its size can be."""

    def __init__(self, bound: int) -> None:
        super().__init__(
            f"unpacks to more than {bound:,} bytes, {TIMES} times its size: this is no recording"
        )


class NoRecording(ValueError):
    """It is of a kind that holds no recording, or one that cannot be chosen."""


def most(size: int) -> int:
    """Bytes that a packed file of this size may unpack to."""
    return LEAST + TIMES * size


def kind_of(path: Path) -> str:
    """What a file is by its first bytes; "text" where nothing tells. OSError as it comes."""
    with path.open("rb") as file:
        start = file.read(16)
    return next((kind for magic, kind in KINDS.items() if start.startswith(magic)), "text")


class Unpacked(io.RawIOBase):
    """What is in a file, up to its bound; raises TooLarge beyond, NoRecording without one."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__()
        self._bound = self._left = most(path.stat().st_size)
        self._file = _opened(path, kind)

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
        if hasattr(self, "_file"):
            self._file.close()
        super().close()


def _opened(path: Path, kind: str) -> BinaryIO:
    match kind:
        case "gzip":
            return cast(BinaryIO, gzip.open(path, "rb"))
        case "xz":
            return cast(BinaryIO, lzma.open(path, "rb"))
        case "bzip2":
            return cast(BinaryIO, bz2.open(path, "rb"))
        case "zip":
            return _member(path)
        case "text":
            return path.open("rb")
    raise NoRecording(f"is {kind}, which holds no recording that can be read here; save it as CSV")


def _member(path: Path) -> BinaryIO:
    """The one file in a zip file."""
    try:
        packed = zipfile.ZipFile(path)
        return cast(BinaryIO, packed.open(_only(packed.namelist())))
    except (RuntimeError, NotImplementedError) as error:  # a password, an odd packing
        raise NoRecording(f"cannot be unpacked ({error}); unpack it yourself") from None


def _only(listed: Sequence[str]) -> str:
    """The one name that is a file's; what a Mac adds is none."""
    names = [one for one in listed if not one.endswith(("/", ".DS_Store"))]
    names = [one for one in names if not one.startswith("__MACOSX")]
    if WORKBOOK in names:
        raise NoRecording("is an Excel workbook; save it as CSV (UTF-8)")
    if len(names) != 1:
        raise NoRecording(f"holds {len(names)} files, not one; unpack it and name them one by one")
    return names[0]


def content_of(path: Path, kind: str) -> io.BufferedReader:
    """A file's bytes, unpacked; ``kind`` as ``kind_of`` tells it."""
    return io.BufferedReader(Unpacked(path, kind))


def text_of(content: io.BufferedReader) -> io.TextIOWrapper:
    """The same as UTF-8 text without its mark, its ends of lines untouched."""
    return io.TextIOWrapper(content, encoding="utf-8-sig", newline="")
