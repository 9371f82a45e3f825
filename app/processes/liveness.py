"""Whether a running bot is alive: judged by what its actors do, not by a clock that ticks.

Alive is a bot whose steward goes on taking letters (the gauge's look at the room reaches it every
few seconds, by way of the alarms, an edge and a mailbox) and in which nobody leaves the letters of
a whole minute lying. A venue that does not answer is no reason to be dead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from actors.runtime.system import System
from messages.control import OperatorReply

BEAT_SECONDS = 5.0
PATIENCE = 60.0  # seconds without a turn, before somebody with letters counts as hung
HEART = "steward"  # who hears from the gauge, whatever the market does
HUNG = "hung"  # the fact of a reply that names them


@dataclass
class Liveness:
    """Remembers since when each has made no turn. ``patience``: real seconds."""

    patience: float = PATIENCE
    _turns: dict[str, int] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)

    def hung(self, at: float, handled: Mapping[str, int], waiting: Mapping[str, int]) -> list[str]:
        """Who hangs, by a look at ``at`` (real seconds): letters taken and letters that wait."""
        for name, turns in handled.items():
            idle = not waiting.get(name, 0) and name != HEART
            if idle or self._turns.get(name) != turns:
                self._turns[name], self._since[name] = turns, at
        return sorted(n for n, since in self._since.items() if at - since > self.patience)


class Pulse:
    """Looks at a system every few seconds on a thread of its own; ``beat`` is called if it lives.

    It takes no letter and holds nobody up. One that hangs is told in the log, once.
    """

    def __init__(
        self,
        system: System,
        beat: Callable[[], None],
        patience: float = PATIENCE,
        every: float = BEAT_SECONDS,
    ) -> None:
        self._system, self._beat, self._every = system, beat, every
        self._judge = Liveness(patience)
        self._over = threading.Event()
        self.hung: list[str] = []
        threading.Thread(target=self._watch, name="pulse", daemon=True).start()

    def stop(self) -> None:
        """No more signs of life."""
        self._over.set()

    def signed(self, reply: OperatorReply) -> OperatorReply:
        """The reply with the names of those who hang."""
        facts = {**reply.facts, HUNG: " ".join(self.hung)}
        return OperatorReply(reply.done, reply.key, facts, reply.vitals)

    def _watch(self) -> None:
        while not self._over.is_set():
            self._look(time.monotonic())
            self._over.wait(self._every)

    def _look(self, at: float) -> None:
        system = self._system
        found = self._judge.hung(at, dict(system.handled), system.waiting())
        if system.finished:  # nothing is due any more, so nobody moves
            found = []
        if found and not self.hung:
            structlog.get_logger("pulse").critical("hung", actors=found)
        self.hung = found
        if not found and system.failed is None:
            self._beat()
