"""Owns who plays trials: threads of this process, for the kernel holds no lock of Python's."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Protocol

from research.sweep.trial import Material, Result, Trial


class Runner(Protocol):
    """Plays trials, several at once; results come in any order, one for each submitted."""

    @property
    def ahead(self) -> int:
        """How many trials under way keep it busy."""

    def submit(self, trial: Trial) -> None:
        """Have it played."""

    def finished(self) -> Result:
        """The next that is finished; waits for it."""

    def close(self) -> None:
        """Begin no more."""


class Threads:
    """So many at once."""

    def __init__(self, material: Material, jobs: int) -> None:
        self.ahead = 2 * jobs
        self._material = material
        self._pool = ThreadPoolExecutor(jobs, "trial")
        self._done: SimpleQueue[Future[Result]] = SimpleQueue()

    def submit(self, trial: Trial) -> None:
        """Have it played."""
        self._pool.submit(self._material.run, trial).add_done_callback(self._done.put)

    def finished(self) -> Result:
        """The next that is finished; waits for it."""
        return self._done.get().result()

    def close(self) -> None:
        """Begin no more, and wait for those that are being played."""
        self._pool.shutdown(wait=True, cancel_futures=True)
