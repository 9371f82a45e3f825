"""Owns the checks that need no venue: the journal has no gap, and folds to every owner's state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actors.runtime.system import BaseActor
from messages.audit import InvariantBroken
from messages.base import Envelope
from persistence.store import Store
from simulation.runs import demand


def folded(store: Store, cast: Sequence[type[BaseActor]], events: list[Envelope]) -> dict[str, Any]:
    """The owners' states by name, each equal to what the journal adds up to. Raises Violated."""
    numbers = [envelope.number for envelope in events]
    demand(numbers == list(range(1, len(events) + 1)), "a gap in the journal")
    states: dict[str, Any] = {}
    for actor in cast:
        if not actor.durable:
            continue
        owner: Any = actor
        state = owner.State()
        for envelope in events:
            if envelope.source == actor.name:
                state = owner.evolve(state, envelope.body)
        stored = store.load(actor.name, owner.State)
        demand(stored is None or stored.state == state, f"{actor.name} is not its journal's fold")
        states[actor.name] = state
    return states


def audited(events: list[Envelope]) -> None:
    """The bot's own second witness saw nothing wrong where nothing was. Raises Violated."""
    broken = [e.body for e in events if isinstance(e.body, InvariantBroken)]
    demand(not broken, f"the auditor found {broken[:1]}")
