"""What is looked at before a state directory is traded on; constant in the journal's length."""

from __future__ import annotations

from pathlib import Path

import lmdb

from persistence import btree_check, filesystem, identity
from persistence.codec import Corrupt, check
from persistence.errors import MOVE, Damaged, Refused
from persistence.record import Identity
from persistence.store import Store

GLANCE = 500  # pages of each tree that a start looks at


def check_place(path: Path, *, live: bool, mounts: str | None = None) -> list[str]:
    """Warnings about where a state directory lies or is to lie; Refused when live on a network."""
    kind = filesystem.kind(path, mounts)
    if filesystem.is_network(kind):
        found = f"it is on a network file system ({kind}), where a ledger can be torn"
        if live:
            raise Refused(path, found, MOVE)
        return [f"{path}: {found}"]
    if filesystem.is_overlay(kind):
        return [
            f"{path}: it is on an overlay file system ({kind}) and may vanish with its container"
        ]
    return []


def check_state(path: Path, *, mounts: str | None = None) -> list[str]:
    """Check a state directory that exists, before it is opened for trading.

    Gives warnings. Raises Damaged with what was found and what to do, Refused where it is sound
    and still may not be used here. Nothing is changed but a creation that was cut short.
    """
    identity.finish(path)
    born = identity.read_mark(path)
    meta = btree_check.check_size(path)
    if found := btree_check.walk(
        path, meta, GLANCE
    ):  # LMDB would follow a wrong page into a SIGBUS
        raise Damaged(path, f"its trees are broken: {found[0]}")
    warnings = check_place(path, live=born.mode == "live", mounts=mounts)
    with Store.open(path) as store:
        if cleared := store.reader_check():
            warnings.append(f"{path}: {cleared} readers had died and were cleared away")
        try:
            _check_values(store, path)
        except lmdb.Error as error:
            raise Damaged(path, f"LMDB cannot read it ({error})") from error
    return warnings


def check_identity(path: Path, born: Identity, wanted: Identity) -> None:
    """A directory was made for one mode, venue, account and recording, and refuses any other."""
    for name in ("mode", "venue", "account", "recording"):
        here, there = getattr(born, name), getattr(wanted, name)
        if here != there:
            todo = "Choose another one with --state-dir, or start with --fresh."
            raise Refused(path, f"it was made for {name} {here or '-'}, not {there or '-'}", todo)


def _check_values(store: Store, path: Path) -> None:
    last, settled = store.count(), store.settled()
    if settled > last:
        raise Damaged(path, f"the journal ends at {last}, before what is settled ({settled})")
    for key, value in store.rows("states"):
        try:
            check(key, value)
        except Corrupt as error:
            raise Damaged(path, f"state {key.decode(errors='replace')} {error}") from error
    for name in store.owners():
        if not last:
            raise Damaged(path, f"the journal is empty, and there is a state of {name}")
        for source, number in store.cursors(name).items():
            if number > last:
                raise Damaged(
                    path, f"{name} has taken in {source} {number}, the journal's end is {last}"
                )
    if (base := store.base()).number > settled:
        raise Damaged(path, f"it begins after {base.number}, before which only {settled} settled")
    before = settled
    for envelope in store.events(settled):
        if envelope.number != before + 1:
            raise Damaged(path, f"journal entry {before + 1} is missing")
        before = envelope.number
