"""The store: one transaction a turn, numbers without gaps, and what can be asked of it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest

from messages.base import Envelope
from messages.budget import SaleEnded
from messages.market import TakeCandle
from persistence import environment
from persistence.store import (
    Damaged,
    Reader,
    Record,
    Refused,
    Store,
    StoreFull,
    free_disk,
)
from persistence.verify import examine
from tests.support.ledgers import BORN, FOLDS, Cash, candle, cash, fail, make, sale, sell

ROOT = Path(__file__).parents[3]
ASK = """
import sys
from pathlib import Path
from persistence.store import Reader
with Reader.open(Path(sys.argv[1])) as reader:
    print(reader.count(), len(list(reader.events(1))), reader.birth.id, reader.settled())
    reader._env.begin(write=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "state", BORN, sync=False)


def ended(name: str) -> Envelope:
    return Envelope(SaleEnded(name), 1.0, "budget")


@pytest.mark.parametrize("name", [environment.DATA, environment.LOCKS])
def test_a_link_in_the_place_of_a_file_of_lmdb_is_neither_followed_nor_overwritten(
    tmp_path: Path, name: str
) -> None:
    Store.create(tmp_path / "state", BORN, sync=False).close()
    place, victim = tmp_path / "state" / name, tmp_path / "victim"
    place.rename(victim)
    before = victim.read_bytes()
    place.symlink_to(victim)
    for opened in (Store.open, Reader.open):
        with pytest.raises(Refused, match="rm '"):
            opened(tmp_path / "state")
    assert victim.read_bytes() == before


def test_a_commit_gives_its_events_their_numbers(store: Store) -> None:
    first = store.commit("budget", Record(Cash()), [ended("a"), ended("b")])
    second = store.commit("budget", Record(Cash()), [ended("c")])
    assert [e.number for e in first + second] == [1, 2, 3]
    assert store.settled() == 0  # nobody has said that anything is
    assert list(store.events()) == first + second
    assert (store.last(), store.count()) == (second[0], 3)


def test_a_new_store_is_empty(store: Store) -> None:
    assert (store.last(), store.count(), store.settled(), store.cursors("budget")) == (
        None,
        0,
        0,
        {},
    )
    assert store.load("budget", Cash) is None
    assert store.kept("budget", "x") is None
    assert store.noted("x") is None
    assert list(store.events()) == []
    assert store.candles("KRW-BTC", 9) == []


def test_state_and_cursors_are_replaced_with_the_events(store: Store) -> None:
    sell(store, 0)
    fail(store, 0)
    sell(store, 1)
    found = store.load("budget", Cash)
    assert found == Record(Cash(Decimal(6), ("sale0", "sale1", "sale2", "sale3")), {"breaker": 3})
    assert store.cursors("budget") == {"breaker": 3}
    assert store.owners() == ("breaker", "budget")


def test_the_prompt_of_a_turn_is_kept_with_its_first_event(store: Store) -> None:
    sell(store, 4)
    assert [letter.prompt for letter in store.events()] == [TakeCandle(4), None]


def test_a_commit_that_fails_leaves_nothing(store: Store) -> None:
    sell(store, 0)
    strange = Envelope(TakeCandle(1), 0.0, "budget")
    with pytest.raises(TypeError):
        store.commit("budget", Record(Cash(Decimal(9))), [ended("a"), strange], {"a": sale(1)}, 2)
    assert store.count() == 2
    assert store.settled() == 0
    assert store.kept("budget", "a") is None
    assert not examine(store, FOLDS)


def test_the_name_of_a_store_may_be_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path / "store-") + b"\xff"))
    Store.create(path, BORN).close()
    with Reader.open(path) as reader:
        assert reader.count() == 0


def test_settled_is_raised_and_never_lowered(store: Store) -> None:
    for given in (2, 1, 0, 5, 4):
        store.commit("budget", Record(Cash()), [ended("a")], {}, given)
    assert store.settled() == 5


def test_events_can_be_had_from_any_number_to_any(store: Store) -> None:
    store.commit("budget", Record(Cash()), [ended(str(i)) for i in range(1200)])
    numbers = [letter.number for letter in store.events(5, 1100)]
    assert numbers == list(range(6, 1101))
    assert [letter.number for letter in store.events(1198)] == [1199, 1200]
    assert list(store.events(1200)) == list(store.events(9, 9)) == list(store.events(9, 3)) == []


def test_reading_the_journal_holds_no_transaction_while_it_is_read(store: Store) -> None:
    store.commit("budget", Record(Cash()), [ended(str(i)) for i in range(1000)])
    reading = store.events()
    next(reading)
    store.commit("budget", Record(Cash()), [ended("later")])
    assert [letter.number for letter in reading][-1] == 1001


def test_an_event_is_kept_for_its_owner_only_and_for_ever(tmp_path: Path, store: Store) -> None:
    sell(store, 0)
    store.close()
    with Store.open(tmp_path / "state") as again:
        assert again.kept("budget", "sale1") == sale(1)
        assert again.kept("budget", "sale0") is None
        assert again.kept("breaker", "sale1") is None


def test_a_key_of_any_length_finds_its_event(store: Store) -> None:
    keys = ["k" * 10**6, "k" * 10**6 + "x", "비트코인" * 100, ""]
    for number, key in enumerate(keys):
        store.commit("budget", Record(Cash()), [ended(key[:5])], {key: sale(number)})
    assert [store.kept("budget", key) for key in keys] == [sale(i) for i in range(4)]


def test_threads_that_commit_at_once_leave_no_gap_and_mix_no_turn(store: Store) -> None:
    def work(name: str) -> None:
        for turn in range(50):
            letters = [Envelope(SaleEnded(f"{turn}"), 0.0, name) for _ in range(3)]
            numbered = store.commit(name, Record(Cash(Decimal(turn))), letters)
            assert [e.number - numbered[0].number for e in numbered] == [0, 1, 2]

    threads = [Thread(target=work, args=(f"owner{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    letters = list(store.events())
    assert [letter.number for letter in letters] == list(range(1, 601))
    assert all(len({e.source for e in letters[i : i + 3]}) == 1 for i in range(0, 600, 3))


def test_a_reader_in_another_process_reads_while_the_writer_is_open(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    with Store.open(path) as store:
        fail(store, 1)
        asked = subprocess.run(
            [sys.executable, "-c", ASK, str(path)], cwd=ROOT, capture_output=True, text=True
        )
    assert asked.stdout.split() == ["91", "90", "b1rth", "90"]
    assert "ReadonlyError" in asked.stderr  # the write at its end


def test_a_reader_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="missing"):
        Reader.open(tmp_path / "state")
    assert list(tmp_path.iterdir()) == []


def test_a_full_map_is_said_in_our_words_and_loses_nothing(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    with Store.open(path, sync=False, room=1 << 20) as store:
        record, count = store.load("budget", Cash), store.count()
        assert 0 < store.fill_ratio() <= 1
        big = Record(Cash(Decimal(0), ("x" * (1 << 22),)))
        with pytest.raises(StoreFull):
            store.commit("budget", big, [ended("a")])
        with pytest.raises(StoreFull):
            store.note("big", b"x" * (1 << 22))
        with pytest.raises(StoreFull):
            store.archive([(f"KRW-{n}", candle(n)) for n in range(1 << 14)], 0)
        assert (store.load("budget", Cash), store.count()) == (record, count)
        assert len(store.candles("KRW-BTC", 99)) == 30
        store.archive([("KRW-BTC", candle(10**6))], 1)
        sell(store, 99)
        assert not examine(store, FOLDS)


def test_the_map_has_room_to_grow_and_the_disk_is_measured(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    assert environment.map_size(path) == 1 << 30
    os.truncate(path / "data.mdb", 1 << 29)
    assert environment.map_size(path) == 1 << 31
    assert free_disk(path) > 0


def test_commits_are_synced_unless_a_simulation_asks_otherwise(tmp_path: Path) -> None:
    for name, asked in (("usual", {}), ("asked", {"sync": True}), ("simulated", {"sync": False})):
        wanted = asked.get("sync", True)
        with Store.create(tmp_path / name, BORN, **asked) as store:
            assert synced(store) == (wanted, wanted)
        with Store.open(tmp_path / name, **asked) as store:
            assert synced(store) == (wanted, wanted)


def synced(store: Store) -> tuple[bool, bool]:
    flags = store._env.flags()
    return flags["sync"], flags["metasync"]


DIES_READING = """
import os, signal, sys
from pathlib import Path
from persistence.store import Reader
reader = Reader.open(Path(sys.argv[1]))
held = reader._env.begin()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_place_of_a_reader_that_died_is_cleared(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    with Store.open(path) as store:
        assert store.reader_check() == 0
        subprocess.run([sys.executable, "-c", DIES_READING, str(path)], cwd=ROOT)
        assert store.reader_check() == 1
        assert store.reader_check() == 0


def test_files_are_ours_alone_and_are_not_handed_to_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with Store.create(path, BORN):
        assert path.stat().st_mode & 0o777 == 0o700
        assert all(file.stat().st_mode & 0o777 == 0o600 for file in path.iterdir())
        if os.path.isdir("/proc/self/fd"):
            handles = [
                int(n) for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")
            ]
            ours = [n for n in handles if str(path) in os.readlink(f"/proc/self/fd/{n}")]
            assert ours
            assert all(fcntl.fcntl(n, fcntl.F_GETFD) & fcntl.FD_CLOEXEC for n in ours)


def test_the_journal_folds_to_the_state(store: Store) -> None:
    for turn in range(5):
        sell(store, turn)
    state = Cash()
    for letter in store.events():
        state = cash(state, letter.body)
    assert Record(state, store.cursors("budget")) == store.load("budget", Cash)
