"""Entries paused in a ledger that nobody trades on: a turn of the steward, journaled as its own."""

from __future__ import annotations

from functools import reduce

from actors.trading_state import Change, Steward, StewardState, evolve
from messages.base import Envelope, Mark
from messages.control import AdoptConfig, StopEntry
from persistence.store import Record, Store


def pause(store: Store, id: str, at: float = 0.0) -> None:
    """No entry until ``start``; exits go on. Where less is allowed already it stays so.

    ``id`` is of the command. It is stated at the moment at which the ledger ends: a recording's
    clock, and a sandbox's, is not the wall's. ``at`` (epoch seconds) is for one without entries.
    """
    kept = store.load(Steward.name, StewardState)
    if kept is None or kept.state.mode == "running":
        turn(store, StopEntry(id), at)


def turn(store: Store, message: StopEntry | AdoptConfig, at: float) -> None:
    """One turn of the steward, as its shell takes it."""
    last = store.last()
    at, mark = (last.at, last.mark) if last else (at, Mark())
    record = store.load(Steward.name, StewardState) or Record(StewardState())
    id = getattr(message, "id", "")
    said = Steward.decide(record.state, message, at, None)
    events = [m for m in said if isinstance(m, Change)]
    state = reduce(evolve, events, record.state)
    letters = [
        Envelope(event, at, Steward.name, id, 0, 0, mark, None if i else message)
        for i, event in enumerate(events)
    ]
    index = {key: event for event in events if (key := Steward.keeps(event))}
    store.commit(Steward.name, Record(state, record.cursors), letters, index)
