"""verify names every damage that can be planted, and finds nothing in what is sound."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from persistence.store import Damaged, Reader, Record, Store
from persistence.verify import Finding, examine, verify
from tests.support.damages import FILE, INSIDE, Damage
from tests.support.ledgers import BORN, FOLDS, Cash, fail, make, sell

ALL = FILE | INSIDE
ROOT = Path(__file__).parents[3]
VERIFY = """
import sys
from pathlib import Path
from persistence.verify import verify
from tests.support.ledgers import FOLDS
for _ in range(4):
    print(verify(Path(sys.argv[1]), FOLDS), flush=True)
"""


def content(path: Path) -> list[object]:
    with Reader.open(path) as reader:
        bases = ("journal", "states", "index", "archive")
        return [reader.snapshot(), *[list(reader.rows(base)) for base in bases]]


def test_at_least_twenty_damages_are_planted() -> None:
    assert len(ALL) >= 50


def test_a_sound_directory_has_no_finding(tmp_path: Path) -> None:
    assert verify(make(tmp_path / "state"), FOLDS) == []


def test_a_new_directory_has_no_finding(tmp_path: Path) -> None:
    assert verify(make(tmp_path / "state", 0), FOLDS) == []


@pytest.mark.parametrize(("damage", "what", "language"), ALL.values(), ids=ALL)
def test_a_planted_damage_is_named(
    tmp_path: Path, damage: Damage, what: str, language: str
) -> None:
    path = make(tmp_path / "state")
    damage(path)
    found = verify(path, FOLDS)
    named = [f"{f.where} {f.text}" for f in found if f.what == what]
    assert [text for text in named if language in text], found


def test_a_state_in_an_empty_journal_is_damage_even_where_it_is_the_first_state(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state"
    with Store.create(path, BORN, sync=False) as store:
        store.commit("budget", Record(Cash()), [])
    assert verify(path, FOLDS) == [
        Finding("state", "budget", "it has a state, and the journal is empty")
    ]


def test_it_says_how_far_it_is(tmp_path: Path) -> None:
    path = make(tmp_path / "state", 400)
    told: list[tuple[int, int]] = []
    verify(path, FOLDS, lambda done, total: told.append((done, total)))
    assert told == [(1000, 1200), (1200, 1200)]


def test_it_changes_nothing(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    before = (path / "data.mdb").read_bytes()
    verify(path, FOLDS)
    assert (path / "data.mdb").read_bytes() == before


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_is_found_or_changes_nothing(tmp_path: Path, seed: int) -> None:
    path = make(tmp_path / "state", 40)
    before, draw = content(path), random.Random(seed)
    data = bytearray((path / "data.mdb").read_bytes())
    page = draw.randrange(len(data) // 4096) * 4096
    place = page + draw.randrange(160 if seed % 2 else 4096)  # at heads of pages, or anywhere
    at = place * 8 + draw.randrange(8)
    data[at // 8] ^= 1 << at % 8
    (path / "data.mdb").write_bytes(data)
    assert verify(path, FOLDS) or content(path) == before


@pytest.mark.parametrize("seed", range(20))
def test_a_lost_page_is_found_or_changes_nothing(tmp_path: Path, seed: int) -> None:
    path = make(tmp_path / "state", 40)
    before, draw = content(path), random.Random(seed)
    data = bytearray((path / "data.mdb").read_bytes())
    page = draw.randrange(len(data) // 4096) * 4096
    data[page : page + 4096] = draw.choice([bytes(4096), draw.randbytes(4096), data[8192:12288]])
    (path / "data.mdb").write_bytes(data)
    assert verify(path, FOLDS) or content(path) == before


@pytest.mark.parametrize("seed", range(20))
def test_a_truncated_file_is_found_or_changes_nothing(tmp_path: Path, seed: int) -> None:
    path = make(tmp_path / "state", 40)
    before = content(path)
    size = random.Random(seed).randrange((path / "data.mdb").stat().st_size)
    os.truncate(path / "data.mdb", size)
    assert verify(path, FOLDS) or content(path) == before


def test_it_agrees_while_the_writer_goes_on(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    with Store.open(path, sync=False) as store:
        child = subprocess.Popen(
            [sys.executable, "-c", VERIFY, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        turn = 30
        while child.poll() is None:
            sell(store, turn)
            fail(store, turn)
            turn += 1
        assert child.stdout
        assert child.stdout.read().splitlines() == ["[]"] * 4
        assert examine(store, FOLDS) == []
    assert turn > 31


def test_the_store_itself_refuses_a_damaged_entry(tmp_path: Path) -> None:
    path = make(tmp_path / "state")
    INSIDE["entry flipped"][0](path)
    INSIDE["state flipped"][0](path)
    with Store.open(path) as store:
        with pytest.raises(Damaged, match="journal entry 40 fails its checksum"):
            list(store.events())
        with pytest.raises(Damaged, match="state budget fails its checksum"):
            store.cursors("budget")
