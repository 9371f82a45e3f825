"""Turns as the journal tells them: adjacent entries of one owner that one message led to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from messages.base import Envelope


class Turn(NamedTuple):
    """What one owner stated at once. A turn is one transaction, so its entries are adjacent.

    ``prompt``: the volatile message behind it. Without one it was the entry ``cause``, or, where
    that is 0, the beginning of a life.
    """

    owner: str
    number: int  # of its first entry
    at: float
    cause: int
    prompt: Any
    letters: tuple[Envelope, ...]

    @property
    def events(self) -> tuple[Any, ...]:
        """What was stated."""
        return tuple(envelope.body for envelope in self.letters)


def turns(envelopes: Iterable[Envelope]) -> Iterator[Turn]:
    """The turns of a journal, in order.

    Two turns of one owner that follow each other are told apart by their moments, or by the prompt
    or the cause of the second. Where all are alike (an event at once behind a volatile message
    that it had led to, or the beginning of a life) they come as one, and what is decided again
    tells where the first one ends.
    """
    run: list[Envelope] = []
    for envelope in envelopes:
        if run and not _goes_on(run[-1], envelope):
            yield _turn(run)
            run = []
        run.append(envelope)
    if run:
        yield _turn(run)


def _goes_on(before: Envelope, envelope: Envelope) -> bool:
    was, now = (
        (before.source, before.cause, before.at),
        (envelope.source, envelope.cause, envelope.at),
    )
    return was == now and envelope.prompt is None


def _turn(run: list[Envelope]) -> Turn:
    first = run[0]
    assert all(b.number == a.number + 1 for a, b in pairwise(run))
    return Turn(first.source, first.number, first.at, first.cause, first.prompt, tuple(run))
