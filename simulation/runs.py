"""Owns what a seed went through, and where its state lies."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from messages.base import Envelope
from messages.trading import DustKept, TradeClosed, TradeRecord, TradeReduced
from persistence.store import Identity, Store

MEMORY = Path("/dev/shm")  # where there is one, no disk has to be waited for


@dataclass
class Run:
    """Lives of the bot, its steps, its trades, all that was seen, and the journal's digest."""

    lives: int = 0
    steps: int = 0
    orders: int = 0  # that the venue took
    seconds: float = 0.0  # simulated
    rows: list[TradeRecord] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    digest: str = ""

    def read(self, events: list[Envelope]) -> None:
        """What the journal tells of it."""
        self.digest = sha256(repr(events).encode()).hexdigest()
        for envelope in events:
            self.seen[type(envelope.body).__name__] += 1
            if isinstance(envelope.body, TradeReduced | TradeClosed | DustKept):
                self.rows.append(envelope.body.row)
                self.seen[f"exit {envelope.body.row.exit_reason}"] += 1


class Violated(AssertionError):
    """An invariant does not hold."""


def demand(holds: object, what: str) -> None:
    """Raise Violated unless it holds."""
    if not holds:
        raise Violated(what)


@contextmanager
def state_directory(born: Identity) -> Iterator[Store]:
    """A state directory for one seed: unsynced, for no power of this machine is lost."""
    base = MEMORY if MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="jangbu-soak-", dir=base))
    try:
        with Store.create(folder / "state", born, sync=False) as store:
            yield store
    finally:
        shutil.rmtree(folder)
