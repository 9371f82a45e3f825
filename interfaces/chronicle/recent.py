"""Owns the newest entries: all of them, those that decide something, and those by pair."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from interfaces.views.lines import pair_of
from interfaces.views.why import OF_ALL, OF_THE_PAIR
from messages.base import Envelope

TAIL = 200  # entries
DECIDED = 200
OF_A_PAIR = 60


def _bounded(most: int) -> deque[Envelope]:
    return deque(maxlen=most)


@dataclass
class Recent:
    """A fold of the journal, newest last."""

    tail: deque[Envelope] = field(default_factory=lambda: _bounded(TAIL))
    decided: deque[Envelope] = field(default_factory=lambda: _bounded(DECIDED))
    pairs: dict[str, deque[Envelope]] = field(default_factory=dict)
    everybody: deque[Envelope] = field(default_factory=lambda: _bounded(OF_A_PAIR))

    def take(self, letter: Envelope) -> None:
        """One entry."""
        self.tail.append(letter)
        if isinstance(letter.body, OF_THE_PAIR):
            self.decided.append(letter)
            pair = pair_of(letter)
            if pair == "*":
                self.everybody.append(letter)
            elif pair:
                kept = self.pairs.get(pair)
                if kept is None:
                    kept = self.pairs[pair] = _bounded(OF_A_PAIR)
                kept.append(letter)
        elif isinstance(letter.body, OF_ALL):
            self.decided.append(letter)
            self.everybody.append(letter)

    def of(self, pair: str, last: int) -> list[Envelope]:
        """The newest decisions that touched a pair, those that stop every pair among them."""
        found: Iterable[Envelope] = (*self.pairs.get(pair, ()), *self.everybody)
        return sorted(found, key=lambda letter: letter.number)[-last:]
