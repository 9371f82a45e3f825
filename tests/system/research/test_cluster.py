"""Trials on a cluster: the results that there are here, whoever dies, by workers of this code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dask import config as dask_config

from adapters.strategies import load as strategy_named
from adapters.strategies import portable
from core.market.candles import CandleSeries
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from core.strategy import Strategy
from messages.config import Config
from research.sweep.cluster import Cluster
from research.sweep.findings import Plan, Prepared, prepared
from research.sweep.runner import Pool, Runner, Threads
from research.sweep.space import InvalidSpace
from research.sweep.trial import Result

Process = subprocess.Popen[bytes]
ROOT = Path(__file__).parents[3]
CONFIG = Config(cooldown_minutes=0)
STRATEGY = BUILT_IN[CONFIG.strategy]
PLAN = Plan(("signals",), (), 0.3, 0, "random", "profit", 40, 5)
OWN = """
import numpy as np
from msgspec import Struct
from typing import Annotated
from msgspec import Meta
from core.strategy import Signals, searched

class Params(Struct, frozen=True):
    level: Annotated[int, Meta(ge=0, le=6, extra=searched(0, 6, 1))] = 2

class Mine:
    Params = Params
    @staticmethod
    def signals(candles, params):
        at = candles.time // 60 % 7 == params.level
        return Signals(at, np.zeros_like(at))
"""


@pytest.fixture(scope="module")
def candle_series() -> list[CandleSeries]:
    return list(synthetic_market(1, 3))[:2]


def played(run: Prepared, pool: Pool, hear: list[Result] | None = None) -> list[str]:
    """What the record holds at the end, in the order of the numbers."""
    runner = Runner(pool)
    try:
        run.play(runner, lambda result, value: hear.append(result) if hear is not None else None)
    finally:
        runner.close()
        run.close()
    found = sorted(run.record.results, key=lambda result: result.number)
    assert [result.number for result in found] == list(range(len(found)))
    return [repr(result) for result in found]


def by_threads(
    candle_series: list[CandleSeries], folder: Path, plan: Plan, strategy: Strategy
) -> list[str]:
    run = prepared(plan, CONFIG, strategy, candle_series, folder / "threads")
    return played(run, Threads(run.material, 1))


class Heard(list[Result]):
    """Does something when so many results have come."""

    def __init__(self, after: int, then: Callable[[], None]) -> None:
        super().__init__()
        self.after, self.then = after, then

    def append(self, result: Result) -> None:
        """Hear of a result."""
        super().append(result)
        if len(self) == self.after:
            self.then()


@pytest.mark.parametrize("together", [0.0, 0.004])  # seconds of a task: one trial, some trials
def test_a_worker_that_is_killed_loses_no_trial_and_doubles_none(
    candle_series: list[CandleSeries], tmp_path: Path, together: float
) -> None:
    run = prepared(PLAN, CONFIG, STRATEGY, candle_series, tmp_path / "cluster")
    load = portable(STRATEGY, CONFIG.strategy).load
    cluster = Cluster(run.material, load, "local", 2, task=together)
    killed: list[int] = []

    def kill() -> None:
        busy = cluster.processing()
        killed.append(max(busy, key=lambda pid: busy[pid]))
        os.kill(killed[0], signal.SIGKILL)

    heard = Heard(9, kill)
    found = played(run, cluster, heard)
    assert killed
    assert len(found) == len(heard) == PLAN.trials
    assert found == by_threads(candle_series, tmp_path, PLAN, STRATEGY)


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, Process]]:
    """Its address, and itself."""
    place = folder / "scheduler.json"
    words = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    process = dask(*words, "--scheduler-file", str(place), cwd=folder)
    try:
        while not place.exists() or not place.stat().st_size:
            assert process.poll() is None
            os.sched_yield()
        yield json.loads(place.read_text())["address"], process
    finally:
        process.kill()
        process.wait()


def dask(*words: str, cwd: Path, path: Path = ROOT) -> Process:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@contextmanager
def worker(address: str, folder: Path, path: Path = ROOT) -> Iterator[Process]:
    words = ("worker", address, "--no-dashboard", "--nthreads", "1", "--no-nanny")
    process = dask(*words, cwd=folder, path=path)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_ones_own_strategy_goes_along_to_workers_that_are_elsewhere(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text(OWN)
    strategy = strategy_named("mine.py:Mine", tmp_path).strategy
    goes = portable(strategy, "mine.py:Mine")
    plan = Plan(("signals",), (), 0.3, 0, "grid", "profit", 10, 0)
    wanted = by_threads(candle_series, tmp_path, plan, strategy)
    run = prepared(plan, CONFIG, strategy, candle_series, tmp_path / "cluster")
    (tmp_path / "mine.py").unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with scheduler(tmp_path) as (address, _), worker(address, elsewhere):
        cluster = Cluster(run.material, goes.load, address, 1)
        assert cluster.threads == 1
        assert played(run, cluster) == wanted
    assert len(wanted) == 7


def test_a_set_that_ends_its_workers_is_an_error_and_those_that_travelled_with_it_are_played(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    fatal = "if params.level == 5: os.kill(os.getpid(), 9)"
    own = OWN.replace("at = ", f"{fatal}\n        at = ", 1)
    (tmp_path / "mine.py").write_text("import os" + own)
    strategy = strategy_named("mine.py:Mine", tmp_path).strategy
    plan = Plan(("signals",), (), 0.3, 0, "grid", "profit", 10, 0)
    run = prepared(plan, CONFIG, strategy, candle_series, tmp_path / "cluster")
    with dask_config.set({"distributed.scheduler.allowed-failures": 0}):
        cluster = Cluster(run.material, portable(strategy, "mine.py:Mine").load, "local", 1)
        played(run, cluster)
    failed = [result.values for result in run.record.results if result.error]
    assert failed == [{"level": 5}]
    assert len(run.record.results) == 7


@pytest.mark.parametrize("lost", ["worker", "scheduler"])
def test_where_nobody_is_left_that_is_told_and_what_was_finished_is_kept(
    candle_series: list[CandleSeries], tmp_path: Path, lost: str
) -> None:
    run = prepared(PLAN, CONFIG, STRATEGY, candle_series, tmp_path / "cluster")
    load = portable(STRATEGY, CONFIG.strategy).load
    with scheduler(tmp_path) as (address, at), worker(address, tmp_path) as one:
        cluster = Cluster(run.material, load, address, 1, alone=5.0)
        heard = Heard(3, {"worker": one, "scheduler": at}[lost].kill)
        with pytest.raises(InvalidSpace, match="no worker is left"):
            played(run, cluster, heard)
    kept = prepared(PLAN, CONFIG, STRATEGY, candle_series, tmp_path / "cluster")
    assert kept.record.results == list(heard)
    found = played(kept, Threads(kept.material, 1))
    assert len(found) == PLAN.trials


@pytest.mark.parametrize("changed", ["core/money.py", "adapters/strategies.py"])
def test_a_worker_of_another_version_is_named_with_both(
    candle_series: list[CandleSeries], tmp_path: Path, changed: str
) -> None:
    for room in ("core", "messages", "research", "adapters", "persistence"):
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / room, tmp_path / "other" / room, ignore=skipped)
    with (tmp_path / "other" / changed).open("a") as file:
        file.write("\n# a rule was changed here\n")
    run = prepared(PLAN, CONFIG, STRATEGY, candle_series, tmp_path / "cluster")
    with (
        scheduler(tmp_path) as (address, _),
        worker(address, tmp_path, tmp_path / "other"),
        pytest.raises(InvalidSpace, match=r"worker tcp://\S+ has code \w{16}, this is \w{16}"),
    ):
        Cluster(run.material, portable(STRATEGY, CONFIG.strategy).load, address, 1)
    run.close()


def test_a_scheduler_that_does_not_answer_is_named(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    run = prepared(PLAN, CONFIG, STRATEGY, candle_series, tmp_path / "cluster")
    with pytest.raises(InvalidSpace, match="no scheduler answers"):
        Cluster(run.material, portable(STRATEGY, CONFIG.strategy).load, "nowhere", 1)
    run.close()
