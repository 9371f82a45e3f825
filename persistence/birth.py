"""The first creation of a state directory, which happens whole or not at all, and its mark.

Everything is made under ``birth.new``; then the data file is moved in, then the mark. Cut short
before the first move, the directory is still empty; between the two, ``finish`` moves the mark.
After that a data file without its mark, or a mark without its data file, is damage.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import msgspec

from persistence.codec import seal
from persistence.environment import DATA, open_environment
from persistence.faults import Damaged, Refused
from persistence.record import Birth

MARK = "birth.json"
MAKING = "birth.new"


def exists(path: Path) -> bool:
    """Whether a state directory was ever born here, sound or not."""
    return (path / DATA).exists() or (path / MARK).exists()


def make(path: Path, birth: Birth, *, sync: bool = True) -> None:
    """Bring a state directory into being; ``path`` may exist, but hold no ledger."""
    if exists(path):
        raise Refused(path, "it already holds a ledger")
    making = path / MAKING
    shutil.rmtree(making, ignore_errors=True)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    making.mkdir(mode=0o700)
    env, _ = open_environment(making, sync=sync, create=True)
    with env.begin(write=True) as txn:
        txn.put(b"birth", seal(b"birth", birth))
    env.close()
    with open(os.open(making / MARK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(birth)) + b"\n")
    if sync:
        for name in (making / DATA, making / MARK, making):
            _sync(name)
    os.rename(making / DATA, path / DATA)
    if sync:
        _sync(path)
    finish(path, sync=sync)
    if sync:
        _sync(path.absolute().parent)


def finish(path: Path, *, sync: bool = True) -> None:
    """Complete a creation that was cut short after the data file had been moved in."""
    making = path / MAKING
    if not making.exists() or not (path / DATA).exists():
        return
    with suppress(FileNotFoundError):
        if not (path / MARK).exists():
            os.rename(making / MARK, path / MARK)
            if sync:
                _sync(path)
    shutil.rmtree(making, ignore_errors=True)


def read_mark(path: Path) -> Birth:
    """The birth that the mark beside the data file tells of."""
    mark = path / MARK
    try:
        return msgspec.json.decode(mark.read_bytes(), type=Birth)
    except FileNotFoundError:
        raise Damaged(mark, "the birth mark is missing") from None
    except msgspec.DecodeError as error:
        raise Damaged(mark, f"the birth mark is unreadable ({error})") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
