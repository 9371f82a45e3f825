"""A ledger of an older schema is brought up to date whole, or stays as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from persistence import identity
from persistence.codec import seal
from persistence.maintenance.backup import read_seal, write
from persistence.maintenance.migration import STEPS, migrate, wanted
from persistence.maintenance.restore import restore
from persistence.record import SCHEMA
from persistence.store import Damaged, Reader, Refused, Store
from persistence.verify import verify
from tests.support.damages import INSIDE, raw
from tests.support.ledgers import BORN, FOLDS, fill, make, sell
from tests.unit.persistence.maintenance.killed_process import killed_at


def older_of(path: Path) -> None:
    """The same ledger as schema 1 had it: a journal that is never trimmed, and no base."""
    born = replace(identity.read_mark(path), schema=1)

    def work(txn: object, bases: dict[str, object]) -> None:
        txn.put(b"birth", seal(b"birth", born))  # type: ignore[attr-defined]
        txn.drop(bases["base"], delete=True)  # type: ignore[attr-defined]

    raw(path, work)
    fields = msgspec.to_builtins(born)
    del fields["former"]
    (path / "birth.json").write_bytes(msgspec.json.encode(fields))


def older(path: Path) -> Path:
    older_of(path)
    return path


def everything(path: Path) -> list[tuple[bytes, bytes]]:
    with Reader.open(path) as reader:
        names = ("journal", "states", "index", "archive")
        return [row for name in names for row in reader.rows(name)]


def test_there_is_a_step_from_every_older_schema_to_the_next() -> None:
    assert sorted(STEPS) == list(range(1, SCHEMA))


def test_an_older_ledger_is_refused_until_it_is_brought_up_to_date(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    before = everything(path)
    older(path)
    for opened in (Reader.open, Store.open):
        with pytest.raises(Refused, match="schema 1, we know 2"):
            opened(path)
    assert wanted(path)
    migrate(path, "aside", FOLDS)
    assert not wanted(path)
    assert everything(path) == before
    assert verify(path, FOLDS) == []
    with Store.open(path) as store:
        assert store.birth == BORN
        sell(store, 50)
    assert identity.read_mark(path / "aside").schema == 1  # the version before can go on from there


def test_what_is_damaged_is_not_migrated(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    INSIDE["state made up"][0](path)
    older(path)
    before = (path / "data.mdb").read_bytes()
    with pytest.raises(Damaged, match="budget"):
        migrate(path, "aside", FOLDS)
    assert (path / "data.mdb").read_bytes() == before
    assert not (path / "aside").exists()


@pytest.mark.parametrize("schema", [0, SCHEMA + 1])
def test_a_schema_to_which_there_is_no_way_is_refused(tmp_path: Path, schema: int) -> None:
    path = make(tmp_path / "state")
    (path / "birth.json").write_bytes(msgspec.json.encode(replace(BORN, schema=schema)))
    with pytest.raises(Refused, match=f"schema {schema}"):
        wanted(path)


def test_a_migration_that_is_killed_at_any_step_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    old, path = older(make(tmp_path / "old")), tmp_path / "state"
    step, seen = 0, set()
    while True:
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(old, path)
        killed = killed_at(step := step + 1, path, lambda: migrate(path, "aside", FOLDS))
        identity.finish(path)
        seen.add(identity.read_mark(path).schema)
        if wanted(path):
            migrate(path, "again", FOLDS)
        assert verify(path, FOLDS) == []
        with Store.open(path) as store:
            assert (store.birth, store.count()) == (BORN, 90)
        if not killed:
            break
    assert step > 10
    assert seen == {1, SCHEMA}


def test_a_backup_of_an_older_version_is_put_back_up_to_date(tmp_path: Path) -> None:
    path, file = make(tmp_path / "state"), tmp_path / "a.backup"
    whole = write(path, file, FOLDS)
    older(path)
    from persistence.maintenance.backup import _append, _digest

    data = tmp_path / "old.backup"
    shutil.copy(path / "data.mdb", data)
    size, digest = _digest(data)
    born = replace(BORN, schema=1)
    _append(data, replace(whole, birth=born, size=size, sha256=digest))
    assert read_seal(data).birth.schema == 1
    restore(
        data, tmp_path / "b", born=("new", 5.0), aside="aside",
        pause=lambda store: fill(store, 0), folds=FOLDS,
    )  # fmt: skip
    with Reader.open(tmp_path / "b") as reader:
        assert reader.birth == replace(BORN, id="new", born_at=5.0, former=("b1rth",))
        assert reader.count() == 90
