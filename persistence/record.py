"""What a state directory holds beside its events: an owner's record, and how it was born."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

S = TypeVar("S")

# A state directory with a higher number was written by a newer version: refused. One with a lower
# number is migrated at the next start (upkeep/migration.py). 2: the journal may be trimmed.
SCHEMA = 2


class Record(Struct, Generic[S], frozen=True):
    """An owner's state, and per source the journal number of the last event it took in."""

    state: S
    cursors: dict[str, int] = {}


class Identity(Struct, frozen=True):
    """For what a state directory was made; it refuses everything else."""

    id: str  # drawn once; part of every identifier that a venue sees
    mode: str  # paper | live
    venue: str
    account: str
    recording: str = ""  # digest of the recording that is replayed, "" when there is none
    schema: int = SCHEMA
    born_at: float = 0.0  # epoch seconds
    former: tuple[str, ...] = ()  # ids it had before it was restored or rebuilt, newest first


class Base(Struct, frozen=True):
    """Where the journal begins that was trimmed: at the entry after ``number``, 0 = all of it."""

    number: int = 0
    at: float = 0.0  # when that entry was stated, epoch seconds
