"""Owns the short names of the SIMPLE formats, by type: docs/reference/upbit.md 6.3 to 6.9."""

from __future__ import annotations

from collections.abc import Mapping

_COMMON = {"type": "ty", "code": "cd", "timestamp": "tms", "stream_type": "st"}
_DAY = {
    "opening_price": "op",
    "high_price": "hp",
    "low_price": "lp",
    "trade_price": "tp",
}

TICKER = (
    _COMMON
    | _DAY
    | {
        "prev_closing_price": "pcp",
        "acc_trade_price": "atp",
        "change": "c",
        "change_price": "cp",
        "signed_change_price": "scp",
        "change_rate": "cr",
        "signed_change_rate": "scr",
        "ask_bid": "ab",
        "trade_volume": "tv",
        "acc_trade_volume": "atv",
        "trade_date": "tdt",
        "trade_time": "ttm",
        "trade_timestamp": "ttms",
        "acc_ask_volume": "aav",
        "acc_bid_volume": "abv",
        "highest_52_week_price": "h52wp",
        "highest_52_week_date": "h52wdt",
        "lowest_52_week_price": "l52wp",
        "lowest_52_week_date": "l52wdt",
        "market_state": "ms",
        "is_trading_suspended": "its",
        "delisting_date": "dd",
        "market_warning": "mw",
        "acc_trade_price_24h": "atp24h",
        "acc_trade_volume_24h": "atv24h",
    }
)
TRADE = _COMMON | {
    "trade_date": "td",
    "trade_time": "ttm",
    "trade_timestamp": "ttms",
    "trade_price": "tp",
    "trade_volume": "tv",
    "ask_bid": "ab",
    "prev_closing_price": "pcp",
    "change": "c",
    "change_price": "cp",
    "sequential_id": "sid",
    "best_ask_price": "bap",
    "best_ask_size": "bas",
    "best_bid_price": "bbp",
    "best_bid_size": "bbs",
}
ORDERBOOK = _COMMON | {
    "total_ask_size": "tas",
    "total_bid_size": "tbs",
    "orderbook_units": "obu",
    "ask_price": "ap",
    "bid_price": "bp",
    "ask_size": "as",
    "bid_size": "bs",
    "level": "lv",
}
CANDLE = (
    _COMMON
    | _DAY
    | {
        "candle_date_time_utc": "cdttmu",
        "candle_date_time_kst": "cdttmk",
        "candle_acc_trade_volume": "catv",
        "candle_acc_trade_price": "catp",
    }
)
MY_ORDER = _COMMON | {
    "uuid": "uid",
    "ask_bid": "ab",
    "order_type": "ot",
    "state": "s",
    "trade_uuid": "tuid",
    "price": "p",
    "avg_price": "ap",
    "volume": "v",
    "remaining_volume": "rv",
    "executed_volume": "ev",
    "trades_count": "tc",
    "reserved_fee": "rsf",
    "remaining_fee": "rmf",
    "paid_fee": "pf",
    "locked": "l",
    "executed_funds": "ef",
    "time_in_force": "tif",
    "trade_fee": "tf",
    "is_maker": "im",
    "identifier": "id",
    "smp_type": "smpt",
    "prevented_volume": "pv",
    "prevented_locked": "pl",
    "trade_timestamp": "ttms",
    "order_timestamp": "otms",
}
MY_ASSET = _COMMON | {
    "asset_uuid": "astuid",
    "assets": "ast",
    "currency": "cu",
    "balance": "b",
    "locked": "l",
    "asset_timestamp": "asttms",
}
LISTING = {
    "method": "mthd",
    "result": "rslt",
    "ticket": "tckt",  # the SDK's; one page of the documentation has tck
    "type": "ty",
    "codes": "cds",
    "level": "lv",
}
SHORT: Mapping[str, Mapping[str, str]] = {
    "ticker": TICKER,
    "trade": TRADE,
    "orderbook": ORDERBOOK,
    "candle": CANDLE,
    "myOrder": MY_ORDER,
    "myAsset": MY_ASSET,
}
