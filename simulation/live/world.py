"""Owns a seed's world: what lives on when the bot dies, and what strikes it until the calm."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from random import Random

from actors.machinery.system import System
from core.market.made_up import START
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
from simulation.leaver import Leaver
from simulation.live.agenda import Agenda
from simulation.live.laws import Laws
from simulation.live.line import Line
from simulation.live.market import Market, recorded
from simulation.live.operator import Operator
from simulation.live.owner import AccountOwner
from simulation.live.runtime import WorldRuntime
from simulation.live.setting import CAPITAL, LAG_SECONDS, setting_of, straying
from simulation.live.stream import FarStream, Hints
from simulation.live.upbit import Upbit, lagging
from simulation.live.watch import Watchman
from simulation.live.weather import ACCOUNT, CALM_SECONDS, MACHINE, Weather

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
ONCE = frozenset({"delisted"})


class World:
    """``system`` is the bot that lives now, None while there is none.

    ``strays``: nothing but orders that come long after they were given up.
    """

    def __init__(self, seed: int, hours: float, calm: bool = False, strays: bool = False) -> None:
        self.random, self.leaping = Random(seed), Random(f"{seed} leaps")
        self.agenda = Agenda(float(START + HISTORY * 60))
        self.end = self.agenda.now + hours * 3600
        self.weather = Weather(self.random, self.end - CALM_SECONDS, calm)
        self.setting = setting_of(self.random)
        if strays:
            self.setting = straying(self.setting)
            self.weather.let_only("late")
        days = int(hours / 24) + 2
        tapes = recorded(seed % MARKETS, days)
        self.market = Market(tapes, self.agenda, self.setting.depth)
        self.hints = Hints(self.agenda, self.weather)
        self.upbit = self._upbit(seed)
        self.skew, self.full_until, self.killed = 0.0, 0.0, False
        config = self.setting.config
        self.laws = Laws(config, lambda: self.agenda.now, lambda: self.skew)
        self.line = Line(self.agenda, self.upbit, self.weather, self.laws)
        self.watchman = Watchman(self.upbit.exchange, self.line.sent, config, CAPITAL)
        self.upbit.taken = self.watchman.taken
        self.pairs = self.market.pairs
        self.strategy = Leaver() if seed % 3 else BUILT_IN[self.setting.config.strategy]
        last, seen = self.market.last, self.weather.seen
        self.operator = Operator(self.random, self.pairs, config, last, seen)
        self.owner = AccountOwner(self.random, self.upbit.exchange, self.pairs)
        self.letters: list[tuple[float, Envelope]] = []  # that the gateway is told once more
        self.system: System | None = None
        self.runtime: WorldRuntime | None = None
        self.stream: FarStream | None = None
        self.leaves = self.random.random() < 0.5
        self._plan()
        if not strays:
            self._plan_leaps()

    def _upbit(self, seed: int) -> Upbit:
        chance = 0.3 if "lag" in self.weather.on else 0.0
        faults = lagging(LAG_SECONDS, chance, seed)
        found = self.setting
        upbit = Upbit(self.market, self.hints, self.agenda, found.rules, found.balances, faults)
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
        self.hints.hint = self._hint

    def last_words(self) -> None:
        """It is dying: now and then a frame is taken in its last breath, and committed."""
        if self.system and self.random.random() < 0.5:
            self.system.send(self.operator.start(), source="operator")

    def finish(self) -> None:
        """It has died; after a while somebody starts it again."""
        if self.stream:
            self.stream.stop()
        self.system = self.runtime = self.stream = None
        self.hints.hint = lambda: None
        if self.agenda.now < self.end - LEAVE:
            self.agenda.pass_to(self.agenda.now + self.random.choice(DOWN_SECONDS))

    def full(self) -> bool:
        """Whether the disk takes nothing."""
        return self.agenda.now < self.full_until

    # --- what happens by itself
    def _traded(self, pair: str, price: Decimal, at: float, candle: Candle) -> None:
        if self.stream:
            self.stream.told(pair, price, at, candle)

    def _hint(self) -> None:
        """As interfaces.live does: look now, and once more a second later."""
        if self.system:
            self.system.send(CheckOrders(), source="hints")
            self.system.send(After(1.0, CheckOrders()), source="hints")

    def tell(self, command: Message) -> None:
        """The operator says something; to who is not there he says it again a little later."""
        if not self.system:
            self.agenda.after(1.0, partial(self.tell, command))
        elif isinstance(command, ReloadConfig):  # the door reads the file (interfaces.composition)
            self.system.send(ReloadConfig(command.id, self.config), source="operator")
        elif not isinstance(command, ForceEnter):
            self.system.send(command, source="operator")
        elif price := self.market.last(command.pair):  # as the door does
            self.system.send(EnterAt(command, price), source="operator")

    def _plan(self) -> None:
        """Set on the agenda what will strike, and the calm at last."""
        now = self.agenda.now
        names = sorted((MACHINE.keys() | ACCOUNT.keys()) - ENDURED)
        once: set[str] = set()
        for at, name in self.weather.moments(names, STRIKES_EVERY, now):
            if name in once or (name in ONCE and at < (now + self.weather.until) / 2):
                continue
            once |= {name} & ONCE
            self.agenda.after(at - now, partial(self._strike, name))
        at = now
        while self.weather.on and (at := at + self.random.expovariate(1 / MOVES_EVERY)) < (
            self.weather.until
        ):
            self.agenda.after(at - now, self._moved)
        for before, act in (
            (self.end - self.weather.until, self._calm),
            (self.end - self.weather.until - 120.0, self._settle),
            (STOP_ENTRY, lambda: self.tell(StopEntry("last"))),
            (LEAVE, lambda: self.tell(ForceExit("all", "last")) if self.leaves else None),
            (STOP, lambda: self.tell(StopTrading("at last"))),
        ):
            self.agenda.after(self.end - before - now, act)

    def _plan_leaps(self) -> None:
        """The clock is far off for a while."""
        now = self.agenda.now
        for at, name, seconds in self.weather.leaps(self.leaping, now):
            self._leap_in(at - now, name, seconds)

    def _leap_in(self, wait: float, name: str, seconds: float) -> None:
        away = self.leaping.uniform(60, 2400)
        self.agenda.after(wait, partial(self._leap, name, seconds))
        self.agenda.after(wait + away, partial(self._set_clock, 0.0))

    def stated(self, envelope: Envelope) -> None:
        """One event is on the disk. While a sale waits to be tried again the clock may leap."""
        self.laws.stated(envelope)
        if not isinstance(envelope.body, ExitFailed) or not self.weather.leaping:
            return
        if self.leaping.random() < LEAPS_AT_REFUSAL:
            name = self.leaping.choice(("leap back", "leap over a restart"))
            self._leap_in(self.leaping.uniform(0.1, 2.0), name, 9 * 3600.0)

    def _leap(self, name: str, seconds: float) -> None:
        if self.weather.calm(self.agenda.now):
            return
        self.weather.seen[f"fault {name}"] += 1
        self.killed |= name == "leap over a restart"
        self._set_clock(seconds if name == "leap forward" else -seconds)

    def _moved(self) -> None:
        """The operator does something, and perhaps has to take it back."""
        for wait, command in self.operator.move():
            self.agenda.after(wait, partial(self.tell, command))
        capital = self.config.capital
        self.watchman.capital = max(self.watchman.capital, capital)

    def _strike(self, name: str) -> None:
        """One fault of the machine or of the account."""
        if not self.weather.strikes(name, 1.0, self.agenda.now):
            return
        random = self.random
        match name:
            case "killed":
                self.killed = True
            case "clock forward" | "clock back":
                leap = random.choice((3.0, 90.0, 1200.0))
                self._set_clock(leap if name == "clock forward" else -leap)
                self.agenda.after(random.uniform(60, 900), partial(self._set_clock, 0.0))
            case "slept":
                seconds = random.choice((40.0, 300.0, 2400.0))
                if self.runtime:  # awake when the calm begins
                    self.runtime.sleep(min(seconds, self.weather.until - self.agenda.now))
                    self.laws.awake()
            case "disk full":
                self.full_until = self.agenda.now + random.choice((20.0, 200.0, 900.0))
            case "offline":
                pair = random.choice(self.pairs)
                self.upbit.offline.add(pair)
                self.agenda.after(
                    random.uniform(60, 1800), partial(self.upbit.offline.discard, pair)
                )
            case "date skewed":
                self.upbit.skew = random.choice((-600.0, -3.0, 3.0, 90.0))
                self.agenda.after(random.uniform(120, 1800), self._right_date)
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
        self.weather.seen.update({"fault lag": lags} if lags else {})
        self.upbit.lag.clear()
        self.owner.tidy()
        self.tell(StartTrading("calm"))

    def _settle(self) -> None:
        """Now he has looked at what is disputed."""
        for pair in self.pairs:
            self.tell(SettlePair(pair, f"look {pair}"))
