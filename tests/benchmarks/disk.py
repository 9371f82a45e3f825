"""The journal: encoding, one synced commit, and the way from a candle to the venue's edge."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import lmdb

from actors.machinery.threads import ThreadRuntime
from core.made_up import made_up_market
from core.strategies import BUILT_IN
from interfaces.composition import build
from interfaces.replay import Replay
from messages.base import Envelope, Mark
from messages.config import Config
from messages.trading import HighRaised
from persistence.codec import Entry, _decoder, _encode, close, entry, letter
from persistence.reader import number_key
from persistence.record import Birth, Record
from persistence.store import Store

BIRTH = Birth("bench", "paper", "upbit", "paper")
HIGH = HighRaised("KRW-BTC@1", "KRW-BTC", Config().stake_amount, 1)
LETTER = Envelope(HIGH, 1.0, "holdings", "KRW-BTC@1", 7, 0, Mark(1, "KRW-BTC"))
CODEC_ROUNDS, COMMITS = 20_000, 60


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def codec_ours() -> float:
    """Seconds to encode and decode letters as the journal does."""

    def work() -> None:
        key = number_key(1)
        for _ in range(CODEC_ROUNDS):
            letter(key, close(key, entry(LETTER)))

    return timed(work)


def codec_bare() -> float:
    """Seconds for bare msgspec on the very same struct."""
    same = Entry(1.0, "holdings", HIGH, "KRW-BTC@1", 7, Mark(1, "KRW-BTC"))
    decode = _decoder(Entry)

    def work() -> None:
        for _ in range(CODEC_ROUNDS):
            decode(_encode(same))

    return timed(work)


class Commits:
    """One synced commit of an owner, and a bare put of as many bytes, in the same folder."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.create(folder / "ours", BIRTH)
        (folder / "bare").mkdir()
        self.bare = lmdb.open(str(folder / "bare"), map_size=1 << 30)
        self.record = Record(BIRTH)
        self.size = len(entry(LETTER)) + len(_encode(self.record)) + 24
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


def path_seconds(folder: Path) -> float:
    """Median seconds from a candle's report to the call at the venue's mouth, threads, synced."""
    taken: dict[str, float] = {}
    config = Config(cooldown_minutes=0, max_open_trades=5)
    store = Store.create(folder / "path", BIRTH)
    heard = Listening(store, taken)
    replay = Replay(made_up_market(1, 2), BUILT_IN[config.strategy], bulk=True)
    bot = build(config, replay, heard)  # type: ignore[arg-type]
    put = bot.system.runtime.put

    def listen(mailbox: object, post: object) -> None:
        body = post.message.body  # type: ignore[attr-defined]
        kind = type(body).__name__
        if kind == "ClosingReport" and body.verdict.entry:
            taken[f"{body.pair}@{body.candle.time}"] = time.perf_counter()
        if kind == "Dispatch" and type(body.call).__name__ == "SubmitOrder":
            heard.arrived(body.call.order.id)
        put(mailbox, post)  # type: ignore[arg-type]

    bot.system.runtime.put = listen  # type: ignore[method-assign,assignment]
    bot.start()
    assert isinstance(bot.system.runtime, ThreadRuntime)
    bot.wait(60)
    bot.stop()
    return median(heard.seconds)


class Listening:
    """A store that lets the clock of the path be read where entries are dispatched."""

    def __init__(self, store: Store, taken: dict[str, float]) -> None:
        self.inner, self.taken, self.seconds = store, taken, list[float]()

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def arrived(self, id: str) -> None:
        """A submit is at the venue's mouth."""
        if id in self.taken:
            self.seconds.append(time.perf_counter() - self.taken[id])
