"""Owns a seed's world: what lives on when the bot dies, and what strikes it until the calm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from random import Random

from actors.runtime.system import System
from core.market.synthetic import START
from core.strategies import BUILT_IN
from messages.base import After, Envelope, Message
from messages.config import Config
from messages.control import (
    ForceEnter,
    ForceExit,
    ReloadConfig,
    SettlePair,
    StartTrading,
    StopEntry,
    StopTrading,
)
from messages.market import Candle
from messages.orders import CheckOrders
from messages.trading import EnterAt, ExitFailed
from persistence.store import Store
from simulation.leaver import Leaver
from simulation.live.account_holder import AccountHolder
from simulation.live.accounts import BookTeller
from simulation.live.apart import Apart
from simulation.live.coins import Coins, looking
from simulation.live.event_queue import NEVER, EventQueue
from simulation.live.evidence import Evidence
from simulation.live.fault_plan import ACCOUNT, CALM_SECONDS, MACHINE, FaultPlan, family_of
from simulation.live.market import Market, recorded, spread_of
from simulation.live.network import Network
from simulation.live.operator import Operator
from simulation.live.outside import Outside, Watched
from simulation.live.prices import PriceChecks
from simulation.live.rolled import NOT_WITH, Rolled, Twin
from simulation.live.runtime import WorldRuntime
from simulation.live.safety import BESIDE, SafetyProperties
from simulation.live.scenario import CAPITAL, LAG_SECONDS, daily, scenario_of, straying
from simulation.live.stream import FarStream, Hints
from simulation.live.upbit import Upbit, lagging
from simulation.live.watch import OrderWatch

HISTORY = 120  # candles before the bot begins
DOWN_SECONDS = (0.5, 0.5, 0.5, 5.0, 5.0, 60.0, 600.0)  # of a process that died
MARKETS = 7  # made-up ones that the seeds share
STRIKES_EVERY = 4000.0  # seconds from one strike of a fault of machine or account to the next
MOVES_EVERY = 400.0  # of the operator
STOP_ENTRY, LEAVE, STOP = 1800.0, 1500.0, 1000.0  # seconds before the end
LEAPS_AT_REFUSAL = 0.3  # of a refused sale, in a world whose clock leaps
ENDURED = frozenset(  # strike elsewhere
    {"venue failed", "fetcher failed", "feed failed", "wish twice", "lag", "stale"}
)
CRASH, FALLS = 0.8, (Decimal("0.66"), Decimal("0.5"))  # of worlds that may; of the price
ONCE = frozenset({"delisted"})


class World:
    """``system`` is the bot that lives now, None while there is none.

    ``strays``: nothing but orders that come long after they were given up; ``outside``: nothing
    but odd rows and a pair that vanishes.
    """

    def __init__(
        self,
        seed: int,
        hours: float,
        calm: bool = False,
        strays: bool = False,
        outside: bool = False,
    ) -> None:
        self.random, self.leaping = Random(seed), Random(f"{seed} leaps")
        self.queue = EventQueue(float(START + HISTORY * 60))
        self.end = self.queue.now + hours * 3600
        self.family = "" if calm or strays or outside else family_of(seed)
        self._set_weather(seed, calm, strays, outside)
        candle_series = recorded(seed % MARKETS, int(hours / 24) + 2)
        self.market = Market(candle_series, self.queue, self.setting.depth, spread_of(seed))
        self.hints = Hints(self.queue, self.fault_plan)
        self.upbit = self._upbit(seed)
        books = BookTeller(seed, self.market, self.queue, self.fault_plan)
        self.upbit.books_told = books.told
        if self.family != "books":
            books.on = []
        self.skew, self.full_until, self.killed = 0.0, 0.0, False
        config = self.setting.config
        self.laws = SafetyProperties(config, lambda: self.queue.now, lambda: self.skew)
        self.pricing = PriceChecks(lambda: self.queue.now, self.full, self.laws.violations.append)
        self.line = Network(self.queue, self.upbit, self.fault_plan, self.laws)
        self.order_watch = OrderWatch(self.upbit.exchange, self.line.sent, config, CAPITAL)
        self.upbit.taken = self.order_watch.taken
        self._look_outside(seed, outside)
        self.pairs = self.market.pairs
        self.strategy = Leaver() if seed % 3 else BUILT_IN[self.setting.config.strategy]
        seen = self.fault_plan.seen
        self.operator = Operator(self.random, self.pairs, config, self.market.last, seen)
        self.owner = AccountHolder(self.random, self.upbit.exchange, self.pairs)
        self.letters: list[tuple[float, Envelope]] = []  # that the gateway is told once more
        self.system: System | None = None
        self.runtime: WorldRuntime | None = None
        self.stream: FarStream | None = None
        self.leaves = self.random.random() < 0.5
        self._set_family(seed)

    def _set_weather(self, seed: int, calm: bool, strays: bool, outside: bool) -> None:
        """Which faults there are, and what the bot is told to do."""
        apart = Random(f"{seed} garbled") if self.family == "garbled" else None
        self.fault_plan = FaultPlan(self.random, self.end - CALM_SECONDS, calm, apart)
        self.setting = daily(scenario_of(self.random), seed)
        if self.family == "coins":
            self.setting = looking(self.setting, seed)
        if self.family == "later":
            self.fault_plan.leave_out(NOT_WITH)
        if strays:
            self.setting = straying(self.setting)
            self.fault_plan.let_only("late")
        elif outside:
            self.fault_plan.let_only()

    def _set_family(self, seed: int) -> None:
        """What strikes of the world's own family of faults."""
        self.coins = Coins(seed, self.queue, self.upbit.exchange, self.pairs, self.fault_plan.seen)
        self.coins.balances, self.coins.told = self.upbit.true_balances, self.tell
        if self.family == "coins":
            self.upbit.balances = self.coins.answer
            self.coins.plan(self.fault_plan.until)
        self.evidence = Evidence(self.coins, self.laws.violations.append)
        self.rolled = Rolled(seed, self.fault_plan, self.queue.now)
        self.twin = Twin(seed, self.fault_plan, self.queue.now)
        self.rolled.on &= self.family == "later"
        self.twin.on &= self.family == "later"
        self.order_watch.lost = self.rolled.lost
        self._plan()
        self._apart = Apart(seed, self, self.laws.key) if self.family == "apart" else None
        if self.family == "leaps":
            self._plan_leaps()

    def _look_outside(self, seed: int, alone: bool) -> None:
        """What changes at the venue beside money, and its laws."""
        until, seen = self.fault_plan.until, self.fault_plan.seen
        self.outside = Outside(seed, self.queue.now, until, seen)
        if self.family != "outside" and not alone:
            self.outside.on.clear()
        self.line.odd = bool(self.outside.on)
        self.upbit.told = lambda body: self.outside.rows(body, self.queue.now)
        self.watched: Watched | None = None
        if alone:
            self.outside.let_alone()
            listed, broken = lambda: self.market.pairs, self.laws.violations.append
            self.watched = Watched(self.setting.config, lambda: self.queue.now, listed, broken)

    def _upbit(self, seed: int) -> Upbit:
        chance = 0.3 if "lag" in self.fault_plan.on else 0.0
        faults = lagging(LAG_SECONDS, chance, seed)
        found = self.setting
        upbit = Upbit(self.market, self.hints, self.queue, found.rules, found.balances, faults)
        self.market.listen(self._traded)
        return upbit

    @property
    def config(self) -> Config:
        """What stands in the bot's file now."""
        return self.operator.config

    # --- the bot's lives
    def begin(self, system: System, runtime: WorldRuntime, stream: FarStream) -> None:
        """A bot lives."""
        self.system, self.runtime, self.stream = system, runtime, stream
        self.killed = False
        runtime.skew = self.skew
        self.laws.awake()
        self.pricing.forgiven()
        if self.watched:
            self.watched.born()
        self.hints.hint = self._hint

    def last_words(self) -> None:
        """It is dying: now and then a frame is taken in its last breath, and committed."""
        if self.system and self.random.random() < 0.5:
            self.system.send(self.operator.start(), source="operator")

    def finish(self) -> None:
        """It has died; after a while somebody starts it again."""
        self.outside.vanish(self.queue.now, self.market.pairs, self.upbit.exchange.delist)
        if self.stream:
            self.stream.stop()
        self.system = self.runtime = self.stream = None
        self.hints.hint = lambda: None
        if self.queue.now < self.end - LEAVE:
            self.queue.pass_to(self.queue.now + self.random.choice(DOWN_SECONDS))

    def stated(self, envelope: Envelope) -> None:
        """One event that is on the disk."""
        self.laws.stated(envelope)
        self.evidence.stated(envelope)
        self.pricing.stated(envelope)
        if self.watched:
            self.watched.stated(envelope)
        self._leap_at_refusal(envelope)

    def put_back(self, store: Store) -> Store:
        """Between two lives: the ledger may be that of some time before."""
        now, lost = self.queue.now, self.rolled.lost
        after = self.rolled.between(store, now, self._remember)
        if self.rolled.lost is not lost:
            self.letters, self.order_watch.lost = [], self.rolled.lost
            self.queue.pass_to(now + self.rolled.down())
        return after

    def _remember(self) -> Callable[[], None]:
        """Gives what makes all who judge the bot's word know what its ledger knows now."""
        judges = (self.laws, self.evidence, self.pricing)
        restores = [judge.remember() for judge in judges]

        def restore() -> None:
            for again in restores:
                again()

        return restore

    def full(self) -> bool:
        """Whether the disk takes nothing."""
        return self.queue.now < self.full_until

    # --- what happens by itself
    def _traded(self, pair: str, price: Decimal, at: float, candle: Candle) -> None:
        self.pricing.look()
        self.pricing.traded(pair, price)
        if self.outside.kills(at) and self.system:
            self.killed = True
        if self.stream:
            self.stream.told(pair, price, at, candle)
        if self.watched and self.system:
            self.watched.traded(pair, price)

    def _hint(self) -> None:
        """As app.live does: look now, and once more a second later."""
        if self.system:
            self.system.send(CheckOrders(), source="hints")
            self.system.send(After(1.0, CheckOrders()), source="hints")

    def tell(self, command: Message) -> None:
        """The operator says something; to who is not there he says it again a little later."""
        if not self.system:
            self.queue.after(1.0, partial(self.tell, command))
            return
        if isinstance(command, StartTrading):
            self.laws.second_at = NEVER
        if isinstance(command, ReloadConfig):  # the door reads the file (app.composition)
            self.system.send(ReloadConfig(command.id, self.config), source="operator")
        elif not isinstance(command, ForceEnter):
            self.system.send(command, source="operator")
        elif price := self.market.last(command.pair):  # as the door does
            self.system.send(EnterAt(command, price), source="operator")

    def _plan(self) -> None:
        """Set on the agenda what will strike, and the calm at last."""
        now = self.queue.now
        names = sorted((MACHINE.keys() | ACCOUNT.keys()) - ENDURED)
        self._plan_crash()
        once: set[str] = set()
        for at, name in self.fault_plan.moments(names, STRIKES_EVERY, now):
            if name in once or (name in ONCE and at < (now + self.fault_plan.until) / 2):
                continue
            once |= {name} & ONCE
            self.queue.after(at - now, partial(self._strike, name))
        for moment in self.rolled.moments():
            self.queue.after(moment - now, partial(setattr, self, "killed", True))
        if self.twin.on:
            self.queue.after(self.twin.at - now, self._beside)
        at = now
        while self.fault_plan.on and (at := at + self.random.expovariate(1 / MOVES_EVERY)) < (
            self.fault_plan.until
        ):
            self.queue.after(at - now, self._moved)
        for before, act in (
            (self.end - self.fault_plan.until, self._calm),
            (self.end - self.fault_plan.until - 120.0, self._settle),
            (STOP_ENTRY, lambda: self.tell(StopEntry("last"))),
            (LEAVE, lambda: self.tell(ForceExit("all", "last")) if self.leaves else None),
            (STOP, lambda: self.tell(StopTrading("at last"))),
        ):
            self.queue.after(self.end - before - now, act)

    def _plan_leaps(self) -> None:
        """The clock is far off for a while."""
        now = self.queue.now
        for at, name, seconds in self.fault_plan.leaps(self.leaping, now):
            self._leap_in(at - now, name, seconds)
        self.order_watch.leaping = self.fault_plan.leaping

    def _leap_in(self, wait: float, name: str, seconds: float) -> None:
        away = self.leaping.uniform(60, 2400)
        self.queue.after(wait, partial(self._leap, name, seconds))
        self.queue.after(wait + away, partial(self._set_clock, 0.0))

    def _leap_at_refusal(self, envelope: Envelope) -> None:
        """While a sale waits to be tried again the clock may leap."""
        if not isinstance(envelope.body, ExitFailed) or not self.fault_plan.leaping:
            return
        if self.leaping.random() < LEAPS_AT_REFUSAL:
            name = self.leaping.choice(("leap back", "leap over a restart"))
            self._leap_in(self.leaping.uniform(0.1, 2.0), name, 9 * 3600.0)

    def _leap(self, name: str, seconds: float) -> None:
        if self.fault_plan.calm(self.queue.now):
            return
        self.fault_plan.seen[f"fault {name}"] += 1
        self.killed |= name == "leap over a restart"
        self._set_clock(seconds if name == "leap forward" else -seconds)

    def _plan_crash(self) -> None:
        """In some worlds a market really falls, once, while the bot may hold its coin."""
        apart, pair = self.fault_plan.apart, self.fault_plan.apart.choice(self.market.pairs)
        wait = apart.uniform(0.2, 0.9) * (self.fault_plan.until - self.queue.now)
        if self.fault_plan.garbles("market crashed", CRASH, self.queue.now):
            self.queue.after(wait, partial(self.market.crash, pair, apart.choice(FALLS)))

    def _beside(self) -> None:
        """A second bot trades on the account."""
        if self.twin.buy(self.upbit.exchange, self.pairs, self.queue.now):
            self.fault_plan.seen["fault second birth"] += 1
            self.laws.beside()
            if self.fault_plan.calm(self.queue.now):
                self.queue.after(BESIDE, self.laws.unseen)

    def _moved(self) -> None:
        """The operator does something, and perhaps has to take it back."""
        for wait, command in self.operator.move():
            self.queue.after(wait, partial(self.tell, command))
        capital = self.config.capital
        self.order_watch.capital = max(self.order_watch.capital, capital)

    def _strike(self, name: str) -> None:
        """One fault of the machine or of the account."""
        if not self.fault_plan.strikes(name, 1.0, self.queue.now):
            return
        random = self.random
        match name:
            case "killed":
                self.killed = True
            case "clock forward" | "clock back":
                leap = random.choice((3.0, 90.0, 1200.0))
                self._set_clock(leap if name == "clock forward" else -leap)
                self.queue.after(random.uniform(60, 900), partial(self._set_clock, 0.0))
            case "slept":
                seconds = random.choice((40.0, 300.0, 2400.0))
                if self.runtime:  # awake when the calm begins
                    self.runtime.sleep(min(seconds, self.fault_plan.until - self.queue.now))
                    self.laws.awake()
                    self.pricing.forgiven()
            case "disk full":
                self.full_until = self.queue.now + random.choice((20.0, 200.0, 900.0))
            case "offline":
                pair = random.choice(self.pairs)
                self.upbit.offline.add(pair)
                self.queue.after(
                    random.uniform(60, 1800), partial(self.upbit.offline.discard, pair)
                )
            case "date skewed":
                self.upbit.skew = random.choice((-600.0, -3.0, 3.0, 90.0))
                self.queue.after(random.uniform(120, 1800), self._right_date)
            case _:
                self.owner.act(name)

    def _set_clock(self, skew: float) -> None:
        leap, self.skew = skew - self.skew, skew
        self.laws.leapt(leap)
        if self.runtime:
            self.runtime.skew = skew

    def _right_date(self) -> None:
        self.upbit.skew = 0.0

    # --- the calm
    def _calm(self) -> None:
        """The venue tells the truth from here on, and the machine works."""
        self._set_clock(0.0)
        self._right_date()
        self.full_until = self.upbit.banned_until = 0.0
        self.upbit.offline.clear()
        lags = sum(count.committed for count in self.upbit.lag.counts)
        self.fault_plan.seen.update({"fault lag": lags} if lags else {})
        self.upbit.lag.clear()
        self.owner.tidy()
        self.coins.calm()
        self.tell(StartTrading("calm"))
        if self.twin.on:
            self.queue.after(self.twin.again(), self._beside)

    def _settle(self) -> None:
        """Now he has looked at what is disputed."""
        for pair in self.pairs:
            self.tell(SettlePair(pair, f"look {pair}"))
