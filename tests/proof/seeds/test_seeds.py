"""The whole system under 500 seeds: worlds that try to break it, and what they have seen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from app.soak import one
from tests.proof.remembered import folder
from tests.proof.seeds.regressions import REGRESSIONS

ROOT = Path(__file__).parents[3]
SEEDS, HOURS = 500, 6.0
CHUNKS = [range(start, start + 25) for start in range(0, SEEDS, 25)]
PLANTED = """
import sys
from tests.proof.mutants.catalogue import MUTANTS
from tests.proof.mutants.loader import plant
plant(next(mutant for mutant in MUTANTS if mutant.name == "releases twice"))
from interfaces.cli import main
sys.exit(main(sys.argv[1:]))
"""


def seen_at(seeds: range) -> Path:
    """Where it is kept what these seeds have seen in this tree."""
    return folder() / f"seen-{seeds.start}.json"


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Spawned, never forked; as many as there are cores."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as found:
        yield found


def test_seeds_that_once_failed_fail_no_more(pool: ProcessPoolExecutor) -> None:
    seeds, hours = [r.seed for r in REGRESSIONS], [r.hours for r in REGRESSIONS]
    told = pool.map(one, seeds, hours)
    assert {t.seed: t.failed for t in told if t.failed} == {}


def test_a_failing_seed_prints_the_one_command_that_fails_again() -> None:
    def soaked(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", PLANTED, *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    first = soaked("soak", "--seeds", "1..2", "--hours", "6")
    (again,) = re.findall(r"run\.py (soak .*)", first.stdout)
    second = soaked(*again.split())
    assert first.returncode == 1
    assert (second.returncode, second.stdout) == (1, first.stdout)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}..{seeds.stop}")
def test_no_order_twice_none_lost_and_no_won_astray(
    seeds: range, pool: ProcessPoolExecutor
) -> None:
    told = list(pool.map(partial(one, hours=HOURS), seeds))
    assert {t.seed: t.failed for t in told if t.failed} == {}
    total = Counter({"seeds": len(told)})
    for seed in told:
        total.update(seed.seen)
    seen_at(seeds).write_text(json.dumps(total), encoding="utf-8")
