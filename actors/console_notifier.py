"""The edge that speaks to people: it renders a notice through the voice it was given."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from actors.runtime.edge import Edge, Outputs
from core.notices.repeats import RepeatFilter
from messages.base import Envelope
from messages.notices import ShowNotice

PrintNotice = Callable[[ShowNotice], None]


class ConsoleNotifier(Edge):
    """Takes its voice from ``system.tools["voice"]``; without one it is silent."""

    name = "herald"
    background = low_priority = True
    side_effecting = True
    accepts = (ShowNotice,)

    def begin(self) -> None:
        """What was told of late is not told again."""
        self._thinning = RepeatFilter()

    def take(self, envelope: Envelope) -> None:
        """A notice tells of which workflow it is, and of which entry of the journal."""
        said = replace(envelope.body, trace=envelope.trace, entry=envelope.cause)
        super().take(replace(envelope, body=said))

    def perform(self, message: ShowNotice) -> Outputs:
        """Say it, unless it repeats what was said of late."""
        voice: PrintNotice | None = self.system.tools.get("voice")
        if voice and self._thinning.tells(message.level, message.key, message.facts, message.at):
            voice(message)
        return ()
