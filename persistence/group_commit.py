"""Owns when commits reach the disk once they need not each wait for it: several with one sync.

They are written in the order in which they were stated, always a beginning of that order: a crash
loses its end and nothing else. So owners may act on what each other stated before it is on the
disk; whoever acts on the outside (an edge that speaks to it, a reply) calls ``flush`` before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from time import perf_counter
from typing import Generic, TypeVar

from persistence.errors import StoreFailed

C = TypeVar("C")
MOST = 1000  # commits that wait; whoever states another then waits too
DELAY = 0.002  # seconds that one waits for others, unless somebody waits for it


class GroupCommit(Generic[C]):
    """The line of commits that are under way to the disk, each with the number of its first event.

    ``write`` writes some in one transaction, or raises; ``written`` hears of each, and after how
    many seconds. Once it has raised, nothing is written any more, ``failed`` hears the first that
    was not and why, and everyone who states or flushes gets a StoreFailed.
    """

    def __init__(
        self,
        newest: int,
        write: Callable[[Sequence[tuple[C, int]]], None],
        written: Callable[[C, float], None],
        failed: Callable[[C, Exception], None],
    ) -> None:
        self.newest = newest  # the number of the newest event that was stated
        self._write, self._told, self._failed = write, written, failed
        self._line: deque[tuple[C, int, float]] = deque()
        self._changed = Condition()
        self._stated = self._written = self._wanted = 0
        self._error: Exception | None = None
        self._closed = False
        self._thread: Thread | None = None

    def start(self) -> None:
        """Write on a thread of its own from now on; without it ``write_some`` and ``flush`` do."""
        self._thread = Thread(target=self._run, name="commits", daemon=True)
        self._thread.start()

    def state(self, commit: C, events: int) -> int:
        """Put one at the end of the line; the number of its first event. Raises StoreFailed."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._line) < MOST or self._error or self._closed)
            self._check()
            first = self.newest + 1
            self.newest += events
            self._line.append((commit, first, perf_counter()))
            self._stated += 1
            self._changed.notify_all()
        return first

    def flush(self) -> None:
        """Return when all that was stated before is on the disk. Raises StoreFailed."""
        if self._written == self._stated:
            return
        if self._thread is None:
            self.write_some(len(self._line))
            return
        with self._changed:
            last = self._wanted = self._stated
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._written >= last or self._error)
            if self._written < last:
                self._check()

    def write_some(self, most: int) -> None:
        """Write so many of those that wait, the oldest first."""
        batch = [*self._line][:most]
        if not batch:
            return
        try:
            self._write([(commit, first) for commit, first, _ in batch])
        except Exception as error:
            self._failed(batch[0][0], error)
            with self._changed:
                self._error = error
                self._changed.notify_all()
            if self._thread is None:
                raise
            return
        now = perf_counter()
        for commit, _, began in batch:
            self._told(commit, now - began)
        with self._changed:
            for _ in batch:
                self._line.popleft()
            self._written += len(batch)
            self._changed.notify_all()

    def close(self) -> None:
        """Write what waits, and end; what cannot be written stays unwritten."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while self._error is None:
            with self._changed:
                self._changed.wait_for(lambda: self._line or self._closed)
                if not self._line:
                    return
                self._changed.wait_for(self._hurried, DELAY)
            self.write_some(len(self._line))

    def _hurried(self) -> bool:
        return self._wanted > self._written or self._closed or len(self._line) >= MOST

    def _check(self) -> None:
        if self._error is not None:
            raise StoreFailed(str(self._error)) from self._error
