"""Owns how trials are played several at once: short ones together, by whoever takes them.

To hand a task over costs the one who hands it, and both who may not speak at once, more than a
short trial is worth. So as many trials travel together as make a task of a certain length.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Protocol

from research.sweep.trial import Material, Result, Trial

MOST = 128  # trials of a task
LEAST = 8  # the last tasks shrink to one part of so many
TASK = 0.02  # s of one, for a thread

Played = tuple[list[Result], float]  # and in how many seconds


class Pool(Protocol):
    """Takes tasks, ``threads`` at once; ``task``: how many seconds one of them should last."""

    threads: int
    task: float

    def send(self, trials: Sequence[Trial]) -> None:
        """Have them played."""

    def take(self) -> Played:
        """What a task came to; waits for one. None of its results, where it is done again."""

    def close(self) -> None:
        """Begin no more."""


class Runner:
    """Plays trials, several at once; results come in any order, one for each submitted."""

    def __init__(self, pool: Pool, most: int = MOST) -> None:
        """``most`` trials travel together: 1 for a search that learns from each."""
        self._pool, self._most = pool, most
        self._waiting: list[Trial] = []
        self._together = 1

    @property
    def ahead(self) -> int:
        """How many trials keep it busy: each thread has a task, and another one waits for it."""
        return 2 * self._pool.threads * self._together

    def submit(self, trial: Trial, left: int) -> None:
        """Have it played, with as many others as make a task; ``left`` will come after it.

        The last tasks are shorter and shorter, so that all are done at about the same time.
        """
        self._waiting.append(trial)
        share = (len(self._waiting) + left) // (2 * self._pool.threads)
        if len(self._waiting) >= min(self._together, max(share, self._together // LEAST, 1)):
            self._send()

    def finished(self) -> list[Result]:
        """Those of a task that is finished; waits for one that has some."""
        found: list[Result] = []
        while not found:
            if self._waiting:  # nobody adds to them before there is a result
                self._send()
            found, seconds = self._pool.take()
        fit = int(self._pool.task * len(found) / max(seconds, 1e-9))
        self._together = min(self._most, max(1, fit))
        return found

    def close(self) -> None:
        """Begin no more, and wait for those that are being played."""
        self._pool.close()

    def _send(self) -> None:
        self._pool.send(self._waiting)
        self._waiting = []


class Threads:
    """A pool of this process: the kernel holds no lock of Python's."""

    def __init__(self, material: Material, threads: int, task: float = TASK) -> None:
        self.threads, self.task = threads, task
        self._material = material
        self._pool = ThreadPoolExecutor(threads, "trial")
        self._done: SimpleQueue[Future[Played]] = SimpleQueue()

    def send(self, trials: Sequence[Trial]) -> None:
        """Have them played."""
        self._pool.submit(played, self._material, trials).add_done_callback(self._done.put)

    def take(self) -> Played:
        """What a task came to; waits for one."""
        return self._done.get().result()

    def close(self) -> None:
        """Begin no more, and wait for those that are being played."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def played(material: Material, trials: Sequence[Trial]) -> Played:
    """A task: one after the other."""
    begun = time.perf_counter()
    return [material.run(trial) for trial in trials], time.perf_counter() - begun
