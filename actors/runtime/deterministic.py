"""The stepped runtime: pykka's own loop, one envelope at a time, by seed, on a virtual clock."""

from __future__ import annotations

from collections import deque
from contextlib import AbstractContextManager, nullcontext, suppress
from random import Random
from typing import TYPE_CHECKING, Any

from pykka import ThreadingFuture, Timeout
from pykka._envelope import Envelope as Post

from actors.runtime.timers import TimerQueue

if TYPE_CHECKING:
    from actors.runtime.system import BaseActor, System


class MailboxPaused(Exception):
    """A stepping mailbox has handed out the one letter that it may."""


class DeterministicMailbox:
    """A mailbox that gives out one letter, and then sends pykka's loop home."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.posts: deque[Post[Any]] = deque()
        self.open = False

    def put(self, post: Post[Any]) -> None:
        """Add a letter."""
        self.posts.append(post)

    def get(self) -> Post[Any]:
        """The next letter, once for each opening."""
        if not self.open or not self.posts:
            raise MailboxPaused
        self.open = False
        return self.posts.popleft()

    def empty(self) -> bool:
        """Whether no letter waits."""
        return not self.posts

    def qsize(self) -> int:
        """How many letters wait."""
        return len(self.posts)


class DeterministicRuntime:
    """Whoever has mail may be next, by seed; when nobody has, the next alarm moves the clock."""

    groups = False  # one turn at a time waits for the disk anyway

    def __init__(self, start: float, seed: int = 0) -> None:
        self.time = start
        self.halted = False
        self._random = Random(seed).random
        self._tenants: dict[str, BaseActor] = {}  # pykka itself holds only weak references
        self._fresh: list[str] = []  # started, but their first turn is still to come
        self._ready: list[DeterministicMailbox] = []
        self._alarms = TimerQueue()

    def now(self) -> float:
        """Epoch seconds on the virtual clock."""
        return self.time

    def prepare(self) -> None:
        """One thread runs everything: nothing to prepare."""

    def mailbox(self, actor: type[BaseActor]) -> DeterministicMailbox:
        """A new mailbox."""
        return DeterministicMailbox(actor.name)

    def put(self, mailbox: DeterministicMailbox, post: Post[Any]) -> None:
        """Deliver a letter."""
        if not mailbox.posts and mailbox not in self._ready:
            self._ready.append(mailbox)
        mailbox.posts.append(post)

    def begun(self, mailbox: DeterministicMailbox) -> None:
        """A new tenant finds the mail of the former one."""
        if mailbox.posts and mailbox not in self._ready:
            self._ready.append(mailbox)

    def done(self, mailbox: DeterministicMailbox) -> None:
        """A turn has ended; here that is known anyway."""

    def start(self, actor: type[BaseActor], system: System) -> None:
        """Seat a tenant; it begins at a step of its own."""
        self._tenants[actor.name] = actor(system)
        self._fresh.append(actor.name)

    def starting(self) -> AbstractContextManager[None]:
        """Nobody begins before a step."""
        return nullcontext()

    def tenant(self, name: str) -> BaseActor | None:
        """Who lives there, or has just died."""
        return self._tenants.get(name)

    def after(self, seconds: float, idle: bool, mailbox: Any, post: Post[Any]) -> None:
        """Set an alarm."""
        self._alarms.add(self.time + seconds, idle, mailbox, post)

    def wait(self, future: ThreadingFuture[Any], timeout: float) -> None:
        """Step until the future is set."""
        while True:
            try:
                future.get(timeout=0)
            except Timeout:
                if not self.step():
                    raise
            else:
                return

    def freeze(self) -> None:
        """The clock stops: alarms still set will never ring."""
        self._alarms.clear()

    def wake(self) -> None:
        """Nobody waits for a stepped system but whoever steps it."""

    def halt(self) -> None:
        """Nobody takes another letter."""
        self.halted = True

    def quiet(self) -> bool:
        """Whether nobody has a letter to take or a life to begin."""
        return not self._ready and not self._fresh

    def run(self) -> None:
        """Step until nothing is left to do."""
        while self.step():
            pass

    def run_until(self, time: float) -> None:
        """Ring every alarm up to this moment, each until quiet, and end quiescent there."""
        while not self.halted and (not self.quiet() or self._due(time)):
            self.step()
        self.time = max(self.time, time)

    def _due(self, time: float) -> bool:
        return bool(self._alarms) and self._alarms.due() <= time

    def step(self) -> bool:
        """Take one letter, or ring the next alarm; False when there is neither."""
        if self.halted:
            return False
        if self._fresh:
            self._begin(self._fresh.pop(int(self._random() * len(self._fresh))))
        elif self._ready:
            self._turn()
        elif self._alarms:
            alarm = self._alarms.pop()
            self.time = max(self.time, alarm.due)
            self.put(alarm.mailbox, alarm.post)
        else:
            return False
        return True

    def _begin(self, name: str) -> None:
        self._tenants[name]._actor_loop_setup()

    def _turn(self) -> None:
        ready = self._ready
        index = int(self._random() * len(ready)) if len(ready) > 1 else 0
        mailbox = ready[index]
        mailbox.open = True
        tenant = self._tenants[mailbox.name]
        with suppress(MailboxPaused):
            tenant._actor_loop_running()
        if tenant.broken_off is not None:
            raise tenant.broken_off
        if mailbox.open or not mailbox.posts:  # still open: nobody lives there any more
            mailbox.open = False
            ready.remove(mailbox)
