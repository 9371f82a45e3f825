"""How every durable owner's state comes from its journal: what the layers below fold with."""

from __future__ import annotations

from actors.actor_sets import ALL_ACTORS
from persistence.journal_base import Fold


def folds() -> dict[str, Fold]:
    """By name: the type of the state, how an event changes it, and the state at the beginning."""
    owners = [actor for actor in ALL_ACTORS if actor.durable]
    return {a.name: (a.State, a.evolve, a.State()) for a in owners}  # type: ignore[attr-defined]
