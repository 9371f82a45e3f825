"""A ledger put back from its backup, under a new birth id, in the place of what may be there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace

from persistence import identity
from persistence.environment import DATA
from persistence.journal_base import Fold
from persistence.maintenance.backup import read_seal, require_sound, unpack
from persistence.maintenance.migration import raise_schema
from persistence.store import Store


def restore(
    file: Path,
    path: Path,
    *,
    born: tuple[str, float],
    aside: str,
    pause: Callable[[Store], None],
    folds: Mapping[str, Fold],
) -> None:
    """Put a backup in place; the lock must be held. Until all of it is sound nothing changes.

    ``born``: the new birth id, and when it was drawn (epoch seconds). Orders that the backup does
    not know of may bear its old identifiers, so none is ever made from the old id again.
    ``pause`` stops entries in the new ledger's own journal. ``aside`` names the folder for what
    is here now. Raises Damaged or Refused.
    """
    seal = read_seal(file)
    making = identity.room(path)
    try:
        unpack(file, seal, making / DATA)
        old, (id, at) = seal.birth, born
        raise_schema(making, replace(old, id=id, born_at=at, former=(old.id, *old.former)))
        with Store.open(making) as store:
            pause(store)
        require_sound(making, folds, about=file)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    identity.succeed(path, aside)
