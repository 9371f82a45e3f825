"""Owns how a test drives an owner's pure functions: one message in, what is said out."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from messages.base import After, Event

S = TypeVar("S")


class Turn(NamedTuple):
    """The state after a turn, and everything said in it."""

    state: Any
    said: list[Any]

    def of(self, *kinds: type) -> list[Any]:
        """What was said of these kinds."""
        return [message for message in self.said if isinstance(message, kinds)]

    @property
    def events(self) -> list[Any]:
        return self.of(Event)

    @property
    def alarms(self) -> list[After]:
        return self.of(After)


def turn(owner: Any, state: Any, message: Any, at: float, *kept: Any) -> Turn:
    """What the shell does, without the disk."""
    said = list(owner.decide(state, message, at, *kept))
    for event in said:
        if isinstance(event, Event):
            state = owner.evolve(state, event)
    return Turn(state, said)


def turns(owner: Any, state: Any, at: float, *messages: Any) -> Turn:
    """Several messages at one moment; everything said."""
    said = []
    for message in messages:
        state, more = turn(owner, state, message, at)
        said += more
    return Turn(state, said)
