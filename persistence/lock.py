"""The lock of a state directory: one process at a time, whatever LMDB itself would allow.

LMDB lets a second process write. This is an flock on a file of our own: it ends with the process
that holds it, however that ends, and is not passed on to a program that is started (close-on-exec).
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

from persistence.errors import InUse, Refused
from persistence.private import refuse_links

NAME = "lock"
PID_MAX = 32  # bytes


class Lock:
    """Held from ``take`` until ``release``, or until the process ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @staticmethod
    def take(path: Path) -> Lock:
        """Lock a state directory, making it when there is none; InUse with the owner's pid."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_links(path)
        handle = _opened(path)
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


def _opened(path: Path) -> int:
    """The lock's file, made if need be; Refused for what we did not make: it would be overwritten.

    No symbolic link is followed, no other name of a file is written through, and no content but
    a process id is touched.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(path / NAME, flags, 0o600)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise
        raise _strange(path) from None
    facts = os.fstat(handle)
    plain = stat.S_ISREG(facts.st_mode) and facts.st_nlink <= 1
    text = os.pread(handle, PID_MAX + 1, 0) if plain else b""
    ours = facts.st_uid == os.geteuid() and len(text) <= PID_MAX and (not text or text.isdigit())
    if not plain or not ours:
        os.close(handle)
        raise _strange(path)
    return handle


def _strange(path: Path) -> Refused:
    place = path / NAME
    return Refused(
        path,
        f"its file {NAME} is not one that a bot of yours made (a link, or something else)",
        f"Nothing was changed. See what it is, then remove it: rm '{place}'",
    )


def owner(path: Path) -> int:
    """The pid of the process that holds a state directory now, 0 when nobody does.

    Asks the kernel, not the file: a pid in the file may be that of a process long gone.
    """
    try:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(path / NAME, flags)
    except FileNotFoundError:
        return 0
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            return 0  # no lock of ours: its next owner says so
        raise
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid(handle)
    else:
        return 0
    finally:
        os.close(handle)


def _pid(handle: int) -> int:
    text = os.pread(handle, PID_MAX, 0)
    return int(text) if text.isdigit() else 0
