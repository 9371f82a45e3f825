"""The edge that speaks to people: it renders a notice through the voice it was given."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from actors.machinery.edge import Edge, Outcome
from messages.base import Envelope
from messages.notices import ShowNotice

Voice = Callable[[ShowNotice], None]


class Herald(Edge):
    """Takes its voice from ``system.tools["voice"]``; without one it is silent."""

    name = "herald"
    outward = True
    accepts = (ShowNotice,)

    def take(self, envelope: Envelope) -> None:
        """A notice tells of which workflow it is, and of which entry of the journal."""
        said = replace(envelope.body, trace=envelope.trace, entry=envelope.cause)
        super().take(replace(envelope, body=said))

    def perform(self, message: ShowNotice) -> Outcome:
        """Say it."""
        voice: Voice | None = self.system.tools.get("voice")
        if voice:
            voice(message)
        return ()
