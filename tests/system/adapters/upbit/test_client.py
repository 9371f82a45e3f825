"""The calls by name: what each asks, in which group it counts, and what it makes of the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest

from adapters.upbit.client import Client, candle_path
from adapters.upbit.groups import (
    CANCEL_ALL,
    CANDLES,
    DEFAULT,
    GROUPS,
    MARKET,
    ORDER,
    ORDER_TEST,
    ORDERBOOK,
    TICKER,
    TRADES,
    Group,
    group_of,
)
from adapters.upbit.replies import Refused
from adapters.upbit.schemas.accounts import ApiKey
from adapters.upbit.secrets import Secret
from messages.config import TIMEFRAMES
from tests.support.recorded import NO_DATA, UPBIT
from tests.support.scripted_server import ACCESS, Scripted, client, http, say

Ask = Callable[[Client], Any]
ASKED: list[tuple[Ask, str, str, dict[str, str], Group, bool]] = [
    (lambda c: c.accounts(), "GET", "/v1/accounts", {}, DEFAULT, True),
    (
        lambda c: c.chance("KRW-BTC"),
        *("GET", "/v1/orders/chance", {"market": "KRW-BTC"}, DEFAULT, True),
    ),
    (lambda c: c.api_keys(), "GET", "/v1/api_keys", {}, DEFAULT, True),
    (lambda c: c.wallet_status(), "GET", "/v1/status/wallet", {}, DEFAULT, True),
    (lambda c: c.withdraws(), "GET", "/v1/withdraws", {"limit": "1"}, DEFAULT, True),
    (lambda c: c.order_by(uuid="u"), "GET", "/v1/order", {"uuid": "u"}, DEFAULT, True),
    (lambda c: c.order_by(identifier="i"), "GET", "/v1/order", {"identifier": "i"}, DEFAULT, True),
    (
        lambda c: c.orders_by(["a"]),
        *("GET", "/v1/orders/uuids", {"identifiers[]": "a"}, DEFAULT, True),
    ),
    (
        lambda c: c.open_orders(2, "KRW-BTC"),
        *("GET", "/v1/orders/open"),
        {"market": "KRW-BTC", "states[]": "watch", "page": "2", "limit": "100"},
        *(DEFAULT, True),
    ),
    (
        lambda c: c.closed_orders(1000.5, 2000),
        *("GET", "/v1/orders/closed"),
        {"start_time": "1000500", "end_time": "2000000", "limit": "1000"},
        *(DEFAULT, True),
    ),
    (lambda c: c.place('{"a":"b"}'), "POST", "/v1/orders", {}, ORDER, True),
    (lambda c: c.test_order('{"a":"b"}'), "POST", "/v1/orders/test", {}, ORDER_TEST, True),
    (lambda c: c.cancel(uuid="u"), "DELETE", "/v1/order", {"uuid": "u"}, DEFAULT, True),
    (lambda c: c.markets(), "GET", "/v1/market/all", {"is_details": "true"}, MARKET, False),
    (
        lambda c: c.tickers(),
        *("GET", "/v1/ticker/all", {"quote_currencies": "KRW"}, TICKER, False),
    ),
    (
        lambda c: c.tickers(["KRW-A", "KRW-B"]),
        *("GET", "/v1/ticker", {"markets": "KRW-A,KRW-B"}, TICKER, False),
    ),
    (
        lambda c: c.candles("KRW-BTC", 60, 1785753900, 50),
        *("GET", "/v1/candles/minutes/1"),
        {"market": "KRW-BTC", "count": "50", "to": "2026-08-03T10:45:00Z"},
        *(CANDLES, False),
    ),
    (
        lambda c: c.candles("KRW-BTC", 86400),
        *("GET", "/v1/candles/days", {"market": "KRW-BTC", "count": "200"}, CANDLES, False),
    ),
    (
        lambda c: c.orderbooks(["KRW-A"], 1),
        *("GET", "/v1/orderbook", {"markets": "KRW-A", "count": "1"}, ORDERBOOK, False),
    ),
    (
        lambda c: c.instruments(["KRW-A"]),
        *("GET", "/v1/orderbook/instruments", {"markets": "KRW-A"}, ORDERBOOK, False),
    ),
    (
        lambda c: c.trades("KRW-A"),
        *("GET", "/v1/trades/ticks", {"market": "KRW-A", "count": "500"}, TRADES, False),
    ),
]


@pytest.mark.parametrize(("ask", "method", "path", "params", "group", "signed"), ASKED)
def test_each_call_asks_for_what_it_says(
    ask: Ask, method: str, path: str, params: dict[str, str], group: Group, signed: bool
) -> None:
    no = {"error": {"name": "validation_error", "message": "m"}}
    with Scripted(say(http(400, no))) as server:
        reply = ask(client(server.url))
    head = server.requests[0].partition(b"\r\n\r\n")[0].decode()
    asked = head.split(" ")[1]
    assert head.startswith(f"{method} {path}")
    assert asked.partition("?")[0] == path
    assert dict(parse_qsl(asked.partition("?")[2])) == params
    assert ("authorization:" in head.lower()) is signed
    assert group_of(method, path) is group
    assert group.public is not signed
    assert reply.value == Refused(400, "validation_error", "m")


def test_the_recorded_groups_are_the_ones_in_the_table() -> None:
    folder = UPBIT / "rest"
    if not folder.exists():
        pytest.skip(NO_DATA)
    seen = set()
    for path in folder.glob("o*.json"):
        for one in json.loads(path.read_text()):
            told = one["response"]["headers"]["Remaining-Req"].split(";")[0].split("=")[1]
            asked = one["request"]["url"].removeprefix("https://api.upbit.com").partition("?")[0]
            assert group_of(one["request"]["method"], asked).name == told
            seen.add(told)
    assert seen == {"order", "default", "order-test", "order-cancel-all"}


def test_groups_have_names_of_their_own_and_cancelling_all_is_the_slowest() -> None:
    assert len({group.name for group in GROUPS}) == len(GROUPS)
    assert min(GROUPS, key=lambda group: group.per_second) is CANCEL_ALL


def test_every_timeframe_has_its_candles_and_no_other_length_has() -> None:
    assert len({candle_path(seconds) for seconds in TIMEFRAMES.values()}) == len(TIMEFRAMES)
    for seconds in (0, 1, 59, 120, 7200, 604800):
        with pytest.raises(ValueError, match="candles"):
            candle_path(seconds)


def test_what_upbit_would_cut_or_refuse_is_refused_here() -> None:
    idle = client("http://127.0.0.1:1")
    calls: list[Ask] = [
        lambda c: c.candles("KRW-BTC", 60, count=201),
        lambda c: c.orders_by([]),
        lambda c: c.orders_by(["i"] * 101),
        lambda c: c.closed_orders(0, 7 * 86400 + 1),
        lambda c: c.closed_orders(1, 0),
        lambda c: c.order_by(),
        lambda c: c.cancel(uuid="u", identifier="i"),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"."):
            call(idle)


def test_the_keys_of_the_account_come_with_their_end_and_do_not_print() -> None:
    body = [{"access_key": ACCESS, "expire_at": "2027-01-02T03:04:05+09:00"}]
    with Scripted(say(http(200, body))) as server:
        reply = client(server.url).api_keys()
    assert isinstance(reply.value, tuple)
    key = reply.value[0]
    assert isinstance(key, ApiKey)
    assert isinstance(key.access_key, Secret)
    assert key.access_key.reveal() == ACCESS
    assert key.expire_at.timestamp() == 1798826645.0
    assert ACCESS not in repr(reply)


def test_a_key_that_may_not_see_withdrawals_is_told_so() -> None:
    no = {"error": {"name": "out_of_scope", "message": "권한이 부족합니다."}}
    with Scripted(
        say(http(401, no)), say(http(200, [{"uuid": "w"}])), say(http(200, []))
    ) as server:
        own = client(server.url)
        assert own.withdraws().value == Refused(401, "out_of_scope", "권한이 부족합니다.")
        assert isinstance(own.withdraws().value, tuple)
        assert own.withdraws().value == ()


def test_wallets_and_markets_decode() -> None:
    wallet = {
        "currency": "BTC",
        "wallet_state": "working",
        "block_state": "normal",
        "block_height": 700000,
        "block_updated_at": "2026-01-01T00:00:00.000+00:00",
        "block_elapsed_minutes": 10,
        "net_type": "BTC",
        "network_name": "Bitcoin",
    }
    caution = {"PRICE_FLUCTUATIONS": False, "TRADING_VOLUME_SOARING": True}
    pair = {
        "market": "KRW-BTC",
        "korean_name": "비트코인",
        "english_name": "Bitcoin",
        "market_event": {"warning": True, "caution": caution},
    }
    with Scripted(say(http(200, [wallet])), say(http(200, [pair]))) as server:
        own = client(server.url)
        wallets, pairs = own.wallet_status().value, own.markets().value
    assert isinstance(wallets, tuple)
    assert (wallets[0].wallet_state, wallets[0].block_height) == ("working", 700000)
    assert isinstance(pairs, tuple)
    event = pairs[0].market_event
    assert event is not None
    assert (event.warning, event.caution) == (True, caution)
