"""Hours of a recording on threads at full speed, and what the process held at each of them.

A leak shows as a slope. Blocks are the interpreter's own count of what is allocated, so one
object left behind at each candle is one block a candle at least; memory is what the kernel says
is ours alone (the ledger's mapped pages are not).
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import structs

from actors.actor_sets import REPLAY_ACTORS
from actors.runtime.system import BaseActor, System
from app.composition import build
from app.replay import Replay
from core.market.candles import part
from core.market.synthetic import synthetic_market
from messages.audit import InvariantBroken
from messages.storage import SpaceReport
from messages.trading import DustKept, TradeClosed, TradeReduced
from persistence.record import Identity
from persistence.store import Store
from tests.support.dense_config import TIGHTEST
from tests.support.strategies import Leaver

BIRTH = Identity("soak", "paper", "upbit", "paper")
HOUR = 3600.0
MINUTES = 60  # candles of a pair in an hour
PLENTY = SpaceReport(0.1, 10**12)
# By how much each may grow. One object left behind at each candle is 1 block and 16 bytes at least.
BLOCKS_A_CANDLE, BYTES_A_CANDLE = 0.5, 64.0


class Sample(NamedTuple):
    """What the process held."""

    hour: float
    blocks: int  # of memory, by the interpreter's count
    kilobytes: int  # resident and ours alone
    descriptors: int
    threads: int
    depth: int  # letters in the fullest mailbox


@dataclass
class Sampler:
    """Stands where the bot's room is measured: in its turn, at each hour of the recording."""

    every: float = HOUR
    system: System | None = None
    samples: list[Sample] = field(default_factory=list)

    def measure(self) -> SpaceReport:
        """Plenty of room; and a sample."""
        assert self.system is not None
        gc.collect()
        boxes = [self.system.mailbox(actor.name).qsize() for actor in self.system.actors]
        hour = self.system.now() / HOUR
        held = (sys.getallocatedblocks(), own_kilobytes(), len(os.listdir("/proc/self/fd")))
        self.samples.append(Sample(hour, *held, threading.active_count(), max(boxes)))
        return PLENTY


def own_kilobytes() -> int:
    """Resident memory of this process that no file backs."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    raise AssertionError("this kernel does not tell RssAnon")


class Soaked(NamedTuple):
    """A run's samples, how many candles came in an hour, and how many exits there were."""

    samples: list[Sample]
    candles: int
    exits: int
    violations: int
    letters: int

    def slope(self, name: str) -> float:
        """By how much this grows in an hour, by least squares over the second half."""
        kept = self.samples[len(self.samples) // 2 :]
        return slope([s.hour for s in kept], [float(getattr(s, name)) for s in kept])


def flat(run: Soaked) -> list[str]:
    """What is not: each with its slope."""
    grown = {
        "blocks a candle": (run.slope("blocks") / run.candles, BLOCKS_A_CANDLE),
        "bytes a candle": (run.slope("kilobytes") * 1024 / run.candles, BYTES_A_CANDLE),
        "descriptors an hour": (run.slope("descriptors"), 0.01),
        "threads an hour": (run.slope("threads"), 0.01),
        "letters in a mailbox an hour": (run.slope("depth"), 0.01),
    }
    return [f"{what} {by:.3f}" for what, (by, most) in grown.items() if by > most]


def slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Least squares."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    rise = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return rise / sum((x - mean_x) ** 2 for x in xs)


def soaked(
    folder: Path, hours: int, pairs: int = 3, cast: Sequence[type[BaseActor]] = REPLAY_ACTORS
) -> Soaked:
    """So many hours on threads, as fast as they go, every candle by itself."""
    days = -(-hours // 24)
    candle_series = [
        part(series, 0, hours * MINUTES) for series in synthetic_market(5, days)[:pairs]
    ]
    replay = Replay(candle_series, Leaver(), bulk=False)
    store, sampler = Store.create(folder, BIRTH, sync=False), Sampler()
    bot = build(_config(pairs), replay, store, runtime="threads", room=sampler, cast=cast)
    sampler.system = bot.system
    bot.start()
    assert bot.wait(None) is not None
    failed = bot.system.failed
    events = [e.body for e in store.events()]
    letters = sum(bot.system.handled.values())
    bot.stop()
    assert failed is None, failed
    return Soaked(
        sampler.samples,
        MINUTES * pairs,
        sum(isinstance(e, TradeClosed | TradeReduced | DustKept) for e in events),
        sum(isinstance(e, InvariantBroken) for e in events),
        letters,
    )


def _config(pairs: int) -> Any:
    return structs.replace(TIGHTEST, max_open_trades=pairs)


def table(run: Soaked, every: int = 6) -> str:
    """The samples, and the slopes of the second half."""
    rows = [f"{'hour':>6} " + " ".join(f"{name:>12}" for name in Sample._fields[1:])]
    first = run.samples[0].hour
    for sample in run.samples[::every]:
        rows.append(f"{sample.hour - first:6.0f} " + " ".join(f"{v:12,}" for v in sample[1:]))
    rows.append(" slope " + " ".join(f"{run.slope(name):12,.2f}" for name in Sample._fields[1:]))
    return "\n".join(rows)
