"""How far a long run is, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
EVERY = 500


def counted(things: Sequence[T], every: int = EVERY) -> Iterator[T]:
    """The same things, with a word after each so many."""
    for number, thing in enumerate(things, 1):
        yield thing
        if not number % every:
            print(f"{number:,} of {len(things):,}", file=sys.stderr, flush=True)
