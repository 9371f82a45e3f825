"""A backup: one file that holds the packed ledger of one moment, and behind it a seal.

The seal tells what the file is: the birth, how many bytes the ledger has and their digest. Those
bytes are a whole data file of LMDB; behind them lie the seal (JSON), its length (4 bytes,
big-endian) and ``MAGIC``. A file gets its name only when all of it was read back and folded.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from persistence import identity
from persistence.environment import DATA, copy_to
from persistence.errors import UPDATE, Damaged, Refused
from persistence.journal_base import Fold
from persistence.reader import Reader
from persistence.record import SCHEMA, Identity
from persistence.verify import Progress, verify

MAGIC = b"JANGBU-1"
TAIL = 4 + len(MAGIC)
LONGEST_SEAL = 1 << 16
CHUNK = 1 << 20
PART = ".part"
WHOLE = "a backup made by run.py backup"
OTHER = "Nothing was changed. Name another backup."


class Seal(Struct, frozen=True):
    """What stands behind the ledger's bytes."""

    birth: Identity
    size: int  # bytes of the ledger
    sha256: str
    entries: int  # number of the newest journal entry
    at: float  # when it was stated, epoch seconds


def write(
    path: Path, file: Path, folds: Mapping[str, Fold], progress: Progress | None = None
) -> Seal:
    """Back up a state directory, also while its bot trades; ``file`` must not exist yet.

    Raises Damaged when the ledger, or the copy that was made of it, is not sound.
    """
    identity.check_schema(path)
    part = file.with_name(file.name + PART)
    shutil.rmtree(part, ignore_errors=True)  # of one that was cut short
    part.mkdir(mode=0o700)
    try:
        born = identity.read_mark(path)
        copy_to(path, part / DATA)
        identity.write_mark(part, born)
        require_sound(part, folds, progress, path)
        with Reader.open(part) as reader:
            last = reader.last()
        size, digest = _digest(part / DATA)
        count, at = (last.number, last.at) if last else (0, 0.0)
        seal = Seal(born, size, digest, count, at)
        _append(part / DATA, seal)
        if read_seal(part / DATA) != seal:
            raise Damaged(file, "what was written reads back otherwise")
        identity.sync_path(part)
        os.link(part / DATA, file)  # a name that is taken meanwhile is never written over
        identity.sync_path(file.absolute().parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return seal


def require_sound(
    path: Path,
    folds: Mapping[str, Fold],
    progress: Progress | None = None,
    about: Path | None = None,
) -> None:
    """Damaged unless everything there is as it should be; ``about``: of what it is a copy."""
    if found := verify(path, folds, progress):
        first = found[0]
        raise Damaged(about or path, f"{first.what} {first.where}: {first.text}")


def read_seal(file: Path) -> Seal:
    """The seal of a whole backup. Raises Damaged, or Refused for one of a newer version."""
    try:
        size = file.stat().st_size
        with file.open("rb") as data:
            seal = _seal_of(data.read, data.seek, size)
    except (FileNotFoundError, IsADirectoryError):
        raise Damaged(file, f"there is no such file; {WHOLE} is wanted", OTHER) from None
    if seal is None or _digest(file, seal.size) != (seal.size, seal.sha256):
        raise Damaged(file, f"it is not {WHOLE}, or not whole", OTHER)
    if seal.birth.schema > SCHEMA:
        raise Refused(file, f"it has schema {seal.birth.schema}, we know {SCHEMA}", UPDATE)
    return seal


def unpack(file: Path, seal: Seal, target: Path) -> None:
    """The ledger of a backup as a data file of its own."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with file.open("rb") as source, open(handle, "wb") as data:
        left = seal.size
        while left and (piece := source.read(min(left, CHUNK))):
            left -= data.write(piece)


def _seal_of(read: Callable[[int], bytes], seek: Callable[[int], int], size: int) -> Seal | None:
    if size < TAIL:
        return None
    seek(size - TAIL)
    tail = read(TAIL)
    length = int.from_bytes(tail[:4], "big")
    if tail[4:] != MAGIC or not 0 < length <= min(LONGEST_SEAL, size - TAIL):
        return None
    seek(size - TAIL - length)
    try:
        seal = msgspec.json.decode(read(length), type=Seal)
    except msgspec.DecodeError:
        return None
    return seal if seal.size == size - TAIL - length else None


def _append(file: Path, seal: Seal) -> None:
    data = msgspec.json.encode(seal)
    with file.open("ab") as end:
        end.write(data + len(data).to_bytes(4, "big") + MAGIC)
        end.flush()
        os.fsync(end.fileno())


def _digest(file: Path, size: int | None = None) -> tuple[int, str]:
    """Bytes read and their SHA-256; ``size``: of so many at the file's beginning."""
    digest, done = hashlib.sha256(), 0
    with file.open("rb") as data:
        while piece := data.read(CHUNK if size is None else min(CHUNK, size - done)):
            digest.update(piece)
            done += len(piece)
    return done, digest.hexdigest()
