"""Actors by name: what each of them is, who accepts what, and where the mail goes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Protocol

from pykka import ThreadingActor, ThreadingFuture
from pykka._envelope import Envelope as PykkaEnvelope

from actors.runtime.low_watermark import LowWatermark
from actors.runtime.metrics import Metrics
from messages.base import After, Command, Envelope, Event, Message, ReplayPosition, Reply
from messages.config import Bounds
from messages.notices import ActorFailed
from messages.previews import PreviewTurn, TurnPreviewed
from persistence.errors import StoreFailed
from persistence.store import Store

Outputs = Iterable[Message | After]


class BaseActor(ThreadingActor):
    """The mailbox outlives its tenant, so a restarted actor finds its mail as it was left.

    ``side_effecting``: it acts on the outside, which no crash takes back, so each letter waits
    until all that was stated before is on the disk.
    """

    name: ClassVar[str]
    accepts: ClassVar[tuple[type, ...]]
    background: ClassVar[bool] = False  # it only speaks: the clock never waits for it
    low_priority: ClassVar[bool] = False  # it lets those go first on whom an order hangs
    durable: ClassVar[bool] = False  # it remembers on disk, so the process stops when it fails
    side_effecting: ClassVar[bool] = False
    takes_backlog: ClassVar[bool] = True  # a start gives it the events that it has not taken yet

    def __init__(self, system: System) -> None:
        self.system = system
        self.handled = system.handled
        self.broken_off: BaseException | None = None  # what is no failure of ours: a Ctrl-C
        super().__init__()

    def _create_actor_inbox(self) -> Any:  # type: ignore[override]
        return self.system.mailbox(self.name)

    def _actor_loop_teardown(self) -> None:
        """Leave undelivered mail for the next tenant."""

    def _stop(self) -> None:
        """Stop; pykka swallows what made it so, and one that is stepped must let it through."""
        error = sys.exc_info()[1]
        if not isinstance(error, Exception):
            self.broken_off = error
        super()._stop()

    def on_start(self) -> None:
        """Begin; pykka calls no hook for a failed start, so it is reported here."""
        self.system.runtime.prepare()
        try:
            self.begin()
        except Exception as error:
            self._report(error)
            raise
        finally:
            self.system.runtime.begun(self.actor_inbox)

    def begin(self) -> None:
        """Become ready: the first thing that happens in the actor's own turn."""

    def on_receive(self, envelope: Envelope) -> Reply | None:
        """Take one letter; whatever is raised is reported, and never left half-done."""
        try:
            if self.side_effecting:
                self.system.store.flush()
            return self.take(envelope)
        except Exception as error:
            self._report(error)
            # After an `ask` pykka would let the actor live on; a failed actor never does.
            self._handle_failure(*sys.exc_info())
            raise
        finally:
            self.handled[self.name] += 1
            self.system.runtime.done(self.actor_inbox)

    def take(self, envelope: Envelope) -> Reply | None:
        """Deal with one letter."""
        raise NotImplementedError

    def _report(self, error: Exception) -> None:
        # The type alone says what happened without repeating a value that may be a secret.
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_name}:{where.tb_lineno}" if where else "?"
        text = f"{type(error).__name__} in {place}: {error}"
        failed = ActorFailed(self.name, text[:500])
        if isinstance(error, StoreFailed):  # whoever it was: nobody goes on on such a disk
            self.system.halt(failed)
        self.system.send(failed, source=self.name)


class Runtime(Protocol):
    """What runs actors: threads, or one seeded step at a time."""

    groups: bool  # whether commits share syncs

    def now(self) -> float: ...
    def prepare(self) -> None: ...
    def mailbox(self, actor: type[BaseActor]) -> Any: ...
    def put(self, mailbox: Any, post: PykkaEnvelope[Any]) -> None: ...
    def begun(self, mailbox: Any) -> None: ...
    def done(self, mailbox: Any) -> None: ...
    def starting(self) -> AbstractContextManager[None]: ...
    def start(self, actor: type[BaseActor], system: System) -> None: ...
    def wait(self, future: ThreadingFuture[Any], timeout: float) -> None: ...
    def after(self, seconds: float, idle: bool, mailbox: Any, post: PykkaEnvelope[Any]) -> None: ...
    def freeze(self) -> None: ...
    def wake(self) -> None: ...
    def halt(self) -> None: ...


class System:
    """Mailboxes by name, routes by type of message, and the store they share."""

    def __init__(
        self,
        runtime: Runtime,
        store: Store,
        actors: Sequence[type[BaseActor]],
        tools: Mapping[str, Any] | None = None,
    ) -> None:
        self.runtime, self.store, self.actors = runtime, store, tuple(actors)
        self.tools = dict(tools or {})
        self.handled = {actor.name: 0 for actor in actors}
        self.meter = Metrics()
        self.failed: ActorFailed | None = None
        self.finished = False
        last = store.last()
        self.mark = last.mark if last else ReplayPosition()
        self.settling = LowWatermark(store.count, store.settled())
        self._mailboxes = {actor.name: runtime.mailbox(actor) for actor in actors}
        self._background = {actor.name for actor in actors if actor.background}
        self._routes = _routes(self.actors)
        owners = tuple(actor.name for actor in self.actors if actor.durable)
        self.settling.expect(tuple(self._mailboxes), owners)
        self.now = runtime.now
        self._bound = self.tools.get("bounds", Bounds()).mailbox_max
        self.pace: float = self.tools.get("pace", 1.0)  # seconds of the clock in a real one

    def start(self, first: Sequence[Message] = ()) -> None:
        """Recover: put back the mail that was not taken in, then let everyone begin."""
        if self.runtime.groups:
            self.store.group(self._written, self._unwritten)
        self._redeliver()
        for message in first:
            self.send(message, source="start")
        with self.runtime.starting():
            for actor in self.actors:
                self.runtime.start(actor, self)

    def restart(self, name: str) -> None:
        """Give a mailbox a new tenant."""
        self.runtime.start(next(a for a in self.actors if a.name == name), self)

    def mailbox(self, name: str) -> Any:
        """The mailbox that belongs to this name, whoever lives there."""
        return self._mailboxes[name]

    def waiting(self) -> dict[str, int]:
        """How many letters wait for each."""
        return {name: int(box.qsize()) for name, box in self._mailboxes.items()}

    def send(self, message: Message | After, *, source: str, cause: Envelope | None = None) -> None:
        """Send what is volatile to its one acceptor, now or after a while."""
        body = message.message if isinstance(message, After) else message
        trace, number = (cause.trace, cause.number or cause.cause) if cause else ("", 0)
        post = PykkaEnvelope(Envelope(body, self.now(), source, trace, number, 0, self.mark))
        for name in self._routes.get(type(body), ()):
            if isinstance(message, After):
                seconds = message.seconds * (self.pace if message.real else 1.0)
                self.runtime.after(seconds, message.idle, self._mailboxes[name], post)
            elif self._fits(name):
                self.runtime.put(self._mailboxes[name], post)

    def deliver(self, envelope: Envelope) -> None:
        """Hand a committed event to everyone who accepts its type."""
        names = self._routes.get(type(envelope.body))
        if names:
            post = PykkaEnvelope(envelope)
            for name in names:
                if self._fits(name):
                    self.settling.delivered(name, envelope.source, envelope.number)
                    self.runtime.put(self._mailboxes[name], post)

    def _fits(self, name: str) -> bool:
        """Whether a mailbox takes one more; a full one of money ends the process.

        Letters for those who only speak are left out instead: nothing hangs on them.
        """
        if self._mailboxes[name].qsize() < self._bound:
            return True
        if name not in self._background:
            self.halt(ActorFailed(name, f"more than {self._bound} letters wait in its mailbox"))
        return False

    def ask(self, command: Command, *, source: str = "operator", timeout: float = 5.0) -> Any:
        """Command, and wait for the reply: for the outside only, never for an actor."""
        return self._asked(self.acceptor(command), command, source, timeout)

    def acceptor(self, command: Command) -> str:
        """The name of the one actor that takes commands of this type."""
        (name,) = self._routes[type(command)]
        return name

    def preview(
        self, owner: str, message: Message | None = None, timeout: float = 5.0
    ) -> TurnPreviewed | None:
        """What this owner would decide on a message now, of which nothing is done; for the outside.

        None where it does not play in this system.
        """
        if owner not in self._mailboxes:
            return None
        previewed: TurnPreviewed = self._asked(owner, PreviewTurn(message), "operator", timeout)
        return previewed

    def _asked(self, name: str, command: Command, source: str, timeout: float) -> Any:
        future: ThreadingFuture[Any] = ThreadingFuture()
        trace = getattr(command, "id", "")
        envelope = Envelope(command, self.now(), source, trace, 0, 0, self.mark)
        self.runtime.put(self._mailboxes[name], PykkaEnvelope(envelope, reply_to=future))
        self.runtime.wait(future, timeout)
        return future.get(timeout=timeout)

    def finish(self) -> None:
        """The recording is used up: the clock stops here, and what waits for it waits for ever."""
        self.finished = True
        self.runtime.freeze()

    def halt(self, failed: ActorFailed) -> None:
        """A broken invariant: nobody takes another letter in this process."""
        self.failed = self.failed or failed
        self.runtime.halt()

    def _written(self, name: str, seconds: float) -> None:
        self.meter.commits(name).note(seconds)

    def _unwritten(self, name: str, error: Exception) -> None:
        """What was stated and acted on is not on the disk: nobody acts on it any further."""
        self.halt(ActorFailed(name, f"{type(error).__name__} in commit: {error}"[:500]))

    def _redeliver(self) -> None:
        """Before anyone runs: one pass over what is not settled, to each what it has not seen."""
        cursors = {actor.name: self.store.cursors(actor.name) for actor in self.actors}
        for name, row in cursors.items():
            for source, number in row.items():
                self.settling.taken(name, source, number)
                self.settling.delivered(name, source, number)
        late = {actor.name for actor in self.actors if not actor.takes_backlog}
        for envelope in self.store.events(self.store.settled()):
            for name in self._routes.get(type(envelope.body), ()):
                if name not in late and envelope.number > cursors[name].get(envelope.source, 0):
                    self.settling.delivered(name, envelope.source, envelope.number)
                    self.runtime.put(self._mailboxes[name], PykkaEnvelope(envelope))


def _routes(actors: Sequence[type[BaseActor]]) -> dict[type, tuple[str, ...]]:
    routes: dict[type, tuple[str, ...]] = {}
    for actor in actors:
        for kind in actor.accepts:
            routes[kind] = (*routes.get(kind, ()), actor.name)
    for kind, names in routes.items():
        if len(names) > 1 and not issubclass(kind, Event):
            raise TypeError(f"{kind.__name__} has {len(names)} acceptors: {names}")
    return routes
