"""The birth of a state directory: a crash before each thing that it does to the file system.

Python tells its audit hooks of every open, make, rename and removal before it happens; there the
points are, and none in the product. The names say what is done to which file.

    birth/rename-data.mdb   birth/rename-birth.json   birth/open-birth.json   ...
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from persistence.record import Identity
from persistence.store import Store, exists
from tests.proof.failpoints.points import At, Crash, Points

BIRTH = Identity("born again", "paper", "upbit", "paper")
VERBS = {
    "os.rename": "rename",
    "os.mkdir": "make",
    "os.remove": "remove",
    "os.rmdir": "remove",
    "open": "open",
}


class PowerLoss(BaseException):
    """As Crash, but nothing that forgives errors of a file system catches it."""


class Hook:
    """Reaches ``points`` while they are there, for what happens under ``folder``."""

    def __init__(self) -> None:
        self.points: Points | None = None
        self.folder = ""
        self._heard = False  # a hook can never be taken away, so one is added, and once

    def watch(self, points: Points, folder: Path) -> None:
        """From now on."""
        if not self._heard:
            self._heard = True
            sys.addaudithook(self._hear)
        self.points, self.folder = points, str(folder)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.points is None or event not in VERBS:
            return
        path = str(arguments[-1 if event == "os.rename" and len(arguments) == 2 else 0])
        if path.startswith(self.folder):
            try:
                self.points.reach(f"birth/{VERBS[event]}-{Path(path).name}")
            except Crash:
                raise PowerLoss from None


HOOK = Hook()


def born(path: Path, crashes: Sequence[At] = ()) -> list[Points]:
    """Begun as often as it takes, a crash in each of the first lives; then it is whole."""
    lives: list[Points] = []
    for at in [*crashes, None]:
        lives.append(Points(at))
        HOOK.watch(lives[-1], path)
        with suppress(PowerLoss):
            store = Store.open(path) if exists(path) else Store.create(path, BIRTH)
            store.close()
            break
    HOOK.points = None
    assert not lives[-1].crashed
    with Store.open(path) as store:
        assert store.birth == BIRTH
        assert store.count() == 0
    assert not (path / "birth.new").exists(), "what it was made from is left over"
    return lives
