"""Owns the live market of many pairs as the bot's feed hears it: Upbit's public socket.

docs/reference/upbit.md 6.3 and 6.6. A feed that follows other pairs gets a new connection: what
the old one still held is never taken for news.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adapters.upbit.socket.conflation import (
    Connected,
    Disconnected,
    Inflow,
    Item,
    MarketState,
    Price,
)
from adapters.upbit.socket.frames import Candle, Unreadable
from adapters.upbit.socket.stream import Pace, Stream
from adapters.upbit.socket.subscriptions import Topic, request_text
from core.market.prices import Heard, InstrumentStatus, Quote, StreamConnected, StreamLost, Update
from core.plain import plain
from messages.market import Candle as MarketCandle

# Followed too, whatever else is: it trades every second, so silence means that none is heard.
PULSE = "KRW-BTC"
_UNITS = {60: "1m", 180: "3m", 300: "5m", 600: "10m", 900: "15m", 1800: "30m", 3600: "60m"}
_UNITS |= {14400: "240m"}


class MarketStream:
    """Prices and candles from one socket at a time. ``ca``: certificates to trust instead."""

    def __init__(self, ws_url: str, pace: Pace = Pace(), ca: str = "") -> None:
        self._url, self._pace, self._ca = ws_url, pace, ca
        self._ring: Callable[[], None] = lambda: None
        self._stream: Stream | None = None
        self.left_out: dict[str, int] = {}  # frames that could not be read
        self._inflow = Inflow(self._rang)

    def listen(self, ring: Callable[[], None]) -> None:
        """Who is called, on the socket's thread, when there is something to take."""
        self._ring = ring

    def follow(self, pairs: Sequence[str], seconds: int) -> None:
        """Hear these, with candles of so many seconds (days have none on the socket).

        Called in an actor's turn, so it waits for nobody: the former stream ends by itself.
        """
        if self._stream is not None:
            self._stream.leave()
        self._inflow = Inflow(self._rang)
        topics = [Topic("ticker", tuple(dict.fromkeys((*pairs, PULSE))))]
        if seconds in _UNITS and pairs:
            topics.append(Topic(f"candle.{_UNITS[seconds]}", tuple(pairs)))
        request = request_text(topics, simple=True)
        self._stream = Stream(self._url, request, self._inflow, pace=self._pace, ca=self._ca)
        self._stream.start()

    def take(self) -> Sequence[Heard]:
        """All that was heard since the last time."""
        taken = self._inflow.take()
        odd = sum(isinstance(item, Unreadable) for item in taken)
        if odd:
            self.left_out["socket"] = self.left_out.get("socket", 0) + odd
        heard = map(_heard, taken)
        return [each for each in heard if each is not None]

    def stop(self) -> None:
        """Hear nothing more."""
        if self._stream is not None:
            self._stream.stop()
            self._stream = None

    def _rang(self) -> None:
        self._ring()


def _heard(item: Item) -> Heard | None:
    """What a frame means to the feed; most kinds mean nothing to it."""
    if isinstance(item, Price):
        return quote_of(item)
    if isinstance(item, Candle):
        return Update(item.code, candle_of(item))
    if isinstance(item, MarketState):
        return InstrumentStatus(item.code, plain(item.state), plain(item.delisting))
    if isinstance(item, Connected):
        return StreamConnected()
    return StreamLost() if isinstance(item, Disconnected) else None


def quote_of(price: Price) -> Quote:
    """A stretch of prices, dated by the venue's own trades, in seconds."""
    moment = price.traded_at / 1000
    since = moment if price.count == 1 else min(moment, price.since / 1000)
    return Quote(price.code, price.first, price.high, price.low, price.last, since, moment)


def candle_of(candle: Candle) -> MarketCandle:
    """The candle in the bot's own terms."""
    return MarketCandle(
        candle.start,
        candle.opening_price,
        candle.high_price,
        candle.low_price,
        candle.trade_price,
        candle.candle_acc_trade_volume,
    )
