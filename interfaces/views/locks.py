"""``locks``: pairs that may not be entered, until when, and why."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from rich.console import RenderableType

from i18n import say, word
from i18n.formatting import kst, pair_name
from i18n.tables import grid, nothing
from messages.plain_values import moment
from projections.ledger import Ledger


class Lock(Struct, frozen=True):
    """No entry in the pair ("*" = in any) until then."""

    pair: str
    since: datetime
    until: datetime
    reason: str


class LocksView(Struct, frozen=True):
    """Locks that hold, the soonest to end first."""

    locks: tuple[Lock, ...]


def look(ledger: Ledger, now: float) -> LocksView:
    """Those of the journal that have not run out."""
    held = [
        Lock(pair, moment(since), moment(until), reason)
        for (pair, reason), (since, until) in ledger.locks.items()
        if until > now
    ]
    return LocksView(tuple(sorted(held, key=lambda lock: (lock.until, lock.pair))))


def table(view: LocksView, language: str) -> RenderableType:
    """As people read it."""
    if not view.locks:
        return nothing("none_locks", language)
    rows = [
        (
            pair_name(lock.pair, language),
            kst(lock.since, seconds=False),
            kst(lock.until, seconds=False),
            word("reason", lock.reason, language),
        )
        for lock in view.locks
    ]
    names = ("pair", "since", "until", "reason")
    return grid(say("title_locks", language), names, rows, language)
