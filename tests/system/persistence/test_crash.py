"""A process that is killed at any moment leaves whole turns, and every turn it was told of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from persistence.checks import check_state
from persistence.store import Reader, Store, exists
from persistence.verify import verify
from tests.support.ledgers import BORN, FOLDS, Cash, fail, sell

ROOT = Path(__file__).parents[3]
COMMIT = """
import sys
from pathlib import Path
from persistence.store import Store
from tests.support.ledgers import fail, sell
with Store.open(Path(sys.argv[1])) as store:
    turn = store.count() // 3
    while True:
        sell(store, turn)
        print(store.count(), flush=True)
        fail(store, turn)
        print(store.count(), flush=True)
        turn += 1
"""
CREATE = """
import sys
from pathlib import Path
from persistence.store import Store
from tests.support.ledgers import BORN
print("ready", flush=True)
Store.create(Path(sys.argv[1]), BORN)
"""
BETWEEN = """
import os, signal, sys
from pathlib import Path
from persistence.store import Store
from persistence.record import Record
from tests.support.ledgers import Cash, sale, sell
with Store.open(Path(sys.argv[1])) as store:
    sell(store, 1)
    class Killing(dict):
        def items(self):
            os.kill(os.getpid(), signal.SIGKILL)
    store.commit("budget", Record(Cash()), [], Killing())
"""
WITHIN = """
import os, signal, sys
from pathlib import Path
from persistence.store import Store
from persistence.codec import seal
with Store.open(Path(sys.argv[1])) as store:
    with store._env.begin(write=True) as txn:
        txn.put(b"budget", seal(b"budget", 0), db=store._bases["states"])
        txn.put((4).to_bytes(8, "big"), b"half", db=store._bases["journal"])
        os.kill(os.getpid(), signal.SIGKILL)
"""


def start(code: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("acknowledged", [1, 2, 3, 10, 37, 100])
def test_what_was_acknowledged_survives_a_kill_and_turns_are_whole(
    tmp_path: Path, acknowledged: int
) -> None:
    path, told = tmp_path / "state", 0
    Store.create(path, BORN).close()
    for _ in range(3):  # each start goes on where the last one was killed
        child = start(COMMIT, path)
        assert child.stdout
        for _ in range(acknowledged):
            told = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        rest, _ = child.communicate()
        told = max([told, *[int(line) for line in rest.split("\n")[:-1] if line]])
        assert child.returncode == -signal.SIGKILL
        check_state(path, mounts="")
        assert verify(path, FOLDS) == []
        with Store.open(path) as store:
            last = store.count()
            assert told <= last <= told + 2  # at most one turn that nobody was told of
            assert last % 3 != 1  # a sale's turn states two events: both or neither
            if last % 3 == 2:  # go on in whole rounds, as the child does
                fail(store, last // 3)


@pytest.mark.parametrize("code", [BETWEEN, WITHIN], ids=["between", "within"])
def test_a_kill_between_or_within_transactions_leaves_the_last_whole_one(
    tmp_path: Path, code: str
) -> None:
    path = tmp_path / "state"
    with Store.create(path, BORN) as store:
        sell(store, 0)
        fail(store, 0)
    child = start(code, path)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert verify(path, FOLDS) == []
    with Store.open(path) as store:
        assert store.count() == (5 if code is BETWEEN else 3)
        assert store.load("budget", Cash)
        sell(store, 2)  # and the next writer is not held up by a lock of the dead one
    assert verify(path, FOLDS) == []


@pytest.mark.parametrize("seed", range(12))
def test_a_creation_that_is_killed_can_always_be_done_again(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "state"
    child = start(CREATE, path)
    assert child.stdout
    child.stdout.readline()
    for _ in range(seed * 4000):  # spend some time, differently each time
        pass
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    if not exists(path):
        Store.create(path, BORN).close()
    Store.open(path).close()
    with Reader.open(path) as reader:
        assert (reader.birth, reader.count()) == (BORN, 0)
    assert verify(path, FOLDS) == []
