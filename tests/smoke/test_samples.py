"""Samples of every proof: seeds, kills, a scene of failpoints, a mutant, strikes, a page."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import pytest
import requests

from app.soak import one
from tests.proof.failpoints.exploration import crashed
from tests.proof.failpoints.harness import agree, play
from tests.proof.fuzz.mutations import mutated
from tests.proof.fuzz.targets import clear, targets
from tests.proof.kills.campaigns import campaigns
from tests.proof.mutants.__main__ import asked
from tests.proof.mutants.catalogue import MUTANTS
from tests.proof.network.bench import cases, run, sizes
from tests.support.dashboard_process import Dashboard
from tests.support.journals import closing, life, state

SEEDS, HOURS = range(5), 2.0
KILLS, STRIKES, INPUTS = 3, 18, 50
SCENE = "an entry filled, and the target gain"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_breaks_nothing(seed: int) -> None:
    assert one(seed, hours=HOURS).failed == ""


def test_kills_leave_no_order_twice_none_lost_and_no_won_astray() -> None:
    tally, violations = campaigns(range(1, 2), KILLS, 1)
    assert (tally.kills, violations) == (KILLS, 0)


def test_a_scene_that_crashes_at_a_point_ends_as_it_should() -> None:
    logging.disable(logging.CRITICAL)  # pykka tells of every crash
    try:
        whole, (passings, *_) = play(SCENE)
        known = set[str]()
        for point in passings.passed:
            points, end = crashed(SCENE, (point, 1), known)
            assert points.crashed, point
            assert end is None or agree(SCENE, whole, end), point
    finally:
        logging.disable(logging.NOTSET)


def test_a_planted_bug_dies() -> None:
    died, text = asked(min(MUTANTS, key=lambda mutant: mutant.seed))
    assert died, text


def test_whatever_befalls_an_orders_post_or_its_reply_it_ends_right(tmp_path: Path) -> None:
    chosen = cases(sizes(tmp_path / "sizes"), random.Random(1), STRIKES)
    seen, orders = run(chosen, tmp_path / "run", STRIKES, 3)
    assert sum(seen.values()) >= STRIKES  # a case may be seen in two ways
    assert orders


@pytest.mark.parametrize("name", targets())
def test_a_decoder_gives_a_value_or_a_refusal(name: str) -> None:
    target, chance = targets()[name], random.Random(name)
    for _ in range(INPUTS):
        assert target.take(mutated(target.specimens, chance))
    clear()


def test_a_page_of_the_dashboard_is_served(tmp_path: Path) -> None:
    with state(tmp_path, [*life(), closing()]) as store:
        place = store.path
    dashboard = Dashboard(place, cwd=tmp_path)
    try:
        bearer = {"Authorization": f"Bearer {dashboard.token}"}
        page = requests.get(dashboard.base + "/", headers=bearer, timeout=20)
        assert page.status_code == 200
        assert "</html>" in page.text
    finally:
        dashboard.kill()
