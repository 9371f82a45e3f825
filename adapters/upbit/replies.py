"""Owns how the body of a reply becomes a value: of exactly the asked shape, or "no data".

What is not known passes; what is of the wrong type, out of range, given twice, too deep or too
large makes the whole reply no data, and never a zero. A reply that says no is a Refused.
"""

from __future__ import annotations

import json
import re
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from adapters.upbit.answers import Answer, Failure

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
    """What a call gave, and the answer it was read from (its limits, its clock)."""

    value: T | NoData | Refused | Failure
    answer: Answer | Failure


class _Words(Struct):
    name: str | int | None = None
    message: str | None = None


class _ErrorBody(_Words):
    error: _Words | None = None


_ERRORS = Decoder(_ErrorBody)


def decoded(shape: Decoder[T], body: bytes) -> T | NoData:
    """The body as a value of this shape."""
    if len(body) > SIZE_MAX:
        return NoData("too large")
    try:
        value = shape.decode(body)
        json.loads(body.decode(), object_pairs_hook=_once, parse_int=str, parse_float=str)
    except RecursionError:
        return NoData("too deep")
    except (msgspec.MsgspecError, ValueError) as error:
        return NoData(str(error)[:TEXT_MAX])
    return value


def _once(members: list[tuple[str, Any]]) -> None:
    """Which of two members of one name is meant, nobody can know."""
    if len({name for name, _ in members}) < len(members):
        raise ValueError("a member is given twice")


def read(shape: Decoder[T], answer: Answer | Failure) -> Reply[T]:
    """What a call gave; only a 200 or a 201 has a value."""
    if isinstance(answer, Failure):
        return Reply(answer, answer)
    if answer.status in (200, 201):
        value: T | NoData = decoded(shape, answer.body)
        return Reply(value, answer)
    if 400 <= answer.status < 600:
        return Reply(refused(answer), answer)
    return Reply(NoData(f"status {answer.status}"), answer)


def refused(answer: Answer) -> Refused:
    """Who said no, and in which words: wrapped in "error", bare, or no JSON at all (5.3)."""
    words = decoded(_ERRORS, answer.body)
    if isinstance(words, NoData):
        plain = answer.status in (418, 429)
        text = answer.body[:TEXT_MAX].decode(errors="replace") if plain else ""
        return Refused(answer.status, "", text)
    said = words.error or words
    name = "" if said.name is None else str(said.name)
    return Refused(answer.status, name[:TEXT_MAX], (said.message or "")[:TEXT_MAX])


def ban_seconds(answer: Answer) -> float:
    """How long a 418 says that we are shut out; 0 if it does not say."""
    if answer.retry_after:
        return min(answer.retry_after, BAN_MAX)
    found = _BAN.search(answer.body[:SIZE_MAX].decode(errors="replace"))
    if not found:
        return 0.0
    unit = found[2].lower()
    return min(int(found[1]) * float(_UNITS.get(unit) or _UNITS[unit.rstrip("s")]), BAN_MAX)
