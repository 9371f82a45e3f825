"""Owns the seeds of a soak: run on several processes, each told as it ends, summed up.

Processes are spawned, never forked: no ledger's environment is ever inherited.
"""

from __future__ import annotations

import hashlib
import logging
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from msgspec import Struct

from app.composition import build
from app.replay import Replay
from simulation.paper.run import Composition
from simulation.seeds import simulate

YEAR = 365.25 * 86400
COMPOSED = Composition(Replay, build)


class SeedResult(Struct, frozen=True):
    """One seed that has ended; ``failed`` says how, "" when nothing was violated."""

    seed: int
    failed: str = ""
    lives: int = 0
    orders: int = 0
    trades: int = 0
    seconds: float = 0.0
    seen: dict[str, int] = {}
    digest: str = ""


class SoakTotals:
    """What all the seeds went through."""

    def __init__(self) -> None:
        self.seeds = self.crashes = self.orders = self.trades = 0
        self.seconds = 0.0
        self.seen: Counter[str] = Counter()
        self.failed: list[SeedResult] = []
        self._journals = hashlib.sha256()

    def add(self, told: SeedResult) -> None:
        """One more."""
        self.seeds += 1
        self.crashes += max(told.lives - 1, 0)
        self.orders += told.orders
        self.trades += told.trades
        self.seconds += told.seconds
        self.seen.update(told.seen)
        self._journals.update(told.digest.encode())
        if told.failed:
            self.failed.append(told)

    @property
    def digest(self) -> str:
        """Of all journals: equal seeds, equal bytes."""
        return self._journals.hexdigest()[:16]

    @property
    def years(self) -> float:
        """Simulated ones."""
        return self.seconds / YEAR

    @property
    def faults(self) -> int:
        """That struck."""
        return sum(times for name, times in self.seen.items() if name.startswith("fault "))


def soak(seeds: range, hours: float, jobs: int) -> Iterator[SeedResult]:
    """Run the seeds, in their order, so many at once."""
    ended = partial(one, hours=hours)
    if jobs == 1:
        yield from map(ended, seeds)
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _deaf)
    try:
        yield from pool.map(ended, seeds)
    finally:
        pool.shutdown(cancel_futures=True)


def _deaf() -> None:
    """An interrupt is for the process that asked, which sums up what there is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def one(seed: int, hours: float) -> SeedResult:
    """One seed. An actor that fails on purpose is nobody's news."""
    logging.getLogger("pykka").setLevel(logging.CRITICAL)
    try:
        run = simulate(seed, hours, COMPOSED)
    except Exception as error:  # whatever it is, the other seeds go on
        return SeedResult(seed, f"{type(error).__name__}: {error}"[:500])
    return SeedResult(
        seed, "", run.lives, run.orders, len(run.rows), run.seconds, dict(run.seen), run.digest
    )
