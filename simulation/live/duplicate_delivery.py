"""Owns a gateway to whom wishes come twice, as if a cursor had been lost on their way.

Cursors keep an owner from taking a letter again. Were they ever to fail, an order must not leave
twice all the same: the gateway knows each intent that there ever was.
"""

from __future__ import annotations

from actors.orders.gateway import Gateway
from messages.base import Envelope, Reply
from messages.budget import BudgetReserved
from messages.orders import OrderIntended
from messages.trading import ExitWanted
from persistence.store import Record

CHANCE = 0.2
WAITS = (0.0, 3.0, 12.0, 25.0, 300.0)  # seconds; a wish is stale after 30


class DuplicatingGateway(Gateway):
    """The runtime's tools hold the ``world``, where letters wait that are to come again."""

    def take(self, envelope: Envelope) -> Reply | None:
        """One turn, and before it those that are due once more."""
        world, now = self.system.tools["world"], self.system.now()
        due = [letter for moment, letter in world.letters if moment <= now]
        world.letters = [(moment, letter) for moment, letter in world.letters if moment > now]
        for letter in due:
            if self._intended(letter):
                self._again(letter)
        reply, wish = super().take(envelope), envelope.body
        if isinstance(wish, BudgetReserved | ExitWanted) and wish.id in self.record.state.live:
            self._remember(envelope)
        return reply

    def _remember(self, envelope: Envelope) -> None:
        """Of a wish that became an intent: what was refused may be refused again."""
        world = self.system.tools["world"]
        if world.fault_plan.strikes("wish twice", CHANCE, world.queue.now):
            wait = world.fault_plan.random.choice(WAITS)
            world.letters.append((self.system.now() + wait, envelope))

    def _intended(self, envelope: Envelope) -> bool:
        """Whether the intent has outlived every crash; else the wish is yet to come, once."""
        later = (event.body for event in self.system.store.events(envelope.number))
        intents = (body.order.id for body in later if isinstance(body, OrderIntended))
        return getattr(envelope.body, "id", "") in intents

    def _again(self, envelope: Envelope) -> None:
        """Take it as if it had never come; what others have sent stays known."""
        cursors = self.record.cursors
        unknown = {source: n for source, n in cursors.items() if source != envelope.source}
        self.record = Record(self.record.state, unknown)
        super().take(envelope)
        self.record = Record(self.record.state, cursors)
