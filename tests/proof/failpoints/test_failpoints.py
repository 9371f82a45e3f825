"""A crash at each named point, and at pairs of them, changes nothing that may not change."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.proof.failpoints.births import born
from tests.proof.failpoints.coverage import BIRTHS, ELSEWHERE, named
from tests.proof.failpoints.exploration import crashed, explore
from tests.proof.failpoints.harness import agree, play
from tests.proof.failpoints.points import At
from tests.proof.failpoints.scenes import SCENES

PAIRS = 40  # of a scene, drawn by a seed
POINTS_LEAST = 60


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Pykka logs each crash as an actor's failure."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_the_scenes_pass_every_point_that_the_cast_has() -> None:
    hit: Counter[str] = Counter()
    for name in SCENES:
        recovered = play(name, [("send/SubmitOrder", 1)])  # what only a recovery passes
        for points in (*play(name)[1], *recovered[1]):
            hit += points.passed
    assert len(hit) >= POINTS_LEAST
    assert named() - set(hit) == set()
    assert {kind for kind in ELSEWHERE for point in hit if point.endswith(f"/{kind}")} == set()


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_that_crashes_at_a_point_ends_as_it_should(name: str) -> None:
    whole, (life, *_) = play(name)
    known = set[str]()
    for point in life.passed:
        points, end = crashed(name, (point, 1), known)
        assert points.crashed, point
        assert end is None or agree(name, whole, end), point
    assert len(known) > 20


@pytest.mark.parametrize("name", SCENES)
def test_so_it_does_at_every_passing_of_every_point(name: str) -> None:
    found = explore(name, depth=1)
    assert found.recovered > 20
    assert found.passings[0] > 300


@pytest.mark.parametrize("name", SCENES)
def test_a_recovery_that_crashes_too_ends_as_it_should(name: str) -> None:
    whole, (life, *_) = play(name)
    chance, count = Random(name), 0
    for _ in range(PAIRS):
        first = drawn(chance, life.passed)
        _, (_, recovery, *_) = play(name, [first])
        second = drawn(chance, recovery.passed)
        end, lives = play(name, [first, second])
        count += lives[1].crashed
        assert agree(name, whole, end), (first, second)
    assert count == PAIRS


def drawn(chance: Random, passed: Counter[str]) -> At:
    """A point, and one of its passings."""
    point = chance.choice(sorted(passed))
    return point, chance.randint(1, passed[point])


def test_a_state_directory_is_born_whole_whatever_its_birth_is_cut_off_before(
    tmp_path: Path,
) -> None:
    (life,) = born(place(tmp_path, "whole"))
    assert set(BIRTHS) <= set(life.passed)
    cuts = [(point, n) for point, count in life.passed.items() for n in range(1, count + 1)]
    assert len(cuts) > 12
    for number, first in enumerate(cuts):
        cut, recovery = born(place(tmp_path, f"{number}"), [first])
        assert cut.crashed
        for count, point in enumerate(recovery.passed):
            lives = born(place(tmp_path, f"{number} {count}"), [first, (point, 1)])
            assert [life.crashed for life in lives] == [True, True, False]


def place(folder: Path, name: str) -> Path:
    """Where a state directory may be born; its own name is part of the points'."""
    (folder / name).mkdir()
    return folder / name / "state"
