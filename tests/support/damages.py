"""Damages to plant in a sound state directory, each with the words by which it is to be named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lmdb
import msgspec
from msgspec.structs import replace

from messages.base import Envelope, Message
from messages.budget import SaleEnded
from persistence import archive
from persistence.codec import close, encode_envelope, seal, unseal
from persistence.reader import number_key
from persistence.record import Record
from tests.support.ledgers import BORN, Cash, Count, candle, make, sale

Damage = Callable[[Path], None]
DATABASES = ("journal", "states", "index", "archive", "base")


def raw(path: Path, work: Callable[[Any, dict[str, Any]], Any]) -> None:
    """Change what lies in the databases, below the store."""
    env = lmdb.open(str(path), max_dbs=8, map_size=1 << 30, sync=False)
    bases = {name: env.open_db(name.encode()) for name in DATABASES} | {"meta": env.open_db(None)}
    with env.begin(write=True) as txn:
        work(txn, bases)
    env.close()


def put(base: str, key: bytes, value: bytes) -> Damage:
    """Put a value in a database."""
    return lambda path: raw(path, lambda txn, bases: txn.put(key, value, db=bases[base]))


def delete(base: str, *keys: bytes) -> Damage:
    """Take values out of a database."""
    return lambda path: raw(
        path, lambda txn, bases: [txn.delete(key, db=bases[base]) for key in keys]
    )


def flip(base: str, key: bytes) -> Damage:
    """Flip one bit of a value."""

    def work(txn: Any, bases: dict[str, Any]) -> None:
        value = bytearray(txn.get(key, db=bases[base]))
        value[len(value) // 2] ^= 4
        txn.put(key, bytes(value), db=bases[base])

    return lambda path: raw(path, work)


def exchange(base: str, one: bytes, two: bytes) -> Damage:
    """Put two values each in the other's place."""

    def work(txn: Any, bases: dict[str, Any]) -> None:
        first, second = txn.get(one, db=bases[base]), txn.get(two, db=bases[base])
        txn.put(one, second, db=bases[base])
        txn.put(two, first, db=bases[base])

    return lambda path: raw(path, work)


def journaled(number: int, message: Message, source: str = "budget", cause: int = 0) -> Damage:
    """Put another entry in the place of one."""
    data = encode_envelope(Envelope(message, 1.0, source, cause=cause))
    return put("journal", number_key(number), close(number_key(number), data))


def restate(name: str, kind: Any, change: Callable[[Any], Any]) -> Damage:
    """Change a record, with a good checksum."""

    def work(txn: Any, bases: dict[str, Any]) -> None:
        key = name.encode()
        found = unseal(key, txn.get(key, db=bases["states"]), Record[kind])
        txn.put(key, seal(key, change(found)), db=bases["states"])

    return lambda path: raw(path, work)


def cursor(name: str, kind: Any, **numbers: int) -> Damage:
    """Move the cursors of an owner."""
    return restate(name, kind, lambda record: replace(record, cursors=numbers))


def drop(base: str, *, whole: bool = False) -> Damage:
    """Empty a database, or take it away altogether."""
    return lambda path: raw(path, lambda txn, bases: txn.drop(bases[base], delete=whole))


def cut(size: int) -> Damage:
    """Cut the file off; a negative size is counted from its end."""

    def work(path: Path) -> None:
        data = path / "data.mdb"
        os.truncate(data, size if size >= 0 else data.stat().st_size + size)

    return work


def overwrite(at: int, data: bytes) -> Damage:
    """Write bytes somewhere into the file."""

    def work(path: Path) -> None:
        handle = os.open(path / "data.mdb", os.O_WRONLY)
        os.pwrite(handle, data, at)
        os.close(handle)

    return work


def replace_file(name: str, data: bytes | None) -> Damage:
    """Put other bytes in the place of a file, or take it away."""
    return lambda path: (
        (path / name).unlink() if data is None else (path / name).write_bytes(data) and None
    )


def other_ledger(path: Path) -> None:
    """The data of another birth under this mark."""
    other = make(path.parent / "other", 2)
    born = replace(BORN, id="other")
    raw(other, lambda txn, _: txn.put(b"birth", seal(b"birth", born)))
    (other / "data.mdb").rename(path / "data.mdb")


def newer(path: Path) -> None:
    """A directory of a version to come."""
    born = replace(BORN, schema=99)
    raw(path, lambda txn, _: txn.put(b"birth", seal(b"birth", born)))
    (path / "birth.json").write_bytes(msgspec.json.encode(born))


def last_entries(path: Path) -> None:
    """The journal's tail is gone, the states are not."""
    delete("journal", *map(number_key, range(80, 91)))(path)


def unread(path: Path) -> None:
    """An entry whose event nobody knows, with a good checksum."""
    data = msgspec.msgpack.encode({"at": 1.0, "source": "budget", "body": {"type": "Nobody"}})
    put("journal", number_key(10), close(number_key(10), data))(path)


def other_candle(path: Path) -> None:
    """A candle under the time of another."""
    at = archive.key("KRW-BTC", 60)
    put("archive", at, seal(at, archive.Row(3, candle(120))))(path)


def future_candle(path: Path) -> None:
    """A candle that follows an entry not yet written."""
    at = archive.key("KRW-BTC", 60)
    put("archive", at, seal(at, archive.Row(999, candle(60))))(path)


PAGE = 4096
AT = archive.key("KRW-BTC", 60)
# name: (how, what verify calls it, words of its text)
FILE: dict[str, tuple[Damage, str, str]] = {
    "empty file": (replace_file("data.mdb", b""), "file", "empty"),
    "missing file": (replace_file("data.mdb", None), "file", "missing"),
    "foreign file": (replace_file("data.mdb", b"SQLite format 3\0" * 4096), "file", "foreign"),
    "zeroed file": (replace_file("data.mdb", bytes(1 << 16)), "file", "foreign"),
    "cut within the first meta page": (cut(100), "file", "ends within meta page 0"),
    "cut after the first meta page": (cut(PAGE), "file", "ends within meta page 1"),
    "cut after the meta pages": (cut(2 * PAGE), "file", "truncated"),
    "cut in half": (cut(20 * PAGE), "file", "truncated"),
    "cut within a page": (cut(15 * PAGE + 7), "file", "truncated"),
    "magic flipped": (overwrite(PAGE + 16, b"\0"), "file", "meta page 1 is none"),
    "format of a later LMDB": (overwrite(20, b"\2"), "file", "data format 2"),
    "transaction flipped": (overwrite(144 + 3, b"\1"), "file", "do not belong together"),
    "last page flipped": (overwrite(136 + 7, b"\1"), "file", "map has no room"),
    "mark missing": (replace_file("birth.json", None), "file", "mark is missing"),
    "mark unreadable": (replace_file("birth.json", b"{"), "file", "mark is unreadable"),
    "mark without its fields": (replace_file("birth.json", b"{}"), "file", "mark is unreadable"),
    "data of another birth": (other_ledger, "file", "mark is of b1rth, the ledger of other"),
    "genesis record missing": (delete("meta", b"birth"), "file", "genesis record is missing"),
    "genesis record flipped": (flip("meta", b"birth"), "file", "genesis record fails"),
    "settled flipped": (flip("meta", b"settled"), "file", "settled fails its checksum"),
    "newer schema": (newer, "file", "schema 99"),
    "states gone": (drop("states", whole=True), "file", "database states is missing"),
    "journal gone": (drop("journal", whole=True), "file", "database journal is missing"),
    "index gone": (drop("index", whole=True), "file", "database index is missing"),
    "archive gone": (drop("archive", whole=True), "file", "database archive is missing"),
}
INSIDE: dict[str, tuple[Damage, str, str]] = {
    "entry flipped": (flip("journal", number_key(40)), "checksum", "journal 40"),
    "state flipped": (flip("states", b"budget"), "checksum", "state budget"),
    "index flipped": (flip("index", b"budget/sale7"), "checksum", "index budget/sale7"),
    "candle flipped": (flip("archive", AT), "checksum", "archive KRW-BTC 60"),
    "note flipped": (flip("meta", b"note/feed"), "checksum", "meta note/feed"),
    "entries exchanged": (
        exchange("journal", number_key(7), number_key(8)),
        "checksum",
        "journal 7",
    ),
    "states exchanged": (exchange("states", b"budget", b"breaker"), "checksum", "state budget"),
    "entry missing": (delete("journal", number_key(40)), "gap", "entry 41 follows 39"),
    "first entry missing": (delete("journal", number_key(1)), "gap", "entry 2 follows 0"),
    "tail missing": (last_entries, "cursor", "the journal ends at 79"),
    "tail missing, seen by settled": (last_entries, "settled", "the journal ends at 79"),
    "tail missing, seen by the fold": (last_entries, "fold", "budget its state is not"),
    "journal emptied": (drop("journal"), "state", "the journal is empty"),
    "entry unknown": (unread, "decode", "Nobody"),
    "entry of nobody": (journaled(40, SaleEnded("x"), "ghost"), "source", "ghost is nobody"),
    "entry caused by a later one": (journaled(40, sale(99), cause=40), "cause", "cause 40"),
    "entry that cannot be": (journaled(40, sale(1)), "fold", "journal 40 cannot be"),
    "entry made up": (journaled(40, sale(999)), "fold", "budget its state is not"),
    "state made up": (
        restate("budget", Cash, lambda r: Record(Cash(), r.cursors)),
        "fold",
        "budget",
    ),
    "state lost": (delete("states", b"breaker"), "state", "breaker it has stated events"),
    "state of nobody": (put("states", b"ghost", seal(b"ghost", 1)), "key", "state ghost"),
    "cursor beyond the end": (cursor("breaker", Count, budget=500), "cursor", "entry 500"),
    "cursor of another": (cursor("breaker", Count, feed=1), "cursor", "which is budget's"),
    "settled beyond the end": (put("meta", b"settled", seal(b"settled", 91)), "settled", "91 is"),
    "index of nobody": (
        put("index", b"ghost/1", seal(b"ghost/1", sale(1))),
        "key",
        "index ghost/1",
    ),
    "index of no event": (put("index", b"budget/a", seal(b"budget/a", 5)), "decode", "budget/a"),
    "value of nobody": (put("meta", b"ghost", seal(b"ghost", 5)), "key", "meta ghost"),
    "candle of another time": (other_candle, "archive", "candle of 120"),
    "candle of the future": (future_candle, "archive", "follow entry 999"),
}
