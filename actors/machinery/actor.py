"""What every actor is: the tenant of a mailbox that belongs to its name."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from pykka import ThreadingActor

from messages.base import After, Envelope, Message, Reply
from messages.notices import ActorFailed
from persistence.faults import StoreFailed

if TYPE_CHECKING:
    from actors.machinery.system import System

Outcome = Iterable[Message | After]


class Named(ThreadingActor):
    """The mailbox outlives its tenant, so a restarted actor finds its mail as it was left.

    ``outward``: it acts on the outside, which no crash takes back, so each letter waits until all
    that was stated before is on the disk.
    """

    name: ClassVar[str]
    accepts: ClassVar[tuple[type, ...]]
    durable: ClassVar[bool] = False  # it remembers on disk, so the process stops when it fails
    outward: ClassVar[bool] = False
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
            if self.outward:
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
