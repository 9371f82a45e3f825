"""Reading a state directory: everything that can be asked without changing it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import lmdb
from msgspec import Struct

from messages.base import Envelope, Message
from messages.journal import AnyEvent
from messages.market import Candle
from persistence import archive, btree_check, environment
from persistence.codec import Corrupt, decode_envelope, unseal
from persistence.errors import Damaged
from persistence.identity import check_schema, read_mark
from persistence.record import Base, Identity, Record

T = TypeVar("T")

BATCH = 500  # entries read in one transaction, so that none keeps old pages from being reused
LONGEST = 400  # bytes of an index key; LMDB takes 511
BASE = b"\0"  # the key of the base itself; behind it one value for each owner, and for each view


class _Cursors(Struct, frozen=True):
    """The part of a record that can be read without knowing its state."""

    cursors: dict[str, int] = {}


class Snapshot(NamedTuple):
    """Everything small, as of one transaction; the journal up to ``last`` belongs to it."""

    states: list[tuple[bytes, bytes]]
    meta: list[tuple[bytes, bytes]]
    base: list[tuple[bytes, bytes]]
    last: int


def number_key(number: int) -> bytes:
    """A journal number as a key that sorts."""
    return number.to_bytes(8, "big")


def index_key(owner: str, key: str) -> bytes:
    """The key of the index; a long one is told by its digest, for it may come from anybody."""
    raw = f"{owner}/{key}".encode()
    return raw if len(raw) <= LONGEST else raw[: LONGEST - 64] + sha256(raw).hexdigest().encode()


def base_key(name: str) -> bytes:
    """The key under which the base of an owner or of a view lies."""
    return b"of/" + name.encode()


class Reader:
    """A view of a state directory, for askers in another process: opens it read-only.

    Every question is a short transaction of its own. Raises Damaged where a checksum fails.
    """

    def __init__(self, path: Path, env: Any, bases: dict[str, Any]) -> None:
        self.path, self._env, self._bases = path, env, bases
        try:
            self.birth = self._born()
            self._settled = self.settled()
        except lmdb.Error as error:
            env.close()
            raise Damaged(path, f"LMDB cannot read it ({error})") from error
        except BaseException:
            env.close()
            raise

    @staticmethod
    def open(path: Path) -> Reader:
        """Open an existing state directory for reading; never creates, never writes."""
        btree_check.check_size(path)
        check_schema(path)
        return Reader(path, *environment.open_readonly(path))

    def load(self, name: str, kind: type[T]) -> Record[T] | None:
        """An owner's record, None when it has never committed."""
        whole: Any = Record[kind]  # type: ignore[valid-type]
        record: Record[T] | None = self._get("states", name.encode(), whole, f"state {name}")
        return record

    def cursors(self, name: str) -> dict[str, int]:
        """Per source, the number of the last event that this owner took in."""
        found: _Cursors | None = self._get("states", name.encode(), _Cursors, f"state {name}")
        return found.cursors if found else {}

    def owners(self) -> tuple[str, ...]:
        """The names of everyone who has a record."""
        return tuple(key.decode(errors="replace") for key, _ in self.rows("states"))

    def kept(self, name: str, key: str) -> Message | None:
        """The event that the owner keeps under this key for ever."""
        found: Message | None = self._get("index", index_key(name, key), AnyEvent, f"index {key}")
        return found

    def events(self, after: int = 0, until: int | None = None) -> Iterator[Envelope]:
        """Journal entries numbered from ``after + 1`` to ``until``, in order; none of a trim's."""
        after = max(after, self.base().number)
        for key, value in self.rows("journal", number_key(after + 1), until):
            yield self._letter(key, value)

    def rows(
        self, base: str, start: bytes = b"", until: int | None = None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Keys and values as they lie in a database, from a key on."""
        end = b"\xff" * 512 if until is None else number_key(until)
        while batch := self._batch(base, start, end):
            yield from batch
            if batch[-1][0] < start:
                raise Damaged(self.path, f"the keys of {base} are out of order")
            start = batch[-1][0] + b"\0"

    def last(self) -> Envelope | None:
        """The newest journal entry."""
        with self._begin() as txn:
            cursor = txn.cursor(self._bases["journal"])
            found = cursor.item() if cursor.last() else None
        return self._letter(*found) if found else None

    def count(self) -> int:
        """The number of the newest journal entry, 0 when there is none."""
        with self._begin() as txn:
            return self._newest(txn)

    def settled(self) -> int:
        """The number up to which every acceptor has finished its turn."""
        found: int | None = self._get("meta", b"settled", int, "meta settled")
        return found or 0

    def base(self) -> Base:
        """Where the journal begins: what lies before it was trimmed."""
        found: Base | None = self._get("base", BASE, Base, "the journal's base")
        return found or Base()

    def based(self, name: str, kind: type[T]) -> T | None:
        """What the trimmed part of the journal adds up to for an owner or a view."""
        found: T | None = self._get("base", base_key(name), kind, f"base of {name}")
        return found

    def candles(self, pair: str, last: int, before: float | None = None) -> list[Candle]:
        """The newest closed candles of a pair that began before a moment, oldest first."""
        return [row.candle for row in self.archived(pair, last, before)]

    def snapshot(self) -> Snapshot:
        """What changes with every commit, as of one moment."""
        with self._begin() as txn:
            states = list(txn.cursor(self._bases["states"]))
            meta = [(k, v) for k, v in txn.cursor() if k.decode("latin") not in environment.NAMES]
            base = list(txn.cursor(self._bases["base"]))
            return Snapshot(states, meta, base, self._newest(txn))

    def archived(self, pair: str, last: int, before: float | None = None) -> list[archive.Row]:
        """The same, each with the journal number that it followed."""
        try:
            with self._begin() as txn:
                return archive.newest(txn, self._bases["archive"], pair, last, before)
        except Corrupt as error:
            raise Damaged(self.path, f"a candle of {pair} {error}") from error

    def noted(self, key: str) -> bytes | None:
        """A small value that was noted."""
        found: bytes | None = self._get("meta", f"note/{key}".encode(), bytes, f"note {key}")
        return found

    def close(self) -> None:
        """Let go of the environment."""
        self._env.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> Any:
        try:
            return self._env.begin()
        except lmdb.MapResizedError:  # the writer was started again, with a larger map
            self._env.set_mapsize(0)
            return self._env.begin()

    def _get(self, base: str, key: bytes, kind: Any, place: str) -> Any:
        with self._begin() as txn:
            data = txn.get(key, db=self._bases[base])
        if data is None:
            return None
        try:
            return unseal(key, data, kind)
        except Corrupt as error:
            raise Damaged(self.path, f"{place} {error}") from error

    def _newest(self, txn: Any) -> int:
        cursor = txn.cursor(self._bases["journal"])
        return int.from_bytes(cursor.key()[:8], "big") if cursor.last() else 0

    def _batch(self, base: str, start: bytes, end: bytes) -> list[tuple[bytes, bytes]]:
        with self._begin() as txn:
            cursor = txn.cursor(self._bases[base])
            found = cursor.set_range(start) if start else cursor.first()
            rows = islice(cursor.iternext(), BATCH) if found else ()
            return list(takewhile(lambda row: row[0] <= end, rows))

    def _letter(self, key: bytes, value: bytes) -> Envelope:
        try:
            return decode_envelope(key, value)
        except Corrupt as error:
            number = int.from_bytes(key[:8], "big")
            raise Damaged(self.path, f"journal entry {number} {error}") from error

    def _born(self) -> Identity:
        mark = read_mark(self.path)
        birth: Identity | None = self._get("meta", b"birth", Identity, "the genesis record")
        if birth is None:
            raise Damaged(self.path, "the genesis record is missing")
        if birth != mark:
            raise Damaged(self.path, f"the birth mark is of {mark.id}, the ledger of {birth.id}")
        return birth
