"""Valid inputs of every decoder, as bytes: what mutations begin with; and hostile ones."""

from __future__ import annotations

import json
from typing import Any

from msgspec.json import Decoder

from adapters.upbit.schemas import accounts, quotes
from app.config.config_file import new_config_text
from app.control.frames import encode
from messages.base import Envelope, ReplayPosition
from messages.control import (
    AdoptPair,
    ForceEnter,
    ForceExit,
    OperatorReply,
    ReloadConfig,
    Shutdown,
    StopEntry,
)
from persistence.codec import encode_envelope
from tests.support.specimens import EVENTS, specimen

AT = "2026-07-30T15:51:00+09:00"
POCKET: dict[str, Any] = {
    "currency": "KRW",
    "balance": "1386929.37231066771348207123",
    "locked": "10329.6",
    "avg_buy_price": "0",
    "avg_buy_price_modified": True,
    "unit_currency": "KRW",
}
BOUND = {"currency": "KRW", "min_total": "5000"}
TRADE = {
    "market": "KRW-BTC",
    "uuid": "9e8f8eba-7050-4837-8969-cfc272cbe083",
    "price": "4280000.0",
    "volume": "0.00116822",
    "funds": "4999.9816",
    "created_at": AT,
    "side": "bid",
}
ORDER: dict[str, Any] = {
    "uuid": "cdd92199-2897-4e14-9448-f923320408ad",
    "market": "KRW-BTC",
    "side": "bid",
    "ord_type": "price",
    "price": "5000",
    "state": "cancel",
    "created_at": AT,
    "volume": None,
    "remaining_volume": None,
    "reserved_fee": "2.5",
    "remaining_fee": "0.00000092",
    "paid_fee": "2.4999908",
    "locked": "0.0184092",
    "executed_volume": "0.00116822",
    "trades_count": 1,
    "identifier": "jb-1",
    "trades": [TRADE],
}
CANDLE: dict[str, Any] = {
    "market": "KRW-BTC",
    "candle_date_time_utc": "2026-07-30T06:51:00",
    "candle_date_time_kst": "2026-07-30T15:51:00",
    "opening_price": 91180000.0,
    "high_price": 91190000.5,
    "low_price": 91170000.0,
    "trade_price": 91180001.0,
    "timestamp": 1785394318967,
    "candle_acc_trade_price": 6818155.9184,
    "candle_acc_trade_volume": 0.07477688,
    "unit": 1,
}
TICKER: dict[str, Any] = {
    "market": "KRW-BTC",
    "trade_price": 91180000.0,
    "timestamp": 1785394318967,
    "trade_timestamp": 1785394318900,
    "opening_price": 91180000.0,
    "high_price": 91190000.5,
    "low_price": 91170000.0,
    "acc_trade_price_24h": 6818155.9184,
    "acc_trade_volume_24h": 0.07477688,
    "signed_change_price": -112000.0,
    "signed_change_rate": -0.0012,
}
TICK = {
    "market": "KRW-BTC",
    "timestamp": 1785394318967,
    "trade_price": 91180000.0,
    "trade_volume": 0.001,
    "ask_bid": "ASK",
    "sequential_id": 17853943189670000,
}
LEVEL = {"ask_price": 91190000.0, "bid_price": 91180000.0, "ask_size": 0.5, "bid_size": 1.25}
BOOK: dict[str, Any] = {
    "market": "KRW-BTC",
    "timestamp": 1785394318967,
    "total_ask_size": 1.5,
    "total_bid_size": 2.5,
    "orderbook_units": [LEVEL, LEVEL],
    "level": 0,
}
SIDES = {"order_sides": ["ask", "bid"], "bid": BOUND, "ask": BOUND, "max_total": "1000000000"}
CHANCE = {
    "bid_fee": "0.0005",
    "ask_fee": "0.0005",
    "market": {"id": "KRW-BTC", "name": "BTC/KRW", "state": "active", **SIDES},
    "bid_account": POCKET,
    "ask_account": POCKET,
}
REST: dict[str, tuple[Decoder[Any], Any]] = {
    "accounts": (accounts.ACCOUNTS, [POCKET, POCKET]),
    "chance": (accounts.CHANCE, CHANCE),
    "order": (accounts.ORDER, ORDER),
    "orders": (accounts.ORDERS, [ORDER, {**ORDER, "trades": None}]),
    "api_keys": (accounts.API_KEYS, [{"access_key": "xxxx", "expire_at": AT}]),
    "wallets": (accounts.WALLETS, [{"currency": "BTC", "wallet_state": "working"}]),
    "withdrawals": (accounts.WITHDRAWALS, [{"uuid": "x"}]),
    "pairs": (quotes.PAIRS, [{"market": "KRW-BTC", "market_event": {"warning": False}}]),
    "tickers": (quotes.TICKERS, [TICKER]),
    "candles": (quotes.CANDLES, [CANDLE, CANDLE]),
    "ticks": (quotes.TICKS, [TICK, TICK]),
    "books": (quotes.BOOKS, [BOOK]),
    "instruments": (
        quotes.INSTRUMENTS,
        [
            {
                "market": "KRW-BTC",
                "quote_currency": "KRW",
                "tick_size": "1000",
                "supported_levels": ["0", "10000"],
            }
        ],
    ),
}
ERRORS = [
    {"error": {"name": "insufficient_funds_bid", "message": "주문가능한 금액(KRW)이 부족합니다."}},
    {"name": "too_many_requests", "message": "banned for 12 minutes"},
]
FRAMES: list[dict[str, Any]] = [
    {"type": "ticker", "code": "KRW-BTC", **TICKER, "stream_type": "REALTIME"},
    {"type": "trade", "code": "KRW-BTC", **TICK, "trade_timestamp": 1, "stream_type": "SNAPSHOT"},
    {"type": "orderbook", "code": "KRW-BTC", **BOOK, "stream_type": "SNAPSHOT"},
    {"type": "candle.1m", "code": "KRW-BTC", **CANDLE, "stream_type": "REALTIME"},
    {
        "type": "myOrder",
        "code": "KRW-BTC",
        "uuid": "ac2dc2a3",
        "state": "trade",
        "timestamp": 1710751597500,
        "executed_volume": 30925891.29839369,
        "identifier": "test-1",
    },
    {
        "type": "myAsset",
        "assets": [{"currency": "KRW", "balance": 1386929.3, "locked": 10329.6}],
        "asset_timestamp": 1710146517259,
    },
    {
        "ty": "ticker",
        "cd": "KRW-BTC",
        "tp": 91180000.0,
        "ttms": 1785394318900,
        "tms": 1785394318967,
        "st": "REALTIME",
    },
    {
        "ty": "candle.1m",
        "cd": "KRW-BTC",
        "cdttmu": "2026-07-30T06:51:00",
        "op": 1.0,
        "hp": 2.0,
        "lp": 0.5,
        "tp": 1.5,
        "catv": 3.25,
        "tms": 1785394318967,
        "st": "SNAPSHOT",
    },
    {"status": "UP"},
    {"error": {"name": "INVALID_AUTH", "message": "인증 정보가 올바르지 않습니다."}},
    {"result": [{"type": "ticker", "codes": ["KRW-BTC"]}]},
]
ROWS = (
    b"market,unit,timestamp_utc,open,high,low,close,volume,value\n"
    b"KRW-BTC,1m,2026-01-05T00:00:00Z,130466000,130500000,130400000.5,130450000,0.12345678,\n"
    b"KRW-ETH,1m,2026-01-05T00:00:00Z,4466000,4500000,4400000,4450000,1.5E-3,1\n"
    b"KRW-BTC,1m,2026-01-05T00:01:00Z,130450000,130450000,130440000,130440000,0,\n"
)
OTHER_ROWS = (  # as other programs have them
    b",open,high,low,close,volume,value\n"
    b"2026-01-05 09:00:00,130466000.0,130500000.0,130400000.5,130450000.0,0.12345678,1\n"
    b"2026-01-05 09:01:00,130450000.0,130450000.0,130440000.0,130440000.0,1e-05,\n\n",
    b'[{"market":"KRW-BTC","candle_date_time_utc":"2026-01-05T00:00:00","opening_price":130466000.0,'
    b'"high_price":130500000,"low_price":130400000.5,"trade_price":130450000,'
    b'"candle_acc_trade_volume":0.12345678,"unit":1}]',
    b"[[1767571200000,130466000.0,130500000.0,130400000.5,130450000.0,0.1],"
    b"[1767571260000,130466000.0,130500000.0,130400000.5,130450000.0,0.1]]",
)
LINES = [
    *(b"status", b"trades 5", b"why btc", "why 비트코인".encode(), b"daily 30", b"help"),
    *(b"forceenter eth 12,000.5", b"forceexit all", b"adopt KRW-BTC 100", b'why "KRW-BTC"'),
    *(b"release xrp", b"shutdown", b"reload_config", b"cancel_open_order KRW-BTC", b"exit"),
]
HEADERS = [
    b"group=order; min=720; sec=11",
    b"group=default; sec=29",
    b"12",
    b"Thu, 30 Jul 2026 06:51:00 GMT",
]


def text(content: Any) -> bytes:
    """As JSON."""
    return json.dumps(content, ensure_ascii=False).encode()


def changes() -> list[bytes]:
    """Bodies of control frames."""
    from decimal import Decimal

    told = [
        *(StopEntry("a1"), ForceEnter("KRW-BTC", Decimal("12000.5"), "a2"), Shutdown("a3")),
        *(ForceExit("all", "a4"), AdoptPair("KRW-BTC", Decimal(100), "a5"), ReloadConfig("a6")),
    ]
    return [encode(one)[4:] for one in told]


def replies() -> list[bytes]:
    """Bodies of replies to them."""
    return [encode(OperatorReply(True, "orders_cancelled", {"pair": "KRW-BTC", "count": "2"}))[4:]]


def entries() -> list[bytes]:
    """Journal entries of every event, without their checksum."""
    return [
        encode_envelope(
            Envelope(
                specimen(kind), 1756684800.25, "owner", "trace", 1, 0, ReplayPosition(60, "KRW-BTC")
            )
        )
        for kind in EVENTS
    ]


def configs() -> list[bytes]:
    """Configuration files."""
    return [new_config_text().encode(), b'{"dry_run": true, "exchange": {"name": "upbit"}}']


_FIGURES = (
    *(b"NaN", b'"NaN"', b"Infinity", b'"-Infinity"', b"1e999999", b'"1e999999"', b"-1", b"1_000"),
    *(b"9" * 5000, b'"' + b"9" * 5000 + b'"', b"0." + b"0" * 5000 + b"1", b"1e-999999", b'"sNaN"'),
    *('"１２３"'.encode(), b'" 1"', b"true", b"null", b"{}", b"[]", b'""', b"-0", b"1E400"),
)
HOSTILE = (
    *(b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", "﻿{}".encode(), b"null", b'"', b"{", b"[1,"),
    *(b"[" * 100_000, b'{"a":' * 100_000, b"[" * 1000 + b"]" * 1000, b"\x91" * 100_000),
    *(b"a" * 2**20, b'"' + b"a" * 2**20 + b'"', b"1" * 2**20, b" " * 2**20, b"\n" * 2**20),
    *(b"[" + b"1," * 400_000 + b"1]", b"\xdd\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff"),
    b"{" + b",".join(b'"k%d":0' % n for n in range(80_000)) + b"}",
    b"{" + b",".join(b'"k%d":0' % n for n in range(60_000)) + b',"k59999":1}',
    b'{"protections":[{' + b",".join(b'"k%d":0' % n for n in range(60_000)) + b"}]}",
    b'{"protections":[' + b"{}," * 200_000 + b"{}]}",
    b'{"pair_whitelist":[' + b'"KRW-A",' * 100_000 + b'"KRW-B"]}',
    b'{"a":1,"a":2}',
    *_FIGURES,
)


def hostile(specimens: list[bytes]) -> list[bytes]:
    """What is known to trouble decoders, by itself and in the place of a specimen's figures."""
    found = list(HOSTILE)
    for whole in specimens[:4]:
        for figure in _FIGURES:
            at = whole.find(b":") + 1
            end = min(
                (i for i in (whole.find(b",", at), whole.find(b"}", at)) if i > 0), default=at
            )
            found.append(whole[:at] + figure + whole[end:])
        found.append(whole + whole)
        found.append(whole.replace(b"{", b'{"a":1,"a":2,', 1))
    return found
