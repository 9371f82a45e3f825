"""One odd row of a list costs itself: the others count, and what it was about is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.upbit.answers import Answer
from adapters.upbit.fetches.account import looked
from adapters.upbit.fetches.market import candles, markets
from adapters.upbit.fetches.request import Requester
from adapters.upbit.replies import NoData, read_list
from adapters.upbit.schemas import accounts, quotes
from messages.venue_queries import AccountReport, FetchAccount, FetchCandles, FetchMarkets
from tests.support.scripted_server import Scripted, client, http, say

ACCOUNT = {
    "currency": "BTC",
    "balance": "1.5",
    "locked": "0",
    "avg_buy_price": "1000",
    "avg_buy_price_modified": False,
    "unit_currency": "KRW",
}
ORDER = {
    **{"uuid": "u", "market": "KRW-BTC", "side": "bid", "ord_type": "price", "state": "wait"},
    "created_at": "2026-03-22T21:47:08+09:00",
    **{"executed_volume": "0", "paid_fee": "0", "identifier": "ours"},
}
CANDLE = {
    "market": "KRW-BTC",
    "candle_date_time_utc": "2026-03-22T12:00:00",
    **{"opening_price": 100, "high_price": 110, "low_price": 90, "trade_price": 105},
    **{"timestamp": 1, "candle_acc_trade_price": 1, "candle_acc_trade_volume": 1, "unit": 1},
}
TICKER = {
    "market": "KRW-BTC",
    **{"trade_price": 100, "timestamp": 1, "trade_timestamp": 1, "opening_price": 1},
    **{"high_price": 1, "low_price": 1, "acc_trade_price_24h": 1, "acc_trade_volume_24h": 1},
}
PAIR = {"market": "KRW-BTC", "market_event": {"warning": False, "caution": {}}}
KEY = {"access_key": "k", "expire_at": "2027-01-01T00:00:00+09:00"}
WALLET = {"currency": "BTC", "wallet_state": "working"}
LISTS: list[tuple[Any, dict[str, Any], str, Any]] = [
    (accounts.ACCOUNTS, ACCOUNT, "balance", "NaN"),
    (accounts.ACCOUNTS, ACCOUNT, "balance", None),
    (accounts.ACCOUNTS, ACCOUNT, "locked", "9" * 60),
    (accounts.ORDERS, ORDER, "side", "hold"),
    (accounts.ORDERS, ORDER, "state", "asleep"),
    (accounts.ORDERS, ORDER, "executed_volume", []),
    (accounts.API_KEYS, KEY, "expire_at", "soon"),
    (accounts.WALLETS, WALLET, "wallet_state", 7),
    (quotes.PAIRS, PAIR, "market_event", {"warning": None}),
    (quotes.PAIRS, PAIR, "market", None),
    (quotes.TICKERS, TICKER, "trade_price", None),
    (quotes.TICKERS, TICKER, "trade_price", 0),
    (quotes.TICKERS, TICKER, "trade_price", 10**20),
    (quotes.CANDLES, CANDLE, "low_price", 0),
    (quotes.CANDLES, CANDLE, "high_price", 101),
    (quotes.CANDLES, CANDLE, "trade_price", "x"),
    (quotes.CANDLES, CANDLE, "candle_date_time_utc", None),
]


def answered(rows: Any) -> Answer:
    return Answer(200, rows if isinstance(rows, bytes) else json.dumps(rows).encode())


@pytest.mark.parametrize(("shape", "row", "member", "wrong"), LISTS)
def test_a_row_with_an_odd_member_is_left_out_and_the_others_count(
    shape: Any, row: dict[str, Any], member: str, wrong: Any
) -> None:
    good = read_list(shape, answered([row]))
    assert good.odd == ()
    assert not isinstance(good.value, NoData)
    odd = {**row, member: wrong}
    subject = odd.get("market") or odd.get("currency") or ""
    for bad in (odd, {k: v for k, v in row.items() if k != member}):
        if bad is not odd and member == "market_event":
            continue  # may be missing
        found = read_list(shape, answered([row, bad, row]))
        assert repr(found.value) == repr(good.value * 2)
        told = (bad.get("market") or bad.get("currency") or "",)
        assert found.odd == told
    assert read_list(shape, answered([odd])).odd == (subject,)


@pytest.mark.parametrize("row", [None, [], 5, "KRW-BTC", {}, True])
def test_a_row_that_is_none_is_left_out_without_a_name(row: Any) -> None:
    found = read_list(accounts.ACCOUNTS, answered([ACCOUNT, row]))
    assert not isinstance(found.value, NoData)
    assert ([a.currency for a in found.value], found.odd) == (["BTC"], ("",))


def test_a_member_that_is_given_twice_costs_its_row() -> None:
    twice = json.dumps(ACCOUNT).replace('"1.5"', '"1.5","balance":"2"').encode()
    found = read_list(accounts.ACCOUNTS, answered(b"[" + twice + b"]"))
    assert (found.value, found.odd) == ((), ("BTC",))
    named = json.dumps(ACCOUNT).replace('"BTC"', '"BTC","currency":"ETH"').encode()
    found = read_list(accounts.ACCOUNTS, answered(b"[" + named + b"]"))
    assert (found.value, found.odd) == ((), ("",)), "whose it is, nobody knows"


def test_a_list_of_nothing_but_odd_rows_is_no_data() -> None:
    found = read_list(quotes.PAIRS, answered([{"name": "a"}, {"name": "b"}]))
    assert isinstance(found.value, NoData)
    assert isinstance(read_list(quotes.PAIRS, answered({"market": "KRW-BTC"})).value, NoData)


def test_what_a_venue_writes_brings_nothing_that_acts_on_a_terminal() -> None:
    escape = "BT\x1b[31mC\u202e"
    found = read_list(accounts.ACCOUNTS, answered([{**ACCOUNT, "currency": escape}]))
    assert (found.value, found.odd) == ((), ("BT[31mC",))
    no = Answer(400, json.dumps({"error": {"name": "no\x07", "message": escape}}).encode())
    refused: Any = read_list(accounts.ACCOUNTS, no).value
    assert (refused.name, refused.message) == ("no", "BT[31mC")


# --- what comes of it
def of_type(kind: Any, said: Any) -> Any:
    return next(message for message in said if isinstance(message, kind))


def read(rows: Any, perform: Any) -> tuple[Any, Requester]:
    with Scripted(say(http(200, rows))) as server:
        reading = Requester(client(server.url))
        return perform(reading), reading


def test_a_coin_whose_row_cannot_be_read_is_unknown_and_not_zero() -> None:
    rows = [
        {**ACCOUNT, "currency": "KRW"},
        ACCOUNT,
        {**ACCOUNT, "currency": "ETH", "balance": None},
    ]
    said, reading = read(rows, lambda r: looked(r, FetchAccount(1.0)))
    found = of_type(FetchAccount, said).found
    assert [*found.coins] == ["KRW-BTC"]
    assert found.unread == ("KRW-ETH",)
    assert reading.left_out == {"/v1/accounts": 1}


def test_a_coin_that_two_rows_tell_of_is_unknown_too() -> None:
    said, _ = read([ACCOUNT, {**ACCOUNT, "balance": "2"}], lambda r: looked(r, FetchAccount(1.0)))
    found = of_type(FetchAccount, said).found
    assert (found.coins, found.unread) == ({}, ("KRW-BTC",))


def test_an_open_order_that_cannot_be_read_is_told_of() -> None:
    odd = {**ORDER, "market": "KRW-ETH", "state": "asleep"}
    call = FetchAccount(1.0, "orders", found=AccountReport(asked=1.0))
    said, _ = read([ORDER, odd], lambda r: looked(r, call))
    found = of_type(FetchAccount, said).found
    assert [order.pair for order in found.orders] == ["KRW-BTC"]
    assert found.unread_orders == ("KRW-ETH",)


def test_a_candle_that_is_odd_leaves_a_gap() -> None:
    def at(minute: int, **more: Any) -> dict[str, Any]:
        return {**CANDLE, "candle_date_time_utc": f"2026-03-22T12:0{minute}:00", **more}

    rows = [at(4), at(3, low_price=None), at(2), at(2), at(1, market="KRW-ETH"), at(0)]
    said, _ = read(rows, lambda r: candles(r, FetchCandles("KRW-BTC", 60, 2e9)))
    times = [candle.time // 60 % 60 for candle in said[0].candles]
    assert times == [0, 2, 4]


def test_a_market_whose_row_is_odd_is_not_taken_for_delisted() -> None:
    rows = [PAIR, {**PAIR, "market": "KRW-ETH", "market_event": {"warning": None}}]
    said, _ = read(rows, lambda r: markets(r, FetchMarkets()))
    assert (said[0].listed, said[0].unread) == (("KRW-BTC",), ("KRW-ETH",))
