"""Owns the runtime of a bot in a world: the world goes on where the bot is quiet.

The bot's clock may be wrong; alarms, which count a machine's own seconds, are not moved by that.
"""

from __future__ import annotations

from actors.runtime.deterministic import DeterministicRuntime
from simulation.live.event_queue import NEVER, EventQueue


class WorldRuntime(DeterministicRuntime):
    """``skew``: seconds that the bot's clock is ahead of the world's."""

    def __init__(self, queue: EventQueue, seed: int) -> None:
        super().__init__(queue.now, seed)
        self.queue, self.skew = queue, 0.0

    def now(self) -> float:
        """Epoch seconds by the bot's own clock."""
        return self.time + self.skew

    def step(self) -> bool:
        """One turn of the bot; when it is quiet the next alarm, or the world's next act."""
        if self.halted:
            return False
        if not self._fresh and not self._ready:
            due = self.queue.due()
            alarm = self._alarms.due() if self._alarms else NEVER
            if due <= alarm and due < NEVER:
                self.queue.happen()
                self.time = max(self.time, self.queue.now)
                return True
        stepped = super().step()
        self.queue.now = self.time
        return stepped

    def sleep(self, seconds: float) -> None:
        """The machine is suspended: the world goes on, and every alarm rings late."""
        self.queue.pass_to(self.time + seconds)
        self.time = self.queue.now
