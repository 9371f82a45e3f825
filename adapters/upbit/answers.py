"""Owns what came of one HTTP call: an answer of the venue, or the failure to get one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from msgspec import Struct

from adapters.upbit.reasons import Reason

_REMAINING = re.compile(r"\s*group=([\w-]{1,64})\s*;(?:.{0,64};)?\s*sec=(\d{1,6})\s*", re.A)
_SECONDS = re.compile(r"\s*(\d{1,6})\s*", re.A)


class Answer(Struct, frozen=True):
    """The venue's own words. ``body`` is whole: a cut one is a Failure.

    group, remaining: of ``Remaining-Req``, the calls left in this second; "" and -1 if not told.
    date: the venue's clock, epoch seconds, 0 if not told. retry_after: seconds, 0 if not told.
    seconds: how long the call took.
    """

    status: int
    body: bytes
    group: str = ""
    remaining: int = -1
    date: float = 0.0
    retry_after: float = 0.0
    seconds: float = 0.0

    def __repr__(self) -> str:  # a body may hold what must not be printed
        return f"Answer({self.status}, {len(self.body)} bytes)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status", self.status)]


class Failure(Struct, frozen=True):
    """No answer. ``not_sent``: not one byte of the request was handed to the network."""

    kind: Literal["not_sent", "unknown"]
    reason: Reason


def answer_of(status: int, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
    """An answer with what its headers tell; a header that cannot be read was not told."""
    group, remaining = remaining_of(headers.get("Remaining-Req", ""))
    waits = _SECONDS.fullmatch(headers.get("Retry-After", ""))
    return Answer(
        status,
        body,
        group,
        remaining,
        date_of(headers.get("Date", "")),
        float(waits[1]) if waits else 0.0,
        seconds,
    )


def remaining_of(header: str) -> tuple[str, int]:
    """Group and calls left of "group=order; min=720; sec=11"; ("", -1) if it is not so."""
    found = _REMAINING.fullmatch(header)
    return (found[1], int(found[2])) if found else ("", -1)


def date_of(header: str) -> float:
    """Epoch seconds of an HTTP date; 0 if it is none."""
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
