"""Owns where a simulated process dies: before and after any commit, and when the disk is full.

A commit that returned is on the disk (it is synced), so a power loss after it loses nothing of it:
it is the death between the commit and whatever would have been sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from actors.machinery.steps import StepRuntime
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

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commit(self, owner: str, *arguments: Any) -> list[Envelope]:
        """The store's, or the end before or after it."""
        self._room()
        chance = self.chance * RARE.get(owner, 1)
        when = self.random.random() / chance if chance else 2.0
        if when < 1:
            self._lose("before", owner)
        done = self.inner.commit(owner, *arguments)
        for envelope in done:
            self.stated(envelope)
        if when < 2:
            self._lose("after", owner)
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

    def linger(self, runtime: StepRuntime) -> None:
        """The last breath: whoever has mail may still take some before all threads are dead.

        What was said before its commit is heard now, and can not be unsaid.
        """
        self.chance = 0.0
        for _ in range(self.random.randrange(BREATHS)):
            if runtime.quiet() or not runtime.step():
                return

    def _lose(self, when: str, owner: str) -> None:
        self.crashed = True
        self.seen[f"crash {when} {owner}"] += 1
        raise Crash
