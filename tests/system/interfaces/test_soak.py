"""The soak as people run it: a table at its end, one command for a seed that failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.soak import SeedResult, SoakTotals, soak
from interfaces.commands.soak import failure, summary
from simulation.seeds import BLOCK, lives

ROOT = Path(__file__).parents[3]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run.py", "soak", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=540)


def test_a_soak_ends_with_a_table_of_what_the_seeds_went_through() -> None:
    done = run("--seeds", "3..5", "--hours", "3", "--seen")
    assert done.returncode == 0, done.stderr
    assert "OrderIntended" in done.stdout


@pytest.mark.parametrize("seeds", ["5", "5..5", "-1..3", "a..b", "0..9999999999", "..", "1..２"])
def test_what_is_no_range_of_seeds_is_refused(seeds: str) -> None:
    done = run("--seeds", seeds)
    assert (done.returncode, done.stdout) == (2, "")


def test_one_process_and_two_tell_the_same() -> None:
    seeds = range(BLOCK - 1, BLOCK + 1)
    assert [lives(seed) for seed in seeds] == [False, True]
    assert list(soak(seeds, 3.0, 2)) == list(soak(seeds, 3.0, 1))


def test_a_seed_that_failed_is_counted_and_its_command_is_told() -> None:
    told = SeedResult(7, "Violated: a won went astray")
    total = SoakTotals()
    total.add(told)
    assert total.failed == [told]
    assert "run.py soak --seeds 7..8 --hours 6" in failure(told, 6.0, "ko")
    assert summary(total, range(7, 8), 6.0, "en") != summary(SoakTotals(), range(7, 8), 6.0, "en")
