"""A shelf: rows that are put together, and found again as they were."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import lmdb
import pytest

from messages.market import Candle
from persistence.errors import Damaged, InUse
from persistence.kv_store import KvStore

CANDLE = Candle(1, *(Decimal(n) for n in (1, 2, 1, 2)), Decimal("0.5"))


def test_rows_are_found_by_the_beginning_of_their_key(tmp_path: Path) -> None:
    with KvStore.open(tmp_path) as shelf:
        shelf.put({"a/2": "two", "a/1": "one", "b/1": CANDLE})
    with KvStore.open(tmp_path) as shelf:
        assert dict(shelf.rows("a/", str)) == {"1": "one", "2": "two"}
        assert list(shelf.rows("b/", Candle)) == [("1", CANDLE)]
        assert list(shelf.rows("c/", str)) == []


def test_rows_that_cannot_all_be_put_are_not_put_at_all(tmp_path: Path) -> None:
    with KvStore.open(tmp_path) as shelf:
        with pytest.raises(lmdb.BadValsizeError):
            shelf.put({"a": "one", "k" * 600: "too long a key"})
        assert list(shelf.rows("", str)) == []


def test_one_process_has_it_at_a_time(tmp_path: Path) -> None:
    with KvStore.open(tmp_path), pytest.raises(InUse):
        KvStore.open(tmp_path)
    KvStore.open(tmp_path).close()


def test_a_flipped_bit_is_damage(tmp_path: Path) -> None:
    with KvStore.open(tmp_path) as shelf:
        shelf.put({"a": "a text that is found"})
    data = tmp_path / "data.mdb"
    data.write_bytes(data.read_bytes().replace(b"a text that is", b"a text that iz"))
    with KvStore.open(tmp_path) as shelf, pytest.raises(Damaged, match="checksum"):
        list(shelf.rows("", str))


def test_its_files_are_for_their_owner_only(tmp_path: Path) -> None:
    with KvStore.open(tmp_path / "new"):
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "new" / "data.mdb").stat().st_mode & 0o777 == 0o600
