"""A live market that says what a test has it say, and the feed that listens to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from actors.market.live_feed import LiveFeed
from actors.orders.limiter import Limiter
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.edge import Edge, Outputs
from actors.runtime.system import System
from actors.supervisor import Supervisor
from core.market.candles import Candles
from core.market.prices import Heard, Quote, StreamConnected, Update
from core.strategy import Signals
from messages.config import Config
from messages.limits import HoldCalls, ShowHold
from messages.market import (
    Candle,
    CandleReport,
    ClosingReport,
    FeedReport,
    OpeningReport,
    PricesReport,
)
from messages.venue_queries import (
    CandlesReport,
    DispatchFetch,
    FetchCandles,
    FetchTicker,
    TickerReport,
)
from tests.support.toy_actors import store_at

D = Decimal
A, B = "KRW-A", "KRW-B"
NOW = 1_756_684_800.0  # 2025-09-01, on a minute
START = 4
CONFIG = Config(pair_whitelist=(A, B), startup_candle_count=START)


class Told:
    """A stream that tells what it is given; it rings as a socket's thread would."""

    def __init__(self) -> None:
        self.items: list[Heard] = []
        self.followed: list[tuple[tuple[str, ...], int]] = []
        self.ring: Callable[[], None] = lambda: None

    def listen(self, ring: Callable[[], None]) -> None:
        self.ring = ring

    def follow(self, pairs: Sequence[str], seconds: int) -> None:
        self.followed.append((tuple(pairs), seconds))
        self.tell(StreamConnected())

    def take(self) -> Sequence[Heard]:
        taken, self.items = tuple(self.items), []
        return taken

    def stop(self) -> None:
        """Nothing runs."""

    def tell(self, *items: Heard) -> None:
        self.items.extend(items)
        self.ring()


class NoParams(Struct, frozen=True):
    """Nothing to tune."""


class Closes:
    """Enters at a close that ends in 7, leaves at one that ends in 3."""

    Params: type[Struct] = NoParams

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        seven = np.asarray(candles.close % 10 == 7)
        return Signals(seven, np.asarray(candles.close % 10 == 3), {"seven": seven})


class Ears(Edge):
    """Whoever is told by the feed, in one."""

    name = "ears"
    accepts = (OpeningReport, CandleReport, ClosingReport, FeedReport, PricesReport)

    def perform(self, message: Any) -> Outputs:
        self.system.tools["heard"].append(message)
        return ()


class Calm(Edge):
    """Stands where the breaker does: nothing is held."""

    name = "breaker"
    accepts = (ShowHold,)

    def perform(self, message: ShowHold) -> Outputs:
        yield HoldCalls()


class Pages(Edge):
    """Answers pages from a history, or says why not; a "lost" one is never answered.

    A ticker is answered with "tickers" of the tools, by pair: a price and its moment.
    """

    name = "fetcher"
    accepts = (DispatchFetch,)

    def perform(self, message: DispatchFetch) -> Outputs:
        call = message.call
        if isinstance(call, FetchTicker):
            return self._ticker(call)
        assert isinstance(call, FetchCandles)
        self.system.tools["asked"].append((self.system.now(), call))
        failures: list[str] = self.system.tools["failures"]
        if failures and failures[0] == "lost":
            failures.pop(0)
            return ()
        if failures:
            return [CandlesReport(call.pair, 60, failed=failures.pop(0), until=call.until)]
        known: dict[str, list[Candle]] = self.system.tools["history"]
        page = [c for c in known.get(call.pair, []) if c.time < call.until][-call.count :]
        return [CandlesReport(call.pair, 60, tuple(page), until=call.until)]

    def _ticker(self, call: FetchTicker) -> Outputs:
        self.system.tools["witnesses"].append((self.system.now(), call))
        shown: tuple[str, float] | None = self.system.tools["tickers"].get(call.pair)
        if shown is None:
            return [TickerReport(call.pair, call.number, call.sure)]
        return [TickerReport(call.pair, call.number, call.sure, D(shown[0]), shown[1])]


def at(time: float, close: str = "100") -> Candle:
    """A candle of one price."""
    return Candle(int(time), *[D(close)] * 4, D(1))


def history(
    pair: str, count: int = START, until: float = NOW, close: str = "100"
) -> dict[str, list[Candle]]:
    """The last minutes before ``until``."""
    return {pair: [at(until - 60 * back, close) for back in range(count, 0, -1)]}


def price(last: str, moment: float, pair: str = A) -> Quote:
    """One price."""
    return Quote(pair, *[D(last)] * 4, moment, moment)


def update(close: str, time: float, pair: str = A) -> Update:
    """A candle as it stands now."""
    return Update(pair, at(time, close))


class WrongClock(DeterministicRuntime):
    """The stepped runtime under a clock that may be set: alarms are not moved by that."""

    skew = 0.0  # seconds that the clock is ahead

    def now(self) -> float:
        """What the clock shows."""
        return self.time + self.skew


class Feeding:
    """The feed on the stepped runtime, with a real limiter, a real store, and ears."""

    def __init__(self, path: Path, config: Config = CONFIG, **tools: Any) -> None:
        self.stream = Told()
        self.runtime = WrongClock(tools.pop("start", NOW + 10))
        self.store = store_at(path)
        given = {"history": history(A) | history(B), "failures": []} | tools
        self.tools: dict[str, Any] = {
            "stream": self.stream,
            "pairs": (A, B),
            "strategy": Closes(),
            "config": config,
            "heard": [],
            "asked": [],
            "tickers": {},
            "witnesses": [],
        } | given
        cast = (Supervisor, Limiter, Calm, LiveFeed, Ears, Pages)
        self.system = System(self.runtime, self.store, cast, self.tools)
        self.system.start()

    def until(self, time: float) -> list[Any]:
        """Go on until then; what was told meanwhile."""
        self.runtime.run_until(time)
        heard, self.tools["heard"][:] = list(self.tools["heard"]), []
        return heard

    def tell(self, *items: Heard, at: float = 0.0) -> list[Any]:
        """What the stream tells now or then, and all that was told until it was dealt with."""
        heard = self.until(at) if at else []
        self.stream.tell(*items)
        return heard + self.until(self.runtime.time)

    def send(self, message: Any) -> list[Any]:
        """A letter for the feed, and what was told of it."""
        self.system.send(message, source="test")
        return self.until(self.runtime.time)
