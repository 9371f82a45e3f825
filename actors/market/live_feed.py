"""The edge that reports a live market: prices as they come, and candles when they close.

It takes the replay feed's name and place. Prices alone decide exits (and fill orders on paper);
closed candles alone decide entries. What the stream missed is asked for again and feeds
indicators only, so after a gap exits wait for the first fresh price.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Protocol, assert_never, get_args

from actors.market.candle_builder import LATE_SECONDS, CandleBuilder, Row
from actors.market.feed_health import FeedHealth, Known
from actors.market.price_triggers import PriceTriggers
from actors.market.trusted_prices import Said, TrustedPrices
from actors.runtime.edge import Edge, Outputs
from core.market.pairs import expanded
from core.market.prices import Heard, InstrumentStatus, Quote, StreamConnected, StreamLost, Update
from messages.base import After
from messages.config import Config
from messages.control import ConfigAdopted
from messages.market import Candle, CheckFeed, CloseCandles, EndWait, FeedReport, TakePrices, Watch
from messages.market_status import StandingReport
from messages.venue_queries import CandlesReport, FetchTicker, TickerReport
from persistence.store import StoreFull

SLEPT_SECONDS = 30.0  # a turn that comes so late counts as a restart: the machine was asleep
SET_BACK_SECONDS = 1.0  # by less a clock is put right now and then
AGAIN_SECONDS = 1.0
NOTE = "feed/heard"

Inbox = (
    TakePrices
    | Watch
    | ConfigAdopted
    | CandlesReport
    | TickerReport
    | EndWait
    | CloseCandles
    | CheckFeed
)


class Stream(Protocol):
    """A live market on a thread of its own; nothing here ever waits for it.

    ``take`` gives all that was heard since it was last called, in order, put together where it
    has grown too much: never across a ``StreamConnected``, and of a candle the last state.
    ``listen`` names what is called, on the stream's thread, when there is something to take.
    ``follow`` says which pairs are to be heard, with candles of so many seconds; told again, it
    begins with a new connection, and so with a ``StreamConnected``.
    """

    def listen(self, ring: Callable[[], None]) -> None: ...
    def follow(self, pairs: Sequence[str], seconds: int) -> None: ...
    def take(self) -> Sequence[Heard]: ...
    def stop(self) -> None: ...


class LiveFeed(Edge):
    """Takes "stream", "pairs", "strategy" and "config" from the system's tools."""

    name = "feed"
    accepts = get_args(Inbox)

    def begin(self) -> None:
        """Listen; whoever follows a failed tenant finds what is watched."""
        tools, now = self.system.tools, self.system.now()
        self.stream: Stream = tools["stream"]
        self.bands: PriceTriggers = tools.setdefault("bands", PriceTriggers())
        self.trust: TrustedPrices = tools.setdefault(
            "trust", TrustedPrices(self.system.store.candles)
        )
        self.talk: FeedHealth = tools.setdefault("talk", FeedHealth())
        self.config: Config = tools["config"]
        self.closing = CandleBuilder(tools["strategy"], self.config, self.talk, self.system.pace)
        self.followed: tuple[str, ...] = ()
        self.traded: frozenset[str] = frozenset()
        self.told = False  # a TakePrices is on its way
        self.joined = False  # the stream's connection stands
        self.fresh: bool | None = None  # as last reported
        self.began = self.seen = now
        # When anything came last; never in the future, for the clock may have been set back.
        self.heard = min(float(self.system.store.noted(NOTE) or b"0"), now)
        self.number = 0
        self.closes = 0.0
        self.stream.listen(self._ring)
        self._follow()
        for message in (self._next_check(), self._next_close(now)):
            self.system.send(message, source=self.name)

    def _ring(self) -> None:
        """On the stream's thread; a call too many does no harm, one too few would."""
        if not self.told:
            self.told = True
            self.system.send(TakePrices(), source=self.name)

    def perform(self, message: Inbox) -> Outputs:
        """One turn."""
        now = self.system.now()
        if now < self.seen - SET_BACK_SECONDS:
            yield from self._set_back(now)
        elif now - self.seen > max(SLEPT_SECONDS, 3.0 * self.config.exchange.stale_seconds):
            yield from self._slept(now)
        self.seen = now
        match message:
            case TakePrices():
                self.told = False
                yield from self._take(now)
            case Watch():
                yield from self.bands.watch(message)
                if message.pair in self.bands.pairs() - set(self.followed):
                    self._follow()
            case ConfigAdopted(config=config):
                self._adopt(config)
            case CandlesReport():
                if message.candles:
                    self.talk.candle(now)
                self._archive([(message.pair, c) for c in self.closing.history.take(message, now)])
                self._count()
                yield from self.closing.history.due(now)
            case TickerReport():
                yield from self._said(self.trust.ticker(message, now))
            case EndWait():
                yield from self._said(self.trust.waited(message, now))
            case CloseCandles(at=at):
                if at == self.closes:
                    yield from self._close(now)
            case CheckFeed(number=number):
                if number == self.number:
                    yield from self._check(now)
            case _:
                assert_never(message)

    # --- what is followed
    def _pairs(self) -> tuple[str, ...]:
        """The traded ones."""
        listed = self.config.pair_whitelist
        pairs: tuple[str, ...] = self.system.tools["pairs"]
        return tuple(expanded(listed, pairs)) if isinstance(listed, tuple) else pairs

    def _follow(self) -> None:
        """All that is traded or watched: a pair that was struck off keeps its exits."""
        self.traded = frozenset(self._pairs())
        self.followed = tuple(dict.fromkeys((*self._pairs(), *self.bands.pairs())))
        self.joined = False
        self._count()
        self.stream.follow(self.followed, self.config.seconds)

    def _count(self) -> None:
        """For ``health``: how much of each traded pair's window is known."""
        history, self.talk.config = self.closing.history, self.config
        self.talk.known = {
            pair: Known(len(history.window(pair).time), not history.whole(pair))
            for pair in self._pairs()
        }

    def _adopt(self, config: Config) -> None:
        if config != self.config:
            self.config = config
            self.closing.adopt(config)
            self._follow()

    # --- what is heard
    def _take(self, now: float) -> Outputs:
        for item in self.stream.take():
            match item:
                case Quote() | Update() if not self.joined:
                    continue  # of a connection that is past
                case Quote():
                    if item.pair in self.traded:
                        self.talk.trade(now)
                    yield from self._price(item, now)
                case Update():
                    yield from self._candle(item.pair, item.candle, now)
                case InstrumentStatus():
                    yield StandingReport(item.pair, item.state, item.delisting)
                case StreamConnected():
                    self._join(now)
                    yield from self.closing.history.due(now)
                case StreamLost():
                    self.joined = False
                case _:
                    assert_never(item)

    def _price(self, heard: Quote, now: float) -> Outputs:
        """Only what counts goes on, and a stream that says nothing else is a silent one."""
        said = tuple(self.trust.price(heard, now))
        if any(isinstance(one, Quote | FetchTicker) for one in said):
            yield from self._fresh(now)
        yield from self._said(said)

    def _said(self, said: Iterable[Said]) -> Outputs:
        for one in said:
            if isinstance(one, Quote):
                yield from self.bands.price(one)
            else:
                yield one

    def _candle(self, pair: str, candle: Candle, now: float) -> Outputs:
        """One that cannot be is asked for again after its close, unless it is put right before."""
        before = self.closing.standing(pair, candle.time)
        if self.closing.may_form(candle.time, now) and self.trust.candle(pair, candle, before, now):
            yield from self._fresh(now)
            self.talk.candle(now)
            self.closing.update(pair, candle)
        else:
            self.closing.spoil(pair, candle.time, now)
            yield from self._said(self.trust.spoilt(pair, candle, now))

    def _join(self, now: float) -> None:
        """A new connection: what the last one did not tell is missing."""
        self.joined = True
        self.bands.forget()
        self.closing.join(self.followed, self.heard, now)

    def _fresh(self, now: float) -> tuple[FeedReport, ...]:
        if self.heard == now and self.fresh:
            return ()
        silent = now - self.heard if self.heard else 0.0
        self.heard = now
        if self.fresh is True:
            return ()
        self.fresh = True
        worth = silent > self.config.exchange.stale_seconds
        return (FeedReport(True, round(silent, 1) if worth else 0.0),)

    def _stale(self, now: float) -> Iterator[FeedReport]:
        if self.fresh is not False:
            self.fresh = False
            yield FeedReport(False, round(now - (self.heard or self.began), 1))

    def _slept(self, now: float) -> Outputs:
        """The clock has leapt: what the old connection still holds is of another time."""
        yield from self._stale(now)
        self.stream.take()
        self.trust.forget_leaps()
        self._follow()
        yield self._next_close(now)

    def _set_back(self, now: float) -> Outputs:
        """What a clock that was ahead has closed was not over: all candles are asked for again."""
        self.heard, self.began = min(self.heard, now), min(self.began, now)
        self.closing.forget()
        yield from self._slept(now)

    # --- alarms
    def _check(self, now: float) -> Outputs:
        if now - max(self.heard, self.began) > self.config.exchange.stale_seconds:
            yield from self._stale(now)
        self._note()
        yield from self.closing.history.due(now)
        yield self._next_check()

    def _next_check(self) -> After:
        self.number += 1
        return After(self.config.exchange.stale_seconds / 2, CheckFeed(self.number))

    def _close(self, now: float) -> Outputs:
        """Everything that was told by now, then the candles that have closed.

        They are whole once something was heard after their close; else they wait a little.
        """
        yield from self._take(now)
        closed = self.closing.boundary(now)
        if self.joined and self.fresh and self.heard >= closed:
            rows, said, asked = self.closing.close(now, self._pairs(), self.bands.pairs())
            yield from said
            self._count()
            self._archive(rows, asked)
            yield from self.closing.history.due(now)  # of what was spoilt
        elif now - closed < LATE_SECONDS:
            yield After(AGAIN_SECONDS, CloseCandles(self.closes))
            return
        yield self._next_close(now)

    def _next_close(self, now: float) -> After:
        self.closes = self.closing.boundary(now) + self.config.seconds
        wait = self.closes + self.closing.grace - now
        return After(max(0.0, wait), CloseCandles(self.closes))

    # --- what is kept; where there is no room, no stop goes unwatched for its sake
    def _archive(self, rows: Sequence[Row], asked: Collection[str] = ()) -> None:
        if rows:
            try:
                self.system.store.archive(rows, self.system.store.count(), asked)
            except StoreFull:
                return

    def _note(self) -> None:
        if self.fresh:
            try:
                self.system.store.note(NOTE, repr(self.heard).encode())
            except StoreFull:
                return
