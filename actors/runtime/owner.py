"""The shell of an owner: a pure state machine, its journal, and nothing else."""

from __future__ import annotations

from functools import reduce
from typing import Any, ClassVar, Generic, TypeVar

from actors.runtime.system import BaseActor, Outputs
from messages.base import After, Envelope, Event, Message, Reply
from messages.previews import PreviewTurn, TurnPreviewed
from persistence.store import Record

S = TypeVar("S")

__all__ = ["Outputs", "Owner"]


class Owner(BaseActor, Generic[S]):
    """Decides, commits events + state + cursors in one transaction, and only then speaks.

    Whoever hears of it may find it still under way to the disk, behind all it rests on: the order
    in which commits are stated is the order in which they are written. Nobody outside may: a reply
    waits for the disk, and so does every edge that speaks to somebody (``outward``).

    ``durable = False``: its events are folded into memory and forgotten with it.
    ``recalls = True``: ``decide`` takes, as a fourth argument, the event that the index keeps
    under ``key(message)``, or None.
    """

    State: ClassVar[type]
    durable: ClassVar[bool] = True
    indexed: ClassVar[bool] = False

    decide: ClassVar[Any]
    evolve: ClassVar[Any]

    @staticmethod
    def resume(state: Any, at: float) -> Outputs:
        """What has to be said again after a start, since what is volatile was lost.

        An event among it is committed before the first letter is taken: each life begins with it.
        """
        return ()

    @staticmethod
    def key(message: Any) -> str:
        """The index key that may tell more about this message; "" when none can."""
        return ""

    @staticmethod
    def keeps(event: Any) -> str:
        """The index key under which this event is kept for ever; "" when it is not."""
        return ""

    def begin(self) -> None:
        """Load the record and say again what was lost."""
        kept: Record[Any] | None = None
        if self.durable:
            kept = self.system.store.load(self.name, self.State)
        self.record: Record[Any] = kept or Record(self.State())
        self.at = self.system.now()  # of the turn: a replay decides again at this very moment
        said = tuple(self.resume(self.record.state, self.at))
        if events := [m for m in said if isinstance(m, Event)]:
            self._commit(events, self.record.cursors, Envelope(None, 0.0, self.name))
        for message in said:
            if not isinstance(message, Event):
                self.system.send(message, source=self.name)

    def take(self, envelope: Envelope) -> Reply | None:
        """One turn: decide, evolve, commit, deliver, send."""
        self.at = self.system.now()
        if isinstance(envelope.body, PreviewTurn):
            return self._preview(envelope.body.message)
        cursors = self.record.cursors
        number = envelope.number
        if number:
            if number <= cursors.get(envelope.source, 0):
                return None
            cursors = {**cursors, envelope.source: number}
        outcome = self._decide(envelope.body)
        events = [m for m in outcome if isinstance(m, Event)]
        if events:
            self._commit(events, cursors, envelope)
        elif number:
            self.record = Record(self.record.state, cursors)
        if number:
            self._taken(envelope)
        return self._speak(outcome, envelope) if len(outcome) > len(events) else None

    def _preview(self, message: Message | None) -> TurnPreviewed:
        """What this very owner would decide now, and nothing of it done.

        A question must not end the bot: what raises here would raise at the real command too.
        """
        self.system.store.flush()
        state = self.record.state
        try:
            return TurnPreviewed(self._decide(message) if message is not None else (), state)
        except Exception:
            return TurnPreviewed((), state, True)

    def _taken(self, envelope: Envelope) -> None:
        """The turn with this event is finished for good: a start need not give it again."""
        self.system.settling.taken(self.name, envelope.source, envelope.number)

    def _decide(self, body: Message) -> tuple[Message | After, ...]:
        if not self.indexed:
            return tuple(self.decide(self.record.state, body, self.at))
        key = self.key(body)
        kept = self.system.store.kept(self.name, key) if key else None
        return tuple(self.decide(self.record.state, body, self.at, kept))

    def _commit(self, events: list[Event], cursors: dict[str, int], cause: Envelope) -> None:
        state = reduce(self.evolve, events, self.record.state)
        record: Record[Any] = Record(state, cursors)
        if self.durable:
            envelopes = [self._letter(body, cause, not i) for i, body in enumerate(events)]
            with self.system.settling.stating(self.name) as settled:
                kept = {key: e for e in events if (key := self.keeps(e))} if self.indexed else {}
                numbered = self.system.store.commit(self.name, record, envelopes, kept, settled)
                self.record = record  # memory follows what was stated, never leads it
                for envelope in numbered:
                    self.system.deliver(envelope)
        self.record = record

    def _speak(self, outcome: tuple[Message | After, ...], cause: Envelope) -> Reply | None:
        reply: Reply | None = None
        for message in outcome:
            if isinstance(message, Reply):
                reply = message
            elif not isinstance(message, Event):
                self.system.send(message, source=self.name, cause=cause)
        if reply is not None:
            self.system.store.flush()
        return reply

    def _letter(self, body: Event, cause: Envelope, first: bool) -> Envelope:
        trace = getattr(body, "trade", "") or getattr(body, "id", "") or cause.trace
        prompt = cause.body if first and not cause.number else None
        number = cause.number or cause.cause
        return Envelope(body, self.at, self.name, trace, number, 0, self.system.mark, prompt)
