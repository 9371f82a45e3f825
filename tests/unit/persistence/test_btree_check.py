"""The walk over LMDB's pages agrees with LMDB, whatever was put and taken."""

from __future__ import annotations

import random
from pathlib import Path

import lmdb
import pytest

from persistence import btree_check
from persistence.errors import Damaged
from tests.support.ledgers import make


@pytest.mark.parametrize("seed", range(8))
def test_whatever_lmdb_writes_is_sound(tmp_path: Path, seed: int) -> None:
    draw, keys = random.Random(seed), []
    env = lmdb.open(str(tmp_path), map_size=1 << 28, sync=False, max_dbs=3)
    base = env.open_db(b"base")
    short = 0
    for _ in range(60):
        with env.begin(write=True) as txn:
            for _ in range(draw.randrange(1, 60)):
                if not keys or draw.random() < 0.5:
                    keys.append(draw.randbytes(8))
                    txn.put(keys[-1], bytes(draw.choice([10, 100, 5000, 20000])), db=base)
                else:
                    txn.delete(keys.pop(draw.randrange(len(keys))), db=base)
        meta = btree_check.check_size(tmp_path)
        size = (tmp_path / "data.mdb").stat().st_size
        short += size < (meta.last_page + 1) * meta.page_size
        assert btree_check.walk(tmp_path, meta) == []
    assert short  # LMDB does leave pages at the end unwritten, and that is no damage
    btree_check.pad(tmp_path, meta)
    assert (tmp_path / "data.mdb").stat().st_size == (meta.last_page + 1) * meta.page_size
    env.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_value_that_its_own_transaction_replaced_may_keep_more_pages_than_it_needs(
    tmp_path: Path, seed: int
) -> None:
    draw, keys = random.Random(seed), [bytes([n]) * 8 for n in range(20)]
    env = lmdb.open(str(tmp_path), map_size=1 << 28, sync=False, max_dbs=3)
    base = env.open_db(b"base")
    longer = 0
    for _ in range(40):
        with env.begin(write=True) as txn:
            for _ in range(draw.randrange(1, 40)):
                txn.put(draw.choice(keys), bytes(draw.choice([10, 5000, 9000, 20000])), db=base)
            needed = sum(-(-(16 + len(v)) // 4096) for _, v in txn.cursor(db=base) if len(v) > 10)
            longer += txn.stat(base)["overflow_pages"] > needed
        assert btree_check.walk(tmp_path, btree_check.check_size(tmp_path)) == []
    assert longer, "none of them kept more"
    env.close()


def test_the_meta_page_says_what_lmdb_says(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    meta = btree_check.newest(path)
    env = lmdb.open(str(path), max_dbs=8, readonly=True)
    info, stat = env.info(), env.stat()
    assert (meta.last_page, meta.transaction) == (info["last_pgno"], info["last_txnid"])
    assert (meta.page_size, meta.main.entries) == (stat["psize"], stat["entries"])
    env.close()


def test_every_page_that_is_in_use_counts_when_the_file_is_cut(tmp_path: Path) -> None:
    path = make(tmp_path / "state", 60)
    data = path / "data.mdb"
    whole = data.read_bytes()
    refused = 0
    for pages in range(2, len(whole) // 4096):
        data.write_bytes(whole[: pages * 4096])
        try:
            meta = btree_check.check_size(path)
        except Damaged:
            refused += 1
        else:
            assert btree_check.walk(path, meta) == []
    assert refused > 20
