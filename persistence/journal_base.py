"""What a trimmed journal begins with: its base, and what the trimmed part folded to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from persistence.codec import Corrupt, check, unseal
from persistence.findings import Finding, corrupt
from persistence.reader import BASE, Snapshot, base_key
from persistence.record import Base

Fold = tuple[Any, Callable[[Any, Any], Any], Any]  # type of the state, evolve, initial state
VIEW = "ledger"  # what people ask about adds up over the trimmed part too


class JournalStart(NamedTuple):
    """What a trimmed journal begins with."""

    base: Base
    states: dict[str, Any]
    found: list[Finding]


def begins(snapshot: Snapshot, folds: Mapping[str, Fold]) -> JournalStart:
    """The base, and the states that the trimmed part folded to."""
    base, states, found = Base(), dict[str, Any](), list[Finding]()
    for key, value in snapshot.base:
        name = key[len(base_key("")) :].decode(errors="replace")
        try:
            if key == BASE:
                base = unseal(key, value, Base)
            elif name in folds:
                states[name] = unseal(key, value, folds[name][0])
            elif name == VIEW:
                check(key, value)
            else:
                found.append(Finding("key", f"base {name}", "nobody has this name"))
        except Corrupt as error:
            found.append(corrupt(f"base {name}", error))
    if base.number > _settled(snapshot):
        found.append(Finding("base", "journal", f"it begins after {base.number}, not yet settled"))
    return JournalStart(base, states, found)


def _settled(snapshot: Snapshot) -> int:
    try:
        return next((unseal(k, v, int) for k, v in snapshot.meta if k == b"settled"), 0)
    except Corrupt:  # said elsewhere
        return snapshot.last
