"""The first creation happens whole or not at all, and a lost file is never taken for a new one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from persistence import identity
from persistence.store import Damaged, Refused, Store, exists
from tests.support.ledgers import BORN, make


def test_a_state_directory_is_born_in_an_empty_or_missing_directory(tmp_path: Path) -> None:
    path = tmp_path / "state" / "paper"
    assert not exists(path)
    with Store.create(path, BORN) as store:
        assert store.birth == BORN
    assert exists(path)
    assert identity.read_mark(path) == BORN
    assert {file.name for file in path.iterdir()} == {"birth.json", "data.mdb", "lock.mdb"}


def test_other_files_beside_it_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("1")
    Store.create(tmp_path, BORN, sync=False).close()
    assert (tmp_path / "lock").read_text() == "1"


def test_a_ledger_is_never_overwritten(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    before = (path / "data.mdb").read_bytes()
    with pytest.raises(Refused, match="already"):
        Store.create(path, replace(BORN, id="other"))
    assert (path / "data.mdb").read_bytes() == before


@pytest.mark.parametrize("name", ["birth.json", "data.mdb"])
def test_what_is_left_of_a_ledger_is_never_taken_for_a_new_one(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / "state")
    (path / name).unlink()
    assert exists(path)
    with pytest.raises(Refused, match="already"):
        Store.create(path, BORN)
    with pytest.raises(Damaged, match="missing"):
        Store.open(path)


def test_a_creation_cut_short_before_the_data_came_in_begins_anew(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    (path / "birth.new").mkdir()
    for name in ("birth.json", "data.mdb"):
        (path / name).rename(path / "birth.new" / name)
    assert not exists(path)
    with Store.create(path, replace(BORN, id="other"), sync=False) as store:
        assert (store.birth.id, store.count()) == ("other", 0)
    assert not (path / "birth.new").exists()


def test_a_creation_cut_short_between_data_and_mark_is_completed(tmp_path: Path) -> None:
    path = make(tmp_path / "state", 0)
    (path / "birth.new").mkdir()
    (path / "birth.json").rename(path / "birth.new" / "birth.json")
    assert exists(path)
    with Store.open(path) as store:
        assert store.birth == BORN
    assert not (path / "birth.new").exists()


def test_a_creation_cut_short_at_its_very_end_is_tidied(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    (path / "birth.new").mkdir()
    Store.open(path).close()
    assert not (path / "birth.new").exists()


def test_the_mark_of_another_birth_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    other = tmp_path / "other"
    Store.create(other, replace(BORN, id="other"), sync=False).close()
    shutil.copy(other / "birth.json", path / "birth.json")
    with pytest.raises(Damaged, match="mark is of other, the ledger of b1rth"):
        Store.open(path)


def test_a_loose_directory_is_closed_to_others_at_birth(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.mkdir()
    os.chmod(path, 0o777)
    Store.create(path, BORN, sync=False).close()
    assert path.stat().st_mode & 0o777 == 0o700
