"""Commits that share a sync: in their order, none before what it rests on, none said too early."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest

from messages.base import Envelope
from messages.budget import SaleEnded
from persistence import btree_check
from persistence.group_commit import MOST, GroupCommit
from persistence.store import Reader, Record, Store, StoreFailed
from persistence.write_batch import WriteBatch
from tests.support.ledgers import BORN, Cash, candle

Heard = list[tuple[str, str]]
THREADS, EACH = 4, 200


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "state", BORN, sync=False) as made:
        yield made


def ended(name: str) -> Envelope:
    return Envelope(SaleEnded(name), 1.0, "budget")


def put(store: Store, number: int) -> None:
    """One commit of one event."""
    store.commit("budget", Record(Cash()), [ended(str(number))])


def grouped(store: Store, thread: bool = True) -> tuple[GroupCommit[WriteBatch], Heard]:
    """The store with its line, and whose commits were heard to be written or to have failed."""
    heard: Heard = []

    def written(name: str, seconds: float) -> None:
        heard.append((name, "written" if seconds >= 0 else "early"))

    def failed(name: str, error: Exception) -> None:
        heard.append((name, type(error).__name__))

    return store.group(written, failed, thread=thread), heard


def on_disk(store: Store) -> list[int]:
    """The numbers of the events that somebody else sees."""
    with store._env.begin() as txn:
        return [int.from_bytes(key, "big") for key, _ in txn.cursor(store._bases["journal"])]


def transactions(store: Store) -> int:
    """How many there have been."""
    return int(store._env.info()["last_txnid"])


def test_what_was_stated_is_numbered_at_once_and_written_in_its_order(store: Store) -> None:
    line, heard = grouped(store, thread=False)
    for name in "abcd":
        store.commit("budget", Record(Cash()), [ended(name)])
    assert (store.count(), on_disk(store)) == (4, [])
    line.write_some(3)
    assert (on_disk(store), len(heard)) == ([1, 2, 3], 3)
    store.flush()
    assert (on_disk(store), heard) == ([1, 2, 3, 4], [("budget", "written")] * 4)


def test_what_waits_together_is_one_transaction(store: Store) -> None:
    grouped(store, thread=False)
    before = transactions(store)
    for number in range(50):
        put(store, number)
    store.flush()
    assert transactions(store) == before + 1


def test_of_an_owner_who_states_several_times_the_newest_record_stays(store: Store) -> None:
    grouped(store, thread=False)
    for count in (900, 400, 1):  # each shorter than the one before: their pages are kept, or freed
        store.commit("budget", Record(Cash(Decimal(count), ("x" * 20,) * count)), [ended("x")])
        store.commit("breaker", Record(Cash(Decimal(count))), [ended("x")])
    store.flush()
    assert store.load("budget", Cash) == Record(Cash(Decimal(1), ("x" * 20,)))
    assert btree_check.walk(store.path, btree_check.check_size(store.path)) == []


def test_what_never_got_there_is_as_if_it_had_never_been_stated(store: Store) -> None:
    line, _ = grouped(store, thread=False)
    put(store, 1)
    put(store, 2)
    line.write_some(1)
    grouped(store, thread=False)  # as a start after the end of the process
    assert store.count() == 1
    put(store, 2)
    store.flush()
    assert on_disk(store) == [1, 2]


def test_a_flush_returns_when_another_reader_sees_it(store: Store) -> None:
    grouped(store)
    put(store, 1)
    store.flush()
    assert on_disk(store) == [1]


def test_several_threads_state_without_a_gap_and_keep_their_own_order(store: Store) -> None:
    grouped(store)
    stated: dict[str, list[int]] = {name: [] for name in "abcd"[:THREADS]}

    def work(name: str) -> None:
        for _ in range(EACH):
            (done,) = store.commit(name, Record(Cash()), [ended(name)])
            stated[name].append(done.number)

    threads = [Thread(target=work, args=(name,)) for name in stated]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.flush()
    assert on_disk(store) == list(range(1, THREADS * EACH + 1))
    assert sorted(n for numbers in stated.values() for n in numbers) == on_disk(store)
    kept = {e.number: e.body.id for e in store.events()}
    assert all(kept[n] == name for name, numbers in stated.items() for n in numbers)
    assert all(numbers == sorted(numbers) for numbers in stated.values())


def test_what_is_kept_in_the_index_is_known_while_it_is_under_way(store: Store) -> None:
    line, _ = grouped(store, thread=False)
    event = SaleEnded("x")
    store.commit("budget", Record(Cash()), [ended("x")], {"x": event})
    assert store.kept("budget", "x") is event
    line.write_some(1)
    assert store.kept("budget", "x") == event
    assert store.kept("budget", "y") is None


def test_a_record_and_the_newest_entry_are_read_as_stated(store: Store) -> None:
    grouped(store)
    (done,) = store.commit("budget", Record(Cash(Decimal(7))), [ended("x")])
    assert store.load("budget", Cash) == Record(Cash(Decimal(7)))
    assert store.last() == done
    assert list(store.events()) == [done]


def test_no_candle_is_archived_before_the_events_that_it_follows(store: Store) -> None:
    grouped(store, thread=False)
    put(store, 1)
    store.archive([("KRW-BTC", candle(60))], store.count())
    (row,) = store.archived("KRW-BTC", 1)
    assert (on_disk(store), row.after) == ([1], 1)


def test_closing_writes_what_is_under_way(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with Store.create(path, BORN, sync=False) as store:
        grouped(store)
        for number in range(20):
            put(store, number)
    with Reader.open(path) as reader:
        assert reader.count() == 20


@pytest.mark.parametrize("thread", [False, True])
def test_after_a_commit_that_failed_nothing_is_written_and_everyone_hears_it(
    tmp_path: Path, thread: bool
) -> None:
    path = tmp_path / "state"
    Store.create(path, BORN, sync=False).close()
    with Store.open(path, sync=False, room=1 << 20) as store:
        _, heard = grouped(store, thread)
        put(store, 1)
        store.flush()
        store.commit("breaker", Record(Cash(Decimal(0), ("x" * (1 << 22),))), [ended("big")])
        with pytest.raises(StoreFailed, match="MDB_MAP_FULL"):
            store.flush()
        with pytest.raises(StoreFailed, match="MDB_MAP_FULL"):
            put(store, 2)
        with pytest.raises(StoreFailed, match="MDB_MAP_FULL"):
            store.archive([("KRW-BTC", candle(60))], 1)
        assert heard[-1] == ("breaker", "StoreFull")
    with Reader.open(path) as reader:
        assert reader.count() == 1


def test_whoever_states_too_much_waits_for_the_disk(store: Store) -> None:
    grouped(store)
    before = transactions(store)
    for number in range(2 * MOST + 1):
        store.commit("budget", Record(Cash()), [ended(str(number))])
    assert transactions(store) > before, "the line is bounded"
    store.flush()
    assert store.count() == len(on_disk(store)) == 2 * MOST + 1
