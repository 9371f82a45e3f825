"""Plays a scene through its crashes: the real actors, codec and store, stepped; then checks it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct, structs
from pykka import Timeout

from actors.account import Account
from actors.cast import CAST
from actors.machinery.actor import Named
from actors.orders.fetcher import Fetcher
from actors.orders.paper import Paper
from core.orders.intents import GatewayState
from core.venue.books import PaperState
from interfaces.composition import Bot, build
from interfaces.replay import Replay
from messages.fetching import AccountReport, Fetch, FetchAccount, OpenOrder, Pocket
from messages.orders import CallReport
from messages.space import SpaceReport
from messages.trading import Row
from persistence.store import Birth, Store
from tests.failpoints.points import At, Crash, PointedRuntime, PointedStore, Points
from tests.failpoints.scenes import EPOCH, SCENES, Scene
from tests.failpoints.venue import ScriptedPaper
from tests.simulation import Run, check

BIRTH = Birth("pointed", "paper", "upbit", "paper")
ON_PAPER: tuple[type[Named], ...] = tuple(ScriptedPaper if a is Paper else a for a in CAST)
LIVE: tuple[type[Named], ...] = (Account, *ON_PAPER, Fetcher)  # the paper's books are the account
KEEP = 10  # candles in the archive
STEPS_MAX = 20_000
DISK = 10**12  # bytes free
FULL_MAP = 0.95


class Ending(Struct, frozen=True):
    """What has to be the same whether or not the power went."""

    rows: list[Row]
    cash: Decimal
    coins: dict[str, Decimal]


class Progress(Struct):
    """What outlives a crash beside the ledger: how far the operator and the scene's loss are."""

    asked: int = 0
    lost: bool = False


class Tides:
    """The room on the scene's disk and in its map, which grows at a start."""

    every = 30.0

    def __init__(self, scene: Scene) -> None:
        self.scene, self.born, self.failed = scene, 0.0, False

    bot: Bot

    def measure(self) -> SpaceReport:
        now = self.bot.system.now() - EPOCH
        tide = next((what for b, e, what in self.scene.tides if b <= now < e), "")
        if tide == "fails" and not self.failed:
            self.failed = True
            raise OSError("the disk does not answer")
        full = tide == "map" and self.born < self.scene.tides[0][0]
        return SpaceReport(FULL_MAP if full else 0.1, 0 if tide == "disk" else DISK)


@cache
def replay_of(name: str) -> Replay:
    """A scene's recording; its schedule is made once."""
    scene = SCENES[name]
    return Replay(scene.tapes(), scene.strategy(), bulk=False, keep=KEEP, flush=1)


@contextmanager
def room() -> Iterator[Path]:
    """A folder for some state directories, in memory where that can be had."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def live(
    name: str,
    store: Store,
    progress: Progress,
    at: At | None = None,
    seed: int = 1,
    seen: Callable[[], None] | None = None,
) -> Points:
    """One life, to a crash or to the end of the scene; the points that it passed."""
    scene, points = SCENES[name], Points(at, seen)
    machine = partial(PointedRuntime, seed=seed, points=points)
    tides = Tides(scene)
    bot = build(
        scene.config,
        replay_of(name),
        PointedStore(store, points),  # type: ignore[arg-type]
        runtime=machine,
        cast=ON_PAPER if scene.config.dry_run else LIVE,
        room=tides if scene.tides else None,
    )
    tides.bot, tides.born = bot, bot.system.now() - EPOCH
    bot.system.tools["archive"] = partial(_account, scene, bot)
    script = [structs.replace(w, begin=w.begin + EPOCH, end=w.end + EPOCH) for w in scene.script]
    bot.system.tools["script"] = tuple(script)
    try:
        _act(scene, bot, points, progress)
    except Crash:
        pass
    except Timeout:
        assert points.crashed
    failed = bot.system.failed
    assert points.crashed or failed is None or failed.wanted, failed
    points.crashed |= failed is not None  # wanted: it is to be started again
    return points


def _account(scene: Scene, bot: Bot, call: Fetch) -> tuple[AccountReport, CallReport]:
    """The account: what the paper's books have, and what came in from outside."""
    kept = bot.system.store.load("paper", PaperState)
    assert isinstance(call, FetchAccount)
    books = kept.state if kept else PaperState()
    coins = {
        pair: Pocket(books.free_coin(pair), volume - books.free_coin(pair))
        for pair, volume in books.coins.items()
    }
    for moment, pair, volume in scene.deposits:
        if bot.system.now() - EPOCH >= moment:
            coins[pair] = Pocket(coins.get(pair, Pocket()).free + volume)
    orders = tuple(
        OpenOrder(r.uuid, r.order.pair, r.order.side, identifier)
        for identifier, r in books.resting.items()
    )
    prices = dict.fromkeys(coins, Decimal(100000))
    cash = Pocket(books.free, books.cash - books.free)
    report = AccountReport(cash, coins, orders, prices=prices, asked=call.asked)
    return report, CallReport("default", "ok")


def _act(scene: Scene, bot: Bot, points: Points, progress: Progress) -> None:
    bot.start()
    runtime: Any = bot.system.runtime
    for _ in range(STEPS_MAX):
        if not runtime.step():
            return
        now = bot.system.now() - EPOCH
        if scene.loss and not progress.lost and now >= scene.loss:
            progress.lost = points.crashed = True
        while progress.asked < len(scene.operator) and now >= scene.operator[progress.asked][0]:
            bot.system.ask(scene.operator[progress.asked][1])
            progress.asked += 1
            points.written += 1
    raise AssertionError("livelock")


def play(name: str, crashes: Sequence[At] = ()) -> tuple[Ending, list[Points]]:
    """A whole scene, with a crash in each of its first lives; checked at the end."""
    with room() as folder:
        store = Store.create(folder / "state", BIRTH, sync=False)
        try:
            return _to_the_end(name, store, Progress(), list(crashes))
        finally:
            store.close()


def _to_the_end(
    name: str, store: Store, progress: Progress, crashes: list[At]
) -> tuple[Ending, list[Points]]:
    lives: list[Points] = []
    while not lives or lives[-1].crashed:
        at = crashes.pop(0) if crashes else None
        lives.append(live(name, store, progress, at, 1 + len(lives)))
    return ending(name, store), lives


def ending(name: str, store: Store) -> Ending:
    """The invariants hold, nothing is under way or in doubt, and this is what there is."""
    run, outside = Run(), dict[str, Decimal]()
    for _, pair, volume in SCENES[name].deposits:
        outside[pair] = outside.get(pair, Decimal(0)) + volume
    check(store, run, outside)
    paper, gateway = store.load("paper", PaperState), store.load("gateway", GatewayState)
    assert paper is not None
    assert gateway is not None
    stages = {live.stage for live in gateway.state.live.values()}
    assert not stages & {"sending", "uncertain", "disputed"}, f"in doubt at the end: {stages}"
    return Ending(run.rows, paper.state.cash, paper.state.coins)
