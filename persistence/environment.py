"""The LMDB environment: how it is opened, with which databases, flags, modes and bounds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import lmdb

from persistence.errors import Damaged, Refused
from persistence.private import refuse_links

DATA = "data.mdb"
LOCKS = "lock.mdb"
NAMES = ("journal", "states", "index", "archive", "base")
LEAST_MAP = 1 << 30  # bytes; the file is sparse, so only the address space is taken
GROWTH = 4  # the map is this many times the file, so that it need not grow before the next start
READERS = 126
# The defaults, without which a commit is not durable, or a writer meets a stale page.
WHOLE = {"sync": True, "metasync": True, "lock": True, "writemap": False, "map_async": False}


def map_size(path: Path, least: int = LEAST_MAP) -> int:
    """Bytes to map: never less than a gibibyte, and room for the file to grow."""
    data = path / DATA
    return max(least, GROWTH * data.stat().st_size if data.exists() else 0)


def open_environment(
    path: Path, *, sync: bool = True, create: bool = False, room: int = LEAST_MAP
) -> tuple[Any, Any]:
    """The environment of the only writer, and its databases by name."""
    env = _open(path, room, create=create, sync=sync, metasync=sync)
    flags = dict(env.flags())
    wanted = WHOLE | {"sync": sync, "metasync": sync}
    if any(flags[name] != value for name, value in wanted.items()):
        env.close()
        raise RuntimeError(f"LMDB was opened with {flags}, not with {wanted}")
    return env, _databases(env, path, create)


def open_readonly(path: Path) -> tuple[Any, Any]:
    """The environment of somebody who only asks; the map is as large as the writer's."""
    env = _open(path, create=False, readonly=True)
    return env, _databases(env, path, create=False)


def copy_to(path: Path, target: Path) -> None:
    """A packed copy of one moment's ledger, also while its writer goes on; synced, mode 0600."""
    env = _open(path, create=False, readonly=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        env.copyfd(handle, compact=True)
        os.fsync(handle)
    except lmdb.Error as error:
        raise Damaged(path, f"LMDB cannot copy it ({error})") from error
    finally:
        os.close(handle)
        env.close()


def rewrite(path: Path, work: Callable[[Any, Any], None]) -> None:
    """One transaction below the store, on a copy that nobody trades on yet.

    ``work`` gets the environment and the transaction; databases may be missing.
    """
    env = _open(path, create=False)
    try:
        with env.begin(write=True) as txn:
            work(env, txn)
    finally:
        env.close()


@contextmanager
def pinned(path: Path) -> Iterator[int]:
    """Hold a read transaction, and give its number: its pages stay as they are meanwhile."""
    env = _open(path, create=False, readonly=True)
    try:
        with env.begin() as txn:
            yield txn.id()
    finally:
        env.close()


def _open(path: Path, room: int = LEAST_MAP, **options: Any) -> Any:
    bounds: dict[str, Any] = {"max_dbs": len(NAMES), "max_readers": READERS, "mode": 0o600}
    bounds["map_size"] = map_size(path, room)
    refuse_links(path)
    _refuse_strange(path)
    try:
        env = lmdb.open(os.fsencode(path), **bounds, **options)
    except lmdb.Error as error:
        raise Damaged(path, f"LMDB does not open it ({error})") from error
    _close_on_exec(path)
    return env


def _refuse_strange(path: Path) -> None:
    """LMDB follows a symbolic link, and writes its table of readers over what it leads to."""
    for place in (path / DATA, path / LOCKS):
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise Refused(
                path,
                f"its file {place.name} is not one that a bot of yours made"
                " (a link, or something else)",
                f"Nothing was changed. See what it is, then remove it: rm '{place}'",
            )


def _close_on_exec(path: Path) -> None:
    """LMDB marks only some of its handles; none is for a program that we start."""
    ours = [(path / name).stat() for name in (DATA, LOCKS) if (path / name).exists()]
    for name in os.listdir("/dev/fd"):
        with suppress(OSError):  # the handle that lists them is gone by now
            if any(os.path.samestat(os.fstat(int(name)), file) for file in ours):
                os.set_inheritable(int(name), False)


def _databases(env: Any, path: Path, create: bool) -> dict[str, Any]:
    # meta is the main database: its page is written with every commit anyway, so that raising
    # ``settled`` costs no page of its own.
    found = {"meta": env.open_db(None)}
    for name in NAMES:
        try:
            found[name] = env.open_db(name.encode(), create=create)
        except lmdb.Error as error:
            env.close()
            if create:
                raise
            raise Damaged(path, f"the database {name} is missing in {DATA} ({error})") from error
    return found


def fill_ratio(env: Any) -> float:
    """Share of the map that has ever been used."""
    info = env.info()
    return float((info["last_pgno"] + 1) * env.stat()["psize"] / info["map_size"])


def free_disk(path: Path) -> int:
    """Bytes that we may still write on the file system of this path."""
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize
