"""Plays a scene through its crashes: the real actors, codec and store, stepped; then checks it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, structs
from pykka import Timeout

from actors.account import Account
from actors.actor_sets import REPLAY_ACTORS
from actors.market.market_status import MarketStatusOwner
from actors.orders.fetcher import Fetcher
from actors.orders.order_history import past_of
from actors.orders.paper import Paper
from actors.runtime.system import BaseActor
from actors.snapshots import Snapshots
from app.composition import Bot, build
from app.live.bot import BOOK_SECONDS
from app.replay import Replay
from core.orders.intents import GatewayState
from core.venue.account_ledger import PaperState
from messages.account import CoinsMovedOut, DustLost, SoldOutside
from messages.base import Message
from messages.market_status import WatchPairs
from messages.recovery import SaleTaken, StrayFound
from messages.snapshots import SnapshotPriced, SnapshotTaken
from messages.storage import SpaceReport
from messages.trading import EnableBook, TradeOpened, TradeRecord
from persistence.store import Identity, Store
from tests.proof.failpoints.far import Far
from tests.proof.failpoints.owner import Progress, shown
from tests.proof.failpoints.points import At, Crash, PointedRuntime, PointedStore, Points
from tests.proof.failpoints.scene import EPOCH, Scene
from tests.proof.failpoints.scenes import SCENES
from tests.proof.failpoints.venue import ScriptedPaper
from tests.support.simulation import Run, check

BIRTH = Identity("pointedbirth", "paper", "upbit", "paper")
ON_PAPER: tuple[type[BaseActor], ...] = tuple(
    ScriptedPaper if a is Paper else a for a in REPLAY_ACTORS
)
LIVE: tuple[type[BaseActor], ...] = (
    Account,
    *ON_PAPER,
    Fetcher,
)  # the paper's books are the account
WATCHED: tuple[type[BaseActor], ...] = (*LIVE, Snapshots, MarketStatusOwner)
NEW_KEY = "renewed"
KEEP = 10  # candles in the archive
STEPS_MAX = 20_000
DISK = 10**12  # bytes free
FULL_MAP = 0.95
ONCE = (SaleTaken, StrayFound, SoldOutside, CoinsMovedOut, DustLost, SnapshotTaken, SnapshotPriced)


class Ending(Struct, frozen=True):
    """What has to be the same whether or not the power went."""

    rows: list[TradeRecord]
    cash: Decimal
    coins: dict[str, Decimal]
    bought: frozenset[str] = frozenset()  # trades that were ever opened
    once: tuple[str, ...] = ()  # which events of ONCE were stated, as often as they were

    def sales(self, bought: frozenset[str]) -> list[TradeRecord]:
        """The rows of these trades, in order; when each was sold may hang on a crash."""
        rows = [structs.replace(row, close_date=0.0) for row in self.rows if row.trade in bought]
        return sorted(rows, key=lambda row: (row.trade, row.exit_reason, row.amount))


def agree(name: str, whole: Ending, end: Ending) -> bool:
    """Whether a scene ended, after crashes, as it may."""
    scene = SCENES[name]
    if scene.exact:
        return end == whole
    if not scene.sales:
        return True
    same = end.bought != whole.bought or end.once == whole.once
    return same and end.sales(end.bought) == whole.sales(end.bought)


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
    return Replay(scene.candle_series(), scene.strategy(), bulk=False, keep=KEEP, flush=1)


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
    bot = _bot(name, PointedStore(store, points), progress, points, seed)
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


def _bot(name: str, store: Any, progress: Progress, points: Points, seed: int) -> Bot:
    """One life's. With money at stake it begins as a live one does (app/live/bot.py)."""
    scene, tides = SCENES[name], Tides(SCENES[name])

    def machine(start: float) -> PointedRuntime:
        on = EPOCH + scene.loss + scene.off if progress.lost else start
        return PointedRuntime(max(start, on), seed, points)

    cast = ON_PAPER if scene.config.dry_run else WATCHED if scene.watched else LIVE
    room = tides if scene.tides else None
    bot = build(scene.config, replay_of(name), store, runtime=machine, cast=cast, room=room)
    system = bot.system
    tides.bot, tides.born = bot, system.now() - EPOCH
    system.tools["archive"] = Far(system, progress, scene.price)
    system.tools["lost"] = lambda: shown(progress.closed)
    script = [structs.replace(w, begin=w.begin + EPOCH, end=w.end + EPOCH) for w in scene.script]
    system.tools["script"] = tuple(script)
    if scene.config.dry_run:
        return bot
    account = NEW_KEY if scene.renewed and progress.lost else BIRTH.account
    first: list[Message] = [past_of(store, system.now(), account), EnableBook(BOOK_SECONDS)]
    if scene.watched:
        first.append(WatchPairs(system.tools["pairs"]))
    return Bot(scene.config, system, None, first)


def _act(scene: Scene, bot: Bot, points: Points, progress: Progress) -> None:
    bot.start()
    runtime: Any = bot.system.runtime
    for _ in range(STEPS_MAX):
        if not runtime.step():
            return
        now = bot.system.now() - EPOCH
        if scene.loss and not progress.lost and now >= scene.loss:
            progress.lose(scene.lost, BIRTH.id, _books(bot.system.store), bot.system.now())
            points.crashed = True
        while progress.moved < len(scene.moves) and now >= scene.moves[progress.moved].at:
            move = scene.moves[progress.moved]
            progress.move(move, _books(bot.system.store), bot.system.now())
            points.written += 1
        while progress.asked < len(scene.operator) and now >= scene.operator[progress.asked][0]:
            bot.system.ask(scene.operator[progress.asked][1])
            progress.asked += 1
            points.written += 1
    raise AssertionError("livelock")


def _books(store: Store) -> PaperState:
    kept = store.load("paper", PaperState)
    return kept.state if kept else PaperState()


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
    return ending(store, progress), lives


def ending(store: Store, progress: Progress) -> Ending:
    """The invariants hold, nothing is under way or in doubt, and this is what there is."""
    run = Run()
    check(store, run, progress.outside)
    paper, gateway = store.load("paper", PaperState), store.load("gateway", GatewayState)
    assert paper is not None
    assert gateway is not None
    stages = {live.stage for live in gateway.state.live.values()}
    assert not stages & {"sending", "uncertain", "disputed"}, f"in doubt at the end: {stages}"
    told = [letter.body for letter in store.events()]
    bought = frozenset(event.trade for event in told if isinstance(event, TradeOpened))
    once = tuple(sorted(type(event).__name__ for event in told if isinstance(event, ONCE)))
    return Ending(run.rows, paper.state.cash, paper.state.coins, bought, once)
