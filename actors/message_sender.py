"""The edge to messengers: one part of one letter at a time, and a report of how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actors.runtime.edge import Edge, Outcome
from messages.notification_delivery import LetterReport, SendLetter

# What sends to one messenger; it never raises for what a messenger or a network may do.
Post = Callable[[SendLetter], LetterReport]


class Courier(Edge):
    """Takes ``system.tools["messengers"]``: by the name of its lane, what sends there."""

    name = "courier"
    background = low_priority = True
    outward = True
    accepts = (SendLetter,)

    def perform(self, message: SendLetter) -> Outcome:
        """Send once."""
        posts: Mapping[str, Post] = self.system.tools.get("messengers", {})
        post = posts.get(message.lane)
        if post is None:  # a lane of a former start
            return (LetterReport(message.lane, message.attempt, "invalid"),)
        return (post(message),)
