"""One seed of the whole system: the real actors, codec and store, stepped, with power losses.

    python -m tests.simulation 0..500

prints what the seeds went through; a violation names its seed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from actors.cast import CAST
from actors.machinery.actor import Named
from actors.machinery.steps import StepRuntime
from actors.machinery.system import System
from actors.paper import Paper
from core.candles import Tape
from core.made_up import made_up_market
from core.order_life import Live
from core.schedule import span
from core.strategies import BUILT_IN
from interfaces.composition import build
from interfaces.replay import Replay
from messages.account import EndReconciliation
from messages.base import Envelope
from messages.config import Config
from messages.orders import Dispatch, OrderFound
from messages.paper import PaperAccepted, PaperFilled
from messages.trading import Row, TradeClosed, TradeReduced
from persistence.store import Birth, Store
from tests.sightings import of_orders, table
from tests.strategies import Leaver
from tests.worlds import HarshPaper, World, world_of

ZERO = Decimal(0)
Disputed = list[tuple[Live, tuple[Decimal, Decimal, Decimal]]]  # and what the venue executed
RARE = {"steward": 5, "breaker": 5}
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
    """Loses power before or after any commit, by chance; the rarer its owner's, the likelier."""

    def __init__(self, store: Store, random: Random, chance: float, seen: Counter[str]) -> None:
        self.inner, self.random, self.chance, self.seen = store, random, chance, seen
        self.crashed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commit(self, owner: str, *arguments: Any) -> list[Envelope]:
        chance = self.chance * RARE.get(owner, 1)
        when = self.random.random() / chance if chance else 2.0
        if when < 1:
            self._lose("before", owner)
        done = self.inner.commit(owner, *arguments)
        if when < 2:
            self._lose("after", owner)
        return done

    def _lose(self, when: str, owner: str) -> None:
        self.crashed = True
        self.seen[f"crash {when} {owner}"] += 1
        raise Crash


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
    machine: Callable[..., StepRuntime] = StepRuntime,
) -> Run:
    """Run one seed to its end, through every crash; raise AssertionError on a violation."""
    random = Random(seed)
    world = world_of(seed, config, fault)
    config = world.config
    tapes = market(seed % 7, candles)
    replay = Replay(tapes, Leaver() if seed % 3 else BUILT_IN[config.strategy], bulk=bool(seed % 2))
    world.until = span(replay.schedule(config))[1] - CALM_SECONDS
    harsh = [HarshPaper if actor is Paper else actor for actor in cast]
    run, folder = Run(seen=world.seen), Path(tempfile.mkdtemp())
    store = Store.create(folder / "state", BIRTH, sync=False)
    try:
        while True:
            run.lives += 1
            losing = CrashingStore(store, random, crash, world.seen)
            runtime = partial(machine, seed=random.randrange(2**32))
            bot = build(config, replay, losing, runtime=runtime, cast=harsh)  # type: ignore[arg-type]
            bot.system.tools["world"] = world
            bot.start()
            steps = bot.system.runtime
            assert isinstance(steps, StepRuntime)
            if not config.dry_run:  # nobody reads an account here, so its word is given
                steps.run_until(steps.time)
                bot.system.send(EndReconciliation(), source="account")
            while steps.step() and not losing.crashed:
                run.steps += 1
                outside(bot.system, world, [tape.pair for tape in tapes])
                assert run.steps < 300_000, "livelock"
            world.seen["passed"] += getattr(steps, "passed", 0)
            if not losing.crashed:
                assert bot.system.failed is None, bot.system.failed
                break
        check(store, run)
        return run
    finally:
        store.close()
        shutil.rmtree(folder)


def outside(system: System, world: World, pairs: list[str]) -> None:
    """What comes off the line, and what the operator does."""
    now = system.now()
    for call in world.arrived(now):
        system.send(Dispatch(call), source="line")
    for order in world.orders(pairs, now):
        system.send(order, source="operator")


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
    budget = states["budget"]
    seen, lives = of_orders(events)
    unseen = {id: filled(events, id) for id, live in lives.items() if live.stage == "disputed"}
    check_cash(states, events, [(lives[id], fill) for id, fill in unseen.items()])
    check_coins(states, [(lives[id], fill) for id, fill in unseen.items()])
    run.seen += seen
    accepted = Counter(e.body.resting.order.id for e in events if isinstance(e.body, PaperAccepted))
    assert max(accepted.values(), default=1) == 1, "an order twice"
    assert set(budget.reserved) <= {i.order.id for i in states["gateway"].live.values()}, "a leak"
    for envelope in events:
        run.seen[type(envelope.body).__name__] += 1
        if isinstance(envelope.body, TradeReduced | TradeClosed):
            run.rows.append(envelope.body.row)
            run.seen[f"exit {envelope.body.row.exit_reason}"] += 1


def filled(events: list[Envelope], id: str) -> tuple[Decimal, Decimal, Decimal]:
    """What the venue has executed of an order: coin, KRW, KRW."""
    fills = [e.body for e in events if isinstance(e.body, PaperFilled) and e.body.id == id]
    return (
        sum((f.volume for f in fills), ZERO),
        sum((f.funds for f in fills), ZERO),
        sum((f.fee for f in fills), ZERO),
    )


def check_cash(states: dict[str, Any], events: list[Envelope], disputed: Disputed) -> None:
    """Our cash is the venue's, but for what disputed orders did behind our back."""
    budget = states["budget"]
    found = {e.body.id for e in events if isinstance(e.body, OrderFound) and e.body.side == "bid"}
    strays = sum((funds + fee for _, funds, fee in (filled(events, id) for id in found)), ZERO)
    assert budget.free + strays >= 0, "more reserved than there is"
    cash = budget.cash
    for live, (_, funds, fee) in disputed:
        bid = live.order.side == "bid"
        cash -= (
            (funds + fee - live.funds - live.fee) if bid else (live.funds - live.fee - funds + fee)
        )
    assert cash == states["paper"].cash, "a won went astray"


def check_coins(states: dict[str, Any], disputed: Disputed) -> None:
    """What is held is what the venue has for us, with the same reservation."""
    held: dict[str, Decimal] = {}
    holdings = states["holdings"]
    for trade in holdings.trades.values():
        held[trade.pair] = held.get(trade.pair, ZERO) + trade.volume - trade.sold
    for pair, dust in holdings.dust.items():
        held[pair] = held.get(pair, ZERO) + dust.volume
    for live, (volume, _, _) in disputed:
        more = volume - live.volume
        pair = live.order.pair
        held[pair] = held.get(pair, ZERO) + (more if live.order.side == "bid" else -more)
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
    print(f"{last - first} seeds, {total.lives} power losses survived, {total.steps} steps")
    print(table(total.seen))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "0..100")
