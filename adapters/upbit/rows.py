"""Owns how a list becomes values: a row that cannot be used is left out, and the others count.

A null, a wrong type, a missing or a doubled member, a figure that is none, an unknown word: it
costs its own row. What the row was about is told as far as it can be, for "not there" and
"not readable" are two things. Where no row of several can be used, the list is no data; a list of
which names alone are wanted (``bare``) is then one of rows that do not say theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw
from msgspec.json import Decoder

from core.plain import plain

T = TypeVar("T")
SUBJECTS = ("market", "currency")  # members that say what a row is about
SUBJECT_MAX = 40  # characters of it that are kept
UNTOLD = ""  # what a row is about that does not say it
_LIST = Decoder(list[Raw])
_NO = (msgspec.MsgspecError, ValueError, RecursionError)


class UnreadableRows(Exception):
    """No row can be used; the text says what is wrong with the first."""


class Rows(Generic[T]):
    """A list of one shape. ``sound``: whether a row that has the shape can be true."""

    def __init__(
        self,
        row: Decoder[T],
        whole: Decoder[tuple[T, ...]],
        sound: Callable[[T], bool],
        bare: bool = False,
    ) -> None:
        self._row, self._whole, self._sound, self._bare = row, whole, sound, bare

    def decode(self, body: bytes) -> tuple[tuple[T, ...], tuple[str, ...]]:
        """The rows that can be used, and what the others are about. Raises Odd, or msgspec's."""
        try:
            value = self._whole.decode(body)
            once(body)
        except _NO:
            return self._by_row(body)
        if all(map(self._sound, value)):
            return value, ()
        return self._by_row(body)

    def _by_row(self, body: bytes) -> tuple[tuple[T, ...], tuple[str, ...]]:
        value: list[T] = []
        odd: list[str] = []
        first = ""
        for raw in _LIST.decode(body):
            try:
                row = self._row.decode(raw)
                once(bytes(raw))
                if not self._sound(row):
                    raise ValueError("a figure that cannot be")
            except _NO as error:
                first = first or str(error)
                odd.append(_subject(bytes(raw)))
            else:
                value.append(row)
        if len(odd) > 1 and not value and not self._bare:
            raise UnreadableRows(first)
        return tuple(value), tuple(odd)


def once(body: bytes) -> None:
    """ValueError for a member that is given twice: which one is meant is unknown."""
    json.loads(body.decode(), object_pairs_hook=_once, parse_int=str, parse_float=str)


def _once(members: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in members}) < len(members):
        raise ValueError("a member is given twice")


def _subject(raw: bytes) -> str:
    """What an odd row is about, as it says itself: once, and as a text."""
    try:
        members = json.loads(raw.decode(), object_pairs_hook=tuple, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return UNTOLD
    pairs = [each for each in members if len(each) == 2] if isinstance(members, tuple) else []
    found = [value for name, value in pairs if name in SUBJECTS]
    told = len(found) == 1 and isinstance(found[0], str)
    return plain(found[0])[:SUBJECT_MAX] if told else UNTOLD
