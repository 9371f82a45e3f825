"""The whole system under 500 seeds: worlds that try to break it, and what they have seen."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import get_args

import pytest

from core.orders.life import Stage
from interfaces.soaking import one
from simulation.sightings import ENOUGH, EXPECTED, TRANSITIONS, table

SEEDS, HOURS = 500, 6.0
CHUNKS = [range(start, start + 25) for start in range(0, SEEDS, 25)]
TOTAL: Counter[str] = Counter()


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Spawned, never forked; as many as there are cores."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as found:
        yield found


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}..{seeds.stop}")
def test_no_order_twice_none_lost_and_no_won_astray(
    seeds: range, pool: ProcessPoolExecutor
) -> None:
    told = list(pool.map(partial(one, hours=HOURS), seeds))
    assert {t.seed: t.failed for t in told if t.failed} == {}
    for seed in told:
        TOTAL.update(seed.seen)
        TOTAL["seeds"] += 1


def test_the_seeds_have_seen_every_state_transition_fault_crash_point_and_exit() -> None:
    if TOTAL["seeds"] < SEEDS:
        pytest.skip("only where all the seeds ran")
    print(table(TOTAL))
    assert {name: TOTAL[name] for name in EXPECTED if TOTAL[name] < ENOUGH} == {}
    ways = {name for name in TOTAL if name.split()[0] in ("wish", *get_args(Stage))}
    assert ways == set(TRANSITIONS), "an order went a way that is not in the table"
