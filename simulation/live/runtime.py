"""Owns the runtime of a bot in a world: the world goes on where the bot is quiet.

The bot's clock may be wrong; alarms, which count a machine's own seconds, are not moved by that.
"""

from __future__ import annotations

from actors.runtime.deterministic import StepRuntime
from simulation.live.event_queue import NEVER, Agenda


class WorldRuntime(StepRuntime):
    """``skew``: seconds that the bot's clock is ahead of the world's."""

    def __init__(self, agenda: Agenda, seed: int) -> None:
        super().__init__(agenda.now, seed)
        self.agenda, self.skew = agenda, 0.0

    def now(self) -> float:
        """Epoch seconds by the bot's own clock."""
        return self.time + self.skew

    def step(self) -> bool:
        """One turn of the bot; when it is quiet the next alarm, or the world's next act."""
        if self.halted:
            return False
        if not self._fresh and not self._ready:
            due = self.agenda.due()
            alarm = self._alarms.due() if self._alarms else NEVER
            if due <= alarm and due < NEVER:
                self.agenda.happen()
                self.time = max(self.time, self.agenda.now)
                return True
        stepped = super().step()
        self.agenda.now = self.time
        return stepped

    def sleep(self, seconds: float) -> None:
        """The machine is suspended: the world goes on, and every alarm rings late."""
        self.agenda.pass_to(self.time + seconds)
        self.time = self.agenda.now
