"""Owns one seed of a bot with money at stake: its lives in its world, to the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actors.actor_sets import LIVE_ACTORS
from actors.market.live_feed import LiveFeed
from actors.orders.fetcher import Fetcher
from actors.orders.gateway import Gateway
from actors.orders.order_history import past_of
from actors.orders.venue import Venue
from actors.runtime.system import BaseActor, System
from core.rules import RULES
from messages.control import AdoptConfig
from messages.market_status import WatchPairs
from messages.trading import EnableBook
from persistence.store import Store
from simulation.crashes import CrashingStore
from simulation.live.check import check
from simulation.live.disk import Disk
from simulation.live.duplicate_delivery import DuplicatingGateway
from simulation.live.edges import FailingFeed, FarFetcher, FarVenue
from simulation.live.runtime import WorldRuntime
from simulation.live.safety import BOOK_SECONDS
from simulation.live.scenario import BIRTH
from simulation.live.stream import FarStream
from simulation.live.world import World
from simulation.runs import Run, demand, state_directory
from simulation.settled import settled_rightly

FAR: dict[type[BaseActor], type[BaseActor]] = {
    Venue: FarVenue,
    Fetcher: FarFetcher,
    LiveFeed: FailingFeed,
    Gateway: DuplicatingGateway,
}
LIVES_MOST = 3000
STILL_MOST = 50_000  # turns of the bot at one moment
Machine = Callable[..., WorldRuntime]


def simulate(
    seed: int,
    hours: float = 6.0,
    *,
    calm: bool = False,
    strays: bool = False,
    outside: bool = False,
    cast: Sequence[type[BaseActor]] = LIVE_ACTORS,
    machine: Machine = WorldRuntime,
) -> Run:
    """Run one seed to its end, through every crash. Raises Violated.

    ``calm``: without any fault; ``strays``: none but orders that come long after they were given
    up; ``outside``: none but odd rows and a pair that vanishes. ``machine`` makes a runtime of an
    agenda and a seed.
    """
    world = World(seed, hours, calm, strays, outside)
    far = [FAR.get(actor, actor) for actor in cast]
    run = Run(seen=world.fault_plan.seen, seconds=hours * 3600)
    with state_directory(BIRTH) as store:
        while world.queue.now < world.end:
            run.lives += 1
            demand(run.lives < LIVES_MOST, "it dies again and again")
            run.steps += _life(world, store, far, machine)
            world.finish()
            store = world.put_back(store)
        check(world, store, far, run)
        store.close()
    return run


def _life(world: World, store: Store, cast: Sequence[type[BaseActor]], machine: Machine) -> int:
    """One life of the bot, from its start to its death or to the world's end; gives its steps."""
    before = store.settled()
    crash = 0.0 if world.fault_plan.calm(world.queue.now) else world.fault_plan.crash
    losing = CrashingStore(store, world.random, crash, world.fault_plan.seen)
    losing.full, losing.stated = world.full, world.stated
    runtime = machine(world.queue, world.random.randrange(2**32))
    stream = FarStream(world.queue, world.fault_plan, world.pricing)
    config = world.config
    tools = {
        "world": world,
        "config": config,
        "bounds": config.bounds,
        "room": Disk(world.full),
        "stream": stream,
        "pairs": world.pairs,
        "strategy": world.strategy,
    }
    system = System(runtime, losing, cast, tools)  # type: ignore[arg-type]
    world.begin(system, runtime, stream)
    past = past_of(losing, runtime.now())  # type: ignore[arg-type]
    adopted = AdoptConfig(config, store.birth.id, RULES)
    system.start([adopted, past, WatchPairs(world.pairs), EnableBook(BOOK_SECONDS)])
    steps = _stepped(world, losing, runtime)
    failed = system.failed
    if losing.crashed:
        world.last_words()
        losing.linger(runtime)
    elif world.killed:
        losing.end()
    settled_rightly(system, store, before)
    expected = losing.crashed or failed is None or "StoreFull" in failed.reason
    demand(expected, f"it stopped: {failed}")
    return steps


def _stepped(world: World, losing: CrashingStore, runtime: WorldRuntime) -> int:
    """Step until it dies or the world ends; how often."""
    steps, moment, still = 0, 0.0, 0
    while runtime.time < world.end and not losing.crashed and not world.killed:
        if not runtime.step():
            break
        steps += 1
        losing.rest(runtime)
        still = still + 1 if runtime.time == moment else 0
        moment = runtime.time
        demand(still < STILL_MOST, "livelock")
        if losing.chance and world.fault_plan.calm(runtime.time):
            losing.chance = 0.0
    return steps
