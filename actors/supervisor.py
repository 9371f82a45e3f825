"""Owns what happens when an actor fails: restart, fall silent, or stop the process."""

from __future__ import annotations

from collections import deque
from typing import assert_never

from actors.runtime.system import BaseActor
from messages.base import Envelope
from messages.config import Bounds
from messages.market import ReplayEnded
from messages.notices import ActorFailed, Level, ShowNotice
from messages.notification_delivery import PostNotice
from messages.storage import RestartProcess

SPEAKERS = frozenset({"notifier", "herald", "outbox", "courier"})
Inbox = ActorFailed | RestartProcess | ReplayEnded


class Supervisor(BaseActor):
    """Restarts what remembers nothing, within an intensity; stops for what remembers.

    What only speaks is restarted too, and falls silent when it fails too often. Each failure is
    said; one that stops everybody is said by whoever waits for the bot, on the way out.
    """

    name = "supervisor"
    accepts = (ActorFailed, RestartProcess, ReplayEnded)

    def begin(self) -> None:
        """Begin with a clean record."""
        self.bounds: Bounds = self.system.tools.get("bounds", Bounds())
        self.failures: dict[str, deque[float]] = {}

    def take(self, envelope: Envelope) -> None:
        """One failure, a wish to start again, or the end of the recording."""
        message: Inbox = envelope.body
        match message:
            case ActorFailed():
                self._failed(message, envelope)
            case RestartProcess(reason=reason):
                self.system.halt(ActorFailed(self.name, reason, wanted=True))
            case ReplayEnded():
                self.system.finish()
            case _:
                assert_never(message)

    def _failed(self, failed: ActorFailed, envelope: Envelope) -> None:
        if self.system.failed:
            return  # this process is about to end
        actor = next(a for a in self.system.actors if a.name == failed.name)
        often = self._often(failed.name, envelope.at)
        speaks = failed.name in SPEAKERS
        if not speaks and (actor.durable or often):
            self.system.halt(failed)
            return
        self._say(failed, "critical" if often else "warning", envelope)
        if not often:
            self.system.restart(failed.name)

    def _often(self, name: str, at: float) -> bool:
        """Whether it has now failed more often within the window than it may."""
        known = self.failures.get(name, ())
        recent = deque(min(moment, at) for moment in (*known, at))  # a clock may be set back
        self.failures[name] = recent
        while recent[0] < at - self.bounds.restart_window_seconds:
            recent.popleft()
        return len(recent) > self.bounds.actor_restarts

    def _say(self, failed: ActorFailed, level: Level, envelope: Envelope) -> None:
        """Through who has not failed: the herald, and the outbox where there is one."""
        facts = {"name": failed.name, "reason": failed.reason}
        if failed.name != "herald":
            notice = ShowNotice(level, "actor_failed", facts, envelope.at)
            self.system.send(notice, source=self.name, cause=envelope)
        if failed.name not in ("outbox", "courier"):
            post = PostNotice(level, "actor_failed", facts, envelope.at)
            self.system.send(post, source=self.name, cause=envelope)
