"""How much room the ledger has left, and what follows from it."""

from __future__ import annotations

from typing import Literal

from messages.base import Command, Event, Report


class MeasureSpace(Command):
    """The gauge's own alarm: look again."""


class TrimJournal(Command):
    """The gauge's own alarm: one step of letting go of what the journal need not keep."""


class SpaceReport(Report):
    """What the gauge has seen."""

    used: float  # share of the ledger's map, 0 to 1; the map grows at a start only
    free: int  # bytes that may still be written on its disk


class SpaceShort(Event):
    """No entry until there is room again; exits, cancels and look-ups go on."""

    reason: Literal["map_short", "disk_short"]
    used: float = 0.0
    free: int = 0  # bytes


class SpaceRegained(Event):
    """There is room again: entries go on."""


class RestartProcess(Command):
    """To the supervisor: this process is to end in good order, and to be started again."""

    reason: str
