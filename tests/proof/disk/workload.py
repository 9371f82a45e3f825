"""The workload whose crashes are enumerated: a state directory is born, and a bot trades in it.

    python -m tests.proof.disk.workload FOLDER CANDLES

The bot is the real one, stepped; half-way its life ends and another begins. What it was told of a
commit goes to the file ``acks`` as the number of the newest entry, before anything else happens.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from app.composition import build
from app.replay import Replay
from core.market.candles import part
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from messages.base import Envelope
from persistence.lock import Lock
from persistence.store import Store
from tests.support.simulation import BIRTH, TIGHT

STARTUP = 60  # candles that the strategy sees first
STEPS = 400  # of the first life


class Told:
    """A store that says what it has returned from."""

    def __init__(self, store: Store, acks: int) -> None:
        self.inner, self.acks = store, acks

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commit(self, *arguments: Any) -> list[Envelope]:
        letters = self.inner.commit(*arguments)
        os.write(self.acks, b"%d\n" % self.inner.count())
        return letters


def life(path: Path, acks: int, candles: int, steps: int | None) -> bool:
    """One life of the bot; whether its recording is used up."""
    candle_series = [
        part(series, 0, STARTUP + candles) for series in synthetic_market(5, days=1)[:2]
    ]
    replay = Replay(candle_series, BUILT_IN[TIGHT.strategy], bulk=False)
    with Lock.take(path), Store.open(path) as store:
        told: Any = Told(store, acks)
        bot = build(TIGHT, replay, told, runtime="steps")
        bot.start()
        runtime: Any = bot.system.runtime
        while (steps is None or steps > 0) and runtime.step():
            steps = None if steps is None else steps - 1
        return bot.system.finished


def main(folder: Path, candles: int) -> None:
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    path = folder / "state"
    Store.create(path, BIRTH).close()
    os.write(acks, b"0\n")
    assert not life(path, acks, candles, STEPS)
    assert life(path, acks, candles, None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
