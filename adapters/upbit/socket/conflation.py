"""Owns the hand-over from a socket's thread to the bot's, and what may be put together there.

While the bot keeps up, each frame passes by itself. When it does not, the prices of a pair become
one (first, high, low, last: so no low that hits a stop is lost, settled 33), a book its newest,
a candle the last state of *its* interval: a closed candle is never dropped. Nothing is put
together across a lost connection.

One thread puts, one takes; appending to a deque and taking from it are single steps, so nobody
waits for anybody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
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


class Connected(Struct, frozen=True):
    """The socket stands and the request is out: snapshots follow."""


class Disconnected(Struct, frozen=True):
    """The socket is lost; ``status`` is that of a refused handshake or of a close, else 0."""

    reason: Reason | Literal["idle", "closed", "handshake", "error"]
    status: int = 0


Barrier = Connected | Disconnected
Item = (
    Price | Candle | Trade | Book | MyOrder | MyAsset | Error | Subscriptions | Unreadable | Barrier
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
    return structs.replace(
        late,
        first=early.first,
        high=max(old.high, new.high),
        low=min(old.low, new.low),
        since=early.since,
        count=old.count + new.count,
    )


def key_of(item: Item) -> Hashable:
    """Items with one key may become one."""
    match item:
        case Price():
            return "price", item.code
        case Candle():
            return "candle", item.code, item.seconds, item.candle_date_time_utc
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

    def __bool__(self) -> bool:
        return len(self._parts) > 1 or bool(self._parts[0])

    def add(self, item: Item) -> None:
        """One more; a barrier keeps what was before it apart from what comes after."""
        if isinstance(item, Barrier):
            self._parts += [{"barrier": item}, {}]
            return
        part, key = self._parts[-1], key_of(item)
        old = part.get(key)
        if old is None:
            part[key] = item
        elif isinstance(old, Price) and isinstance(item, Price):
            part[key] = together(old, item)
        elif not isinstance(item, Candle | Book) or _at(item) >= _at(old):
            part[key] = item

    def items(self) -> tuple[Item, ...]:
        """All of them."""
        return tuple(item for part in self._parts for item in part.values())


def _at(item: Item) -> int:
    return item.timestamp if isinstance(item, Candle | Book) else 0


class Inflow:
    """Where a socket's thread puts frames; ``ring`` tells the other side that there are some."""

    def __init__(self, ring: Callable[[], None], waiting_max: int = WAITING_MAX) -> None:
        self._ring, self._most = ring, waiting_max
        self._queue: deque[Item] = deque()
        self._held = Batch()  # touched by the putting side alone
        self._rung = False

    @property
    def holding(self) -> bool:
        """Whether something waits that only the putting side can let go on: see ``pass_on``."""
        return bool(self._held)

    def put(self, frame: Frame | Barrier) -> None:
        """By the socket's thread."""
        if isinstance(frame, Status):
            return
        item = price_of(frame) if isinstance(frame, Ticker) else frame
        if self._held or len(self._queue) >= self._most:
            self._held.add(item)
            self.pass_on()
        else:
            self._hand_over((item,))

    def pass_on(self) -> None:
        """By the socket's thread: what was held goes on as soon as the other side has room."""
        if self._held and len(self._queue) < self._most:
            held, self._held = self._held, Batch()
            self._hand_over(held.items())

    def _hand_over(self, items: Iterable[Item]) -> None:
        self._queue.extend(items)
        if not self._rung:
            self._rung = True
            self._ring()

    def take(self) -> tuple[Item, ...]:
        """By the other side: all that there is now, put together."""
        self._rung = False  # first: what comes from here on rings again
        batch = Batch()
        for _ in range(len(self._queue)):
            batch.add(self._queue.popleft())
        return batch.items()
