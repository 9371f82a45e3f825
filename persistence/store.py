"""The one writer of a state directory: journal, states, index and archive in one environment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lmdb
from msgspec.structs import replace

from messages.base import Envelope, Message
from messages.market import Candle
from persistence import archive, btree_check, environment, identity
from persistence.codec import seal
from persistence.environment import free_disk
from persistence.errors import Damaged, InUse, Refused, StoreFailed, StoreFull
from persistence.group_commit import GroupCommit
from persistence.reader import BASE, Reader, T, base_key, index_key, number_key
from persistence.record import SCHEMA, Base, Identity, Record
from persistence.write_batch import WriteBatch

__all__ = [
    "SCHEMA",
    "Damaged",
    "Identity",
    "InUse",
    "Reader",
    "Record",
    "Refused",
    "Store",
    "StoreFailed",
    "StoreFull",
    "exists",
    "free_disk",
]

exists = identity.exists
FULL = (lmdb.MapFullError, lmdb.DiskError)


class Store(Reader):
    """Whoever opens it holds the directory's lock (``persistence.lock``)."""

    def __init__(self, path: Path, env: Any, bases: dict[str, Any]) -> None:
        super().__init__(path, env, bases)
        self._archive = archive.Archive(bases["archive"])
        self._failed = ""  # why there is no commit any more
        self._group: GroupCommit[WriteBatch] | None = None
        self._fresh: dict[bytes, Message] = {}  # of the index, and not yet on the disk

    @staticmethod
    def open(path: Path, *, sync: bool = True, room: int = environment.LEAST_MAP) -> Store:
        """Open an existing state directory; ``room`` is the least size of its map in bytes.

        ``sync=False`` is for backtests and simulations: a power cut may then destroy it.
        """
        identity.finish(path, sync=sync)
        btree_check.pad(path, btree_check.check_size(path))
        identity.check_schema(path)
        return Store(path, *environment.open_environment(path, sync=sync, room=room))

    @staticmethod
    def create(path: Path, born: Identity, *, sync: bool = True) -> Store:
        """Bring a state directory into being, whole or not at all, and open it."""
        identity.make(path, born, sync=sync)
        return Store.open(path, sync=sync)

    def commit(
        self,
        name: str,
        record: Record[Any],
        events: Sequence[Envelope],
        kept: Mapping[str, Message] = {},
        settled: int = 0,
    ) -> list[Envelope]:
        """Events appended, state and cursors replaced, index entries put: all or nothing.

        Gives the events back with their numbers. What it returns is on the disk, or with ``group``
        will be before anything that is stated later; ``flush`` waits for it. When it raises
        StoreFull nothing of it is; when it raises StoreFailed that is not known until the
        directory is opened again, and there is no other commit before that.
        """
        turn = WriteBatch.of(name, record, events, kept, settled)
        if self._group:
            self._fresh.update({index_key(name, key): event for key, event in kept.items()})
            first = self._group.state(turn, len(events))
        else:
            with self._writing() as txn:
                first = self._newest(txn) + 1
                self._put(txn, turn, first)
        return [replace(e, number=first + i) for i, e in enumerate(events)]

    def group(
        self,
        written: Callable[[str, float], None],
        failed: Callable[[str, Exception], None],
        *,
        thread: bool = True,
    ) -> GroupCommit[WriteBatch]:
        """From now on commits share syncs, and whoever acts on the outside flushes before.

        Begins with what the disk has. ``written`` hears of each commit whose it is and how many
        seconds it took to the disk; ``failed`` of the first that did not get there.
        """

        def write(batch: Sequence[tuple[WriteBatch, int]]) -> None:
            newest = {turn.name: turn for turn, _ in batch}
            with self._writing() as txn:
                for turn, first in batch:
                    self._put(txn, turn, first, newest[turn.name] is turn)

        def done(turn: WriteBatch, seconds: float) -> None:
            for key, _ in turn.kept:
                self._fresh.pop(key, None)
            written(turn.name, seconds)

        self._fresh.clear()
        self._settled = self.settled()
        newest = super().count()
        self._group = GroupCommit(newest, write, done, lambda turn, e: failed(turn.name, e))
        if thread:
            self._group.start()
        return self._group

    def flush(self) -> None:
        """Return when every commit is on the disk. Raises StoreFailed when one cannot be."""
        if self._group:
            self._group.flush()

    def count(self) -> int:
        """The number of the newest event, on the disk or under way to it."""
        return self._group.newest if self._group else super().count()

    def kept(self, name: str, key: str) -> Message | None:
        """The event that the owner keeps under this key for ever."""
        return self._fresh.get(index_key(name, key)) or super().kept(name, key)

    def load(self, name: str, kind: type[T]) -> Record[T] | None:
        """An owner's record, None when it has never committed."""
        self.flush()
        return super().load(name, kind)

    def last(self) -> Envelope | None:
        """The newest journal entry."""
        self.flush()
        return super().last()

    def rows(
        self, base: str, start: bytes = b"", until: int | None = None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Keys and values as they lie in a database, from a key on."""
        self.flush()
        return super().rows(base, start, until)

    def close(self) -> None:
        """Write what is under way, and let go of the environment."""
        if self._group:
            self._group.close()
        super().close()

    def archive(
        self, rows: Sequence[tuple[str, Candle]], after: int, judged: Collection[str] = ()
    ) -> None:
        """Keep closed candles of pairs, and the journal number that they followed.

        ``judged``: the pairs of whose last candle here the strategy was asked at its close.
        """
        self.flush()  # what it followed comes first
        try:
            with self._writing() as txn:
                self._archive.put(txn, rows, after, judged)
        except StoreFull:
            self._archive.forget()
            raise

    def note(self, key: str, value: bytes) -> None:
        """Keep a small value beside the ledger."""
        with self._writing() as txn:
            at = f"note/{key}".encode()
            txn.put(at, seal(at, value))

    def rebase(self, base: Base, values: Mapping[str, Any]) -> None:
        """From now on the journal begins after ``base``; ``values``: what it adds up to by name.

        What lies before is let go of by ``forget``.
        """
        sealed = [(at := base_key(name), seal(at, value)) for name, value in values.items()]
        with self._writing() as txn:
            txn.drop(self._bases["base"], delete=False)
            for key, value in (*sealed, (BASE, seal(BASE, base))):
                txn.put(key, value, db=self._bases["base"])

    def forget(self, most: int) -> bool:
        """Let go of so many entries that lie before the base; False when none is left."""
        last = number_key(self.base().number)
        with self._writing() as txn:
            cursor = txn.cursor(self._bases["journal"])
            for _ in range(most):
                if not cursor.first() or cursor.key() > last:
                    return False
                cursor.delete()
        return True

    def fill_ratio(self) -> float:
        """Share of the map that is used; the map grows only at a start."""
        return environment.fill_ratio(self._env)

    def reader_check(self) -> int:
        """Clear the places of readers that have died; they would keep old pages for ever."""
        return int(self._env.reader_check())

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """A transaction that is on the disk when it ends; after a failed one there is no other.

        What a failed sync had of it is gone, and the next one would not say so.
        """
        if self._failed:
            raise StoreFailed(self._failed)
        try:
            with self._env.begin(write=True) as txn:
                yield txn
        except FULL as error:
            raise StoreFull(str(error)) from error
        except lmdb.Error as error:
            self._failed = str(error)
            raise StoreFailed(self._failed) from error

    def _put(self, txn: Any, turn: WriteBatch, first: int, newest: bool = True) -> None:
        if not turn.put(txn, self._bases, first, newest):
            raise Damaged(self.path, f"journal entry {first} or the next is there already")
        if turn.settled > self._settled:
            self._settled = turn.settled
            txn.put(b"settled", seal(b"settled", turn.settled))
