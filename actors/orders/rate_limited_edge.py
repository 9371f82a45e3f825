"""What every edge to a venue's REST calls is: it is handed one call at a time, and says so."""

from __future__ import annotations

from collections.abc import Iterable

from actors.runtime.edge import Edge, Outputs
from messages.base import After, Message
from messages.limits import ReleaseCall
from messages.orders import CallReport


class RateLimitedEdge(Edge):
    """The next call waits at the limiter, where a more urgent one may still come before it."""

    side_effecting = True

    def begin(self) -> None:
        """Nothing is in hand: whatever a failed tenant had is lost."""
        self.system.send(ReleaseCall(self.name), source=self.name)

    def ended(self, said: Iterable[Message | After]) -> Outputs:
        """All that came of a call, and then that there is room for the next."""
        release = ReleaseCall(self.name)
        for message in said:
            yield message
            if isinstance(message, CallReport):
                release = ReleaseCall(
                    self.name,
                    message.group,
                    message.remaining,
                    message.outcome == "banned",
                    message.seconds,
                )
        yield release
