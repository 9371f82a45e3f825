"""Owns where a simulated process dies: before and after any commit, and when the disk is full.

Commits share syncs as they do on threads: what was stated within one moment of the clock is on its
way to the disk and lost with the process, unless somebody flushed, or chance wrote some of it. What
is on the disk (it is synced) no power loss takes away: that is the death between the commit and
whatever would have been sent.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from random import Random
from typing import Any

from actors.runtime.deterministic import DeterministicRuntime
from messages.base import Envelope
from persistence.store import Store, StoreFull

RARE = {
    "steward": 5,
    "breaker": 5,
    "account": 3,
    "auditor": 5,
    "warden": 3,
}  # the rarer a commit, the likelier
BREATHS = 16


class Crash(Exception):
    """The power goes."""


class CrashingStore:
    """A store that loses its process by chance.

    ``full`` says whether the disk is; ``stated`` hears what is on it, whoever dies then.
    """

    def __init__(
        self,
        store: Store,
        random: Random,
        chance: float,
        seen: Counter[str],
    ) -> None:
        self.inner, self.random, self.chance, self.seen = store, random, chance, seen
        self.full: Callable[[], bool] = lambda: False
        self.stated: Callable[[Envelope], None] = lambda envelope: None
        self.crashed = False
        self._under_way: deque[list[Envelope]] = deque()
        self._open()

    def _open(self) -> None:
        """Go on from what the disk has."""
        self._under_way.clear()
        self._group = self.inner.group(self._written, self._unwritten, thread=False)

    def _written(self, *_: object) -> None:
        for envelope in self._under_way.popleft():
            self.stated(envelope)

    def _unwritten(self, owner: str, error: Exception) -> None:
        raise error

    def rest(self, runtime: DeterministicRuntime) -> None:
        """When everybody rests time passes, and what was under way arrives before it does."""
        if runtime.quiet():
            self.inner.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commit(self, owner: str, *arguments: Any) -> list[Envelope]:
        """The store's, or the end before or after it."""
        self._room()
        chance = self.chance * RARE.get(owner, 1)
        when = self.random.random() / chance if chance else 2.0
        if when < 1:
            self._lose("before", owner)
        done: list[Envelope] = self.inner.commit(owner, *arguments)
        self._under_way.append(done)
        if when < 2:
            self.inner.flush()
            self._lose("after", owner)
        self._group.write_some(self.random.randrange(len(self._under_way) + 1))
        return done

    def archive(self, *arguments: Any) -> None:
        """The store's."""
        self._room()
        self.inner.archive(*arguments)

    def note(self, key: str, value: bytes) -> None:
        """The store's."""
        self._room()
        self.inner.note(key, value)

    def _room(self) -> None:
        if self.full():
            raise StoreFull("no space left")

    def linger(self, runtime: DeterministicRuntime) -> None:
        """The last breath: whoever has mail may still take some before all threads are dead.

        What was said before its commit is heard now, and can not be unsaid.
        """
        self.chance = 0.0
        for _ in range(self.random.randrange(BREATHS)):
            if runtime.quiet() or not runtime.step():
                break
        self.end()

    def end(self) -> None:
        """The process is dead: what was under way has just arrived, or never does."""
        if self.random.random() < 0.5:
            self.inner.flush()
        if self._under_way:
            self.seen["crash loses what was under way"] += 1
        self._open()

    def _lose(self, when: str, owner: str) -> None:
        self.crashed = True
        self.seen[f"crash {when} {owner}"] += 1
        raise Crash
