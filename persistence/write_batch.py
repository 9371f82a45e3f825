"""Owns what one turn of an owner puts on the disk, encoded: all of it in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from messages.base import Envelope, Message
from persistence.codec import close, encode_envelope, seal
from persistence.reader import index_key, number_key
from persistence.record import Record


class WriteBatch(NamedTuple):
    """Journal rows, the owner's record, index entries, and up to where all is settled."""

    name: str
    rows: Sequence[bytes]
    state: bytes
    kept: Sequence[tuple[bytes, bytes]]
    settled: int

    @classmethod
    def of(
        cls,
        name: str,
        record: Record[Any],
        events: Sequence[Envelope],
        kept: Mapping[str, Message],
        settled: int,
    ) -> Self:
        """Encode it. TypeError for an event that the journal does not know."""
        rows = [encode_envelope(envelope) for envelope in events]
        index = [(at := index_key(name, key), seal(at, event)) for key, event in kept.items()]
        return cls(name, rows, seal(name.encode(), record), index, settled)

    def put(self, txn: Any, bases: Mapping[str, Any], first: int, newest: bool = True) -> bool:
        """Put it, with its events numbered from ``first``; False when one is there already.

        ``newest``: whether no later turn of the same owner goes with it, so that its record stays.
        """
        for number, row in enumerate(self.rows, first):
            key = number_key(number)
            if not txn.put(key, close(key, row), db=bases["journal"], append=True):
                return False
        if newest:
            txn.put(self.name.encode(), self.state, db=bases["states"])
        for key, value in self.kept:
            txn.put(key, value, db=bases["index"])
        return True
