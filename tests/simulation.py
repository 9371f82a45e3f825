"""One seed of the whole system: the real actors, codec and store, stepped, with power losses.

    python -m tests.simulation 0..500

prints what the seeds went through; a violation names its seed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from actors.cast import CAST
from actors.machinery.actor import Named
from actors.machinery.steps import StepRuntime
from actors.paper import Paper
from core.candles import Tape
from core.made_up import made_up_market
from core.schedule import span
from core.strategies import BUILT_IN
from interfaces.composition import build
from interfaces.replay import Replay
from messages.base import Envelope
from messages.config import Config
from messages.config import Paper as PaperConfig
from messages.orders import Dispatch
from messages.paper import PaperAccepted
from messages.trading import Row, TradeClosed, TradeReduced
from persistence.store import Birth, Store

ZERO = Decimal(0)
CALM_SECONDS = 3600
BIRTH = Birth("simulated", "paper", "upbit", "paper")
TIGHT = Config(
    stoploss=Decimal("-0.006"),
    minimal_roi=Decimal("0.02"),
    trailing_stop_positive=Decimal("0.003"),
    trailing_stop_positive_offset=Decimal("0.005"),
    partial_exit_profit=Decimal("0.008"),
    cooldown_minutes=5,
    startup_candle_count=60,
    max_open_trades=3,
    stake_amount=Decimal(400000),
    strategy_params={"rsi_oversold": 45, "conditions_required": 1},
)


class Crash(Exception):
    """The power goes."""


class CrashingStore:
    """Loses power before or after any commit, by chance."""

    def __init__(self, store: Store, random: Random, chance: float) -> None:
        self.inner, self.random, self.chance, self.crashed = store, random, chance, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commit(self, *arguments: Any) -> list[Envelope]:
        when = self.random.random() / self.chance if self.chance else 2.0
        self.crashed |= when < 1
        if when < 1:
            raise Crash
        done = self.inner.commit(*arguments)
        self.crashed |= when < 2
        if when < 2:
            raise Crash
        return done


class HarshPaper(Paper):
    """The paper venue behind a bad line: calls and answers get lost, or come twice."""

    def take(self, envelope: Envelope) -> Any:
        if not isinstance(envelope.body, Dispatch):
            return super().take(envelope)
        random, chance = self._chance()
        if random.random() < chance:
            return None
        times = 2 if random.random() < chance else 1
        for _ in range(times):
            super().take(envelope)
        return None

    def _chance(self) -> tuple[Random, float]:
        """The faults end an hour before the recording does: then everything must end well."""
        random, chance, until = self.system.tools["chance"]
        return random, chance if self.system.now() < until else 0.0

    def _speak(self, outcome: Any, cause: Envelope) -> Any:
        random, chance = self._chance()
        if isinstance(cause.body, Dispatch) and random.random() < chance:
            outcome = tuple(m for m in outcome if type(m).__name__ != "OrderReport")
        return super()._speak(outcome, cause)


@dataclass
class Run:
    """What a seed went through."""

    lives: int = 0
    steps: int = 0
    rows: list[Row] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    digest: str = ""


@cache
def market(seed: int, candles: int) -> tuple[Tape, ...]:
    from core.candles import part

    tapes = made_up_market(seed, days=1)
    return tuple(part(tape, 0, candles) for tape in tapes[:3])


def simulate(
    seed: int,
    *,
    crash: float = 0.02,
    fault: float = 0.05,
    candles: int = 300,
    config: Config = TIGHT,
    cast: Sequence[type[Named]] = CAST,
) -> Run:
    """Run one seed to its end, through every crash; raise AssertionError on a violation."""
    random = Random(seed)
    shares = PaperConfig(random.choice([Decimal(1), Decimal("0.4")]))
    config = type(config)(
        **{k: getattr(config, k) for k in config.__struct_fields__} | {"paper": shares}
    )
    replay = Replay(market(seed % 7, candles), BUILT_IN[config.strategy], bulk=bool(seed % 2))
    harsh = [HarshPaper if actor is Paper else actor for actor in cast]
    run, folder = Run(), Path(tempfile.mkdtemp())
    store = Store.create(folder / "state", BIRTH, sync=False)
    try:
        while True:
            run.lives += 1
            losing = CrashingStore(store, random, crash)
            bot = build(
                config, replay, losing, runtime="steps", seed=random.randrange(2**32), cast=harsh
            )  # type: ignore[arg-type]
            until = span(replay.schedule(config))[1] - CALM_SECONDS
            bot.system.tools["chance"] = (random, fault, until)
            bot.start()
            runtime = bot.system.runtime
            assert isinstance(runtime, StepRuntime)
            while runtime.step() and not losing.crashed:
                run.steps += 1
                assert run.steps < 300_000, "livelock"
            if not losing.crashed:
                assert bot.system.failed is None, bot.system.failed
                break
        check(store, run)
        return run
    finally:
        store.close()
        shutil.rmtree(folder)


def check(store: Store, run: Run) -> None:
    """The invariants of architecture section 7, at quiescence."""
    events = list(store.events())
    run.digest = sha256(repr(events).encode()).hexdigest()
    assert [e.number for e in events] == list(range(1, len(events) + 1)), "a gap in the journal"
    states = {}
    for actor in CAST:
        if not actor.durable:
            continue
        state = actor.State()  # type: ignore[attr-defined]
        for envelope in events:
            if envelope.source == actor.name:
                state = actor.evolve(state, envelope.body)  # type: ignore[attr-defined]
        stored = store.load(actor.name, actor.State)  # type: ignore[attr-defined]
        assert stored is None or stored.state == state, f"{actor.name} is not its journal's fold"
        states[actor.name] = state
    budget, paper = states["budget"], states["paper"]
    assert budget.free >= 0, "more reserved than there is"
    assert budget.cash == paper.cash, "a won went astray"
    check_coins(states)
    accepted = Counter(e.body.resting.order.id for e in events if isinstance(e.body, PaperAccepted))
    assert max(accepted.values(), default=1) == 1, "an order twice"
    assert set(budget.reserved) <= {i.order.id for i in states["gateway"].live.values()}, "a leak"
    for envelope in events:
        run.seen[type(envelope.body).__name__] += 1
        if isinstance(envelope.body, TradeReduced | TradeClosed):
            run.rows.append(envelope.body.row)


def check_coins(states: dict[str, Any]) -> None:
    """What is held is what the venue has for us."""
    held: dict[str, Decimal] = {}
    holdings = states["holdings"]
    for trade in holdings.trades.values():
        held[trade.pair] = held.get(trade.pair, ZERO) + trade.volume - trade.sold
    for pair, dust in holdings.dust.items():
        held[pair] = held.get(pair, ZERO) + dust.volume
    coins = {pair: volume for pair, volume in held.items() if volume}
    assert coins == states["paper"].coins, "a coin went astray"


def main(words: str) -> None:
    first, last = (int(word) for word in words.split(".."))
    total = Run()
    for seed in range(first, last):
        try:
            run = simulate(seed)
        except BaseException:
            print(f"seed {seed}: replay with  python -m tests.simulation {seed}..{seed + 1}")
            raise
        total.lives += run.lives - 1
        total.steps += run.steps
        total.seen += run.seen
        total.rows += run.rows
    reasons = Counter(row.exit_reason for row in total.rows)
    print(f"{last - first} seeds, {total.lives} power losses survived, {total.steps} steps")
    print(dict(total.seen), dict(reasons))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "0..100")
