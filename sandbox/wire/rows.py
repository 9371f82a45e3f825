"""Owns the rows that quotation endpoints answer with: Upbit's keys, in its order and spelling.

Sources: docs/reference/upbit.md 2 and recorded replies of each endpoint.
"""

from __future__ import annotations

from decimal import Decimal

from core.market.pairs import NAMES, coin
from core.market.tick_size import korean_day, tick_size
from core.money import quotient
from sandbox.market import Listing
from sandbox.quotes.depth import Book, levels_of
from sandbox.quotes.facts import Facts
from sandbox.quotes.path import Trade
from sandbox.quotes.spans import Span
from sandbox.wire.moments import KOREA, dated, label
from sandbox.wire.numbers import java, plain, whole

Row = dict[str, object]
CAUTIONS = (
    "PRICE_FLUCTUATIONS",
    "TRADING_VOLUME_SOARING",
    "DEPOSIT_AMOUNT_SOARING",
    "GLOBAL_PRICE_DIFFERENCES",
    "CONCENTRATION_OF_SMALL_ACCOUNTS",
)


def market_row(listing: Listing, details: bool) -> Row:
    """An item of /market/all; a coin without a known name bears its code."""
    code = coin(listing.pair)
    korean, english = NAMES.get(code, (code, code))
    row: Row = {"market": listing.pair, "korean_name": korean, "english_name": english}
    if details:
        caution = {name: name in listing.cautions for name in CAUTIONS}
        row["market_event"] = {"warning": listing.warning, "caution": caution}
    return row


def ticker_row(pair: str, facts: Facts) -> Row:
    """An item of /ticker."""
    at = facts.last.at / 1000
    return {
        "market": pair,
        "trade_date": dated(at, "%Y%m%d"),
        "trade_time": dated(at, "%H%M%S"),
        "trade_date_kst": dated(at + KOREA, "%Y%m%d"),
        "trade_time_kst": dated(at + KOREA, "%H%M%S"),
        "trade_timestamp": facts.last.at,
        "opening_price": plain(facts.opening),
        "high_price": plain(facts.high),
        "low_price": plain(facts.low),
        "trade_price": plain(facts.last.price),
        "prev_closing_price": plain(facts.before),
        "change": facts.direction,
        "change_price": plain(abs(facts.change)),
        "change_rate": plain(abs(facts.rate)),
        "signed_change_price": plain(facts.change),
        "signed_change_rate": plain(facts.rate),
        "trade_volume": plain(facts.last.volume),
        "acc_trade_price": plain(facts.today.value),
        "acc_trade_price_24h": plain(facts.day.value),
        "acc_trade_volume": plain(facts.today.volume),
        "acc_trade_volume_24h": plain(facts.day.volume),
        "highest_52_week_price": plain(facts.highest.price),
        "highest_52_week_date": dated(facts.highest.day),
        "lowest_52_week_price": plain(facts.lowest.price),
        "lowest_52_week_date": dated(facts.lowest.day),
        "timestamp": facts.last.at,
    }


def candle_row(pair: str, span: Span) -> Row:
    """What items of all /candles have in common."""
    return {
        "market": pair,
        "candle_date_time_utc": label(span.start),
        "candle_date_time_kst": label(span.start + KOREA),
        "opening_price": plain(span.opening),
        "high_price": plain(span.high),
        "low_price": plain(span.low),
        "trade_price": plain(span.closing),
        "timestamp": span.at,
        "candle_acc_trade_price": plain(span.value),
        "candle_acc_trade_volume": plain(span.volume),
    }


def day_row(pair: str, span: Span, converted: bool) -> Row:
    """An item of /candles/days; ``converted`` adds the price in KRW, which it is in already."""
    change = span.closing - span.before
    rate = quotient(abs(change), span.before, 10)
    row = candle_row(pair, span) | {
        "prev_closing_price": plain(span.before),
        "change_price": plain(change),
        "change_rate": plain(-rate if change < 0 else rate),
    }
    return row | {"converted_trade_price": plain(span.closing)} if converted else row


def trade_row(pair: str, trade: Trade, before: Decimal) -> Row:
    """An item of /trades/ticks; ``before`` is the close of the day before the trade's."""
    at = trade.at / 1000
    return {
        "market": pair,
        "trade_date_utc": dated(at),
        "trade_time_utc": dated(at, "%H:%M:%S"),
        "timestamp": trade.at,
        "trade_price": plain(trade.price),
        "trade_volume": plain(trade.volume),
        "prev_closing_price": plain(before),
        "change_price": plain(trade.price - before),
        "ask_bid": trade.side,
        "sequential_id": trade.number,
    }


def book_row(pair: str, book: Book, count: int) -> Row:
    """An item of /orderbook with so many of its rows."""
    return {
        "market": pair,
        "timestamp": book.at,
        "total_ask_size": plain(book.total_ask),
        "total_bid_size": plain(book.total_bid),
        "orderbook_units": [
            {
                "ask_price": whole(unit.ask_price),
                "bid_price": whole(unit.bid_price),
                "ask_size": java(unit.ask_size),
                "bid_size": java(unit.bid_size),
            }
            for unit in book.units[:count]
        ],
        "level": whole(book.level),
    }


def instrument_row(listing: Listing, facts: Facts) -> Row:
    """An item of /orderbook/instruments: texts, by the price now."""
    day, price = korean_day(facts.last.at / 1000), facts.last.price
    levels = [f"{level:f}" for level in levels_of(listing.pair, price, day)]
    return {
        "market": listing.pair,
        "quote_currency": "KRW",
        "tick_size": f"{tick_size(price, day, listing.pair):f}",
        "supported_levels": ["0", *levels],
    }
