"""What came out of deciding again, as people and files have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Struct

from core.rules import RULES


class Difference(Struct, frozen=True):
    """One decision that comes out otherwise. ``number`` 0: a candle's closing, not an entry."""

    number: int
    owner: str
    at: float  # epoch seconds
    message: str  # what was decided about; "" = the beginning of a life
    then: tuple[str, ...]
    now: tuple[str, ...]

    @staticmethod
    def of(
        number: int,
        owner: str,
        at: float,
        message: Any,
        then: tuple[Any, ...],
        now: tuple[Any, ...],
    ) -> Difference:
        """From the messages themselves."""
        about = _told(message) if message is not None else ""
        return Difference(number, owner, at, about, tuple(map(_told, then)), tuple(map(_told, now)))


@dataclass
class Replayed:
    """How much was decided again, and what differs, in the journal's order."""

    entries: int = 0
    turns: int = 0  # that stated something
    silences: int = 0  # events, and closings, that led to nothing
    verdicts: int = 0  # of the strategy, journaled or silent
    unknown: int = 0  # turns whose cause was trimmed away
    left_out: int = 0  # turns of owners that are not decided again
    unseen: int = 0  # closings whose candles are not all there
    made_by: list[int] = field(default_factory=list)  # numbers of the rules, the oldest first
    decided_by: int = RULES
    differences: list[Difference] = field(default_factory=list)


def _told(message: Any) -> str:
    return msgspec.json.encode(message).decode()
