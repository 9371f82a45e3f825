"""The edge that looks how much room the ledger has left, in its map and on its disk."""

from __future__ import annotations

from typing import Protocol

from actors.machinery.edge import Edge, Outcome
from messages.base import After
from messages.space import MeasureSpace, SpaceReport


class Room(Protocol):
    """What the gauge looks at."""

    every: float  # seconds on the runtime's clock from one look to the next

    def measure(self) -> SpaceReport: ...


class Gauge(Edge):
    """Takes its room from ``system.tools["room"]``; without one there is plenty, and no look."""

    name = "gauge"
    accepts = (MeasureSpace,)

    def begin(self) -> None:
        """Look at once: before the first candle it is known whether there may be entries."""
        self.room: Room | None = self.system.tools.get("room")
        if self.room:
            self.system.send(MeasureSpace(), source=self.name)

    def perform(self, message: MeasureSpace) -> Outcome:
        """Report; only a look that went well sets the next alarm, so there is never a second."""
        if self.room:
            yield self.room.measure()
            yield After(self.room.every, MeasureSpace())
