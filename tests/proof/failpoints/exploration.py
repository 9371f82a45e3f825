"""Every crash of a scene, and every crash of every recovery, exhausted by what crashes leave.

A crash leaves the ledger, and how far people are; nothing else outlives it. So all passings of
points between two writes are one crash, and two ways to the same ledger are one recovery: each
ledger that can be left is recovered from once, at whatever depth it is first found.
"""

from __future__ import annotations

import shutil
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct

from persistence.store import Store
from tests.proof.failpoints.harness import BIRTH, Ending, agree, ending, live, room
from tests.proof.failpoints.owner import Progress
from tests.proof.failpoints.points import At, Points

SEED = 2  # of every life but a scene's first: so equal ledgers have equal futures


class Left(Struct):
    """What a crash has left."""

    state: Path
    progress: Progress


class Found(Struct):
    """``passings[d]``: sequences of d + 1 crashes that are covered; ``recovered``: ledgers."""

    passings: list[int]
    recovered: int = 0
    differed: int = 0  # of a scene that is not exact


def crashed(name: str, at: At, known: set[str]) -> tuple[Points, Ending | None]:
    """A life to its crash there, and the end; None where the same ledger was in ``known``."""
    with room() as folder:
        store, progress = Store.create(folder / "state", BIRTH, sync=False), Progress()
        try:
            points = live(name, store, progress, at)
            left = _digest(store, progress)
            if left in known:
                return points, None
            known.add(left)
            while live(name, store, progress, None, SEED).crashed:
                pass
            return points, ending(store, progress)
        finally:
            store.close()


def explore(name: str, depth: int) -> Found:
    """Every sequence of up to ``depth`` crashes; AssertionError names what went wrong."""
    with room() as folder:
        return Explorer(name, folder).explore(depth)


class Explorer:
    """One scene's ledgers."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.known: dict[str, Left] = {}
        self.futures: dict[str, list[tuple[str, int]]] = {}  # of a ledger: what crashes leave then
        self.count = 0

    def explore(self, depth: int) -> Found:
        """By breadth: all that one crash leaves, then all that a second one leaves, ..."""
        whole = self._play(None, "")
        found, layer = Found([]), dict.fromkeys([""], 1)
        for step in range(depth):
            after: dict[str, int] = {}
            for digest, ways in layer.items():
                for left, passings in self.futures[digest]:
                    after[left] = after.get(left, 0) + ways * passings
            for digest in [digest for digest in after if digest not in self.futures]:
                end = self._play(self.known[digest], digest, keep=step + 1 < depth)
                found.recovered += 1
                found.differed += end != whole
                assert agree(self.name, whole, end), f"{self.name}: {digest}"
            found.passings.append(sum(after.values()))
            layer = after
        return found

    def _play(self, left: Left | None, digest: str, keep: bool = True) -> Ending:
        """From there to the end; what each crash on the way would leave is kept."""
        place, progress = self.folder / "now", Progress()
        if left is None:
            store = Store.create(place, BIRTH, sync=False)
        else:
            shutil.copytree(left.state, place)
            store, progress = Store.open(place, sync=False), left.progress.copy()
        future: list[tuple[str, int]] = []
        seed = SEED if left else 1
        try:
            again = True
            while again:
                marks: list[str] = []
                seen = partial(self._mark, store, progress, marks) if keep else None
                points = live(self.name, store, progress, None, seed, seen)
                future += zip(marks, points.leaves.values(), strict=True) if keep else ()
                again, seed = points.crashed, SEED
            self.futures[digest] = future
            return ending(store, progress)
        finally:
            store.close()
            shutil.rmtree(place)

    def _mark(self, store: Store, progress: Progress, marks: list[str]) -> None:
        """Note the name of what a crash would leave now; it is kept, if it is new."""
        digest = _digest(store, progress)
        marks.append(digest)
        if digest not in self.known:
            self.count += 1
            state = self.folder / str(self.count)
            state.mkdir()
            for file in ("data.mdb", "birth.json"):
                shutil.copyfile(store.path / file, state / file)
            self.known[digest] = Left(state, progress.copy())


def _digest(store: Store, progress: Progress) -> str:
    """Of every byte in every database, and of how far people are."""
    found = sha256(repr(progress).encode())
    reader: Any = store
    for base in reader._bases.values():
        with reader._env.begin(db=base) as txn:
            for key, value in txn.cursor():
                found.update(key)
                found.update(value)
    return found.hexdigest()
