"""The edge that sees to the ledger's room: how much is left, and what of the journal may go."""

from __future__ import annotations

from typing import Protocol, assert_never

from actors.runtime.edge import Edge, Outputs
from messages.base import After
from messages.storage import MeasureSpace, SpaceReport, TrimJournal

Inbox = MeasureSpace | TrimJournal


class DiskUsage(Protocol):
    """What the gauge looks at."""

    every: float  # seconds on the runtime's clock from one look to the next

    def measure(self) -> SpaceReport: ...


class Trim(Protocol):
    """What shortens the journal."""

    def step(self, at: float) -> float:
        """One bounded step at a moment (epoch seconds); seconds until the next."""


class StorageMonitor(Edge):
    """Takes "room" and "trim" from the system's tools.

    Without the first there is plenty, and no look; without the second the journal keeps all.
    """

    name = "gauge"
    accepts = (MeasureSpace, TrimJournal)

    def begin(self) -> None:
        """Look at once: before the first candle it is known whether there may be entries."""
        self.room: DiskUsage | None = self.system.tools.get("room")
        self.trim: Trim | None = self.system.tools.get("trim")
        if self.room:
            self.system.send(MeasureSpace(), source=self.name)
        if self.trim:
            self.system.send(TrimJournal(), source=self.name)

    def perform(self, message: Inbox) -> Outputs:
        """One look or step; only one that went well sets the next alarm, so there is no second."""
        match message:
            case MeasureSpace():
                if self.room:
                    yield self.room.measure()
                    yield After(self.room.every, MeasureSpace())
            case TrimJournal():
                if self.trim:
                    yield After(self.trim.step(self.system.now()), TrimJournal())
            case _:
                assert_never(message)
