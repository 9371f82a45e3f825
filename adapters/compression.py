"""What a file really is, by its first bytes, and its text, however it is packed.

A packed file may become only so much: a small one that unpacks to gigabytes is no recording.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
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
    b"]\x00\x00": "lzma",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x9d": "compress (.Z)",
    b"\x04\x22\x4d\x18": "lz4",
    b"LZIP": "lzip",
    b"Rar!": "rar",
    b"\x89HDF": "HDF5",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"SQLite format 3": "an SQLite database",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
ARROW = ("feather", "parquet")
PACKED = ("gzip", "xz", "lzma", "bzip2", "zip", "tar")
BROKEN = (
    *(EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile),
    tarfile.TarError,
)
TAR, TAR_AT = b"ustar", 257  # where a tar file has its mark
DEEPEST = 4  # packings in each other
OF_KIND = {gzip.BadGzipFile: "gzip", lzma.LZMAError: "xz", zipfile.BadZipFile: "zip"}
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
        return _kind(file.read(TAR_AT + len(TAR)))


def broken(error: Exception, kind: str) -> str:
    """What is wrong with a file of that kind, which may hold another packing: of ``BROKEN``."""
    if isinstance(error, EOFError):
        return "is truncated"
    inner = "tar" if isinstance(error, tarfile.TarError) else OF_KIND.get(type(error), kind)
    return f"is not an intact {inner} file"


def _kind(start: bytes) -> str:
    if start[TAR_AT:].startswith(TAR):
        return "tar"
    other = "binary data" if b"\x00" in start else "text"
    return next((kind for magic, kind in KINDS.items() if start.startswith(magic)), other)


class Unpacked(io.RawIOBase):
    """What is in a packed file, up to its bound; raises TooLarge beyond."""

    def __init__(self, packed: BinaryIO, kind: str, bound: int) -> None:
        super().__init__()
        self._bound = self._left = bound
        self._packed, self._file = packed, _opened(packed, kind)

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
            self._packed.close()
        super().close()


def _opened(packed: BinaryIO, kind: str) -> BinaryIO:
    match kind:
        case "gzip":
            return cast(BinaryIO, gzip.open(packed, "rb"))
        case "xz" | "lzma":
            return cast(BinaryIO, lzma.open(packed, "rb"))
        case "bzip2":
            return cast(BinaryIO, bz2.open(packed, "rb"))
        case "zip":
            return _member(_seekable(packed))
        case "tar":
            return _tarred(_seekable(packed))
    raise NoRecording(f"is {kind}, which holds no recording that can be read here; save it as CSV")


def _seekable(file: BinaryIO) -> BinaryIO:
    """The same, or all of what can be read but once: its bound holds."""
    return file if file.seekable() else io.BytesIO(file.read())


def _member(file: BinaryIO) -> BinaryIO:
    """The one file in a zip file."""
    try:
        packed = zipfile.ZipFile(file)
        return cast(BinaryIO, packed.open(_only(packed.namelist())))
    except (RuntimeError, NotImplementedError) as error:  # a password, an odd packing
        raise NoRecording(f"cannot be unpacked ({error}); unpack it yourself") from None


def _tarred(file: BinaryIO) -> BinaryIO:
    """The one file in a tar file."""
    packed = tarfile.TarFile(fileobj=file)
    names = [member.name for member in packed.getmembers() if not member.isdir()]
    file.seek(packed.offset)
    if 0 < len(file.read(tarfile.BLOCKSIZE)) < tarfile.BLOCKSIZE:
        raise EOFError("the tar file ends within a header")
    name = _only(names)
    found = packed.extractfile(name)
    if found is None:
        raise NoRecording("holds 0 files, not one; unpack it and name them one by one")
    return cast(BinaryIO, found)


def _only(listed: Sequence[str]) -> str:
    """The one name that is a file's; what a Mac adds is none."""
    names = [one for one in listed if not one.endswith(("/", ".DS_Store"))]
    names = [one for one in names if not one.startswith("__MACOSX")]
    names = [one for one in names if not PurePosixPath(one).name.startswith("._")]
    if WORKBOOK in names:
        raise NoRecording("is an Excel workbook; save it as CSV (UTF-8)")
    if len(names) != 1:
        raise NoRecording(f"holds {len(names)} files, not one; unpack it and name them one by one")
    return names[0]


def content_of(path: Path) -> tuple[io.BufferedReader, str]:
    """A file's bytes, unpacked however often it is packed, and of what kind they are.

    The kind is "text", or one of ``ARROW``. TooLarge, NoRecording, one of ``BROKEN``, or OSError.
    """
    file, size = path.open("rb"), path.stat().st_size
    try:
        for _ in range(DEEPEST + 1):
            kind = _kind(file.peek(TAR_AT + len(TAR)))
            if kind in ("text", *ARROW):
                return file, kind
            file = io.BufferedReader(Unpacked(cast(BinaryIO, file), kind, most(size)))
    except BaseException:
        file.close()
        raise
    file.close()
    raise NoRecording(f"is packed more than {DEEPEST} times; unpack it yourself")


def text_of(content: io.BufferedReader) -> io.TextIOWrapper:
    """The same as UTF-8 text without its mark, its ends of lines untouched."""
    return io.TextIOWrapper(content, encoding="utf-8-sig", newline="")
