"""Upbit's own SDK, unchanged, reads the sandbox's market: every quotation call, both sockets."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from core.market.candles import candle_at
from core.market.synthetic import synthetic_market
from tests.support.market_server import Served, served
from tests.system.sandbox.test_sockets import ASSET, ORDER, trades_of

upbit = pytest.importorskip("upbit", reason="upbit-sdk is not installed (pip install upbit-sdk)")
TAPES = synthetic_market(3, days=2)
HISTORY = 1500


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(TAPES, history=HISTORY) as found:
        found.trade_until(found.market.clock.now() + 40)
        yield found


@pytest.fixture
def sdk(server: Served) -> Iterator[Any]:
    """The SDK as its users make it, but for the address."""
    with upbit.Upbit(
        access_key="sandbox-access-key",
        secret_key="sandbox-secret-key",
        base_url=f"http://127.0.0.1:{server.port}",
        max_retries=0,
    ) as found:
        yield found


def test_the_sdk_lists_the_markets(sdk: Any) -> None:
    found = sdk.trading_pairs.list(is_details=True)
    assert [item.market for item in found] == [series.pair for series in TAPES]
    assert found[0].korean_name == "비트코인"
    assert found[0].market_event.warning is False


def test_the_sdk_reads_tickers(server: Served, sdk: Any) -> None:
    one = sdk.tickers.list_by_trading_pairs(markets="KRW-BTC,KRW-SHIB")
    every = sdk.tickers.list_by_quote_currencies(quote_currencies="KRW")
    assert [ticker.market for ticker in every] == [series.pair for series in TAPES]
    assert one[0] == every[0]
    for ticker in every:
        assert Decimal(ticker.trade_price) == server.market.last(ticker.market)


@pytest.mark.parametrize("unit", [1, 3, 5, 10, 15, 30, 60, 240])
def test_the_sdk_reads_candles_of_minutes(server: Served, sdk: Any, unit: int) -> None:
    found = sdk.candles.list_minutes(
        unit, market="KRW-BTC", count=200, to="2026-01-06T00:00:00+09:00"
    )
    assert len(found) == min(200, -(-900 // unit))
    assert {candle.unit for candle in found} == {unit}
    if unit == 1:
        series = TAPES[0]
        row = int(series.time.searchsorted(1767571200 + 15 * 3600)) - 1
        recorded = candle_at(series, row)
        assert Decimal(found[0].opening_price) == recorded.open
        assert Decimal(found[0].candle_acc_trade_volume) == recorded.volume


@pytest.mark.parametrize("period", ["seconds", "days", "weeks", "months", "years"])
def test_the_sdk_reads_candles_of_every_period(sdk: Any, period: str) -> None:
    found = getattr(sdk.candles, f"list_{period}")(market="KRW-ETH", count=2)
    assert {candle.market for candle in found} == {"KRW-ETH"}
    assert len(found) == {"seconds": 2, "days": 2}.get(period, 1)
    assert Decimal(found[0].low_price) <= Decimal(found[0].trade_price)


def test_the_sdk_pages_trades(sdk: Any) -> None:
    first = sdk.trades.list(market="KRW-XRP", count=10)
    second = sdk.trades.list(market="KRW-XRP", count=10, cursor=str(first[-1].sequential_id))
    ids = [trade.sequential_id for trade in (*first, *second)]
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == 20
    older = sdk.trades.list(market="KRW-XRP", days_ago=1, to="13:45:01")
    assert older[0].trade_time_utc <= "13:45:01"


def test_the_sdk_reads_books_and_their_instruments(server: Served, sdk: Any) -> None:
    book = sdk.orderbooks.list(markets="KRW-BTC")[0]
    assert [
        tuple(map(Decimal, (u.ask_price, u.bid_price, u.ask_size, u.bid_size)))
        for u in book.orderbook_units
    ] == server.market.book("KRW-BTC")
    instrument = sdk.orderbooks.list_instruments(markets="KRW-BTC")[0]
    gathered = sdk.orderbooks.list(markets="KRW-BTC", level=instrument.supported_levels[1], count=3)
    assert len(gathered[0].orderbook_units) == 3


def test_the_sdk_knows_the_refusals(sdk: Any) -> None:
    with pytest.raises(upbit.NotFoundError, match="Code not found"):
        sdk.tickers.list_by_trading_pairs(markets="KRW-NOPE")
    with pytest.raises(upbit.BadRequestError, match="specified unit"):
        sdk.candles.list_minutes(120, market="KRW-BTC")


@pytest.mark.parametrize("form", ["DEFAULT", "SIMPLE"])
def test_the_sdk_reads_the_public_socket(server: Served, sdk: Any, form: str) -> None:
    kinds = ("ticker", "trade", "orderbook", "candle.1m")
    with sdk.ws_public.connect_public() as socket:
        socket.send(
            [
                {"ticket": "t"},
                *({"type": kind, "codes": ["KRW-BTC"]} for kind in kinds),
                {"format": form},
            ]
        )
        found = [socket.recv() for _ in kinds]
        trades_of(server, "KRW-BTC", 1)
        found += [socket.recv() for _ in kinds]
        socket.send([{"ticket": "t"}, {"method": "LIST_SUBSCRIPTIONS"}])
        listing = socket.recv()
    typed = [type(message).__name__ for message in found]
    names = ["Ticker", "Trade", "Orderbook", "WsCandleResponse"]
    if form == "SIMPLE":
        names = ["SimpleTicker", "SimpleTrade", "SimpleOrderbook", "SimpleCandle"]
    assert typed == names * 2
    last = found[5].trade_price if form == "DEFAULT" else found[5].tp
    assert Decimal(str(last)) == server.market.last("KRW-BTC")
    assert [
        r.type if form == "DEFAULT" else r.ty
        for r in (listing.result if form == "DEFAULT" else listing.rslt)
    ] == list(kinds)


def test_the_sdk_reads_list_formats_and_errors(sdk: Any) -> None:
    with sdk.ws_public.connect_public() as socket:
        part = {"type": "ticker", "codes": ["KRW-BTC", "KRW-ETH"]}
        socket.send([{"ticket": "t"}, part, {"format": "JSON_LIST"}])
        assert [ticker.code for ticker in socket.recv()] == part["codes"]
        socket.send_raw("hello")
        assert b"WRONG_FORMAT" in socket.recv_bytes()


def test_the_sdk_reads_the_private_socket(server: Served, sdk: Any) -> None:
    with sdk.ws_private.connect_private() as socket:
        socket.send([{"ticket": "t"}, {"type": "myOrder"}, {"type": "myAsset"}])
        socket.send([{"ticket": "t"}, {"method": "LIST_SUBSCRIPTIONS"}])
        assert [row.type for row in socket.recv().result] == ["myOrder", "myAsset"]
        server.call(lambda: server.hub.order(ORDER))
        server.call(lambda: server.hub.asset(ASSET))
        order, asset = socket.recv(), socket.recv()
    assert (order.type, order.uuid, Decimal(str(order.volume))) == (
        "myOrder",
        "u",
        Decimal("0.00000001"),
    )
    assert Decimal(str(asset.assets[0].balance)) == Decimal("1000000.5")
