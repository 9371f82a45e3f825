"""Owns what happens when an actor fails: restart, fall silent, or stop the process."""

from __future__ import annotations

from collections import deque

from actors.machinery.actor import Named
from messages.base import Envelope
from messages.config import Bounds
from messages.market import ReplayEnded
from messages.notices import ActorFailed

SPEAKERS = frozenset({"notifier", "herald"})


class Supervisor(Named):
    """Restarts what remembers nothing, within an intensity; stops for what remembers.

    What only speaks is restarted too, and falls silent when it fails too often.
    """

    name = "supervisor"
    accepts = (ActorFailed, ReplayEnded)

    def begin(self) -> None:
        """Begin with a clean record."""
        self.bounds: Bounds = self.system.tools.get("bounds", Bounds())
        self.failures: dict[str, deque[float]] = {}

    def take(self, envelope: Envelope) -> None:
        """One failure, or the end of the recording."""
        if isinstance(envelope.body, ReplayEnded):
            self.system.finish()
            return
        failed: ActorFailed = envelope.body
        actor = next(a for a in self.system.actors if a.name == failed.name)
        recent = self.failures.setdefault(failed.name, deque())
        recent.append(envelope.at)
        while recent[0] < envelope.at - self.bounds.restart_window_seconds:
            recent.popleft()
        often = len(recent) > self.bounds.actor_restarts
        speaks = failed.name in SPEAKERS
        if not speaks and (actor.durable or often):
            self.system.halt(failed)
        elif not often:
            self.system.restart(failed.name)
