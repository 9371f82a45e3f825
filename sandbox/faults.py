"""Owns the faults that a sandbox commits on demand: which, at which endpoint, how often.

Drawn from a seed, so the same requests in the same order meet the same faults. The list is that
of docs/reference/reliability.md 1; what each does to a request is the middleware's
(sandbox/middleware.py), what it does to a socket's frames is the hub's.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

Kind = Literal[
    "lost_before",  # the connection ends without a reply; nothing was done
    "lost_after",  # the same, but it was done
    "reset_before",  # TCP reset
    "reset_after",
    "error_before",  # ``status`` (5xx) and nothing was done
    "error_after",  # ``status`` though it was done
    "malformed",  # done, and the body is not JSON
    "truncated",  # done, and the body ends half way
    "late",  # the request is taken in ``seconds`` later, whether or not the client still waits
    "slow",  # done, and the body dribbles: a byte each ``seconds``
    "lag",  # look-ups do not find orders younger than ``seconds``
    "maintenance",  # 403 market_offline; of one pair, or of everything
    "skew",  # the Date header is ``seconds`` off
    "delisting",  # ``pair`` is gone, just before a request is handled
    "deposit",  # ``body``'s currency and amount come in from outside, just before
    "order",  # ``body`` is an order placed by hand, just before
    "dropped",  # a socket's frame is not sent
    "doubled",  # sent twice
    "delayed",  # sent ``seconds`` later
    "reordered",  # sent after the next one
    "closed",  # the socket ends
]
BEFORE = frozenset(("lost_before", "reset_before", "error_before", "maintenance", "late"))
AFTER = frozenset(("lost_after", "reset_after", "error_after", "malformed", "truncated", "slow"))
HTTP = BEFORE | AFTER
EVENTS = frozenset(("delisting", "deposit", "order"))  # of the world around a request


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault to commit. ``endpoint`` is "METHOD /path", or "WS type"; * stands for any text."""

    kind: Kind
    endpoint: str = "* /v1/*"
    times: int = 1  # how often; 0 = until it is cleared
    skip: int = 0  # so many matching requests pass first
    chance: float = 1.0  # of each matching request
    seconds: float = 1.0
    status: int = 500
    pair: str = ""  # only requests about this pair; for "delisting" the pair that goes
    body: dict[str, str] = {}  # of "deposit" and "order", as the admin endpoints take it


class Count(Struct, frozen=True):
    """How often a fault was asked for, and how often it was committed."""

    fault: Fault
    seen: int = 0
    committed: int = 0

    @property
    def spent(self) -> bool:
        """Whether it has happened as often as it should."""
        return bool(self.fault.times) and self.committed >= self.fault.times


class Faults:
    """The faults that are due."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 1) -> None:
        self.counts = [Count(fault) for fault in faults]
        self._chance = random.Random(seed)

    def add(self, faults: Iterable[Fault]) -> None:
        """More of them, behind those that are there."""
        self.counts += [Count(fault) for fault in faults]

    def clear(self) -> None:
        """No more faults."""
        self.counts = []

    def draw(self, endpoint: str, kinds: Iterable[str] = HTTP, about: str = "") -> Fault | None:
        """The fault that this request or frame meets; ``about`` is text that may name a pair."""
        for place, count in enumerate(self.counts):
            fault = count.fault
            fits = fault.kind in kinds and fnmatchcase(endpoint, fault.endpoint)
            about_it = fault.pair in about or fault.kind in EVENTS
            if count.spent or not fits or not about_it:
                continue
            due = count.seen >= fault.skip and self._chance.random() < fault.chance
            seen, committed = count.seen + 1, count.committed + due
            self.counts[place] = msgspec.structs.replace(count, seen=seen, committed=committed)
            if due:
                return fault
        return None

    def seconds(self, kind: Kind, endpoint: str) -> float:
        """How much of a lasting fault there is now: of lag, of skew. Counts as committed."""
        fault = self.draw(endpoint, (kind,))
        return fault.seconds if fault else 0.0


def decode(text: bytes | str) -> list[Fault]:
    """Faults from JSON: one, or a list. Raises msgspec.DecodeError."""
    found = msgspec.json.decode(text, type=Fault | list[Fault])
    return found if isinstance(found, list) else [found]


def read(path: Path) -> list[Fault]:
    """Faults from a file."""
    return decode(path.read_bytes())
