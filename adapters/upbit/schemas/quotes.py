"""Owns the shapes of replies about the market: pairs, tickers, candles, trades, books.

docs/reference/upbit.md 2. Figures come as JSON numbers and are kept exactly: prices in KRW,
volumes in the coin, moments in ms.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from adapters.upbit.schemas.accounts import Market
from adapters.upbit.schemas.figures import Amount, Count, Signed, rows
from messages.market import Candle as MarketCandle

Start = Annotated[datetime, Meta(tz=False)]
PRICE_MAX = 10**15  # KRW of one unit; nothing was ever near it


class Event(Struct, frozen=True):
    """Upbit's warnings: ``warning`` may end in a delisting."""

    warning: bool
    caution: dict[str, bool] = {}


class Pair(Struct, frozen=True):
    """A market that is listed; ``market_event`` is there when details were asked for."""

    market: Market
    korean_name: str = ""
    english_name: str = ""
    market_event: Event | None = None


class Ticker(Struct, frozen=True, kw_only=True):
    """The day so far (from 00:00 UTC) and the last price of a market."""

    market: Market
    trade_price: Amount
    timestamp: Count
    trade_timestamp: Count
    opening_price: Amount
    high_price: Amount
    low_price: Amount
    acc_trade_price_24h: Amount
    acc_trade_volume_24h: Amount
    prev_closing_price: Amount | None = None
    change_price: Signed | None = None
    change_rate: Signed | None = None
    signed_change_price: Signed | None = None
    signed_change_rate: Signed | None = None
    trade_volume: Amount | None = None
    acc_trade_price: Amount | None = None
    acc_trade_volume: Amount | None = None
    highest_52_week_price: Amount | None = None
    lowest_52_week_price: Amount | None = None


class Candle(Struct, frozen=True, kw_only=True):
    """One interval; ``candle_date_time_utc`` is its start. The newest may still be forming."""

    market: Market
    candle_date_time_utc: Start
    opening_price: Amount
    high_price: Amount
    low_price: Amount
    trade_price: Amount
    timestamp: Count
    candle_acc_trade_price: Amount
    candle_acc_trade_volume: Amount
    unit: Count | None = None
    prev_closing_price: Amount | None = None
    change_price: Signed | None = None
    change_rate: Signed | None = None


class Tick(Struct, frozen=True):
    """One trade of anybody's; ``ask_bid`` is the taker's side. Told apart by sequential_id."""

    market: Market
    timestamp: Count
    trade_price: Amount
    trade_volume: Amount
    ask_bid: str
    sequential_id: Count
    prev_closing_price: Amount | None = None
    change_price: Signed | None = None


class Level(Struct, frozen=True):
    """A row of a book: the i-th ask beside the i-th bid; a thin side is padded with zeros."""

    ask_price: Amount
    bid_price: Amount
    ask_size: Amount
    bid_size: Amount


class Book(Struct, frozen=True):
    """A market's book, best first."""

    market: Market
    timestamp: Count
    total_ask_size: Amount
    total_bid_size: Amount
    orderbook_units: tuple[Level, ...]
    level: Amount | None = None


class Instrument(Struct, frozen=True):
    """The price unit in force in a market now."""

    market: Market
    quote_currency: str
    tick_size: Amount
    supported_levels: tuple[Amount, ...]


def _dear(*prices: Decimal) -> bool:
    """Whether these can be prices in KRW."""
    return all(0 < price <= PRICE_MAX for price in prices)


def _is_ticker(ticker: Ticker) -> bool:
    return _dear(ticker.trade_price)


def _is_candle(candle: Candle) -> bool:
    """Whether its figures agree: a range that holds where it began and where it ended."""
    ends = candle.opening_price, candle.trade_price
    low, high = candle.low_price, candle.high_price
    return _dear(low, high) and low <= min(ends) and max(ends) <= high


PAIRS = rows(Pair)
TICKERS = rows(Ticker, _is_ticker)
CANDLES = rows(Candle, _is_candle)
TICKS = rows(Tick)
BOOKS = rows(Book)
INSTRUMENTS = rows(Instrument)


def market_candle(candle: Candle) -> MarketCandle:
    """The candle in the bot's own terms: its start in epoch seconds."""
    start = candle.candle_date_time_utc.replace(tzinfo=UTC)
    return MarketCandle(
        int(start.timestamp()),
        candle.opening_price,
        candle.high_price,
        candle.low_price,
        candle.trade_price,
        candle.candle_acc_trade_volume,
    )
