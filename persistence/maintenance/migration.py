"""How a ledger of an older schema becomes one of ours: on a copy, verified, then in its place.

What it was stays aside, so that the version which wrote it can still go on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from persistence import identity
from persistence.codec import seal
from persistence.environment import DATA, copy_to, rewrite
from persistence.errors import UPDATE, Refused
from persistence.journal_base import Fold
from persistence.maintenance.backup import require_sound
from persistence.record import SCHEMA, Identity


def _two(env: Any, txn: Any) -> None:
    """The journal may be trimmed: what it begins with has a database of its own."""
    env.open_db(b"base", txn=txn)


# From each schema to the next: what is done to the copy, in one transaction.
STEPS: Mapping[int, Callable[[Any, Any], None]] = {1: _two}


def wanted(path: Path) -> bool:
    """Whether a state directory was written by an older version. Refused by a newer one's."""
    schema = identity.read_mark(path).schema
    if schema > SCHEMA or any(step not in STEPS for step in range(schema, SCHEMA)):
        raise Refused(path, f"it has schema {schema}, we know {SCHEMA}", UPDATE)
    return schema < SCHEMA


def migrate(path: Path, aside: str, folds: Mapping[str, Fold]) -> None:
    """Bring a state directory up to date; the lock must be held. Damaged where it is not sound.

    ``aside`` names the folder within it to which the old files go.
    """
    making = identity.room(path)
    copy_to(path, making / DATA)
    raise_schema(making, identity.read_mark(path))
    require_sound(making, folds, about=path)
    identity.succeed(path, aside)


def raise_schema(making: Path, born: Identity) -> Identity:
    """The steps on a data file that stands alone; its mark is written beside it."""
    raised = replace(born, schema=SCHEMA)

    def work(env: Any, txn: Any) -> None:
        for step in range(born.schema, SCHEMA):
            STEPS[step](env, txn)
        txn.put(b"birth", seal(b"birth", raised))

    rewrite(making, work)
    identity.write_mark(making, raised)
    return raised
