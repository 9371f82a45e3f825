"""The shell of an edge: it performs one call at a time and reports what came back."""

from __future__ import annotations

from typing import Any

from actors.runtime.system import BaseActor, Outputs
from messages.base import Envelope

__all__ = ["Edge", "Outputs"]


class Edge(BaseActor):
    """Remembers nothing that cannot be had again, so it may be restarted at any time."""

    def take(self, envelope: Envelope) -> None:
        """Perform, and send what came back."""
        for message in self.perform(envelope.body):
            self.system.send(message, source=self.name, cause=envelope)
        if envelope.number:
            self.system.settling.taken(self.name, envelope.source, envelope.number)

    def perform(self, message: Any) -> Outputs:
        """Touch the world once, and say what it answered."""
        raise NotImplementedError
