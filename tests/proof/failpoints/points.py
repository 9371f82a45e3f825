"""Named points of the real system: every commit, send, alarm and receive; at one the power goes.

The product knows nothing of them: a store and a runtime are wrapped, and the names are computed
from the owner and the type of the message.

    commit/<owner>/before   commit/<owner>/after    archive/before   archive/after
    send/<Message>      about to be put into its acceptor's mailbox
    deliver/<Event>     committed, and about to be put into an acceptor's mailbox
    redeliver/<Event>   the same at a start, of what was not taken in before
    alarm/<Message>     about to be set for later
    receive/<actor>/<Message>   taken out, and about to be dealt with
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from pykka._envelope import Envelope as Post

from actors.runtime.deterministic import DeterministicMailbox, DeterministicRuntime
from actors.runtime.system import BaseActor
from messages.base import Envelope, Event
from persistence.store import Store

At = tuple[str, int]  # a point's name, and at which passing of it in that life


class Crash(Exception):
    """The power goes."""


class Points:
    """What is passed in one life; at ``at`` the power goes.

    ``written`` counts what outlives a crash. All passings of points between two writes leave the
    same behind: ``leaves`` counts them, and ``seen`` is called at the first of each.
    """

    def __init__(self, at: At | None = None, seen: Callable[[], None] | None = None) -> None:
        self.at, self._seen = at, seen
        self.passed: Counter[str] = Counter()
        self.written = 0
        self.leaves: Counter[int] = Counter()
        self.crashed = False

    def reach(self, name: str) -> None:
        """Pass a point, or raise Crash there; after the crash nothing happens any more."""
        if self.crashed:
            return
        self.passed[name] += 1
        self.leaves[self.written] += 1
        if self._seen and self.leaves[self.written] == 1:
            self._seen()
        if self.at == (name, self.passed[name]):
            self.crashed = True
            raise Crash(name)


class PointedStore:
    """A store whose writes are points."""

    def __init__(self, store: Store, points: Points) -> None:
        self._inner, self._points = store, points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def commit(self, owner: str, *arguments: Any) -> list[Envelope]:
        """The owner's."""
        self._points.reach(f"commit/{owner}/before")
        done = self._inner.commit(owner, *arguments)
        self._points.written += 1
        self._points.reach(f"commit/{owner}/after")
        return done

    def archive(self, *arguments: Any) -> None:
        """The feed's."""
        self._points.reach("archive/before")
        self._inner.archive(*arguments)
        self._points.written += 1
        self._points.reach("archive/after")


class PointedMailbox(DeterministicMailbox):
    """What is taken out of it is a point."""

    def __init__(self, name: str, points: Points) -> None:
        super().__init__(name)
        self._points = points

    def get(self) -> Post[Any]:
        """The next letter."""
        post = super().get()
        body = getattr(post.message, "body", None)
        if body is not None:  # None: one of pykka's own letters
            self._points.reach(f"receive/{self.name}/{type(body).__name__}")
        return post


class PointedRuntime(DeterministicRuntime):
    """What is put and what is set for later are points; a crash halts it."""

    def __init__(self, start: float, seed: int, points: Points) -> None:
        super().__init__(start, seed)
        self._points = points
        self._began = False

    def mailbox(self, actor: type[BaseActor]) -> DeterministicMailbox:
        """A pointed one."""
        return PointedMailbox(actor.name, self._points)

    def put(self, mailbox: DeterministicMailbox, post: Post[Any]) -> None:
        """Deliver, or lose."""
        body = post.message.body
        kind = "send" if not isinstance(body, Event) else "deliver" if self._began else "redeliver"
        self._points.reach(f"{kind}/{type(body).__name__}")
        super().put(mailbox, post)

    def after(self, seconds: float, idle: bool, mailbox: Any, post: Post[Any]) -> None:
        """Set an alarm, or lose it."""
        self._points.reach(f"alarm/{type(post.message.body).__name__}")
        super().after(seconds, idle, mailbox, post)

    def step(self) -> bool:
        """One step, unless the power has gone."""
        self._began = True
        if self._points.crashed:
            self.halt()
            return False
        return super().step()
