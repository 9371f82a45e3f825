"""Owns the frames of the public socket: a pair's ticker, trade, book and candles as they stand.

Sources: docs/reference/upbit.md 6.3 to 6.6 and recorded frames; their order of keys is kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from sandbox.market import Listing
from sandbox.quotes.facts import Facts
from sandbox.wire.frames import Frame
from sandbox.wire.moments import KOREA, dated, label
from sandbox.wire.subscriptions import Topic

Stream = Literal["SNAPSHOT", "REALTIME"]


def frame_of(listing: Listing, topic: Topic, stream: Stream) -> Frame | None:
    """What a topic says of its pair now; None while there is nothing to say."""
    facts = listing.facts()
    if facts is None:
        return None
    if topic.kind == "ticker":
        return Frame(_ticker(listing, facts, stream))
    if topic.kind == "trade":
        return Frame(_trade(listing, facts, stream))
    if topic.kind == "orderbook":
        return _book(listing, topic, stream)
    return _candle(listing, topic.kind, stream)


def synthetic_frame(
    listing: Listing, kind: str, price: Decimal, age: float, now: float
) -> Frame | None:
    """A frame of a caller's: a ticker's last price or the four of a candle; the rest as it is."""
    found = frame_of(listing, Topic(kind, listing.pair), "REALTIME")
    if found is None:
        return None
    moment = int((now - age) * 1000)
    told: dict[str, Any] = {"trade_price": price, "timestamp": moment}
    if kind == "ticker":
        told |= {"trade_timestamp": moment}
    else:
        told |= dict.fromkeys(("opening_price", "high_price", "low_price"), price)
    return Frame({**found.fields, **told})


def _ticker(listing: Listing, facts: Facts, stream: Stream) -> dict[str, Any]:
    at, gone = facts.last.at / 1000, listing.delisting
    day = {"year": gone.year, "month": gone.month, "day": gone.day} if gone else None
    return {
        "type": "ticker",
        "code": listing.pair,
        "opening_price": facts.opening,
        "high_price": facts.high,
        "low_price": facts.low,
        "trade_price": facts.last.price,
        "prev_closing_price": facts.before,
        "acc_trade_price": facts.today.value,
        "change": facts.direction,
        "change_price": abs(facts.change),
        "signed_change_price": facts.change,
        "change_rate": abs(facts.rate),
        "signed_change_rate": facts.rate,
        "ask_bid": facts.last.side,
        "trade_volume": facts.last.volume,
        "acc_trade_volume": facts.today.volume,
        "trade_date": dated(at, "%Y%m%d"),
        "trade_time": dated(at, "%H%M%S"),
        "trade_timestamp": facts.last.at,
        "acc_ask_volume": facts.today.volume - facts.today.bids,
        "acc_bid_volume": facts.today.bids,
        "highest_52_week_price": facts.highest.price,
        "highest_52_week_date": dated(facts.highest.day),
        "lowest_52_week_price": facts.lowest.price,
        "lowest_52_week_date": dated(facts.lowest.day),
        "market_state": listing.state,
        "is_trading_suspended": False,
        "delisting_date": day,
        "market_warning": "CAUTION" if listing.warning else "NONE",
        "timestamp": facts.last.at,
        "acc_trade_price_24h": facts.day.value,
        "acc_trade_volume_24h": facts.day.volume,
        "stream_type": stream,
    }


def _trade(listing: Listing, facts: Facts, stream: Stream) -> dict[str, Any]:
    last, book = facts.last, listing.book()
    assert book is not None
    best = book.units[0]
    return {
        "type": "trade",
        "code": listing.pair,
        "timestamp": last.at,
        "trade_date": dated(last.at / 1000),
        "trade_time": dated(last.at / 1000, "%H:%M:%S"),
        "trade_timestamp": last.at,
        "trade_price": last.price,
        "trade_volume": last.volume,
        "ask_bid": last.side,
        "prev_closing_price": facts.before,
        "change": facts.direction,
        "change_price": abs(facts.change),
        "sequential_id": last.number,
        "best_ask_price": best.ask_price,
        "best_ask_size": best.ask_size,
        "best_bid_price": best.bid_price,
        "best_bid_size": best.bid_size,
        "stream_type": stream,
    }


def _book(listing: Listing, topic: Topic, stream: Stream) -> Frame | None:
    book = listing.book(topic.level)
    if book is None or not book.units:
        return None
    rows = [
        {
            "ask_price": unit.ask_price,
            "bid_price": unit.bid_price,
            "ask_size": unit.ask_size,
            "bid_size": unit.bid_size,
        }
        for unit in book.units[: topic.rows]
    ]
    return Frame(
        {
            "type": "orderbook",
            "code": listing.pair,
            "timestamp": book.at,
            "total_ask_size": book.total_ask,
            "total_bid_size": book.total_bid,
            "orderbook_units": rows,
            "stream_type": stream,
            "level": book.level,
        }
    )


def _candle(listing: Listing, kind: str, stream: Stream) -> Frame | None:
    spans = listing.spans.newest(kind.removeprefix("candle."))
    if not spans:
        return None
    span = spans[0]
    return Frame(
        {
            "type": kind,
            "code": listing.pair,
            "candle_date_time_utc": label(span.start),
            "candle_date_time_kst": label(span.start + KOREA),
            "opening_price": span.opening,
            "high_price": span.high,
            "low_price": span.low,
            "trade_price": span.closing,
            "candle_acc_trade_volume": span.volume,
            "candle_acc_trade_price": span.value,
            "timestamp": span.at,
            "stream_type": stream,
        }
    )
