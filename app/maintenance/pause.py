"""Entries paused in a ledger that nobody trades on: a turn of the steward, journaled as its own."""

from __future__ import annotations

from functools import reduce

from actors.trading_state import Change, TradingState, TradingStateOwner, evolve
from messages.base import Envelope, ReplayPosition
from messages.control import AdoptConfig, StopEntry
from persistence.store import Record, Store


def pause(store: Store, id: str, at: float = 0.0) -> None:
    """No entry until ``start``; exits go on. Where less is allowed already it stays so.

    ``id`` is of the command. It is stated at the moment at which the ledger ends: a recording's
    clock, and a sandbox's, is not the wall's. ``at`` (epoch seconds) is for one without entries.
    """
    kept = store.load(TradingStateOwner.name, TradingState)
    if kept is None or kept.state.mode == "running":
        turn(store, StopEntry(id), at)


def turn(store: Store, message: StopEntry | AdoptConfig, at: float) -> None:
    """One turn of the steward, as its shell takes it."""
    last = store.last()
    at, mark = (last.at, last.mark) if last else (at, ReplayPosition())
    record = store.load(TradingStateOwner.name, TradingState) or Record(TradingState())
    id = getattr(message, "id", "")
    said = TradingStateOwner.decide(record.state, message, at, None)
    events = [m for m in said if isinstance(m, Change)]
    state = reduce(evolve, events, record.state)
    envelopes = [
        Envelope(event, at, TradingStateOwner.name, id, 0, 0, mark, None if i else message)
        for i, event in enumerate(events)
    ]
    index = {key: event for event in events if (key := TradingStateOwner.keeps(event))}
    store.commit(TradingStateOwner.name, Record(state, record.cursors), envelopes, index)
