"""Owns one seed of a bot with paper money: its lives on a recording, to the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from random import Random
from typing import Any

from msgspec import Struct

from actors.actor_sets import REPLAY_ACTORS
from actors.orders.paper import Paper
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import BaseActor, System
from core.market.candles import CandleSeries, part
from core.market.synthetic import synthetic_market
from core.replay.schedule import span
from core.strategies import BUILT_IN
from messages.account import EndReconciliation
from messages.config import Config
from messages.orders import Dispatch
from persistence.store import Identity
from simulation.crashes import CrashingStore
from simulation.leaver import Leaver
from simulation.paper.check import check
from simulation.paper.venue import HarshPaper
from simulation.paper.world import World, world_of
from simulation.runs import Run, demand, state_directory
from simulation.settled import settled_rightly
from simulation.tight import TIGHT

CALM_SECONDS = 3600
STEPS_MOST = 300_000
LIVES_MOST = 500
BIRTH = Identity("simulated", "paper", "upbit", "paper")


class Composition(Struct, frozen=True):
    """How the product makes a recording ready, and builds a bot (app.composition).

    Handed in, for both are above us: the same code builds what trades and what is simulated.
    """

    replay: Callable[..., Any]
    build: Callable[..., Any]


@cache
def market(seed: int, candles: int) -> tuple[CandleSeries, ...]:
    """Three pairs of a made-up market."""
    candle_series = synthetic_market(seed, days=candles // 1440 + 1)
    return tuple(part(series, 0, candles) for series in candle_series[:3])


def simulate(
    seed: int,
    composition: Composition,
    *,
    crash: float = 0.02,
    fault: float = 0.05,
    candles: int = 300,
    config: Config = TIGHT,
    cast: Sequence[type[BaseActor]] = REPLAY_ACTORS,
    machine: Callable[..., DeterministicRuntime] = DeterministicRuntime,
) -> Run:
    """Run one seed to its end, through every crash. Raises Violated."""
    random = Random(seed)
    world = world_of(seed, config, fault)
    config = world.config
    candle_series = market(seed % 7, candles)
    strategy = Leaver() if seed % 3 else BUILT_IN[config.strategy]
    replay = composition.replay(candle_series, strategy, bulk=bool(seed % 2))
    world.until = span(replay.schedule(config))[1] - CALM_SECONDS
    harsh = [HarshPaper if actor is Paper else actor for actor in cast]
    run = Run(seen=world.seen, seconds=candles * 60.0)
    with state_directory(BIRTH) as store:
        died = True
        while died:
            run.lives += 1
            demand(run.lives < LIVES_MOST, "it dies again and again")
            losing = CrashingStore(store, random, crash, world.seen)
            runtime = partial(machine, seed=random.randrange(2**32))
            options = {"runtime": runtime, "cast": harsh}
            bot = composition.build(config, replay, losing, **options)
            bot.system.tools["world"] = world
            bot.start()
            died = _life(bot.system, losing, world, [series.pair for series in candle_series], run)
        check(store, run)
    demand(run.orders, "no order at all")  # a bot that does nothing must not pass
    return run


def _life(system: System, losing: CrashingStore, world: World, pairs: list[str], run: Run) -> bool:
    """One life of the bot; whether it died before the recording was used up."""
    steps = system.runtime
    assert isinstance(steps, DeterministicRuntime)
    before = losing.inner.settled()
    if not world.config.dry_run:  # nobody reads an account here, so its word is given
        steps.run_until(steps.time)
        system.send(EndReconciliation(unread=True), source="account")
    while steps.step() and not losing.crashed:
        run.steps += 1
        losing.rest(steps)
        outside(system, world, pairs)
        demand(run.steps < STEPS_MOST, "livelock")
    if losing.crashed:
        losing.linger(steps)
    settled_rightly(system, losing.inner, before)
    world.seen["passed"] += getattr(steps, "passed", 0)
    demand(losing.crashed or system.failed is None, f"it stopped: {system.failed}")
    return losing.crashed


def outside(system: System, world: World, pairs: list[str]) -> None:
    """What comes off the line, and what the operator does."""
    now = system.now()
    for call in world.arrived(now):
        system.send(Dispatch(call), source="line")
    for order in world.orders(pairs, now):
        system.send(order, source="operator")
