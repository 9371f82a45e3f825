"""The lock of a state directory: one process at a time, whatever LMDB itself would allow.

LMDB lets a second process write. This is an flock on a file of our own: it ends with the process
that holds it, however that ends, and is not passed on to a program that is started (close-on-exec).
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from persistence.faults import InUse

NAME = "lock"


class Lock:
    """Held from ``take`` until ``release``, or until the process ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @staticmethod
    def take(path: Path) -> Lock:
        """Lock a state directory, making it when there is none; InUse with the owner's pid."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _pid(handle)
            os.close(handle)
            raise InUse(path, pid) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        return Lock(handle)

    def release(self) -> None:
        """Let others in. The file stays: removing it would let two hold two locks."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def owner(path: Path) -> int:
    """The pid of the process that holds a state directory now, 0 when nobody does.

    Asks the kernel, not the file: a pid in the file may be that of a process long gone.
    """
    try:
        handle = os.open(path / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return 0
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid(handle)
    else:
        return 0
    finally:
        os.close(handle)


def _pid(handle: int) -> int:
    text = os.pread(handle, 32, 0)
    return int(text) if text.isdigit() else 0
