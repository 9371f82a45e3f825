"""Messengers beside the order path: none, one that answers, one that is dead with a full outbox."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, get_args

from actors.outbox import OutboxState
from adapters.telegram.access import Access
from adapters.upbit.secrets import Secret
from app.composition import build
from app.notifications.senders import to_telegram
from app.replay import Replay
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from messages.base import Envelope
from messages.config import Config
from messages.notification_config import Kind, NoticeRule, Notify
from messages.trading import EntryWanted
from persistence.store import Store
from sandbox.telegram.chat import PERSON
from sandbox.telegram.server import TOKEN, Fault, TelegramServer
from tests.benchmarks.disk import BIRTH, Commits, Listening
from tests.support.outbox_world import NOON, World

Row = tuple[str, str, str, str, str]
ROUNDS = 5
EVERYTHING = tuple(NoticeRule(kind, "info") for kind in get_args(Kind))
CONFIG = Config(cooldown_minutes=0, max_open_trades=5, notify=Notify(EVERYTHING, outbox_max=20))
TURNS = 100
WISH = EntryWanted("t", "KRW-BTC", Decimal(50000), Decimal(100), "rsi", 60, 150.0)
PACE = 20_000.0  # seconds of the recording in a real one, about: so a pause is as long as it is


class Beside:
    """A Telegram that answers, and one that takes every message and never says a word.

    Each is a process of its own, as the real one is: what it works is none of ours.
    """

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.benchmarks.notices"]
        self._processes = [
            subprocess.Popen(
                [*words, kind], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
            )
            for kind in ("on", "dead")
        ]
        urls = [process.stdout.readline().strip() for process in self._processes if process.stdout]
        self.urls = dict(zip(("none", "on", "dead"), ("", *urls), strict=True))

    def stop(self) -> None:
        """Both."""
        for process in self._processes:
            process.communicate()  # their standard input closes, and they end


def serve(kind: str) -> None:
    """One of them, until nobody needs it any more."""
    server = TelegramServer()
    if kind == "dead":
        server.faults.append(Fault("stall", times=0))
    print(server.start(), flush=True)
    sys.stdin.read()


def latency(folder: Path, commits: Commits, url: str) -> tuple[float, float]:
    """From an entry's candle to the call at the venue's mouth, p50: seconds, and bare commits.

    The disk is faster or slower from one moment to the next: three bare commits at the same
    moments are the measure.
    """
    store = Store.create(folder, BIRTH)
    replay = Replay(synthetic_market(1, 1), BUILT_IN[CONFIG.strategy], bulk=True)
    access = Access(Secret(TOKEN), PERSON, frozenset())
    posts = {"telegram": to_telegram(access, url, "en")} if url else None
    bot = build(
        CONFIG,
        replay,
        store,
        runtime=lambda start: Listening(start, store, commits),
        posts=posts,
        speed=PACE,
    )
    runtime: Any = bot.system.runtime
    bot.start()
    bot.wait(60)
    _heard(store, bool(url))
    bot.stop()
    seconds = median(runtime.seconds)
    return seconds, seconds / median(runtime.bare)


def hearing(folder: Path) -> float:
    """Seconds of CPU of one turn of the outbox with an entry's wish, none of them on the disk."""
    world = World(folder)
    world.live(1.0)
    outbox: Any = world.system.runtime._tenants["outbox"]  # type: ignore[attr-defined]
    begun = time.process_time()
    for number in range(TURNS):
        outbox.take(Envelope(WISH, NOON, "teller", number=10**6 + number))
    return (time.process_time() - begun) / TURNS


def _heard(store: Store, some: bool) -> None:
    """What is measured must have happened."""
    record = store.load("outbox", OutboxState)
    lanes = record.state.lanes if record else ()
    assert bool(lanes and lanes[0].attempt) == some


def measure(folder: Path) -> dict[str, tuple[float, float]]:
    """The same path, taken in turn: with no messenger, with one, with a dead one.

    Of each the medians of its runs: seconds, and three bare commits.
    """
    logging.getLogger("posting").setLevel(logging.ERROR)
    folder.mkdir()
    beside, commits = Beside(), Commits(folder)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in beside.urls}
    for number in range(ROUNDS):
        for name, url in beside.urls.items():
            found[name].append(latency(folder / f"{name}{number}", commits, url))
    beside.stop()
    return {
        name: (median(s for s, _ in runs), median(b for _, b in runs))
        for name, runs in found.items()
    }


def rows(folder: Path) -> list[Row]:
    """For the table of all figures."""
    found = measure(folder / "notices")
    (none, bare), heard = found["none"], hearing(folder / "heard")
    cost = (
        "an entry heard by the outbox, CPU",
        f"{heard * 1e6:.0f} us",
        f"the whole path {none * 1e3:.2f} ms",
        f"{heard / none:.4f}",
        "< 0.05",
    )
    beside = [
        (
            f"candle closed -> venue edge, with {what}",
            f"{found[name][1]:.2f} x three bare commits",
            f"without {bare:.2f}",
            f"{found[name][1] / bare:.3f}",
            reach,
        )
        for name, what, reach in (
            ("on", "everything told to a Telegram that answers", "< 1.05"),
            ("dead", "a dead Telegram and a full outbox", "1"),
        )
    ]
    return [cost, *beside]


if __name__ == "__main__":
    serve(sys.argv[1])
