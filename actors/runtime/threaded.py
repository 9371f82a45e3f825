"""The threaded runtime: pykka's threads, on the wall's clock or on a recording's."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from pykka import ActorRegistry, ThreadingFuture, Timeout
from pykka._envelope import Envelope as Post

from actors.runtime.clocks import Clock
from actors.runtime.timers import TimerQueue
from core.money import prepare_thread

if TYPE_CHECKING:
    from actors.runtime.system import BaseActor, System

FAR_BEHIND = 10_000  # letters for actors in the background that the clock does not wait for
PAUSE = 0.002  # seconds


class ThreadedMailbox(SimpleQueue[Any]):
    """A SimpleQueue: three times faster than pykka's own inbox, and as unbounded."""

    def __init__(self, actor: type[BaseActor]) -> None:
        super().__init__()
        self.name = actor.name
        self.counts = not actor.background


class LowPriorityMailbox(ThreadedMailbox):
    """Gives the first letter after a silence a moment later, and those behind it at once."""

    def __init__(self, actor: type[BaseActor], ended: threading.Event) -> None:
        super().__init__(actor)
        self._ended = ended

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """The next letter."""
        with suppress(Empty):
            return super().get(False)
        found = super().get(block, timeout)
        self._ended.wait(PAUSE)
        return found


class ThreadedRuntime:
    """Real threads. ``start`` given: the clock is a recording's and moves only when all is quiet.

    ``speed`` is candle seconds per real second, None as fast as it goes. Without ``start`` the
    clock is the wall's, or the one that is given.
    """

    groups = True

    def __init__(
        self, start: float | None = None, speed: float | None = None, clock: Clock | None = None
    ) -> None:
        self._clock = clock or Clock()
        self.virtual = start is not None
        self.ended = threading.Event()  # halted or frozen: whoever waits for the bot looks again
        self._time = start or 0.0
        self._speed = speed
        # One entry for each letter not yet dealt with: those that keep the clock waiting, and
        # the others. A list grows and shrinks atomically, so a put meets no lock.
        self._busy: list[None] = []
        self._aside: list[None] = []
        self._alarms = TimerQueue()
        self._changed = threading.Condition()
        self._stopped = False
        self._anchor = (time.monotonic(), self._time)
        ring = self._ring_virtual if self.virtual else self._ring
        threading.Thread(target=ring, name="alarms", daemon=True).start()

    def now(self) -> float:
        """Epoch seconds."""
        return self._time if self.virtual else self._clock.now()

    def prepare(self) -> None:
        """Every thread has a decimal context of its own."""
        prepare_thread()

    def mailbox(self, actor: type[BaseActor]) -> ThreadedMailbox:
        """A new mailbox."""
        if actor.low_priority:  # Python runs one thread at a time
            return LowPriorityMailbox(actor, self.ended)
        return ThreadedMailbox(actor)

    def put(self, mailbox: ThreadedMailbox, post: Post[Any]) -> None:
        """Deliver a letter."""
        if self.virtual:
            self._letters(mailbox).append(None)
        mailbox.put(post)

    def done(self, mailbox: ThreadedMailbox) -> None:
        """A turn has ended."""
        if self.virtual:
            self._letters(mailbox).pop()
            if not self._held():
                with self._changed:
                    self._changed.notify_all()

    def _letters(self, mailbox: ThreadedMailbox) -> list[None]:
        return self._busy if mailbox.counts else self._aside

    def drain(self, seconds: float) -> bool:
        """Wait until nobody has anything left to do or say; False when it takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._aside, seconds)

    def start(self, actor: type[BaseActor], system: System) -> None:
        """Seat a tenant on a thread of its own; a hung one must not keep the process alive."""
        actor.use_daemon_thread = True
        if self.virtual:
            self._letters(system.mailbox(actor.name)).append(None)  # until it has begun
        actor.start(system)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """The clock stands still until everyone has a thread, or it leaps over who has none yet."""
        if self.virtual:
            self._busy.append(None)
        yield
        if self.virtual:
            self._busy.pop()
            with self._changed:
                self._changed.notify_all()

    def begun(self, mailbox: ThreadedMailbox) -> None:
        """A tenant is ready."""
        self.done(mailbox)

    def wait(self, future: ThreadingFuture[Any], timeout: float) -> None:
        """Threads make progress by themselves."""

    def after(self, seconds: float, idle: bool, mailbox: Any, post: Post[Any]) -> None:
        """Set an alarm."""
        base = self._time if self.virtual else time.monotonic()
        wait = seconds if self.virtual else self._clock.real(seconds)
        with self._changed:
            self._alarms.add(base + wait, idle, mailbox, post)
            self._changed.notify_all()

    def freeze(self) -> None:
        """The clock stops: alarms still set will never ring."""
        with self._changed:
            self._alarms.clear()
        self.ended.set()

    def wake(self) -> None:
        """Whoever waits for the bot is to look again."""
        self.ended.set()

    def halt(self) -> None:
        """Nobody is woken any more; the process is about to end."""
        with self._changed:
            self._stopped = True
            self._alarms.clear()
            self._changed.notify_all()
        self.ended.set()

    def stop(self, seconds: float = 5.0, grace: float = 1.5) -> None:
        """Stop every actor after the letter it is at.

        Whoever writes is waited for, ``seconds`` each. The others, who may be in a call to a
        venue that is silent, have ``grace`` together and are then left: what they did not hear
        is found out at the next start.
        """
        self.halt()
        actors = [*reversed(ActorRegistry.get_all())]
        stopping = [(actor, actor.stop(block=False)) for actor in actors]
        ends = time.monotonic() + grace
        for actor, stopped in stopping:
            writes = getattr(actor.actor_class, "durable", False)
            with suppress(Timeout):  # it has failed, and nobody lives there any more
                stopped.get(timeout=seconds if writes else max(0.0, ends - time.monotonic()))

    def _ring(self) -> None:
        while True:
            with self._changed:
                while not self._alarms or self._alarms.due() > time.monotonic():
                    if self._stopped:
                        return
                    wait = self._alarms.due() - time.monotonic() if self._alarms else None
                    self._changed.wait(wait)
                alarm = self._alarms.pop()
            alarm.mailbox.put(alarm.post)

    def _ring_virtual(self) -> None:
        while True:
            with self._changed:
                while self._held() or not self._alarms or (wait := self._early()) > 0:
                    if self._stopped:
                        return
                    self._changed.wait(wait if not self._held() and self._alarms else None)
                if self._stopped:
                    return
                alarm = self._alarms.pop()
                self._time = max(self._time, alarm.due)
            self.put(alarm.mailbox, alarm.post)

    def _held(self) -> bool:
        """Whether the clock has to wait for letters."""
        return bool(self._busy) or len(self._aside) > FAR_BEHIND

    def _early(self) -> float:
        """Real seconds until the next alarm may ring at this speed."""
        if self._speed is None:
            return 0.0
        real, virtual = self._anchor
        return real + (self._alarms.due() - virtual) / self._speed - time.monotonic()
