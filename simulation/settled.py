"""Owns the law of what a start may skip: only what everybody had taken in when the process died.

Looked at while the dead are still warm: what an owner had taken in without stating anything is in
its memory alone.
"""

from __future__ import annotations

from typing import Any

from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import System
from persistence.store import Store
from simulation.runs import demand


def settled_rightly(system: System, store: Store, before: int) -> None:
    """Raises Violated for an event that this life settled and that an owner has not taken in.

    ``before``: up to where the lives before it did.
    """
    runtime = system.runtime
    assert isinstance(runtime, DeterministicRuntime)
    owners = [actor for actor in system.actors if actor.durable]
    for envelope in store.events(before, store.settled()):
        for owner in owners:
            tenant: Any = runtime.tenant(owner.name)
            if type(envelope.body) in owner.accepts and hasattr(tenant, "record"):
                taken = tenant.record.cursors.get(envelope.source, 0)
                what = f"{envelope.number} is settled, and {owner.name} has taken {taken} of it"
                demand(taken >= envelope.number, what)
