"""The one writer of a state directory: journal, states, index and archive in one environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lmdb
from msgspec.structs import replace

from messages.base import Envelope, Message
from messages.market import Candle
from persistence import archive, birth, environment, structure
from persistence.codec import close, entry, seal
from persistence.environment import free_disk
from persistence.faults import Damaged, InUse, Refused, StoreFull
from persistence.reader import Reader, index_key, number_key
from persistence.record import SCHEMA, Birth, Record

__all__ = [
    "SCHEMA",
    "Birth",
    "Damaged",
    "InUse",
    "Reader",
    "Record",
    "Refused",
    "Store",
    "StoreFull",
    "exists",
    "free_disk",
]

exists = birth.exists
FULL = (lmdb.MapFullError, lmdb.DiskError)


class Store(Reader):
    """Whoever opens it holds the directory's lock (``persistence.lock``)."""

    def __init__(self, path: Path, env: Any, bases: dict[str, Any]) -> None:
        super().__init__(path, env, bases)
        self._archive = archive.Archive(bases["archive"])

    @staticmethod
    def open(path: Path, *, sync: bool = True, room: int = environment.LEAST_MAP) -> Store:
        """Open an existing state directory; ``room`` is the least size of its map in bytes.

        ``sync=False`` is for backtests and simulations: a power cut may then destroy it.
        """
        birth.finish(path, sync=sync)
        structure.pad(path, structure.check_size(path))
        return Store(path, *environment.open_environment(path, sync=sync, room=room))

    @staticmethod
    def create(path: Path, born: Birth, *, sync: bool = True) -> Store:
        """Bring a state directory into being, whole or not at all, and open it."""
        birth.make(path, born, sync=sync)
        return Store.open(path, sync=sync)

    def commit(
        self,
        name: str,
        record: Record[Any],
        events: Sequence[Envelope],
        kept: Mapping[str, Message] = {},
        settled: int = 0,
    ) -> list[Envelope]:
        """One transaction: events appended, state and cursors replaced, index entries put.

        Gives the events back with their numbers. What it returns is on the disk; when it raises
        StoreFull nothing of it is; when it raises anything else that is not known until the
        directory is opened again.
        """
        rows = [entry(envelope) for envelope in events]
        owner = name.encode()
        state = seal(owner, record)
        index = [(at := index_key(name, key), seal(at, event)) for key, event in kept.items()]
        try:
            with self._env.begin(write=True) as txn:
                first = self._append(txn, rows)
                txn.put(owner, state, db=self._bases["states"])
                for key, value in index:
                    txn.put(key, value, db=self._bases["index"])
                if settled > self._settled:
                    self._settled = settled
                    txn.put(b"settled", seal(b"settled", settled))
        except FULL as error:
            raise StoreFull(str(error)) from error
        return [replace(e, number=first + i) for i, e in enumerate(events)]

    def archive(self, rows: Sequence[tuple[str, Candle]], after: int) -> None:
        """Keep closed candles of pairs, and the journal number that they followed."""
        try:
            with self._env.begin(write=True) as txn:
                self._archive.put(txn, rows, after)
        except FULL as error:
            self._archive.forget()
            raise StoreFull(str(error)) from error

    def note(self, key: str, value: bytes) -> None:
        """Keep a small value beside the ledger."""
        try:
            with self._env.begin(write=True) as txn:
                at = f"note/{key}".encode()
                txn.put(at, seal(at, value))
        except FULL as error:
            raise StoreFull(str(error)) from error

    def fill_ratio(self) -> float:
        """Share of the map that is used; the map grows only at a start."""
        return environment.fill_ratio(self._env)

    def reader_check(self) -> int:
        """Clear the places of readers that have died; they would keep old pages for ever."""
        return int(self._env.reader_check())

    def _append(self, txn: Any, rows: list[bytes]) -> int:
        """Put journal entries at the end; gives the number of the first."""
        journal = self._bases["journal"]
        first = self._newest(txn) + 1
        for number, row in enumerate(rows, first):
            key = number_key(number)
            if not txn.put(key, close(key, row), db=journal, append=True):
                raise Damaged(self.path, f"journal entry {number} is there already")
        return first
