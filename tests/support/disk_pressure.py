"""A replay whose ledger has too little room, for a while or for good: the map's or the disk's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from actors.runtime.deterministic import DeterministicRuntime
from app.composition import Bot, build
from app.replay import Replay
from core.strategies import BUILT_IN
from messages.base import Envelope
from messages.storage import SpaceReport
from messages.trading import (
    DustKept,
    EntryWanted,
    LockTaken,
    TradeClosed,
    TradeRecord,
    TradeReduced,
)
from persistence.store import Store
from tests.support.simulation import BIRTH, TIGHT, market

ROOT = Path(__file__).parents[2]
CANDLES = 500
PERIOD, LOW = 3600, 1200  # seconds of a tide, and how long of it the disk is full


class Tides:
    """A disk that is full for a third of the time."""

    every = 60.0

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def measure(self) -> SpaceReport:
        return SpaceReport(0.1, 0 if self._now() % PERIOD < LOW else 10**12)


def store_at(path: Path, **options: Any) -> Store:
    """A state directory, made where there is none."""
    if not path.exists():
        Store.create(path, BIRTH, sync=False).close()
    return Store.open(path, sync=False, **options)


def bot_on(store: Store, seed: int = 0) -> Bot:
    """A bot on the stepped runtime, before its start."""
    replay = Replay(market(5, CANDLES), BUILT_IN[TIGHT.strategy], bulk=False)
    return build(TIGHT, replay, store, runtime="steps", seed=seed)


def stepped(bot: Bot, steps: int | None = None) -> None:
    """Step to the end, or so many steps."""
    runtime = bot.system.runtime
    assert isinstance(runtime, DeterministicRuntime)
    while (steps is None or steps > 0) and runtime.step():
        steps = None if steps is None else steps - 1


def rows_in(store: Store) -> list[TradeRecord]:
    """The trades, in the order of their ends."""
    return [
        e.body.row
        for e in store.events()
        if isinstance(e.body, TradeReduced | TradeClosed | DustKept)
    ]


def undisturbed(path: Path) -> list[TradeRecord]:
    """The trades where there is room."""
    with store_at(path) as store:
        bot = bot_on(store)
        bot.start()
        stepped(bot)
        return rows_in(store)


def while_short(events: list[Envelope]) -> list[Envelope]:
    """What was stated while the strategist knew that there is no room."""
    found, short = [], False
    for envelope in events:
        if isinstance(envelope.body, LockTaken) and envelope.body.reason == "no_room":
            short = envelope.body.until > envelope.at
        elif short:
            found.append(envelope)
    return found


def check_no_entry(events: list[Envelope]) -> None:
    """Nothing is entered while there is no room."""
    assert [e for e in while_short(events) if isinstance(e.body, EntryWanted)] == []
