"""Closed candles, kept per pair with the number of the journal entry that they followed."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import islice, takewhile
from typing import Any

from msgspec import Struct

from messages.market import Candle
from persistence.codec import seal, unseal

KEEP = 3000  # candles per pair; two days of minutes


class Row(Struct, frozen=True, array_like=True):
    """One candle as it lies there."""

    after: int  # journal number of the newest entry at that time
    candle: Candle
    judged: bool = False  # the strategy was asked at its close; False of what was fetched later


def key(pair: str, time: int) -> bytes:
    """Sorts by pair, then by time."""
    return _head(pair) + time.to_bytes(8, "big")


def split(raw: bytes) -> tuple[str, int]:
    """Pair and time of a key."""
    return raw[:-9].decode(errors="replace"), int.from_bytes(raw[-8:], "big")


def _head(pair: str) -> bytes:
    return pair.encode() + b"\0"


class Archive:
    """The writer's side: counts what each pair has, and lets go of the oldest."""

    def __init__(self, base: Any, keep: int = KEEP) -> None:
        self._base, self._keep = base, keep
        self._counts: dict[str, int] = {}

    def put(
        self, txn: Any, rows: Sequence[tuple[str, Candle]], after: int, judged: Collection[str]
    ) -> None:
        """Add candles; one that is known already stays as it was first seen.

        ``judged``: the pairs at whose last candle here the strategy was asked.
        """
        asked = {pair: candle.time for pair, candle in rows if pair in judged}
        for pair, candle in rows:
            count = self._count(txn, pair)  # before the put: a count made later would include it
            at = key(pair, candle.time)
            row = Row(after, candle, asked.get(pair) == candle.time)
            if txn.put(at, seal(at, row), db=self._base, overwrite=False):
                self._counts[pair] = count + 1
                self._trim(txn, pair)

    def forget(self) -> None:
        """A transaction was given up: count again."""
        self._counts.clear()

    def _count(self, txn: Any, pair: str) -> int:
        if pair not in self._counts:
            head, cursor = _head(pair), txn.cursor(self._base)
            found = cursor.set_range(head)
            keys = cursor.iternext(values=False) if found else ()
            self._counts[pair] = sum(1 for _ in takewhile(lambda k: k.startswith(head), keys))
        return self._counts[pair]

    def _trim(self, txn: Any, pair: str) -> None:
        while self._counts[pair] > self._keep:
            cursor = txn.cursor(self._base)
            cursor.set_range(_head(pair))
            cursor.delete()
            self._counts[pair] -= 1


def newest(txn: Any, base: Any, pair: str, last: int, before: float | None = None) -> list[Row]:
    """The newest rows of a pair that began before a moment (epoch seconds), oldest first."""
    head, cursor = _head(pair), txn.cursor(base)
    # One past the greatest key wanted; from there backwards.
    past = head + b"\xff" * 9 if before is None else key(pair, max(0, math.ceil(before)))
    found = cursor.set_range(past)
    ready = cursor.prev() if found else cursor.last()
    pairs = cursor.iterprev() if ready else ()
    mine = takewhile(lambda item: item[0].startswith(head), pairs)
    return [unseal(at, value, Row) for at, value in islice(mine, last)][::-1]
