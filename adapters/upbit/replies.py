"""Owns how the body of a reply becomes a value: of exactly the asked shape, or "no data".

What is not known passes; what is of the wrong type, out of range, given twice, too deep or too
large makes the whole reply no data, and never a zero; of a list, the row alone (rows.py). A reply
that says no is a Refused. The venue's own words lose what acts on a terminal.
"""

from __future__ import annotations

import re
from typing import Any, Generic, TypeVar, overload

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.rows import Rows, UnreadableRows, once
from core.plain import plain

T = TypeVar("T")

SIZE_MAX = 1024 * 1024  # bytes
TEXT_MAX = 1000  # characters of a venue's message that are kept

_UNITS = {"second": 1, "sec": 1, "초": 1, "minute": 60, "min": 60, "분": 60}
_UNITS |= {"hour": 3600, "시간": 3600}
_BAN = re.compile(r"(\d{1,7})\s*(seconds?|secs?|minutes?|mins?|hours?|초|분|시간)", re.A | re.I)
BAN_MAX = 7 * 86400.0  # seconds; what says longer is not believed


class NoData(Struct, frozen=True):
    """The reply says nothing that can be relied on; ``reason`` tells where it went wrong."""

    reason: str


class Refused(Struct, frozen=True):
    """A reply that says no: Upbit's error name and message as they stand ("" if it gave none)."""

    status: int
    name: str = ""
    message: str = ""


Trouble = NoData | Refused | Failure


class Reply(Struct, Generic[T], frozen=True):
    """What a call gave, and the answer it was read from (its limits, its clock).

    ``odd``: of a list, what each row was about that was left out; "" where it does not say.
    """

    value: T | NoData | Refused | Failure
    answer: Answer | Failure
    odd: tuple[str, ...] = ()


class _Words(Struct):
    name: str | int | None = None
    message: str | None = None


class _ErrorBody(_Words):
    error: _Words | None = None


_ERRORS = Decoder(_ErrorBody)


@overload
def decoded(shape: Decoder[T], body: bytes) -> T | NoData: ...
@overload
def decoded(shape: Rows[T], body: bytes) -> tuple[T, ...] | NoData: ...
def decoded(shape: Decoder[Any] | Rows[Any], body: bytes) -> Any:
    """The body as a value of this shape; of a list, the rows that can be used, if there are."""
    if isinstance(shape, Rows):
        value, odd = listed(shape, body)
        return value if value or not odd else NoData("no row can be used")
    if len(body) > SIZE_MAX:
        return NoData("too large")
    try:
        value = shape.decode(body)
        once(body)
    except RecursionError:
        return NoData("too deep")
    except (msgspec.MsgspecError, ValueError) as error:
        return NoData(_cut(str(error)))
    return value


def listed(shape: Rows[T], body: bytes) -> tuple[tuple[T, ...] | NoData, tuple[str, ...]]:
    """The body as rows of this shape, and what the rows are about that are left out."""
    if len(body) > SIZE_MAX:
        return NoData("too large"), ()
    try:
        return shape.decode(body)
    except RecursionError:
        return NoData("too deep"), ()
    except (msgspec.MsgspecError, ValueError, UnreadableRows) as error:
        return NoData(_cut(str(error))), ()


def _cut(text: str) -> str:
    return plain(text)[:TEXT_MAX]


def read(shape: Decoder[T], answer: Answer | Failure) -> Reply[T]:
    """What a call gave; only a 200 or a 201 has a value."""
    if isinstance(answer, Answer) and answer.status in (200, 201):
        value: T | NoData = decoded(shape, answer.body)
        return Reply(value, answer)
    return Reply(_without(answer), answer)


def read_list(shape: Rows[T], answer: Answer | Failure) -> Reply[tuple[T, ...]]:
    """The same of a list, row by row."""
    if isinstance(answer, Answer) and answer.status in (200, 201):
        value, odd = listed(shape, answer.body)
        return Reply(value, answer, odd)
    return Reply(_without(answer), answer)


def _without(answer: Answer | Failure) -> Trouble:
    """What an answer says that has no value."""
    if isinstance(answer, Failure):
        return answer
    if 400 <= answer.status < 600:
        return refused(answer)
    return NoData(f"status {answer.status}")


def refused(answer: Answer) -> Refused:
    """Who said no, and in which words: wrapped in "error", bare, or no JSON at all (5.3)."""
    words = decoded(_ERRORS, answer.body)
    if isinstance(words, NoData):
        worded = answer.status in (418, 429)
        text = answer.body[:TEXT_MAX].decode(errors="replace") if worded else ""
        return Refused(answer.status, "", plain(text))
    said = words.error or words
    name = "" if said.name is None else str(said.name)
    return Refused(answer.status, _cut(name), _cut(said.message or ""))


def ban_seconds(answer: Answer) -> float:
    """How long a 418 says that we are shut out; 0 if it does not say."""
    if answer.retry_after:
        return min(answer.retry_after, BAN_MAX)
    found = _BAN.search(answer.body[:SIZE_MAX].decode(errors="replace"))
    if not found:
        return 0.0
    unit = found[2].lower()
    return min(int(found[1]) * float(_UNITS.get(unit) or _UNITS[unit.rstrip("s")]), BAN_MAX)
