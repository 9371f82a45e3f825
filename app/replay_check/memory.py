"""One owner whose turns are decided again: its state, and what its index held at each moment."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

from messages.base import Event, Message
from persistence.reader import Reader

Said = tuple[Any, ...]


class Raised(Event):
    """Not journaled: today's code fails at this point."""

    error: str


class OwnerReplay:
    """``fresh``: index keys that the journal itself fills; others were filled before its base."""

    def __init__(self, actor: Any, reader: Reader, fresh: frozenset[str]) -> None:
        self.actor, self._reader, self._fresh = actor, reader, fresh
        self.state = reader.based(actor.name, actor.State) or actor.State()
        self._kept: dict[str, Message] = {}

    def decide(self, message: Message | None, at: float) -> Said:
        """The events that today's code states; without a message, at the beginning of a life."""
        try:
            return tuple(m for m in self._said(message, at) if isinstance(m, Event))
        except Exception as error:
            return (Raised(f"{type(error).__name__}: {error}"),)

    def follow(self, events: Iterable[Any]) -> Raised | None:
        """Go on with what was stated then, whatever is decided today."""
        listed = tuple(events)
        try:
            self.state = reduce(self.actor.evolve, listed, self.state)
        except Exception as error:
            return Raised(f"{type(error).__name__}: {error}")
        self._kept |= {key: e for e in listed if (key := self.actor.keeps(e))}
        return None

    def _said(self, message: Message | None, at: float) -> Iterable[Any]:
        actor = self.actor
        if message is None:
            said: Iterable[Any] = actor.resume(self.state, at)
        elif actor.indexed:
            said = actor.decide(self.state, message, at, self._recall(actor.key(message)))
        else:
            said = actor.decide(self.state, message, at)
        return said

    def _recall(self, key: str) -> Message | None:
        if not key or key in self._kept or key in self._fresh:
            return self._kept.get(key)
        return self._reader.kept(self.actor.name, key)
