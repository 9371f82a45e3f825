"""What a start looks at: a damaged directory is refused, and said what it found and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from persistence.checks import check_identity, check_place, check_state
from persistence.errors import Damaged, Refused
from persistence.reader import number_key
from persistence.store import Store
from tests.support.damages import FILE, INSIDE, Damage, delete, flip
from tests.support.ledgers import BORN, fill, make

SEEN = (
    "state flipped", "states exchanged", "tail missing", "journal emptied", "cursor beyond the end",
    "settled beyond the end",
)  # fmt: skip
LOCAL, NFS, OVERLAY = (f"1 0 0:1 / / rw - {kind} x rw" for kind in ("ext4", "nfs4", "overlay"))


def test_a_sound_directory_passes_without_a_word(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    before = (path / "data.mdb").read_bytes()
    assert check_state(path, mounts=LOCAL) == []
    assert (path / "data.mdb").read_bytes() == before


@pytest.mark.parametrize(("damage", "_", "language"), FILE.values(), ids=FILE)
def test_a_damaged_file_is_refused_and_left_as_it_is(
    tmp_path: Path, damage: Damage, _: str, language: str
) -> None:
    path = make(tmp_path / "state")
    damage(path)
    before = {file.name: file.read_bytes() for file in path.iterdir() if file.name != "lock.mdb"}
    with pytest.raises(Damaged) as refused:
        check_state(path, mounts=LOCAL)
    assert language in refused.value.found
    assert "Nothing was changed" in refused.value.todo
    assert str(path) in str(refused.value)
    after = {file.name: file.read_bytes() for file in path.iterdir() if file.name != "lock.mdb"}
    assert after == before


@pytest.mark.parametrize("name", SEEN)
def test_a_damaged_value_that_a_start_would_use_is_refused(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / "state")
    INSIDE[name][0](path)
    with pytest.raises(Damaged):
        check_state(path, mounts=LOCAL)


def test_entries_from_settled_on_are_checked_and_older_ones_left_to_verify(tmp_path: Path) -> None:
    path = make(tmp_path / "state")  # 90 entries, 89 of them settled
    flip("journal", number_key(89))(path)
    assert check_state(path, mounts=LOCAL) == []
    flip("journal", number_key(90))(path)
    with pytest.raises(Damaged, match="journal entry 90 fails its checksum"):
        check_state(path, mounts=LOCAL)


def test_a_gap_behind_settled_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with Store.create(path, BORN, sync=False) as store:
        fill(store, 1)
    delete("journal", number_key(2))(path)
    delete("meta", b"settled")(path)
    with pytest.raises(Damaged, match="journal entry 2 is missing"):
        check_state(path, mounts=LOCAL)


def test_a_network_file_system_is_refused_when_live_and_a_warning_on_paper(tmp_path: Path) -> None:
    (warning,) = check_state(make(tmp_path / "state"), mounts=NFS)
    assert "nfs4" in warning
    assert check_place(tmp_path, live=False, mounts=NFS) != []
    with pytest.raises(Refused, match="network file system"):
        check_place(tmp_path, live=True, mounts=NFS)
    live = tmp_path / "live"
    Store.create(live, replace(BORN, mode="live"), sync=False).close()
    with pytest.raises(Refused, match="network file system"):
        check_state(live, mounts=NFS)


def test_an_overlay_file_system_is_a_warning_even_when_live(tmp_path: Path) -> None:
    (warning,) = check_place(tmp_path, live=True, mounts=OVERLAY)
    assert "overlay" in warning


@pytest.mark.parametrize("field", ["mode", "venue", "account", "recording"])
def test_a_directory_refuses_what_it_was_not_born_for(tmp_path: Path, field: str) -> None:
    check_identity(tmp_path, BORN, replace(BORN, id="another", born_at=1.0))
    with pytest.raises(Refused, match=f"made for {field} {getattr(BORN, field)}, not other"):
        check_identity(tmp_path, BORN, replace(BORN, **{field: "other"}))
