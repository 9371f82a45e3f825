"""The journal: encoding, one synced commit, and the way from a candle to the venue's edge."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import lmdb
from pykka._envelope import Envelope as Post

from actors.runtime.threaded import ThreadedMailbox, ThreadedRuntime
from app.composition import build
from app.replay import Replay
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from messages.base import Envelope, ReplayPosition
from messages.config import Config
from messages.market import ClosingReport
from messages.orders import Dispatch, SubmitOrder
from messages.trading import HighRaised
from persistence.codec import (
    _decode_letter,
    _encode,
    close,
    decode_envelope,
    encode_envelope,
    numbered,
)
from persistence.reader import number_key
from persistence.record import Identity, Record
from persistence.store import Store

BIRTH = Identity("bench", "paper", "upbit", "paper")
HIGH = HighRaised("KRW-BTC@1", "KRW-BTC", Config().stake_amount, 1)
LETTER = Envelope(HIGH, 1.0, "holdings", "KRW-BTC@1", 7, 0, ReplayPosition(1, "KRW-BTC"))
CODEC_ROUNDS, COMMITS = 20_000, 60
CALM = 0.05  # seconds


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def codec_ours() -> float:
    """Seconds to encode and decode envelopes."""

    def work() -> None:
        for _ in range(CODEC_ROUNDS):
            numbered(encode_envelope(LETTER), 1)

    return timed(work)


def codec_sealed() -> float:
    """Seconds of the same with the checksum made and checked, as the journal does it."""
    key = number_key(1)

    def work() -> None:
        for _ in range(CODEC_ROUNDS):
            decode_envelope(key, close(key, encode_envelope(LETTER)))

    return timed(work)


def codec_bare() -> float:
    """Seconds for bare msgspec on the very same struct."""

    def work() -> None:
        for _ in range(CODEC_ROUNDS):
            _decode_letter(_encode(LETTER))

    return timed(work)


class Commits:
    """One synced commit of an owner, and a bare put of as many bytes, in the same folder."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.create(folder / "ours", BIRTH)
        (folder / "bare").mkdir()
        self.bare = lmdb.open(str(folder / "bare"), map_size=1 << 30)
        self.record = Record(BIRTH)
        self.size = len(encode_envelope(LETTER)) + len(_encode(self.record)) + 24
        self.number = 0

    def ours(self) -> float:
        """Seconds of journal + state + cursors."""
        return timed(lambda: self.store.commit("bench", self.record, [LETTER], {}, 1))

    def plain(self) -> float:
        """Seconds of a bare synced put of the same bytes."""
        self.number += 1

        def work() -> None:
            with self.bare.begin(write=True) as txn:
                txn.put(number_key(self.number), os.urandom(self.size))

        return timed(work)

    def three(self) -> float:
        """Seconds of three bare synced puts."""
        return sum(self.plain() for _ in range(3))


class Listening(ThreadedRuntime):
    """Threads whose mail is timed: from an entry to its durable submit at the venue's mouth.

    Just before such a candle is put, when all is quiet, three bare commits are timed beside it: a
    disk is faster or slower from one moment to the next. Who only speaks has dealt with the candle
    before by then, or has had some time for it, as in a market that no recording drives.
    """

    def __init__(self, start: float, store: Store, commits: Commits) -> None:
        super().__init__(start)
        self.store, self.commits = store, commits
        self.bare: list[float] = []
        self.entered: dict[str, float] = {}
        self.seconds: list[float] = []

    def put(self, mailbox: ThreadedMailbox, post: Post[Any]) -> None:
        """Note the moment, and deliver."""
        match post.message.body:
            case ClosingReport(pair=pair, candle=candle, verdict=verdict) if verdict.entry:
                self._calm()
                self.bare.append(self.commits.three())
                self.entered[f"{pair}@{candle.time}"] = time.perf_counter()
            case Dispatch(call=SubmitOrder(order=order)) if order.id in self.entered:
                self.store.flush()  # as the edge does before it calls
                self.seconds.append(time.perf_counter() - self.entered[order.id])
        super().put(mailbox, post)

    def _calm(self) -> None:
        ends = time.perf_counter() + CALM
        while self._aside and time.perf_counter() < ends:
            self.ended.wait(CALM / 20)


def path_seconds(folder: Path, commits: Commits) -> tuple[float, float]:
    """Medians of seconds, threads, synced: a candle's report to the call at the venue's mouth, and
    three bare commits at the same moments."""
    config = Config(cooldown_minutes=0, max_open_trades=5)
    store = Store.create(folder, BIRTH)
    replay = Replay(synthetic_market(1, 2), BUILT_IN[config.strategy], bulk=True)
    bot = build(config, replay, store, runtime=lambda start: Listening(start, store, commits))
    runtime: Any = bot.system.runtime
    bot.start()
    bot.wait(60)
    bot.stop()
    return median(runtime.seconds), median(runtime.bare)
