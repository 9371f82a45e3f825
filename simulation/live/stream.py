"""Owns a life's sockets: prices for its feed, and hints that its orders have moved.

They end with the life. Frames are lost, doubled and late as the weather wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from core.market.prices import Heard, Quote, StreamConnected, StreamLost, Update
from messages.market import Candle
from simulation.live.event_queue import EventQueue
from simulation.live.fault_plan import FaultPlan
from simulation.live.prices import PriceChecks

FRAME = 0.004  # of a frame to be struck
CUT, STALL = 0.001, 0.001
HINT_AGAIN = 1.0
GARBLED = 0.004  # of a frame to be followed by one that no trade stands behind
OFF = (Decimal("0.6"), Decimal("0.8"), Decimal("0.88"), Decimal("1.12"), Decimal("1.5"))
NEAR = (Decimal("0.95"), Decimal("0.98"), Decimal("1.03"))  # no leap: its age alone tells
AGE = 60.0  # seconds of a frame that is old
ODD = Decimal("0.00000001")  # no market trades at so fine a price
CRASHED = Decimal("0.75")
ZERO = Decimal(0)


class FarStream:
    """What the feed listens to (``actors.market.live_feed.Stream``)."""

    def __init__(self, queue: EventQueue, fault_plan: FaultPlan, pricing: PriceChecks) -> None:
        self._agenda, self._weather, self._pricing = queue, fault_plan, pricing
        self._heard: list[Heard] = []
        self._ring: Callable[[], None] = lambda: None
        self._pairs: frozenset[str] = frozenset()
        self._number = 0  # of the connection
        self._stands = False
        self._stalled_until = 0.0
        self._old: dict[str, Quote] = {}

    def listen(self, ring: Callable[[], None]) -> None:
        """Who is called when there is something to take."""
        self._ring = ring

    def follow(self, pairs: Sequence[str], seconds: int) -> None:
        """A new connection for these pairs; it takes a moment."""
        self._pairs = frozenset(pairs)
        self._connect(self._weather.random.uniform(0.1, 1.0))

    def take(self) -> list[Heard]:
        """All that was heard since."""
        heard, self._heard = self._heard, []
        return heard

    def stop(self) -> None:
        """The process ends."""
        self._number += 1
        self._stands = False
        self._ring = lambda: None

    def told(self, pair: str, price: Decimal, at: float, candle: Candle) -> None:
        """A trade at the venue."""
        if not self._stands or pair not in self._pairs or at < self._stalled_until:
            return
        strikes, random = self._weather.strikes, self._weather.random
        if strikes("stream cut", CUT, at):
            self._heard.append(StreamLost())
            self._connect(random.choice((0.5, 5.0, 60.0, 600.0)))
        elif strikes("stream stalled", STALL, at):
            self._stalled_until = at + random.choice((5.0, 30.0, 300.0))
        elif not strikes("frame lost", FRAME, at):
            self._frames(Quote(pair, price, price, price, price, at, at), candle)

    def _frames(self, quote: Quote, candle: Candle) -> None:
        strikes, at = self._weather.strikes, quote.moment
        frames: list[Heard] = [quote, Update(quote.pair, candle)]
        self._crash(quote)
        if strikes("frame twice", FRAME, at):
            frames *= 2
        old = self._old.get(quote.pair)
        if old is not None and strikes("frame late", FRAME, at):
            frames.append(old)
        self._heard += [*frames, *self._garbled(quote, candle)]
        self._old[quote.pair] = quote
        self._ring()

    def _crash(self, quote: Quote) -> None:
        """The first frame that the bot is told of a crash."""
        old = self._old.get(quote.pair)
        if old is not None and quote.last < old.last * CRASHED:
            self._pricing.crashed(quote.pair)

    def _garbled(self, quote: Quote, candle: Candle) -> Iterator[Heard]:
        """Frames that no trade stands behind."""
        garbles, apart, pair = self._weather.garbles, self._weather.apart, quote.pair
        if garbles("frame zero", GARBLED, quote.moment):
            self._pricing.told_falsely(pair, ZERO)
            yield _alone(pair, ZERO, quote.moment + 0.5)
            yield Update(pair, Candle(candle.time, ZERO, ZERO, ZERO, ZERO, ZERO))
        if garbles("frame off", GARBLED, quote.moment):
            off = quote.last * apart.choice(OFF) + apart.randrange(1, 100) * ODD
            self._pricing.told_falsely(pair, off)
            yield from [_alone(pair, off, quote.moment + 0.5)] * apart.choice((1, 2))
        known = self._old.get(pair, quote)
        late = quote.moment - AGE < known.moment < quote.moment
        if late and garbles("frame old", GARBLED, quote.moment):
            off = quote.last * apart.choice(NEAR) + apart.randrange(1, 100) * ODD
            self._pricing.told_falsely(pair, off)
            yield _alone(pair, off, quote.moment - AGE)

    def _connect(self, wait: float) -> None:
        self._number += 1
        self._stands = False
        self._pricing.forgiven()
        number = self._number

        def join() -> None:
            if number == self._number:
                self._stands = True
                self._heard.append(StreamConnected())
                self._ring()

        self._agenda.after(wait, join)


def _alone(pair: str, price: Decimal, at: float) -> Quote:
    return Quote(pair, price, price, price, price, at, at)


class Hints:
    """The private socket (``sandbox.exchange.Listener``): an order's frame is a hint."""

    def __init__(self, queue: EventQueue, fault_plan: FaultPlan) -> None:
        self._agenda, self._weather = queue, fault_plan
        self.hint: Callable[[], None] = lambda: None  # of the life that there is

    def order(self, frame: dict[str, Any]) -> None:
        """It may be lost, doubled or late; it is told to whoever lives then."""
        if not frame["identifier"]:
            return
        strikes, random, at = self._weather.strikes, self._weather.random, self._agenda.now
        if strikes("frame lost", 0.1, at):
            return
        wait = 20.0 if strikes("frame late", 0.1, at) else random.uniform(0.01, 0.3)
        for _ in range(2 if strikes("frame twice", 0.1, at) else 1):
            self._agenda.after(wait, lambda: self.hint())

    def asset(self, frame: dict[str, Any]) -> None:
        """The account is looked at over REST."""
