"""What a state directory holds beside its events: an owner's record, and how it was born."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

S = TypeVar("S")

SCHEMA = 1  # a state directory with a higher number was written by a newer version: refused


class Record(Struct, Generic[S], frozen=True):
    """An owner's state, and per source the journal number of the last event it took in."""

    state: S
    cursors: dict[str, int] = {}


class Birth(Struct, frozen=True):
    """For what a state directory was made; it refuses everything else."""

    id: str  # drawn once; part of every identifier that a venue sees
    mode: str  # paper | live
    venue: str
    account: str
    recording: str = ""  # digest of the recording that is replayed, "" when there is none
    schema: int = SCHEMA
    born_at: float = 0.0  # epoch seconds
