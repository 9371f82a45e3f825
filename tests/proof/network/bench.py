"""The real gateway, limiter and venue's edge, over a proxy, against the sandbox: one order a case.

Time is stepped: the waits between look-ups and the quarantine cost no real seconds. The checker
reads the venue's books and the journal, never what the gateway thinks.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from actors.budget import Budget, BudgetState
from actors.orders.breaker import Breaker
from actors.orders.gateway import Gateway
from actors.orders.limiter import Limiter
from actors.orders.venue import Venue
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.owner import Outputs, Owner
from actors.runtime.system import System
from actors.supervisor import Supervisor
from actors.trading_state import TradingStateOwner
from adapters.upbit import venue
from adapters.upbit.client import Client
from adapters.upbit.secrets import Keys, Secret
from adapters.upbit.session import Session, Waits
from adapters.upbit.tokens import Signer
from messages.account import EndReconciliation
from messages.base import Event
from messages.config import Breaker as BreakerRules
from messages.config import Config, Exchange
from messages.config import Gateway as GatewayRules
from messages.control import AdoptConfig, ForceEnter, SettlePair
from messages.orders import (
    OrderAbsent,
    OrderClosed,
    OrderDisputed,
    OrderIntended,
    OrderRefused,
)
from messages.trading import EntryWanted
from persistence.store import Identity, Store
from tests.proof.network.proxy import KINDS, SIDES, Proxy, Strike
from tests.support.progress import counted
from tests.support.sandbox_client import ACCESS, SECRET, sandbox

CASH = Decimal(10) ** 9
STAKE = Decimal(6000)
PAIR = "KRW-BTC"
HASTE = Waits(connect=5.0, read=0.4, total=5.0)
START = 1_800_000_000.0
HOUR = 3600.0
CONFIG = Config(
    dry_run=False,
    available_capital=CASH,
    exchange=Exchange(
        max_order_krw=None,
        max_daily_krw=None,
        max_orders_per_minute=None,
        max_slippage=Decimal("0.5"),
    ),
    gateway=GatewayRules(
        quarantine_minutes=1,
        quarantine_answers=4,
        tombstone_seconds=600,
        tombstone_hours=1,
        tombstone_days=0,
    ),
    breaker=BreakerRules(failures=1000),
)
DOUBTS = {"OrderDisputed": "disputed", "OrderUncertain": "doubted"}
Case = tuple[str, str, int]  # side, kind, offset


class WishState(Struct, frozen=True):
    """What wished needs to know: nothing."""


class Wisher(Owner[WishState]):
    """In the strategist's place: wants what it is told to want."""

    name = "strategist"
    accepts = (ForceEnter,)
    State = WishState

    @staticmethod
    def decide(state: WishState, message: ForceEnter, at: float) -> Outputs:
        """A wish, at the price that the tag tells."""
        id, _, price = message.id.partition("@")
        assert message.stake is not None
        yield EntryWanted(id, message.pair, message.stake, Decimal(price), "test", 0, at + 30)

    @staticmethod
    def evolve(state: WishState, event: EntryWanted) -> WishState:
        """Nothing is remembered."""
        return state


CAST = (Supervisor, TradingStateOwner, Wisher, Budget, Gateway, Limiter, Breaker, Venue)


class Bench:
    """One bot's money end, which trades case after case."""

    def __init__(self, venue_url: str, proxy: Proxy, store: Store, price: Any) -> None:
        self.proxy, self._store, self._price = proxy, store, price
        keys = Keys(Secret(ACCESS), Secret(SECRET))
        self._client = Client(Session(proxy.url, Signer(keys), HASTE))
        self.runtime = DeterministicRuntime(START, 1)
        tools = {"exchange": lambda call: venue.perform(self._client, call)}
        self.system = System(self.runtime, store, CAST, tools)
        self.system.start([AdoptConfig(CONFIG, store.birth.id)])
        self.runtime.run_until(START)
        self.system.send(EndReconciliation(unread=True), source="account")
        self.runtime.run_until(START)
        self.seen: Counter[str] = Counter()
        self._told = store.count()

    def trade(self, case: Case | None) -> str:
        """One order under this strike, to its end; gives what became of it."""
        side, kind, offset = case or ("", "", -1)
        self.proxy.strike = strike = Strike(side, offset, kind)
        id = f"case{self._told}"
        command = ForceEnter(PAIR, STAKE, f"{id}@{self._price()}")
        self.system.send(command, source="operator")
        fate = self._ended(id)
        self.proxy.strike = None
        assert self.system.failed is None, (case, self.system.failed)
        assert fate, f"{case}: no end"
        beyond = "" if strike.done or not case else "(beyond) "
        self.seen[f"{kind or 'no strike'}: {beyond}{fate}"] += 1
        return fate

    def _ended(self, id: str) -> str:
        """Step until the order has ended, or is given up for good; at most some hours."""
        fate, told = "", set[str]()
        for _ in range(400):
            self.runtime.run_until(self.runtime.time + 15.0)
            for event in self._news():
                if getattr(event, "id", "") != id and getattr(event, "order", None) is None:
                    continue
                told.add(type(event).__name__)
                if isinstance(event, OrderDisputed):
                    self.system.send(SettlePair(PAIR, f"look{id}"), source="operator")
                if isinstance(event, OrderClosed):
                    fate = "closed"
                elif isinstance(event, OrderRefused):
                    fate = f"refused: {event.reason}"
                elif isinstance(event, OrderAbsent):
                    fate = "absent"
            if fate:
                break
        doubts = [word for kind, word in DOUBTS.items() if kind in told]
        return ", ".join([*doubts, fate]) if fate else ""

    def _news(self) -> Iterator[Event]:
        for letter in self._store.events(self._told):
            self._told = letter.number
            yield letter.body

    def rest(self) -> None:
        """Time enough for tombstones to be looked at for the last time."""
        self.runtime.run_until(self.runtime.time + 2 * HOUR)
        assert self.system.failed is None, self.system.failed


def agree(store: Store, books: dict[str, Any]) -> int:
    """At most one order for an identifier, and the journal tells what the venue's books do."""
    events = [letter.body for letter in store.events()]
    intended = {e.identifier: e.order.id for e in events if isinstance(e, OrderIntended)}
    closed = {e.id: e for e in events if isinstance(e, OrderClosed)}
    names = [order["identifier"] for order in books["orders"]]
    assert len(set(names)) == len(names), "two orders for one identifier"
    assert set(names) <= set(intended), "an order that nobody intended"
    spent = Decimal(0)
    for order in books["orders"]:
        name = order["identifier"]
        mine = closed.get(intended[name])
        assert mine, f"{name} is at the venue, and not in the journal: {order['state']}"
        funds = sum((Decimal(t["funds"]) for t in order["trades"]), Decimal(0))
        theirs = Decimal(order["executed_volume"]), funds, Decimal(order["paid_fee"])
        assert (mine.volume, mine.funds, mine.fee) == theirs, f"{name}: {mine} is not {theirs}"
        assert order["state"] in ("done", "cancel"), f"{name} is left open"
        spent += funds + Decimal(order["paid_fee"])
    assert set(closed) <= {intended[name] for name in names}, "an order that the venue has not"
    kept = store.load("budget", BudgetState)
    cash = {account["currency"]: account for account in books["accounts"]}["KRW"]
    assert Decimal(cash["balance"]) == CASH - spent
    assert kept
    assert kept.state.cash == CASH - spent, "a won went astray"
    assert not kept.state.reserved, "a reservation without an order"
    return len(names)


@contextmanager
def bench(folder: Path) -> Iterator[tuple[Bench, Any]]:
    """A bench, and what checks it."""
    with (
        sandbox(folder / "venue", balances={"KRW": CASH}) as asker,
        Proxy(asker.url) as proxy,
        Store.create(folder / "state", Identity("net", "live", "upbit", ""), sync=False) as store,
    ):
        made = Bench(asker.url, proxy, store, asker.price)
        yield made, lambda: agree(store, asker.admin("books"))


def run(
    cases: Sequence[Case], folder: Path, every: int = 500, benches: int = 1
) -> tuple[Counter[str], int]:
    """Every case; what was seen, and how many orders the venues have.

    On so many benches at once: a case waits for the line far longer than it computes.
    """
    folder.mkdir()
    shares = [(cases[n::benches], folder / str(n), every) for n in range(benches)]
    with ThreadPoolExecutor(benches) as pool:
        found = list(pool.map(lambda share: _run(*share), shares))
    return sum((seen for seen, _ in found), Counter()), sum(orders for _, orders in found)


def _run(cases: Sequence[Case], folder: Path, every: int) -> tuple[Counter[str], int]:
    with bench(folder) as (made, check):
        assert made.trade(None) == "closed", "without a strike all is well"
        for number, case in enumerate(counted(cases), 1):
            made.trade(case)
            if not number % every:
                made.rest()
                check()
        made.rest()
        return made.seen, check()


def sizes(folder: Path) -> dict[str, int]:
    """How long the POST and its reply are."""
    with bench(folder) as (made, _):
        made.trade(("request", "fin", 10**9))
        return dict(made.proxy.sizes)


def cases(lengths: dict[str, int], chance: random.Random, count: int = 0) -> list[Case]:
    """Every strike there is, or so many drawn: as many of each side and kind."""
    found: list[Case] = []
    for side in SIDES:
        for kind in KINDS if side == "request" else KINDS[:-1]:
            every = [(side, kind, offset) for offset in range(lengths[side])]
            found += chance.sample(every, count // 9) if count else every
    chance.shuffle(found)  # so that a run that is cut short is a fair sample
    return found
