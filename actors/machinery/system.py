"""The composition of actors: who exists, who accepts what, and where the mail goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from pykka import ThreadingFuture
from pykka._envelope import Envelope as Post

from actors.machinery.actor import Named
from actors.machinery.meter import Meter
from actors.machinery.settling import Settling
from actors.machinery.threads import ASIDE
from messages.base import After, Command, Envelope, Event, Mark, Message
from messages.config import Bounds
from messages.notices import ActorFailed
from persistence.store import Store


class Runtime(Protocol):
    """What runs actors: threads, or one seeded step at a time."""

    groups: bool  # whether commits share syncs

    def now(self) -> float: ...
    def prepare(self) -> None: ...
    def mailbox(self, name: str) -> Any: ...
    def put(self, mailbox: Any, post: Post[Any]) -> None: ...
    def begun(self, mailbox: Any) -> None: ...
    def done(self, mailbox: Any) -> None: ...
    def starting(self) -> AbstractContextManager[None]: ...
    def start(self, actor: type[Named], system: System) -> None: ...
    def wait(self, future: ThreadingFuture[Any], timeout: float) -> None: ...
    def after(self, seconds: float, idle: bool, mailbox: Any, post: Post[Any]) -> None: ...
    def freeze(self) -> None: ...
    def wake(self) -> None: ...
    def halt(self) -> None: ...


class System:
    """Mailboxes by name, routes by type of message, and the store they share."""

    def __init__(
        self,
        runtime: Runtime,
        store: Store,
        actors: Sequence[type[Named]],
        tools: Mapping[str, Any] | None = None,
    ) -> None:
        self.runtime, self.store, self.actors = runtime, store, tuple(actors)
        self.tools = dict(tools or {})
        self.handled = {actor.name: 0 for actor in actors}
        self.meter = Meter()
        self.failed: ActorFailed | None = None
        self.finished = False
        last = store.last()
        self.mark = last.mark if last else Mark()
        self.settling = Settling(store.count, store.settled())
        self._mailboxes = {actor.name: runtime.mailbox(actor.name) for actor in actors}
        self._routes = _routes(self.actors)
        owners = tuple(actor.name for actor in self.actors if actor.durable)
        self.settling.expect(tuple(self._mailboxes), owners)
        self.now = runtime.now
        self._bound = self.tools.get("bounds", Bounds()).mailbox_max

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
        post = Post(Envelope(body, self.now(), source, trace, number, 0, self.mark))
        for name in self._routes.get(type(body), ()):
            if isinstance(message, After):
                box = self._mailboxes[name]
                self.runtime.after(message.seconds, message.idle, box, post)
            elif self._fits(name):
                self.runtime.put(self._mailboxes[name], post)

    def deliver(self, envelope: Envelope) -> None:
        """Hand a committed event to everyone who accepts its type."""
        names = self._routes.get(type(envelope.body))
        if names:
            post = Post(envelope)
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
        if name not in ASIDE:
            self.halt(ActorFailed(name, f"more than {self._bound} letters wait in its mailbox"))
        return False

    def ask(self, command: Command, *, source: str = "operator", timeout: float = 5.0) -> Any:
        """Command, and wait for the reply: for the outside only, never for an actor."""
        (name,) = self._routes[type(command)]
        future: ThreadingFuture[Any] = ThreadingFuture()
        trace = getattr(command, "id", "")
        envelope = Envelope(command, self.now(), source, trace, 0, 0, self.mark)
        self.runtime.put(self._mailboxes[name], Post(envelope, reply_to=future))
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
        for letter in self.store.events(self.store.settled()):
            for name in self._routes.get(type(letter.body), ()):
                if name not in late and letter.number > cursors[name].get(letter.source, 0):
                    self.settling.delivered(name, letter.source, letter.number)
                    self.runtime.put(self._mailboxes[name], Post(letter))


def _routes(actors: Sequence[type[Named]]) -> dict[type, tuple[str, ...]]:
    routes: dict[type, tuple[str, ...]] = {}
    for actor in actors:
        for kind in actor.accepts:
            routes[kind] = (*routes.get(kind, ()), actor.name)
    for kind, names in routes.items():
        if len(names) > 1 and not issubclass(kind, Event):
            raise TypeError(f"{kind.__name__} has {len(names)} acceptors: {names}")
    return routes
