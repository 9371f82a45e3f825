"""Owns the market of the sandbox: recorded minutes turned into trades, driven by a clock.

Each 1m candle becomes a short path of trades within its minute (``quotes.path``), so whoever
rebuilds candles from what the sandbox says gets the recorded ones. Pairs are independent; what is
due is done in the order of its moments, many at a time when the clock runs fast.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from heapq import heapify, heappop, heapreplace

from core.market.candles import CandleSeries
from messages.market import Candle
from sandbox.clock import Clock
from sandbox.quotes.depth import Book, book_of
from sandbox.quotes.facts import Almanac, Facts
from sandbox.quotes.path import MINUTE, Trade
from sandbox.quotes.spans import Spans
from sandbox.quotes.track import ZERO, SeriesCursor

HISTORY = 400  # candles
BATCH = 200  # trades between two looks at the rest of the program
_NAP, _LONG_NAP = 0.001, 0.25  # seconds

Listener = Callable[[str, Decimal, float, Candle], None]


class Listing:
    """One pair that is traded here, and what the exchange says of it."""

    def __init__(self, series: CandleSeries, seed: int) -> None:
        self.pair = series.pair
        self.track = SeriesCursor(series, seed)
        self.spans = Spans(self.track)
        self._almanac = Almanac(self.track, self.spans)
        self._books: dict[Decimal, Book] = {}
        self.state = "ACTIVE"  # or PREVIEW, DELISTED
        self.warning = False
        self.cautions: set[str] = set()  # names of Upbit's market_event.caution
        self.delisting: date | None = None  # announced

    def facts(self) -> Facts | None:
        """The figures of a ticker; None before the first trade."""
        return self._almanac.facts()

    def book(self, level: Decimal = ZERO) -> Book | None:
        """The order book at the last trade; None before the first."""
        last = self.track.last
        if last is None:
            return None
        found = self._books.get(level)
        if found is None or found.at != last.at:
            found = self._books[level] = book_of(self.pair, last, self.track.salt, level)
        return found


class Market:
    """All pairs, from ``candle_series`` of 1m candles; ValueError for tapes of another length.

    The first ``history`` candles of each pair are past when it is made: the clock is moved forward
    if it is behind them. Call from one asyncio loop only.
    """

    def __init__(
        self,
        candle_series: Sequence[CandleSeries],
        clock: Clock,
        seed: int = 0,
        history: int = HISTORY,
    ) -> None:
        for series in candle_series:
            if series.seconds != MINUTE:
                raise ValueError(
                    f"{series.pair}: a market takes candles of 1m, not {series.seconds} s"
                )
        self.clock = clock
        clock.forward(opening(candle_series, history))
        self._listings = {series.pair: Listing(series, seed) for series in candle_series}
        self._listeners: list[Listener] = []
        self._followers: list[Callable[[Listing, Trade], None]] = []
        self._due: list[tuple[int, str]] = []
        now = clock.now()
        for pair, listing in self._listings.items():
            listing.track.forward(now)
            if (due := listing.track.due()) is not None:
                self._due.append((due, pair))
        heapify(self._due)

    @property
    def pairs(self) -> tuple[str, ...]:
        """Codes of the pairs that are listed, in the order of the tapes."""
        return tuple(self._listings)

    @property
    def ended(self) -> bool:
        """Whether every recording is used up."""
        return not self._due

    def listings(self) -> tuple[Listing, ...]:
        """All pairs that are listed."""
        return tuple(self._listings.values())

    def listing(self, pair: str) -> Listing | None:
        """All of one pair; None for a code that is not listed, or not any more."""
        return self._listings.get(pair)

    def delist(self, pair: str) -> None:
        """End a pair: its code is unknown from now on. KeyError for one that is."""
        del self._listings[pair]
        self._due = [entry for entry in self._due if entry[1] != pair]
        heapify(self._due)

    def last(self, pair: str) -> Decimal | None:
        """KRW of the newest trade; None for an unknown pair and before its first trade."""
        listing = self._listings.get(pair)
        return listing.track.last.price if listing and listing.track.last else None

    def book(self, pair: str) -> list[tuple[Decimal, Decimal, Decimal, Decimal]]:
        """Rows of (ask price, bid price, ask size, bid size), best first; empty if there is none.

        Where a side has fewer levels its prices and sizes are 0.
        """
        listing = self._listings.get(pair)
        book = listing.book() if listing else None
        units = book.units if book else ()
        return [(unit.ask_price, unit.bid_price, unit.ask_size, unit.bid_size) for unit in units]

    def listen(self, callback: Listener) -> None:
        """Call ``callback(pair, price, at, candle)`` at each trade, before its frames go out.

        ``at`` is the market's epoch seconds, ``candle`` the minute as it stands after the trade.
        """
        self._listeners.append(callback)

    def follow(self, callback: Callable[[Listing, Trade], None]) -> None:
        """Call back at each trade, after all listeners: for those who tell the world."""
        self._followers.append(callback)

    async def run(self) -> None:
        """Let the market happen until its recordings are used up."""
        while self._due:
            wait = self.clock.until(self._due[0][0] / 1000)
            await asyncio.sleep(min(max(wait, _NAP), _LONG_NAP))
            while self.catch_up(self.clock.now()):
                await asyncio.sleep(0)

    def catch_up(self, now: float) -> bool:
        """Let the trades that are due at a moment happen, BATCH at most; whether some are left."""
        for _ in range(BATCH):
            if not self._due or self._due[0][0] > now * 1000:
                return False
            self._trade(self._due[0][1])
        return True

    def _trade(self, pair: str) -> None:
        listing = self._listings[pair]
        track = listing.track
        trade = track.step()
        if (due := track.due()) is not None:
            heapreplace(self._due, (due, pair))
        else:
            heappop(self._due)
        assert track.candle is not None
        for listener in self._listeners:
            listener(pair, trade.price, trade.at / 1000, track.candle)
        for follower in self._followers:
            follower(listing, trade)


def opening(candle_series: Sequence[CandleSeries], history: int = HISTORY) -> float:
    """The first moment (epoch seconds) at which ``history`` candles of every pair are over."""
    ends = [
        int(series.time[min(history, len(series.time)) - 1]) + MINUTE for series in candle_series
    ]
    return (
        float(max(ends, default=0))
        if history
        else float(min(int(t.time[0]) for t in candle_series))
    )
