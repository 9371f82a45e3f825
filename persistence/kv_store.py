"""A durable shelf: rows by key in a directory of its own, put together in one transaction.

For a program that plays the outside world (the sandbox): it has no journal, and no owner's state.
The environment's flags, the checksum of every row and the lock are those of a state directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

import lmdb

from persistence.codec import Corrupt, seal, unseal
from persistence.environment import LEAST_MAP, map_size
from persistence.errors import Damaged, StoreFull
from persistence.lock import Lock

T = TypeVar("T")

KEY_LONGEST = 511  # bytes; LMDB's own bound


class KvStore:
    """Whoever opens it holds the directory's lock until ``close``."""

    def __init__(self, path: Path, env: Any, lock: Lock) -> None:
        self.path, self._env, self._lock = path, env, lock

    @staticmethod
    def open(path: Path, *, sync: bool = True) -> KvStore:
        """Open a shelf, an empty one where there is none. InUse while another process has it.

        ``sync=False`` is for simulations: a power cut may then destroy it, a kill does not.
        """
        lock = Lock.take(path)
        try:
            size = map_size(path, LEAST_MAP)
            env = lmdb.open(os.fsencode(path), map_size=size, mode=0o600, sync=sync, metasync=sync)
        except lmdb.Error as error:
            lock.release()
            raise Damaged(path, f"LMDB does not open it ({error})") from error
        return KvStore(path, env, lock)

    def put(self, rows: Mapping[str, Any]) -> None:
        """All of these rows or none; what it returns from is on the disk. Raises StoreFull."""
        sealed = [(key := name.encode(), seal(key, value)) for name, value in rows.items()]
        try:
            with self._env.begin(write=True) as txn:
                for key, value in sealed:
                    txn.put(key, value)
        except (lmdb.MapFullError, lmdb.DiskError) as error:
            raise StoreFull(str(error)) from error

    def rows(self, prefix: str, kind: type[T]) -> Iterator[tuple[str, T]]:
        """Rows whose key begins so, without that beginning, in the order of their keys."""
        start = prefix.encode()
        with self._env.begin() as txn:
            cursor = txn.cursor()
            found = cursor.set_range(start) if start else cursor.first()
            for key, value in cursor if found else ():
                if not key.startswith(start):
                    return
                try:
                    yield key[len(start) :].decode(), unseal(key, value, kind)
                except Corrupt as error:
                    raise Damaged(self.path, f"the row {key.decode()} {error}") from error

    def close(self) -> None:
        """Let go of the environment and of the lock."""
        self._env.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
