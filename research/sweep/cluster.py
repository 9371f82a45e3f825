"""Owns trials on a dask.distributed cluster: the material goes to each worker once.

It goes as a plugin, which dask gives to every worker that is there and to every one that comes
later. A trial whose worker was lost is done again by dask; it is a function of its values alone, so
whoever plays it, the result is one, and it is recorded here, once.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from queue import Empty, SimpleQueue
from typing import Any

import distributed
from dask import config as dask_config
from distributed import KilledWorker, WorkerPlugin, get_worker
from distributed.comm.core import CommClosedError

from core.strategy import Strategy
from research.sweep.fingerprint import digest_of_code
from research.sweep.runner import Played, played
from research.sweep.space import InvalidSpace
from research.sweep.trial import Material, Result, Trial

DASK: Any = distributed  # what it makes is untyped
LOCAL = "local"
COMING = 30.0  # s that a first worker is waited for
ALONE = 20.0  # s that a sweep goes on without any, or without its scheduler
TASK = 0.4  # s of one: dask, its scheduler and its worker spend some 8 ms on each
LOOK = 1.0  # s between two looks whether there is one
ADDRESSES = "local, or tcp://host:port of a scheduler that has workers"
QUIET = {  # each process looks at itself 150 times a second otherwise: a tenth of these cores
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # mallopt(3) of the GNU C library
LARGEST = 32 << 20  # bytes: the most that it takes for the second
SAME = "workers that run this very code with the same libraries"


class WorkerSetup(WorkerPlugin):
    """What a worker builds its material of, once; ``strategy`` makes it there."""

    name = "jangbu"

    def __init__(
        self, material: Material, strategy: Callable[[], Strategy], code: str, *, deaf: bool
    ) -> None:
        """``deaf``: Ctrl-C at this terminal is meant for the client alone."""
        self.config, self.candle_series = material.config, material.candle_series
        self.axes, self.windows = material.axes, material.windows
        self.strategy, self.code, self.deaf = strategy, code, deaf
        self.material: Material | None = None

    def setup(self, worker: Any) -> None:
        """At the worker, when it comes."""
        _keep_memory()
        if self.deaf:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        if digest_of_code() == self.code:  # another one is told of by its first trial
            own = (self.candle_series, self.axes, self.windows)
            self.material = Material(self.config, self.strategy(), *own)


def _keep_memory() -> None:
    """Dask's nanny tells malloc to give back what is free, so each large array of a trial would be
    asked of the system anew, page by page: a trial of three million candles took three times as
    long. Where there is no such malloc, nothing happens.
    """
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(M_MMAP_THRESHOLD, LARGEST)
        libc.mallopt(M_TRIM_THRESHOLD, 8 * LARGEST)


class CodeMismatch(Exception):
    """A worker that would play by other rules: its address and its digest."""


def _there(trials: Sequence[Trial]) -> Played:
    """A task at a worker. Raises OtherCode."""
    worker = get_worker()
    shipment: Any = worker.plugins[WorkerSetup.name]
    material = shipment.material
    if material is None:
        raise CodeMismatch(worker.address, digest_of_code())
    return played(material, trials)


class Cluster:
    """A Pool of as many threads as its workers have."""

    def __init__(
        self,
        material: Material,
        strategy: Callable[[], Strategy],
        address: str,
        jobs: int,
        alone: float = ALONE,
        task: float = TASK,
    ) -> None:
        """Connect to a scheduler, or start ``jobs`` workers here. Raises Unfit.

        ``alone``: seconds without a worker until it is given up; ``task``: seconds of one task.
        """
        self.task = task
        self._where, self._code, self._alone = f"--dask {address}", digest_of_code(), alone
        self._done: SimpleQueue[Any] = SimpleQueue()
        self._sent: dict[str, Sequence[Trial]] = {}
        self._suspects: deque[Trial] = deque()  # under each of which a worker was lost
        self._lonely = ""  # the task of one of them, beside which there is none
        self._open = ExitStack()
        with self._open:
            self._client = self._connected(address, jobs)
            self._begin(WorkerSetup(material, strategy, self._code, deaf=address == LOCAL))
            self.threads: int = max(1, sum(self._client.nthreads().values()))
            self._open = self._open.pop_all()  # nothing is in the way: it stays open

    def send(self, trials: Sequence[Trial]) -> None:
        """Have them played."""
        self._submit(trials)

    def take(self) -> Played:
        """What a task came to; waits for one. Raises Unfit when no worker is left."""
        if not self._sent:
            self._lonely = self._submit([self._suspects.popleft()])
        future = self._while_alive(self._done.get)
        trials = self._sent.pop(future.key)
        try:  # what was finished is lost with its worker, and is done again by another
            found: Played = self._while_alive(future.result)
        except CodeMismatch as error:
            raise self._other(*error.args) from None
        except KilledWorker:
            return self._lost(trials, future.key), 0.0
        except (CancelledError, CommClosedError):
            raise self._gone() from None
        return found

    def _submit(self, trials: Sequence[Trial]) -> str:
        """The name of their task."""
        future = self._client.submit(_there, trials, pure=False)
        key: str = future.key
        self._sent[key] = trials
        future.add_done_callback(self._done.put)
        return key

    def _lost(self, trials: Sequence[Trial], key: str) -> list[Result]:
        """Dask blames all that a worker had, so whose fault it was shows when it is alone there."""
        if key != self._lonely:
            self._suspects += trials
            return []
        told = "it has killed one worker after another"
        return [Result(trial.number, trial.values, error=told) for trial in trials]

    def processing(self) -> dict[int, int]:
        """By the process of each worker that answers, how many trials it has been given."""
        pids, busy = self._client.run(os.getpid), self._client.processing()
        return {pid: len(busy.get(address, ())) for address, pid in pids.items()}

    def close(self) -> None:
        """Begin no more, and let go of the workers."""
        self._open.close()

    def _connected(self, address: str, jobs: int) -> Any:
        for name in ("distributed", "distributed.client"):  # who is lost is expected, or told of
            logging.getLogger(name).setLevel(logging.CRITICAL)
        place: Any = address
        if address == LOCAL:
            kept = {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.CRITICAL}
            self._open.enter_context(dask_config.set(QUIET))
            place = DASK.LocalCluster(n_workers=jobs, threads_per_worker=1, processes=True, **kept)
            self._open.enter_context(place)
        try:
            return self._open.enter_context(DASK.Client(place, timeout=self._alone))
        except (OSError, ValueError) as error:
            raise InvalidSpace(f"no scheduler answers: {error}", self._where, ADDRESSES) from None

    def _begin(self, shipment: WorkerSetup) -> None:
        try:
            self._client.wait_for_workers(1, timeout=COMING)
            codes = self._client.run(digest_of_code)
        except TimeoutError:
            raise InvalidSpace("no worker has come", self._where, ADDRESSES) from None
        except ImportError as error:
            raise InvalidSpace(f"a worker has not this code: {error}", self._where, SAME) from None
        for address, code in codes.items():
            if code != self._code:
                raise self._other(address, code)
        self._client.register_plugin(shipment)
        self._open.callback(self._let_go, shipment.name)

    def _let_go(self, name: str) -> None:
        with suppress(OSError, TimeoutError):  # nobody is left to hold it
            self._client.unregister_worker_plugin(name)

    def _other(self, address: str, code: str) -> InvalidSpace:
        return InvalidSpace(
            f"worker {address} has code {code}, this is {self._code}", self._where, SAME
        )

    def _gone(self) -> InvalidSpace:
        return InvalidSpace(
            "no worker is left; the same command goes on when one is there", self._where, ADDRESSES
        )

    def _while_alive(self, wait: Callable[..., Any]) -> Any:
        """What is waited for, as long as there is somebody who may bring it. Raises Unfit."""
        alone = 0.0
        while alone < self._alone:
            try:
                return wait(timeout=LOOK)
            except (Empty, TimeoutError):
                alone = 0.0 if self._workers() else alone + LOOK
        raise self._gone()

    def _workers(self) -> int:
        try:
            return len(self._client.nthreads())
        except (OSError, TimeoutError):
            return 0
