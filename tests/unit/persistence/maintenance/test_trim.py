"""A trim shortens the journal and changes nothing that anybody still needs."""

from __future__ import annotations

import os
import shutil
import signal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from messages.base import Envelope
from persistence.checks import check_state
from persistence.codec import seal
from persistence.journal_base import VIEW
from persistence.maintenance.trim import BATCH, trimming
from persistence.reader import BASE, base_key
from persistence.record import Base
from persistence.store import Damaged, Reader, Store
from persistence.verify import verify
from tests.support.damages import flip, put
from tests.support.ledgers import BORN, FOLDS, Cash, Count, make, sell
from tests.unit.persistence.maintenance.killed_process import child


class Tally(Struct):
    """What a question's answer adds up to here: how many entries there were."""

    count: int = 0

    def take(self, events: list[Envelope]) -> None:
        self.count += len(events)

    def condensed(self) -> Any:
        return self


def trim(store: Store, before: float) -> int:
    """Trim to the end; the number of the last entry that went."""
    book = store.based(VIEW, Tally) or Tally()
    for _ in trimming(store, FOLDS, book, before):
        pass
    return store.base().number


def test_a_trimmed_ledger_is_sound_and_goes_on_where_it_was(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    with Store.open(path) as store:
        whole = list(store.events())
        states = list(store.rows("states"))
        assert trim(store, 12.0) == 36  # what was stated in the turns 0 to 11
        assert store.base() == Base(36, 11.0)
        assert list(store.events()) == whole[36:]
        assert next(int.from_bytes(key, "big") for key, _ in store.rows("journal")) == 37
        assert list(store.rows("states")) == states
        assert store.based(VIEW, Tally) == Tally(36)
        cash = store.based("budget", Cash)
        assert cash
        assert len(cash.sales) == 24
        assert store.based("breaker", Count) == Count(11)
        assert store.count() == 90
        sell(store, 50)
    assert verify(path, FOLDS) == []
    assert check_state(path, mounts="") == []


def test_trims_add_up(tmp_path: Path) -> None:
    once, often = make(tmp_path / "once"), make(tmp_path / "often")
    with Store.open(once) as store:
        trim(store, 21.0)
    with Store.open(often) as store:
        assert [trim(store, before) for before in (5.0, 5.0, 13.0, 21.0)] == [15, 15, 39, 63]
    with Reader.open(once) as one, Reader.open(often) as other:
        for name in ("journal", "states", "base"):
            assert list(one.rows(name)) == list(other.rows(name))
    assert verify(often, FOLDS) == []


def test_a_trim_passes_neither_what_is_settled_nor_the_newest_entry(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with Store.create(path, BORN) as store:
        for turn in range(4):
            sell(store, turn)  # settles what lies before its own two entries
        assert (store.settled(), store.count()) == (6, 8)
        assert trim(store, 1e12) == 6
        store.commit("budget", store.load("budget", Cash), [], {}, 8)  # type: ignore[arg-type]
        assert trim(store, 1e12) == 7
        assert (store.count(), [e.number for e in store.events()]) == (8, [8])
        assert sell(store, 9)[0].number == 9
    assert verify(path, FOLDS) == []


def test_a_trim_goes_in_bounded_steps_between_which_others_may_write(tmp_path: Path) -> None:
    path = make(tmp_path / "state", 700)
    with Store.open(path) as store:
        before = len(list(store.rows("journal")))
        turn = 1000
        for _ in trimming(store, FOLDS, Tally(), 600.0):
            sell(store, turn)
            turn += 1
            after = len(list(store.rows("journal")))
            assert before - after <= BATCH
            before = after
        assert store.base().number == 1800
    assert verify(path, FOLDS) == []


def test_a_trim_that_is_killed_between_any_two_steps_leaves_a_sound_ledger(tmp_path: Path) -> None:
    path, step, bases = tmp_path / "state", 0, set()
    made = make(tmp_path / "made", 700)
    while True:
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(made, path)
        step += 1
        if not _killed_after(path, step):
            break
        check_state(path, mounts="")
        assert verify(path, FOLDS) == []
        with Store.open(path) as store:
            bases.add(store.base().number)
            left = [e.number for e in store.events()]
            assert left == list(range(store.base().number + 1, 2101))
            assert trim(store, 600.0) == 1800
            assert len(list(store.rows("journal"))) == 300
        assert verify(path, FOLDS) == []
    assert step > 6
    assert bases == {0, 1800}


def _killed_after(path: Path, steps: int) -> bool:
    pid = os.fork()
    if not pid:
        with Store.open(path) as store:
            done = len(list(islice(trimming(store, FOLDS, Tally(), 600.0), steps)))
            if done == steps:
                os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


TRIMMING = """
import sys
from pathlib import Path
from persistence.store import Store
from tests.support.ledgers import FOLDS, fail, sell
from tests.unit.persistence.maintenance.test_trim import trim
with Store.open(Path(sys.argv[1])) as store:
    turn = store.count() // 3
    while True:
        sell(store, turn)
        fail(store, turn)
        trim(store, float(turn - 20))
        print(store.count(), flush=True)
        turn += 1
"""


@pytest.mark.parametrize("lines", [1, 2, 5, 20, 50])
def test_a_ledger_that_trims_itself_is_sound_whenever_it_is_killed(
    tmp_path: Path, lines: int
) -> None:
    path = make(tmp_path / "state", 60)
    for _ in range(3):
        process = child(TRIMMING, path)
        assert process.stdout
        told = [int(process.stdout.readline()) for _ in range(lines)][-1]
        process.kill()
        process.communicate()
        check_state(path, mounts="")
        assert verify(path, FOLDS) == []
        with Store.open(path) as store:
            assert store.count() >= told
            assert store.base().number > 0
            if store.count() % 3:
                store.commit(  # go on in whole rounds
                    "breaker",
                    store.load("breaker", Count),
                    [_failure(store)],  # type: ignore[arg-type]
                )


def _failure(store: Store) -> Envelope:
    from messages.limits import CallFailed

    known = store.load("breaker", Count)
    assert known
    return Envelope(CallFailed(known.state.failures), 0.0, "breaker", cause=store.count())


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (flip("base", BASE), "checksum"),
        (flip("base", base_key("budget")), "checksum"),
        (flip("base", base_key(VIEW)), "checksum"),
        (put("base", base_key("budget"), seal(base_key("budget"), Cash())), "fold"),
        (put("base", base_key("nobody"), seal(base_key("nobody"), 1)), "key"),
        (put("base", BASE, seal(BASE, Base(35, 11.0))), "gap"),
        (put("base", BASE, seal(BASE, Base(39, 12.0))), "fold"),
        (put("base", BASE, seal(BASE, Base(90, 29.0))), "base"),
    ],
)
def test_a_damaged_base_is_named(tmp_path: Path, damage: Any, what: str) -> None:
    path = make(tmp_path / "state")
    with Store.open(path) as store:
        trim(store, 12.0)
    damage(path)
    assert what in {finding.what for finding in verify(path, FOLDS)}


def test_a_base_beyond_what_is_settled_is_not_traded_on(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    put("base", BASE, seal(BASE, Base(90, 29.0)))(path)
    with pytest.raises(Damaged, match="begins after 90"):
        check_state(path, mounts="")
