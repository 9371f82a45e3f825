"""Owns what the frames of Upbit's sockets tell: one shape for each kind of them.

docs/reference/upbit.md 6. A frame holds what the bot uses of it: the rest passes unread, which is
what makes 288 markets affordable. Figures are exact: prices KRW, volumes in the coin, moments ms.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from adapters.upbit.schemas.figures import Amount, Count

Start = Annotated[datetime, Meta(tz=False)]
_EPOCH = datetime(1970, 1, 1)  # of a naive time, as a frame tells it: UTC


@lru_cache(1024)
def _epoch(moment: datetime) -> int:
    """Of the few beginnings that the candles of all markets share at a time."""
    since = moment - _EPOCH
    return since.days * 86400 + since.seconds


class Ticker(Struct, frozen=True, gc=False):
    """The last price of a market."""

    code: str
    trade_price: Amount
    timestamp: Count
    trade_timestamp: Count
    stream_type: str
    market_state: str = "ACTIVE"
    delisting_date: Any = None  # its form is not confirmed, and must cost no price (6.3)

    @property
    def delisting(self) -> str:
        """The day on which the market's trading ends, 2026-12-01; "" when none is told."""
        day = self.delisting_date
        if not isinstance(day, dict):
            return "" if day is None else str(day)[:40]
        parts = [str(day.get(name, "?")) for name in ("year", "month", "day")]
        return "-".join(part.zfill(2) for part in parts)[:40]


class Trade(Struct, frozen=True, gc=False):
    """A trade of anybody's; ``ask_bid`` is the taker's side."""

    code: str
    trade_price: Amount
    trade_volume: Amount
    trade_timestamp: Count
    ask_bid: str
    sequential_id: Count
    stream_type: str


class Level(Struct, frozen=True, gc=False):
    """The i-th ask beside the i-th bid; a thin side is padded with zeros."""

    ask_price: Amount
    bid_price: Amount
    ask_size: Amount
    bid_size: Amount


class Book(Struct, frozen=True):
    """A whole book, best first: there are no differences."""

    code: str
    timestamp: Count
    total_ask_size: Amount
    total_bid_size: Amount
    orderbook_units: tuple[Level, ...]
    stream_type: str
    level: Amount | None = None


class Candle(Struct, frozen=True, gc=False):
    """One interval, sent again at each change: the newest ``timestamp`` wins."""

    code: str
    candle_date_time_utc: Start
    opening_price: Amount
    high_price: Amount
    low_price: Amount
    trade_price: Amount
    candle_acc_trade_volume: Amount
    timestamp: Count
    stream_type: str

    seconds: ClassVar[int] = 0  # the length of its interval: each has a class of its own

    @property
    def start(self) -> int:
        """Its beginning in epoch seconds."""
        return _epoch(self.candle_date_time_utc)


class MyOrder(Struct, frozen=True, gc=False):
    """Something happened to an order of ours: a hint to fetch it, and nothing more."""

    code: str
    uuid: str
    state: str
    timestamp: Count
    identifier: str | None = None
    trade_uuid: str | None = None
    ask_bid: str | None = None
    price: Amount | None = None
    volume: Amount | None = None
    executed_volume: Amount | None = None
    executed_funds: Amount | None = None
    paid_fee: Amount | None = None


class Asset(Struct, frozen=True, gc=False):
    """One currency whose balance has changed."""

    currency: str
    balance: Amount
    locked: Amount


class MyAsset(Struct, frozen=True):
    """Balances have changed: a hint to fetch them."""

    assets: tuple[Asset, ...]
    asset_timestamp: Count


class Status(Struct, frozen=True):
    """The answer to a PING, repeated every 10 s."""

    status: str


class Error(Struct, frozen=True):
    """The venue does not like what we sent; it closes the socket after most of these."""

    name: str
    message: str = ""


class Subscriptions(Struct, frozen=True):
    """The answer to LIST_SUBSCRIPTIONS: type and codes of each."""

    result: tuple[tuple[str, tuple[str, ...]], ...]


class Unreadable(Struct, frozen=True):
    """A frame that is none of these."""

    reason: str


Frame = (
    Ticker | Trade | Book | Candle | MyOrder | MyAsset | Status | Error | Subscriptions | Unreadable
)
