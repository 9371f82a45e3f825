"""A live ledger made anew from what the exchange shows: coins are external, entries are paused.

The bot's own actors look at the account once, one step at a time, so that all they make of it is
in the new journal; feed and voices are left out. Nothing is ordered: without a reconciled account
and with entries paused there is nothing to order for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from actors.account import Account, AccountState
from actors.actor_sets import LIVE_ACTORS
from actors.market.live_feed import LiveFeed
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import BaseActor, System
from app.maintenance.folds import folds
from app.maintenance.pause import turn
from core.rules import RULES
from messages.config import Config
from messages.control import AdoptConfig, StopEntry
from persistence import identity
from persistence.maintenance.backup import require_sound
from persistence.record import Identity
from persistence.store import Store

SILENT = frozenset({"warden", "notifier", "herald", "gauge", LiveFeed.name})
LOOKING: tuple[type[BaseActor], ...] = tuple(a for a in LIVE_ACTORS if a.name not in SILENT)
PATIENCE_SECONDS = 120.0  # on the stepped clock: some looks, with the waits between them


class Exchange(Protocol):
    """What performs the calls of venue and fetcher."""

    @property
    def perform(self) -> Any: ...
    @property
    def fetch(self) -> Any: ...


def rebuild(path: Path, born: Identity, aside: str, config: Config, exchange: Exchange) -> bool:
    """Put a new ledger in the place of what is here; False, and nothing changed, without a look.

    The lock must be held. ``aside`` names the folder for what is here now.
    """
    making = identity.room(path)
    identity.make(making, born)
    with Store.open(making) as store:
        for message in (AdoptConfig(config, born.id, RULES), StopEntry(f"rebuild-{born.id}")):
            turn(store, message, born.born_at)
        seen = _look(store, config, exchange)
    if seen:
        require_sound(making, folds(), about=path)
        identity.succeed(path, aside)
    return seen


def _look(store: Store, config: Config, exchange: Exchange) -> bool:
    start = store.birth.born_at
    runtime = DeterministicRuntime(start)
    tools = {"config": config, "bounds": config.bounds}
    tools |= {"exchange": exchange.perform, "archive": exchange.fetch}
    system = System(runtime, store, LOOKING, tools)
    system.start([AdoptConfig(config, store.birth.id, RULES)])
    while runtime.time < start + PATIENCE_SECONDS and system.failed is None:
        runtime.run_until(runtime.time + 1.0)
        kept = store.load(Account.name, AccountState)
        if kept and kept.state.reconciled:
            return True
    return False
