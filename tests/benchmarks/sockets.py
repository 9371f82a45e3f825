"""Frames of Upbit's socket: from the wire to the strategist, against bare libraries."""

from __future__ import annotations

import gc
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct, structs
from msgspec.json import Decoder
from pykka import ActorRegistry
from pykka._envelope import Envelope as Post
from websockets.sync.client import connect

from actors.entries.strategist import Strategist
from actors.market.live_feed import LiveFeed
from actors.orders.limiter import Limiter
from actors.runtime.clocks import Clock
from actors.runtime.edge import Edge
from actors.runtime.system import System
from actors.runtime.threaded import ThreadedMailbox, ThreadedRuntime
from actors.supervisor import Supervisor
from adapters.upbit.socket.market_stream import MarketStream
from core.market.candles import CandleSeries
from core.strategies import BUILT_IN
from messages.config import Config
from messages.market import CandleReport, CloseCandles, ClosingReport, OpeningReport, Watch
from messages.venue_queries import CandlesReport
from persistence.store import Store
from sandbox.market import Listing
from sandbox.wire.frames import Frame
from sandbox.wire.moments import label
from sandbox.wire.streams import frame_of
from sandbox.wire.subscriptions import Topic
from tests.benchmarks.disk import BIRTH
from tests.benchmarks.replays import market
from tests.support.live_streams import Calm, Pages, history

PAIRS, STEPS = 288, 100
MINUTE = 1_756_684_800  # 2025-09-01, the minute that all the candles are of
LAST = "KRW-LAST"  # told of at the end alone: when it is heard, all is
CONFIG = Config()
ENDED = 60.0  # s, against a hang


class Wire:
    """Real frames in a file, as they are on the wire: a ticker and a candle for each trade."""

    def __init__(self, folder: Path) -> None:
        candle_series = market(1, PAIRS)
        self.pairs = tuple(series.pair for series in candle_series)
        self.file = folder / "frames"
        frames = [*_frames(candle_series, STEPS), *_frames([_renamed(candle_series[0])], 1)]
        self.count = len(frames)
        self.file.write_bytes(b"".join(frames))


def _renamed(series: CandleSeries) -> CandleSeries:
    return structs.replace(series, pair=LAST)


def _frames(candle_series: list[CandleSeries], steps: int) -> Iterator[bytes]:
    """SIMPLE, each in the binary frame of WebSocket that a server sends."""
    listings = [Listing(series, 1) for series in candle_series]
    for _ in range(steps):
        for listing in listings:
            listing.track.step()
            for kind in ("ticker", "candle.1m"):
                frame = frame_of(listing, Topic(kind, listing.pair), "REALTIME")
                assert frame is not None
                if kind != "ticker":
                    now = {"candle_date_time_utc": label(MINUTE)}
                    frame = Frame(dict(frame.fields) | now)
                data = frame.written("SIMPLE")
                yield struct.pack("!BBH", 0x82, 126, len(data)) + data


@contextmanager
def venue(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The venue's process and its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.venue", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield child, heard(child)
        finally:
            child.kill()


def heard(child: subprocess.Popen[str]) -> str:
    """The next line that it says."""
    assert child.stdout is not None
    return child.stdout.readline().strip()


def go(child: subprocess.Popen[str]) -> None:
    """Let it send, once it was asked."""
    assert heard(child) == "asked"
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


class Leaping(Clock):
    """The wall's pace, and a leap when the bench says so."""

    leap = 0.0

    def now(self) -> float:
        """Epoch seconds."""
        return super().now() + self.leap


class Holder(Edge):
    """Whom prices of held pairs concern."""

    name = "holdings"
    accepts = (OpeningReport, CandleReport)

    def perform(self, message: OpeningReport | CandleReport) -> tuple[()]:
        """The last pair was heard of, and so all others."""
        self.system.tools["all"].set()
        return ()


class Seen(ThreadedRuntime):
    """Threads; tells when the past of the last pair is known, and its close was judged."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock=clock)
        self.sent, self.missing = False, CONFIG.startup_candle_count
        self.known, self.strategist = threading.Event(), threading.Event()

    def put(self, mailbox: ThreadedMailbox, post: Post[Any]) -> None:
        """Note what comes by, and deliver."""
        match post.message.body:
            case CandlesReport(pair=pair, candles=page) if pair == LAST:
                self.missing -= len(page)
                if self.missing <= 0:
                    self.known.set()
            case ClosingReport():
                self.sent = True
        super().put(mailbox, post)

    def done(self, mailbox: ThreadedMailbox) -> None:
        """Note the end of the strategist's turn."""
        if self.sent and mailbox.name == "strategist":
            self.strategist.set()


def ours(folder: Path, wire: Wire) -> float:
    """Frames a second of CPU: from the socket to the strategist's turn at the close."""
    clock, heard_all = Leaping(float(MINUTE + 45)), threading.Event()
    runtime = Seen(clock)
    with venue("frames", str(wire.file)) as (child, url):
        tools = {
            "config": CONFIG,
            "strategy": BUILT_IN[CONFIG.strategy],
            "stream": (hearing := MarketStream(url)),
            "pairs": (LAST, *wire.pairs),
            "history": history(LAST, CONFIG.startup_candle_count, MINUTE),
            "failures": [],
            "asked": [],
            "all": heard_all,
        }
        cast = (Supervisor, Strategist, Limiter, Calm, LiveFeed, Pages, Holder)
        store = Store.create(folder, BIRTH, sync=False)
        system = System(runtime, store, cast, tools)
        system.start()
        gc.freeze()  # as the bot's process does (app/processes/worker.py)
        system.send(Watch("holdings", LAST, every=True), source="bench")
        assert runtime.known.wait(ENDED)
        clock.leap = MINUTE + 63 - clock.now()
        begun = time.process_time()
        go(child)
        assert heard_all.wait(ENDED)
        system.send(CloseCandles(float(MINUTE + 60)), source="bench")
        assert runtime.strategist.wait(ENDED)
        seconds = time.process_time() - begun
        hearing.stop()
        runtime.stop()
        ActorRegistry.stop_all(timeout=5)
        store.close()
    return wire.count / seconds


class _Ticker(Struct, tag_field="ty", tag="ticker"):
    cd: str
    tp: Decimal
    tms: int
    ttms: int
    ms: str
    st: str


class _Candle(Struct, tag_field="ty", tag="candle.1m"):
    cd: str
    cdttmu: datetime
    op: Decimal
    hp: Decimal
    lp: Decimal
    tp: Decimal
    catv: Decimal
    tms: int
    st: str


def bare(wire: Wire) -> float:
    """Frames a second of CPU: received by websockets.sync and decoded by msgspec, no more."""
    decode = Decoder(_Ticker | _Candle).decode
    with venue("frames", str(wire.file)) as (child, url), connect(url, compression=None) as socket:
        socket.send("[]")
        begun = time.process_time()
        go(child)
        for _ in range(wire.count):
            decode(socket.recv())
        return wire.count / (time.process_time() - begun)
