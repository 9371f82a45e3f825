"""Owns worlds whose ledger becomes older than the account, and those with a second bot.

Between two lives the store is that of some time before again: put back from its backup under a
new birth, or with a disk that was rolled back, under the same. What was stated since is lost; the
venue remembers. All of it is drawn by a ``Random`` of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from core.orders.payload import identifier
from core.trading.trades import HoldingsState
from messages.base import Envelope
from messages.orders import Order, OrderIntended
from persistence import identity
from persistence.environment import DATA, LOCKS
from persistence.maintenance.migration import raise_schema
from persistence.store import Store
from sandbox.exchange import OrderRequest
from sandbox.rejections import Rejected
from simulation.live.fault_plan import FaultPlan

ROLLED = ("restored backup", "rolled back")
NOT_WITH = frozenset({"late", "echo"})  # an order that comes once its ledger is lost is not known
SPAN = (600.0, 7200.0)  # seconds that are lost
DOWN = (120.0, 600.0)  # seconds that putting it back takes
TWIN = "0therb1rthid"  # the second bot's
SMALL = Decimal(20000)
IN_CALM = (300.0, 1500.0)  # seconds: the bot is over the storm, and still enters


class Rolled:
    """``lost``: identifiers intended in what was lost; ``sold``: of them, sales of kept trades."""

    def __init__(self, seed: int, fault_plan: FaultPlan, begins: float) -> None:
        random = Random(f"{seed} rolled")
        self._random, self._weather = random, fault_plan
        self.kind = ROLLED[seed % 2]
        span = fault_plan.until - begins
        self.kept_at = begins + span * random.uniform(0.1, 0.5)
        self.back_at = self.kept_at + random.uniform(*SPAN)
        known = bool(fault_plan.on) and not NOT_WITH & fault_plan.on
        self.on = known and self.back_at < fault_plan.until - DOWN[1]
        self.lost: set[str] = set()
        self.sold: set[str] = set()
        self.letters: list[Envelope] = []  # what was lost
        self._count = 0
        self._restore: Callable[[], None] = lambda: None

    def moments(self) -> tuple[float, ...]:
        """When the bot has to die for it."""
        return (self.kept_at, self.back_at) if self.on else ()

    def between(
        self, store: Store, now: float, remember: Callable[[], Callable[[], None]]
    ) -> Store:
        """After a life; gives the store of the next. ``remember`` gives what goes back too."""
        self.on &= not self._weather.calm(now)  # else no life would follow that could mend it
        if not self.on or now < (self.back_at if self._count else self.kept_at):
            return store
        path = store.path
        if not self._count:
            self._count, self._restore = store.count(), remember()
            store.close()
            shutil.copy(path / DATA, path / "then")
            return Store.open(path, sync=False)
        self.on = False
        self._weather.seen[f"fault {self.kind}"] += 1
        self.letters = list(store.events(self._count))
        store.close()
        self._put_back(path)
        self._restore()
        store = Store.open(path, sync=False)
        self._lose(store)
        return store

    def down(self) -> float:
        """Seconds until it lives again."""
        return self._random.uniform(*DOWN)

    def _put_back(self, path: Path) -> None:
        (path / LOCKS).unlink(missing_ok=True)
        (path / "then").replace(path / DATA)
        if self.kind == "restored backup":
            old = identity.read_mark(path)
            raise_schema(path, replace(old, id=f"put back {old.id}", former=(old.id, *old.former)))

    def _lose(self, store: Store) -> None:
        record = store.load("holdings", HoldingsState)
        trades = record.state.trades if record else {}
        intents = [e.body for e in self.letters if isinstance(e.body, OrderIntended)]
        self.lost = {intent.identifier for intent in intents}
        sales = (intent for intent in intents if intent.order.side == "ask")
        self.sold = {sale.identifier for sale in sales if sale.order.trade in trades}


class Twin:
    """A second bot on the account, with a birth of its own: it buys once, and once in the calm."""

    def __init__(self, seed: int, fault_plan: FaultPlan, begins: float) -> None:
        self._random = Random(f"{seed} second birth")
        self.on = bool(fault_plan.on) and self._random.random() < 0.5
        share = self._random.uniform(0.5, 0.9)
        self.at = begins + (fault_plan.until - begins) * share

    def again(self) -> float:
        """Seconds from the calm's beginning to its second purchase."""
        return self._random.uniform(*IN_CALM)

    def buy(self, exchange: Any, pairs: tuple[str, ...], at: float) -> bool:
        """Whether the venue took its order."""
        pair = self._random.choice(pairs)
        order = Order("", "", pair, "bid", "price", SMALL)
        name = identifier(TWIN, f"{pair}@{int(at)}")
        try:
            exchange.place(OrderRequest(order, name), "a-second-bot")
        except Rejected:
            return False
        return True
