"""The edge to messengers: one part of one letter at a time, and a report of how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actors.runtime.edge import Edge, Outputs
from messages.notification_delivery import LetterReport, SendLetter

# What sends to one messenger; it never raises for what a messenger or a network may do.
SendPart = Callable[[SendLetter], LetterReport]


class MessageSender(Edge):
    """Takes ``system.tools["messengers"]``: by the name of its lane, what sends there."""

    name = "courier"
    background = low_priority = True
    side_effecting = True
    accepts = (SendLetter,)

    def perform(self, message: SendLetter) -> Outputs:
        """Send once."""
        posts: Mapping[str, SendPart] = self.system.tools.get("messengers", {})
        post = posts.get(message.lane)
        if post is None:  # a lane of a former start
            return (LetterReport(message.lane, message.attempt, "invalid"),)
        return (post(message),)
