"""The journal decided again, owner by owner: each turn exactly, each silence as far as it is known.

A turn that stated something is decided again in the very state it was decided in, at its very
moment. That an owner took an event in and stated nothing is not dated: it is right when today's
code is silent in one of the states that the owner went through meanwhile. What a volatile message
did not lead to was never written; of these only the closings of candles come back, from the
archive. A witness (actors/runtime/projection_owner.py) is left out: its order between sources is
not kept. So is what forgets: limiter, notifier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from actors.actor_sets import ALL_ACTORS
from actors.runtime.owner import Owner
from actors.runtime.projection_owner import ProjectionOwner
from actors.runtime.system import BaseActor
from app.replay_check.memory import OwnerReplay, Said
from app.replay_check.report import Difference, Replayed
from app.replay_check.turns import Turn, turns
from messages.base import Envelope, Message
from persistence.reader import Reader

SLACK_SECONDS = 60.0  # between a candle's close and the strategist's turn with it


@dataclass
class Question:
    """A message that led to nothing in the journal, and so should lead to nothing today."""

    message: Any
    at: float
    number: int = 0  # of the entry, 0 when it was volatile
    source: str = ""
    said: Said = field(default=())

    def late(self, turn: Turn, cause: Envelope | None) -> bool:
        """Whether the owner had surely taken it in before this turn."""
        if not self.number:
            return turn.at > self.at + SLACK_SECONDS
        return bool(cause and cause.source == self.source and cause.number > self.number)


def check_owners(
    reader: Reader, silent: Sequence[Question] = (), cast: Sequence[type[BaseActor]] = ALL_ACTORS
) -> Replayed:
    """Everything that comes out otherwise today; ``silent``: closings without an entry, by time."""
    return _OwnerCheck(reader, silent, cast).run()


class _OwnerCheck:
    def __init__(
        self, reader: Reader, silent: Sequence[Question], cast: Sequence[type[BaseActor]]
    ) -> None:
        self._reader, self._silent, self._next = reader, silent, 0
        actors = [a for a in cast if issubclass(a, Owner) and a.durable]
        self._actors = {a.name: a for a in actors if not issubclass(a, ProjectionOwner)}
        self._routes: dict[type, list[str]] = defaultdict(list)
        for name, actor in self._actors.items():
            for kind in actor.accepts:
                self._routes[kind].append(name)
        self._stated: set[tuple[str, int]] = set()  # owners and the entries that moved them
        self._waiting: dict[str, list[Question]] = defaultdict(list)
        self.out = Replayed()

    def run(self) -> Replayed:
        """Two passes: who stated something about which entry; then all of it again."""
        fresh: dict[str, set[str]] = defaultdict(set)
        for turn in turns(self._reader.events()):
            if turn.prompt is None and turn.cause:
                self._stated.add((turn.owner, turn.cause))
            if actor := self._actors.get(turn.owner):
                fresh[turn.owner] |= {key for e in turn.events if (key := actor.keeps(e))}
        self._memories = {
            name: OwnerReplay(actor, self._reader, frozenset(fresh[name]))
            for name, actor in self._actors.items()
        }
        for turn in turns(self._reader.events()):
            self._ask_until(turn.at)
            self._take(turn)
            for envelope in turn.letters:
                self._deliver(envelope)
        self._end()
        return self.out

    # --- what was stated
    def _take(self, turn: Turn) -> None:
        memory = self._memories.get(turn.owner)
        self.out.entries += len(turn.letters)
        if memory is None:
            self.out.left_out += 1
            return
        cause = self._cause(turn) if turn.prompt is None else None
        self._overdue(turn, cause)
        rest, number = turn.events, turn.number
        message = turn.prompt or (cause.body if cause else None)
        if message is None and turn.cause:  # the entry was trimmed away
            self.out.unknown += 1
            self._follow(memory, turn, rest)
            return
        while rest:
            said = memory.decide(message, turn.at)
            more = self._behind(turn, message, said, rest)
            done = rest[: len(said)] if more else rest
            self.out.turns += 1
            if said != done:
                self._differ(turn, number, message, done, said)
            self._follow(memory, turn, done)
            rest, number = rest[len(done) :], number + len(done)
            message = more[0] if more else None

    def _behind(
        self, turn: Turn, message: Any, said: Said, rest: Said
    ) -> tuple[Message | None] | None:
        """What the next turn is about that the journal does not tell from this one, if any."""
        if not 0 < len(said) < len(rest) or rest[: len(said)] != said:
            return None
        if not turn.cause:
            return (None,)  # a life ended here
        cause = self._cause(turn) if message is turn.prompt else None
        if cause is None or turn.owner not in self._routes.get(type(cause.body), ()):
            return None
        waiting = self._waiting[turn.owner]
        self._waiting[turn.owner] = [q for q in waiting if q.number != cause.number]
        return (cause.body,)

    def _follow(self, memory: OwnerReplay, turn: Turn, events: Said) -> None:
        if raised := memory.follow(events):
            self._differ(turn, turn.number, None, events, (raised,))
        waiting = self._waiting[turn.owner]
        self._waiting[turn.owner] = [q for q in waiting if not self._is_silent(memory, q, turn.at)]

    def _cause(self, turn: Turn) -> Envelope | None:
        return next(self._reader.events(turn.cause - 1, turn.cause), None) if turn.cause else None

    # --- what was not stated
    def _deliver(self, envelope: Envelope) -> None:
        for name in self._routes.get(type(envelope.body), ()):
            if (name, envelope.number) not in self._stated:
                question = Question(envelope.body, envelope.at, envelope.number, envelope.source)
                self._ask(name, question)

    def _ask_until(self, at: float) -> None:
        while self._next < len(self._silent) and self._silent[self._next].at <= at:
            self._ask("strategist", self._silent[self._next])
            self._next += 1

    def _ask(self, name: str, question: Question) -> None:
        self.out.silences += 1
        if not self._is_silent(self._memories[name], question, question.at):
            self._waiting[name].append(question)

    def _is_silent(self, memory: OwnerReplay, question: Question, at: float) -> bool:
        question.said = memory.decide(question.message, question.at)
        if question.said and at != question.at:
            question.said = memory.decide(question.message, at)
        return not question.said

    def _overdue(self, turn: Turn, cause: Envelope | None) -> None:
        waiting = self._waiting[turn.owner]
        for question in [q for q in waiting if q.late(turn, cause)]:
            waiting.remove(question)
            self._unsaid(turn.owner, question)

    def _end(self) -> None:
        """What is left: beyond an owner's cursors, or too near to the end, it was never taken."""
        last = self._reader.last()
        self._ask_until((last.at if last else 0.0) - SLACK_SECONDS)
        for name, waiting in self._waiting.items():
            cursors = self._reader.cursors(name)
            for question in waiting:
                if question.number <= cursors.get(question.source, 0):
                    self._unsaid(name, question)

    # --- what differs
    def _unsaid(self, owner: str, question: Question) -> None:
        number, at = question.number, question.at
        self._note(Difference.of(number, owner, at, question.message, (), question.said))

    def _differ(self, turn: Turn, number: int, message: Any, then: Said, now: Said) -> None:
        self._note(Difference.of(number, turn.owner, turn.at, message, then, now))

    def _note(self, difference: Difference) -> None:
        self.out.differences.append(difference)


def in_order(questions: Iterable[Question]) -> list[Question]:
    """As they are asked."""
    return sorted(questions, key=lambda q: q.at)
