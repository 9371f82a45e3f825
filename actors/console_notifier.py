"""The edge that speaks to people: it renders a notice through the voice it was given."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from actors.runtime.edge import Edge, Outcome
from core.notices.repeats import Thinning
from messages.base import Envelope
from messages.notices import ShowNotice

Voice = Callable[[ShowNotice], None]


class Herald(Edge):
    """Takes its voice from ``system.tools["voice"]``; without one it is silent."""

    name = "herald"
    background = low_priority = True
    outward = True
    accepts = (ShowNotice,)

    def begin(self) -> None:
        """What was told of late is not told again."""
        self._thinning = Thinning()

    def take(self, envelope: Envelope) -> None:
        """A notice tells of which workflow it is, and of which entry of the journal."""
        said = replace(envelope.body, trace=envelope.trace, entry=envelope.cause)
        super().take(replace(envelope, body=said))

    def perform(self, message: ShowNotice) -> Outcome:
        """Say it, unless it repeats what was said of late."""
        voice: Voice | None = self.system.tools.get("voice")
        if voice and self._thinning.tells(message.level, message.key, message.facts, message.at):
            voice(message)
        return ()
