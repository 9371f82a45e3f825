"""A backup is one moment's ledger, whole or not there; what is put back is sound, and new born."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from persistence.maintenance.backup import MAGIC, read_seal, write
from persistence.maintenance.restore import restore
from persistence.store import Damaged, Reader, Refused, Store
from persistence.verify import verify
from tests.support.damages import INSIDE, newer
from tests.support.ledgers import BORN, FOLDS, Cash, make, sell
from tests.unit.persistence.maintenance.killed_process import child, killed_at

TRADING = """
import sys
from pathlib import Path
from persistence.store import Store
from tests.support.ledgers import fail, sell
with Store.open(Path(sys.argv[1])) as store:
    turn = store.count() // 3
    while True:
        sell(store, turn)
        fail(store, turn)
        print(store.count(), flush=True)
        turn += 1
"""


def paused(store: Store) -> None:
    """The one turn by which a restored ledger goes on."""
    sell(store, 7777)


def put_back(file: Path, path: Path) -> None:
    restore(file, path, born=("new", 5.0), aside="aside", pause=paused, folds=FOLDS)


def rows(path: Path) -> list[tuple[bytes, bytes]]:
    """All that lies in a ledger but its birth."""
    with Reader.open(path) as reader:
        names = ("journal", "states", "index", "archive", "base")
        return [row for name in names for row in reader.rows(name)]


def test_a_backup_holds_the_ledger_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    seal = write(path, tmp_path / "a.backup", FOLDS)
    assert (seal.birth, seal.entries, seal.at) == (BORN, 90, 29.0)
    assert read_seal(tmp_path / "a.backup") == seal
    assert (tmp_path / "a.backup").stat().st_mode & 0o777 == 0o600
    assert {entry.name for entry in tmp_path.iterdir()} == {"state", "a.backup"}
    restore(
        tmp_path / "a.backup", tmp_path / "b", born=("new", 5.0), aside="aside",
        pause=lambda store: None, folds=FOLDS,
    )  # fmt: skip
    assert rows(tmp_path / "b") == rows(path)


def test_a_backup_of_a_ledger_that_is_written_to_is_one_moments(tmp_path: Path) -> None:
    path = make(tmp_path / "state", 300)
    writer = child(TRADING, path)
    assert writer.stdout
    counts = []
    for number in range(8):
        told = int(writer.stdout.readline())
        file = tmp_path / f"{number}.backup"
        counts.append(write(path, file, FOLDS).entries)
        assert counts[-1] >= told
        put_back(file, tmp_path / f"back{number}")
        assert verify(tmp_path / f"back{number}", FOLDS) == []
    writer.kill()
    writer.communicate()
    assert counts == sorted(set(counts)), "the writer went on meanwhile"


def test_a_restored_ledger_is_born_anew_goes_on_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    write(path, tmp_path / "a.backup", FOLDS)
    with Store.open(path) as store:
        sell(store, 50)
    later = rows(path)
    put_back(tmp_path / "a.backup", path)
    with Store.open(path) as store:
        assert store.birth == replace(BORN, id="new", born_at=5.0, former=("b1rth",))
        assert store.count() == 92
        sell(store, 78)
    assert verify(path, FOLDS) == []
    assert rows(path / "aside") == later
    assert verify(path / "aside", FOLDS) == []


def test_a_ledger_restored_twice_knows_both_its_former_ids(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    for number in (1, 2):
        file = tmp_path / f"{number}.backup"
        write(path, file, FOLDS)
        restore(
            file, path, born=(f"new{number}", 5.0), aside=f"aside{number}",
            pause=lambda store: None, folds=FOLDS,
        )  # fmt: skip
    with Reader.open(path) as reader:
        assert reader.birth.former == ("new1", "b1rth")


@pytest.mark.parametrize("name", ["entry flipped", "state made up", "entry missing"])
def test_what_is_damaged_is_not_backed_up(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / "state")
    INSIDE[name][0](path)
    with pytest.raises(Damaged):
        write(path, tmp_path / "a.backup", FOLDS)
    assert {entry.name for entry in tmp_path.iterdir()} == {"state"}


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    (tmp_path / "a.backup").write_text("mine")
    with pytest.raises(FileExistsError):
        write(path, tmp_path / "a.backup", FOLDS)
    assert (tmp_path / "a.backup").read_text() == "mine"


def cut(size: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:size]


def flipped(at: int) -> Callable[[bytes], bytes]:
    def work(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return work


@pytest.mark.parametrize(
    "damage",
    [cut(0), cut(5), cut(12), cut(4096), cut(-1), cut(-40), flipped(9000), flipped(-1),
     flipped(-10), flipped(-30), lambda data: data + b"x", lambda data: b"x" * 99 + MAGIC,
     lambda data: b"{}" + b"\0\0\0\2" + MAGIC],
)  # fmt: skip
def test_a_file_that_is_not_a_whole_backup_changes_nothing(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path, file = make(tmp_path / "state"), tmp_path / "a.backup"
    write(path, file, FOLDS)
    file.write_bytes(damage(file.read_bytes()))
    before = rows(path)
    with pytest.raises(Damaged):
        put_back(file, path)
    assert rows(path) == before
    assert not (path / "aside").exists()


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    file = tmp_path / "a.backup"
    seal = write(path, file, FOLDS)
    data = file.read_bytes()[: seal.size]
    from persistence.maintenance.backup import _append  # the seal of a version to come

    file.write_bytes(data)
    _append(file, replace(seal, birth=replace(BORN, schema=99)))
    with pytest.raises(Refused, match="schema 99"):
        put_back(file, tmp_path / "other")
    newer(path)
    with pytest.raises(Refused, match="schema 99"):
        write(path, tmp_path / "b.backup", FOLDS)


def test_a_backup_that_is_killed_at_any_step_leaves_a_whole_file_or_none(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    place = tmp_path / "backups"
    place.mkdir()
    step = 0
    file = place / "a.backup"
    while killed_at(step := step + 1, place, lambda: write(path, file, FOLDS)):
        assert verify(path, FOLDS) == []
        if file.exists():
            assert read_seal(file).entries == 90
            file.unlink()
    assert step > 10
    assert read_seal(file).entries == 90
    assert {entry.name for entry in place.iterdir()} == {"a.backup"}


@pytest.mark.parametrize("there", ["nothing", "a ledger", "a damaged one"])
def test_a_restore_that_is_killed_at_any_step_leaves_the_old_or_the_new(
    tmp_path: Path, there: str
) -> None:
    made = make(tmp_path / "made")
    write(made, tmp_path / "a.backup", FOLDS)
    old = make(tmp_path / "old", 20)
    if there == "a damaged one":
        (old / "birth.json").unlink()
    step, seen = 0, set()
    path, file = tmp_path / "state", tmp_path / "a.backup"
    while True:
        shutil.rmtree(path, ignore_errors=True)
        if there != "nothing":
            shutil.copytree(old, path)
        killed = killed_at(step := step + 1, path, lambda: put_back(file, path))
        seen.add(left(path))
        put_back(file, path)  # whatever was left, it can be done again
        with Reader.open(path) as reader:
            assert (reader.birth.id, reader.count()) == ("new", 92)
        assert verify(path, FOLDS) == []
        if not killed:
            break
    assert step > 10
    first = {"nothing": "nothing", "a ledger": "old", "a damaged one": "damaged"}[there]
    assert seen == {first, "new"}


def left(path: Path) -> str:
    """What a start finds."""
    from persistence import identity

    if not identity.exists(path):
        return "nothing"
    try:
        with Store.open(path) as store:
            id, count = store.birth.id, store.count()
    except Damaged:
        return "damaged"
    assert verify(path, FOLDS) == []
    if id == "new":
        assert count == 92
        return "new"
    assert (id, count) == ("b1rth", 60)
    with Reader.open(path) as reader:
        assert reader.load("budget", Cash)
    return "old"
