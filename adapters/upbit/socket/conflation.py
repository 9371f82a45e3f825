"""Owns the hand-over from a socket's thread to the bot's, and what may be put together there.

While the bot keeps up, each frame passes by itself. When it does not, the prices of a pair become
one (first, high, low, last: so no low that hits a stop is lost, settled 33), a book its newest,
a candle the last state of *its* interval: a closed candle is never dropped. Nothing is put
together across a lost connection, and no price with one it may not be believed beside: one that is
10 % off, or was traded before, stays apart (core/market/price_filter.py judges it).

One thread puts, one takes; appending to a deque and taking from it are single steps, so nobody
waits for anybody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Literal

from msgspec import Struct, structs

from adapters.upbit.reasons import Reason
from adapters.upbit.socket.frames import (
    Book,
    Candle,
    Error,
    Frame,
    MyAsset,
    MyOrder,
    Status,
    Subscriptions,
    Ticker,
    Trade,
    Unreadable,
)
from core.market.price_filter import STEP

ACTIVE = "ACTIVE"  # a market's usual state (6.3)
STRETCHES_MAX = 32  # of one pair's prices that stay apart; beyond it the newest replaces the last
WAITING_MAX = 4096  # frames that wait one by one; beyond it they are put together


class Price(Struct, frozen=True, gc=False):
    """What a pair's price did in ``count`` frames. KRW; ``since``, ``at`` and ``traded_at`` in ms.

    traded_at: the moment of the trade that made the last price; a thin market's may be long ago.
    """

    code: str
    first: Decimal
    high: Decimal
    low: Decimal
    last: Decimal
    since: int
    at: int
    traded_at: int
    market_state: str
    count: int = 1


class MarketState(Struct, frozen=True):
    """How a market stands, as its ticker says: told when first heard, and when it has changed."""

    code: str
    state: str
    delisting: str  # a day, or ""


class Connected(Struct, frozen=True):
    """The socket stands and the request is out: snapshots follow."""


class Disconnected(Struct, frozen=True):
    """The socket is lost; ``status`` is that of a refused handshake or of a close, else 0."""

    reason: Reason | Literal["idle", "closed", "handshake", "error"]
    status: int = 0


Barrier = Connected | Disconnected
BARRIERS = (Connected, Disconnected)
NEWEST = (Candle, Book)
Item = (
    Price
    | MarketState
    | Candle
    | Trade
    | Book
    | MyOrder
    | MyAsset
    | Error
    | Subscriptions
    | Unreadable
    | Barrier
)


def price_of(ticker: Ticker) -> Price:
    """One frame's price."""
    price, at = ticker.trade_price, ticker.timestamp
    traded, state = ticker.trade_timestamp, ticker.market_state
    return Price(ticker.code, price, price, price, price, at, at, traded, state)


def together(old: Price, new: Price) -> Price:
    """Two of one pair as one: by their own moments, whichever came first."""
    late = new if new.at >= old.at else old
    early = new if new.since < old.since else old
    return Price(
        late.code,
        early.first,
        max(old.high, new.high),
        min(old.low, new.low),
        late.last,
        early.since,
        late.at,
        late.traded_at,
        late.market_state,
        old.count + new.count,
    )


def beside(old: Price, new: Price) -> bool:
    """Whether both may be one stretch: near each other, and the new one no older."""
    near = new.low >= old.high * (1 - STEP) and new.high * (1 - STEP) <= old.low
    return near and new.traded_at >= old.traded_at


def key_of(item: Item) -> Hashable:
    """Items with one key may become one."""
    match item:
        case Candle():
            return "candle", item.code, item.seconds, item.candle_date_time_utc
        case MarketState():
            return "standing", item.code
        case Book():
            return "book", item.code
        case Trade():
            return "trade", item.code, item.sequential_id
        case MyOrder():
            return "order", item.uuid, item.state, item.trade_uuid
        case Error():
            return "error", item.name
        case _:
            return type(item).__name__


class Batch:
    """Items in the order in which each began, put together by their keys."""

    def __init__(self) -> None:
        self._parts: list[dict[Hashable, Item]] = [{}]
        self._stretches: dict[str, tuple[Hashable, int]] = {}  # by pair: the newest's key, how many

    def add(self, item: Item) -> None:
        """One more; a barrier keeps what was before it apart from what comes after."""
        part = self._parts[-1]
        if isinstance(item, Price):
            self._price(part, item)
            return
        if isinstance(item, BARRIERS):
            self._stretches = {}
            self._parts += [{"barrier": item}, {}]
            return
        old = part.get(name := key_of(item))
        if old is None or not isinstance(item, NEWEST) or item.timestamp >= _at(old):
            part[name] = item

    def _price(self, part: dict[Hashable, Item], item: Price) -> None:
        """Into the newest stretch of its pair, or apart; a late one begins none."""
        key, count = self._stretches.get(item.code, (item.code, 0))
        old = part.get(key)  # the keys of all others are pairs or names of kinds
        if not isinstance(old, Price):
            self._stretches[item.code] = item.code, 1
            part[item.code] = item
        elif beside(old, item):
            part[key] = together(old, item)
        elif count == STRETCHES_MAX:
            part[key] = structs.replace(item, count=old.count + item.count)
        else:
            apart = "apart", item.code, count
            part[apart] = item
            late = item.traded_at < old.traded_at
            self._stretches[item.code] = key if late else apart, count + 1

    def items(self) -> tuple[Item, ...]:
        """All of them."""
        return tuple(item for part in self._parts for item in part.values())


def _at(item: Item) -> int:
    return item.timestamp if isinstance(item, NEWEST) else 0


class Inflow:
    """Where a socket's thread puts frames; ``ring`` tells the other side that there are some."""

    def __init__(self, ring: Callable[[], None], waiting_max: int = WAITING_MAX) -> None:
        self._ring, self._most = ring, waiting_max
        self._queue: deque[Item] = deque()
        self._held: Batch | None = None  # touched by the putting side alone
        self._rung = False
        self._usual: set[str] = set()  # markets that were last heard to stand as they should
        self._standing: dict[str, MarketState] = {}  # the others

    @property
    def holding(self) -> bool:
        """Whether something waits that only the putting side can let go on: see ``pass_on``."""
        return self._held is not None

    def put(self, frame: Frame | Barrier) -> None:
        """By the socket's thread."""
        if isinstance(frame, Ticker):
            usual = frame.market_state == ACTIVE and frame.delisting_date is None
            if not usual or frame.code not in self._usual:
                self._stand(frame, usual)
            self._let_in(price_of(frame))
        elif not isinstance(frame, Status):
            self._let_in(frame)

    def _stand(self, ticker: Ticker, usual: bool) -> None:
        standing = MarketState(ticker.code, ticker.market_state, ticker.delisting)
        if usual:
            self._usual.add(ticker.code)
        else:
            self._usual.discard(ticker.code)
        if usual or self._standing.get(ticker.code) != standing:
            self._standing[ticker.code] = standing
            self._let_in(standing)

    def _let_in(self, item: Item) -> None:
        if self._held is None and len(self._queue) < self._most:
            self._queue.append(item)
            self._call()
        else:
            self._held = self._held or Batch()
            self._held.add(item)
            self.pass_on()

    def pass_on(self) -> None:
        """By the socket's thread: what was held goes on as soon as the other side has room."""
        if self._held is not None and len(self._queue) < self._most:
            self._queue.extend(self._held.items())
            self._held = None
            self._call()

    def _call(self) -> None:
        if not self._rung:
            self._rung = True
            self._ring()

    def take(self) -> tuple[Item, ...]:
        """By the other side: all that there is now, put together."""
        self._rung = False  # first: what comes from here on rings again
        batch, next_one = Batch(), self._queue.popleft
        for _ in range(len(self._queue)):
            batch.add(next_one())
        return batch.items()
