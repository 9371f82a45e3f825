"""The first creation of a state directory, which happens whole or not at all, and its mark.

Everything is made under ``birth.new``; then the data file is moved in, then the mark. Cut short
before the first move, the directory is still empty; between the two, ``finish`` moves the mark.
After that a data file without its mark, or a mark without its data file, is damage.

A ledger that is to take another's place (a restored, a migrated, a rebuilt one) is made under
``birth.new`` too. Named ``birth.next`` it is decided: whatever is cut short after that,
``finish`` moves the old files aside and the new ones in.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import lmdb
import msgspec

from persistence.codec import seal
from persistence.environment import DATA, LOCKS, open_environment
from persistence.errors import MIGRATE, UPDATE, Damaged, Refused, StoreFailed
from persistence.record import SCHEMA, Identity

MARK = "birth.json"
MAKING = "birth.new"
NEXT = "birth.next"
ASIDE = "aside"  # in ``birth.next``: the name of the folder that the old files go to


def exists(path: Path) -> bool:
    """Whether a state directory was ever born here, sound or not."""
    return any((path / name).exists() for name in (DATA, MARK, NEXT))


def make(path: Path, birth: Identity, *, sync: bool = True) -> None:
    """Bring a state directory into being; ``path`` may exist, but hold no ledger."""
    if exists(path):
        raise Refused(path, "it already holds a ledger")
    making = room(path)
    try:
        env, _ = open_environment(making, sync=sync, create=True)
        with env.begin(write=True) as txn:
            txn.put(b"birth", seal(b"birth", birth))
    except lmdb.Error as error:
        raise StoreFailed(f"{making}: {error}") from error
    env.close()
    write_mark(making, birth)
    if sync:
        for name in (making / DATA, making / MARK, making, path):
            sync_path(name)
    os.rename(making / DATA, path / DATA)
    if sync:
        sync_path(path)
    finish(path, sync=sync)
    if sync:
        sync_path(path.absolute().parent)


def room(path: Path) -> Path:
    """An empty folder within a state directory, in which a ledger may be made."""
    making = path / MAKING
    shutil.rmtree(making, ignore_errors=True)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    making.mkdir(mode=0o700)
    return making


def succeed(path: Path, aside: str) -> None:
    """Let the ledger that was made in ``room`` take the place of the one that may be here.

    ``aside`` names the folder within ``path`` to which that one goes. The lock must be held.
    """
    making = path / MAKING
    (making / ASIDE).write_text(aside)
    for name in (making / DATA, making / MARK, making / ASIDE, making):
        sync_path(name)
    os.rename(making, path / NEXT)  # from here on it is decided
    sync_path(path)
    finish(path)
    sync_path(path.absolute().parent)


def finish(path: Path, *, sync: bool = True) -> None:
    """Complete a creation or a succession that was cut short after it was decided."""
    if (path / NEXT).exists():
        _take_place(path, path / NEXT)
    making = path / MAKING
    if not making.exists() or not (path / DATA).exists():
        return
    with suppress(FileNotFoundError):
        if not (path / MARK).exists() and not (making / DATA).exists():
            os.rename(making / MARK, path / MARK)
            if sync:
                sync_path(path)
    shutil.rmtree(making, ignore_errors=True)


def _take_place(path: Path, successor: Path) -> None:
    """Move what is old out and what is new in; each step knows whether it was done before."""
    if (successor / ASIDE).exists():
        aside = path / (successor / ASIDE).read_text()
        for name in (MARK, DATA):
            if not (successor / name).exists():
                continue
            if (path / name).exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                os.rename(path / name, aside / name)
                sync_path(aside)
            (path / LOCKS).unlink(missing_ok=True)  # LMDB's table of the old file's readers
            os.rename(successor / name, path / name)
            sync_path(path)
        (successor / ASIDE).unlink()
    shutil.rmtree(successor, ignore_errors=True)


def write_mark(path: Path, birth: Identity) -> None:
    """Put the mark of a birth beside its data file."""
    with open(os.open(path / MARK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(birth)) + b"\n")


def read_mark(path: Path) -> Identity:
    """The birth that the mark beside the data file tells of."""
    mark = path / MARK
    try:
        return msgspec.json.decode(mark.read_bytes(), type=Identity)
    except FileNotFoundError:
        raise Damaged(mark, "the birth mark is missing") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Damaged(mark, f"the birth mark is unreadable ({error})") from error


def check_schema(path: Path) -> None:
    """Refused when another version wrote this directory: a newer one, or one before a migration."""
    schema = read_mark(path).schema
    if schema != SCHEMA:
        raise Refused(
            path,
            f"it has schema {schema}, we know {SCHEMA}",
            UPDATE if schema > SCHEMA else MIGRATE,
        )


def sync_path(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
