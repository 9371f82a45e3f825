"""The archive of closed candles: sorted, bounded, and never written twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persistence import archive
from persistence.store import Store
from tests.support.ledgers import BORN, candle


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "state", BORN, sync=False)


def test_the_newest_candles_come_back_oldest_first(store: Store) -> None:
    store.archive([("KRW-BTC", candle(time)) for time in (180, 60, 120)], 3)
    store.archive([("KRW-BT", candle(1)), ("KRW-BTC2", candle(2))], 4)
    assert store.candles("KRW-BTC", 2) == [candle(120), candle(180)]
    assert store.candles("KRW-BTC", 99) == [candle(60), candle(120), candle(180)]
    assert store.candles("KRW-BTC2", 99) == [candle(2)]
    assert store.candles("KRW-B", 99) == []
    assert store.candles("KRW-BTC", 0) == []


def test_a_candle_tells_which_journal_entry_it_followed(store: Store) -> None:
    store.archive([("KRW-BTC", candle(60))], 3)
    store.archive([("KRW-BTC", candle(120))], 7)
    assert [row.after for row in store.archived("KRW-BTC", 9)] == [3, 7]


def test_a_candle_that_is_known_stays_as_it_was_first_seen(store: Store) -> None:
    store.archive([("KRW-BTC", candle(60, 100))], 3)
    store.archive([("KRW-BTC", candle(60, 999))], 9)
    assert store.archived("KRW-BTC", 9) == [archive.Row(3, candle(60, 100))]


def test_each_pair_keeps_its_newest_and_lets_the_oldest_go(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with Store.create(path, BORN, sync=False) as store:
        store.archive([("KRW-ETH", candle(time)) for time in range(0, 3000)], 0)
        store.archive([("KRW-BTC", candle(time)) for time in range(0, 2990)], 0)
    with Store.open(path, sync=False) as store:  # counts are made anew
        store.archive([("KRW-BTC", candle(time)) for time in range(2990, 3020)], 0)
        assert [c.time for c in store.candles("KRW-BTC", 9999)] == list(range(20, 3020))
        assert len(store.candles("KRW-ETH", 9999)) == archive.KEEP == 3000


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=20).filter(lambda s: "\0" not in s), st.integers(0, 2**63))
def test_a_key_gives_back_its_pair_and_time(pair: str, time: int) -> None:
    assert archive.split(archive.key(pair, time)) == (pair, time)
