"""The sockets: Upbit's frames, formats and manners, over real connections."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from core.market.synthetic import synthetic_market
from sandbox.faults import Fault
from sandbox.market import Market
from sandbox.wire.short import SHORT
from tests.support.market_server import (
    PATIENCE,
    Served,
    ask,
    recorded_frames,
    served,
    told,
)
from tests.support.recorded import UPBIT, needed

TAPES = synthetic_market(3, days=1)
TYPES = ("ticker", "trade", "orderbook", "candle.1m")


@pytest.fixture
def server() -> Iterator[Served]:
    """A market that trades only when a test lets it."""
    with served(TAPES) as found:
        yield found


def trades_of(server: Served, pair: str, count: int) -> None:
    """Let trades happen until so many of one pair have."""

    def work() -> None:
        market, left = server.market, count
        while left:
            due = market._due[0][1]
            market._trade(due)
            left -= due == pair

    server.call(work)


def ended(socket: ClientConnection) -> int:
    """Read to the end of the connection: the code of its close."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=PATIENCE)
    assert socket.close_code is not None
    return socket.close_code


def shape(frame: Any) -> Any:
    if isinstance(frame, dict):
        return {key: shape(value) for key, value in frame.items()}
    if isinstance(frame, list):
        return [shape(frame[0])]
    return type(frame).__name__


def test_snapshots_come_first_and_then_each_trade_in_real_time(server: Served) -> None:
    with server.socket() as socket:
        ask(socket, *({"type": kind, "codes": ["KRW-BTC"]} for kind in TYPES))
        first = [told(socket) for _ in TYPES]
        assert [frame["type"] for frame in first] == list(TYPES)
        assert {frame["stream_type"] for frame in first} == {"SNAPSHOT"}
        assert {frame["code"] for frame in first} == {"KRW-BTC"}
        trades_of(server, "KRW-BTC", 3)
        later = [told(socket) for _ in range(3 * len(TYPES))]
        assert {frame["stream_type"] for frame in later} == {"REALTIME"}
        trades = [frame for frame in later if frame["type"] == "trade"]
        row = server.rows("trades/ticks", market="KRW-BTC", count=3)
        ids = [frame["sequential_id"] for frame in trades]
        assert ids == [r["sequential_id"] for r in row][::-1]
        candle = [frame for frame in later if frame["type"] == "candle.1m"][-1]
        rest = server.rows("candles/minutes/1", market="KRW-BTC")[0]
        same = set(candle) & set(rest)
        assert len(same) == 9
        assert {k: candle[k] for k in same} == {k: rest[k] for k in same}
        ticker = [frame for frame in later if frame["type"] == "ticker"][-1]
        rest = server.rows("ticker", markets="KRW-BTC")[0]
        same = set(ticker) & set(rest)
        assert len(same) == 23
        assert {k: ticker[k] for k in same} == {k: rest[k] for k in same}
        bought, sold = ticker["acc_bid_volume"], ticker["acc_ask_volume"]
        assert bought + sold == pytest.approx(ticker["acc_trade_volume"])


@needed
def test_frames_have_the_keys_their_order_and_the_types_of_recorded_ones(server: Served) -> None:
    theirs = {kind: text for kind, text in recorded_frames() if kind.startswith(TYPES[:3])}
    names = {"ticker": None, "trade": "trade SNAPSHOT DEFAULT", "orderbook": "orderbook SNAPSHOT"}
    packed = next((UPBIT / "ws").glob("ticker_frames*")).read_bytes()
    lines = gzip.decompress(packed).splitlines()
    with server.socket() as socket:
        ask(socket, *({"type": kind, "codes": ["KRW-BTC"]} for kind in names))
        found = {frame["type"]: frame for frame in (told(socket) for _ in names)}
    one = json.loads(lines[0])
    assert list(found["ticker"]) == list(one)
    assert shape(found["ticker"]) == shape(one)
    for kind in ("trade", "orderbook"):
        text = next(text for name, text in theirs.items() if name.startswith(names[kind] or ""))
        assert list(found[kind]) == list(json.loads(text))
        assert shape(found[kind]) == shape(json.loads(text))


def spelled(text: str) -> dict[str, str]:
    """How each number of a frame is written, by its key: digits become 9."""
    found = re.findall(r'"(\w+)":(-?[0-9][0-9.E+-]*)', text)
    return {key: style(number) for key, number in found}


def style(number: str) -> str:
    if "E" in number:
        return "exponent"
    if "." not in number:
        return "integer"
    return "eight decimals" if re.search(r"\.[0-9]{8}$", number) else "decimal"


@needed
@pytest.mark.parametrize("form", ["DEFAULT", "SIMPLE"])
def test_the_prices_of_books_are_spelled_as_recorded(server: Served, form: str) -> None:
    theirs = next(t for k, t in recorded_frames() if k == f"orderbook SNAPSHOT {form}")
    with server.socket() as socket:
        ask(socket, {"type": "orderbook", "codes": ["KRW-BTC"]}, form=form)
        text = bytes(socket.recv(timeout=PATIENCE)).decode()  # type: ignore[arg-type]
    keys = ("ask_price", "bid_price", "level", "timestamp", "ap", "bp", "lv", "tms")
    mine, other = spelled(text), spelled(theirs)
    assert {k: v for k, v in mine.items() if k in keys} == {
        k: v for k, v in other.items() if k in keys
    }
    if form == "DEFAULT":
        assert mine["ask_size"] == other["ask_size"] == "eight decimals"


@needed
def test_the_figures_of_trades_are_spelled_as_recorded(server: Served) -> None:
    frames = recorded_frames()
    with server.socket() as socket:
        ask(socket, {"type": "trade", "codes": ["KRW-BTC"]})
        snapshot = bytes(socket.recv(timeout=PATIENCE)).decode()  # type: ignore[arg-type]
        trades_of(server, "KRW-BTC", 1)
        live = bytes(socket.recv(timeout=PATIENCE)).decode()  # type: ignore[arg-type]
    theirs = spelled(next(t for k, t in frames if k == "trade SNAPSHOT DEFAULT"))
    sizes = {"best_ask_size", "best_bid_size"}  # as many decimals as they happen to have
    assert {k: v for k, v in spelled(snapshot).items() if k not in sizes} == {
        k: v for k, v in theirs.items() if k not in sizes
    }
    theirs = spelled(next(t for k, t in frames if k == "trade REALTIME DEFAULT"))
    for key in ("trade_price", "prev_closing_price", "change_price", "best_ask_price"):
        assert spelled(live)[key] == theirs[key]


@pytest.mark.parametrize("kind", TYPES)
def test_simple_frames_say_the_same_under_short_names(server: Served, kind: str) -> None:
    with server.socket() as long, server.socket() as short:
        ask(long, {"type": kind, "codes": ["KRW-ETH"]})
        ask(short, {"type": kind, "codes": ["KRW-ETH"]}, form="SIMPLE")
        one, other = told(long), told(short)
    names = SHORT[kind.partition(".")[0]]
    units = [{names[k]: v for k, v in unit.items()} for unit in one.pop("orderbook_units", [])]
    expected = {names[key]: value for key, value in one.items()}
    if units:
        expected["obu"] = units
    assert other == expected
    assert len(other) == len(one) + bool(units)


def test_list_formats_put_all_pairs_of_a_snapshot_in_one_array(server: Served) -> None:
    codes = ["KRW-BTC", "KRW-ETH"]
    with server.socket() as socket:
        for form, name in (("JSON_LIST", "code"), ("SIMPLE_LIST", "cd")):
            ask(socket, {"type": "ticker", "codes": codes}, form=form)
            assert [frame[name] for frame in told(socket)] == codes
            trades_of(server, "KRW-BTC", 1)
            live = told(socket)
            while live[0][name] != "KRW-BTC":
                live = told(socket)
            assert len(live) == 1


def test_a_second_subscription_takes_the_place_of_the_first(server: Served) -> None:
    with server.socket() as socket:
        ask(socket, {"type": "ticker", "codes": ["KRW-BTC", "KRW-ETH", "KRW-XRP"]})
        assert [told(socket)["code"] for _ in range(3)] == ["KRW-BTC", "KRW-ETH", "KRW-XRP"]
        ask(socket, {"type": "trade", "codes": ["KRW-DOGE"]})
        assert told(socket)["type"] == "trade"
        trades_of(server, "KRW-DOGE", 2)
        trades_of(server, "KRW-BTC", 2)
        socket.send(json.dumps([{"ticket": "q"}, {"method": "LIST_SUBSCRIPTIONS"}]))
        found = [told(socket)]
        while "method" not in found[-1]:
            found.append(told(socket))
        assert {(f["type"], f["code"]) for f in found[:-1]} == {("trade", "KRW-DOGE")}
        assert len(found) >= 3


def test_only_snapshot_and_only_realtime_mean_what_they_say(server: Served) -> None:
    with server.socket() as socket:
        ask(
            socket,
            {"type": "ticker", "codes": ["KRW-BTC"], "is_only_snapshot": True},
            {"type": "trade", "codes": ["KRW-BTC"], "isOnlyRealtime": True},
        )
        assert told(socket)["type"] == "ticker"
        trades_of(server, "KRW-BTC", 2)
        found = [told(socket) for _ in range(2)]
        assert [(f["type"], f["stream_type"]) for f in found] == [("trade", "REALTIME")] * 2


def test_unknown_codes_say_nothing(server: Served) -> None:
    with server.socket() as socket:
        ask(socket, {"type": "ticker", "codes": ["KRW-NOPE", "krw-btc", "KRW-ETH"]})
        assert told(socket)["code"] == "KRW-ETH"
        trades_of(server, "KRW-ETH", 1)
        assert told(socket)["code"] == "KRW-ETH"


def test_a_book_has_as_many_rows_and_the_level_that_were_asked_for(server: Served) -> None:
    with server.socket() as socket:
        ask(
            socket,
            {"type": "orderbook", "codes": ["KRW-BTC.1", "KRW-ETH.5", "KRW-XRP"]},
            {"type": "orderbook", "codes": ["KRW-BTC.15"], "level": 1_000_000},
            {"type": "orderbook", "codes": ["KRW-BTC"], "level": 777},
        )
        books = [told(socket) for _ in range(4)]
        assert [len(book["orderbook_units"]) for book in books] == [1, 5, 30, 15]
        assert [book["level"] for book in books] == [0, 0, 0, 1_000_000]
        trades_of(server, "KRW-BTC", 1)
        live = [book for book in (told(socket) for _ in range(2)) if book["code"] == "KRW-BTC"]
        while len(live) < 2:
            live += [book for book in [told(socket)] if book["code"] == "KRW-BTC"]
        assert sorted(len(book["orderbook_units"]) for book in live) == [1, 15]


def test_every_unit_of_candles_can_be_heard(server: Served) -> None:
    units = ("1s", "1m", "3m", "5m", "10m", "15m", "30m", "60m", "240m")
    with server.socket() as socket:
        ask(socket, *({"type": f"candle.{unit}", "codes": ["KRW-BTC"]} for unit in units))
        found = [told(socket) for _ in units]
        assert [frame["type"] for frame in found] == [f"candle.{unit}" for unit in units]
        trades_of(server, "KRW-BTC", 1)
        live = {frame["type"]: frame for frame in (told(socket) for _ in units)}
        assert len({frame["trade_price"] for frame in live.values()}) == 1
        assert len(live) == len(units)


def test_subscriptions_are_listed_and_their_format_may_be_changed(server: Served) -> None:
    with server.socket() as socket:
        ask(
            socket,
            {"type": "ticker", "codes": ["KRW-BTC"], "is_only_realtime": True},
            {"type": "orderbook", "codes": ["KRW-ETH"], "is_only_realtime": True},
        )
        socket.send(json.dumps([{"ticket": "q"}, {"method": "LIST_SUBSCRIPTIONS"}]))
        assert told(socket) == {
            "method": "LIST_SUBSCRIPTIONS",
            "result": [
                {"type": "ticker", "codes": ["KRW-BTC"]},
                {"type": "orderbook", "codes": ["KRW-ETH"], "level": 0},
            ],
            "ticket": "q",
        }
        method = {"method": "LIST_SUBSCRIPTIONS"}
        socket.send(json.dumps([{"ticket": "q"}, method, {"format": "SIMPLE"}]))
        found = told(socket)
        assert (found["mthd"], found["tckt"]) == ("LIST_SUBSCRIPTIONS", "q")
        assert found["rslt"][1] == {"ty": "orderbook", "cds": ["KRW-ETH"], "lv": 0}
        trades_of(server, "KRW-BTC", 1)
        assert told(socket).keys() >= {"ty", "cd"}


@needed
@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('[{"type":"ticker","codes":["KRW-BTC"]}]', "NO_TICKET"),
        ('[{"ticket":"t"},{"type":"nope","codes":["KRW-BTC"]}]', "INVALID_PARAM"),
        ("hello", "WRONG_FORMAT"),
        ('{"ticket":"t"}', "WRONG_FORMAT"),
    ],
)
def test_errors_are_byte_for_byte_the_recorded_ones_and_close(
    server: Served, text: str, note: str
) -> None:
    theirs = next(t for k, t in recorded_frames() if k.startswith("error") and note in t)
    with server.socket() as socket:
        socket.send(text)
        assert socket.recv(timeout=PATIENCE) == theirs.encode()
        assert ended(socket) == 1000


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ([], "NO_TYPE"),
        ([{"codes": ["KRW-BTC"]}], "NO_TYPE"),
        ([{"type": "ticker"}], "NO_CODES"),
        ([{"type": "ticker", "codes": []}], "NO_CODES"),
        ([{"type": "ticker", "codes": "KRW-BTC"}], "WRONG_FORMAT"),
        ([{"type": "ticker", "codes": ["KRW-BTC"]}, {"format": "XML"}], "WRONG_FORMAT"),
        ([{"type": "orderbook", "codes": ["KRW-BTC"], "level": "x"}], "INVALID_PARAM"),
        ([{"method": "NOPE"}], "INVALID_PARAM"),
        ([{"type": "myOrder"}], "INVALID_AUTH"),
    ],
)
def test_a_message_that_means_nothing_is_refused_by_name(
    server: Served, parts: list[dict[str, Any]], name: str
) -> None:
    with server.socket() as socket:
        socket.send(json.dumps([{"ticket": "t"}, *parts]))
        assert told(socket)["error"]["name"] == name
        assert ended(socket) == 1000


def test_ping_is_answered_and_its_frames_keep_a_socket_alive(server: Served) -> None:
    with server.socket() as socket:
        socket.send("PING")
        assert socket.recv(timeout=PATIENCE) == b'{"status":"UP"}'
        assert socket.ping().wait(PATIENCE)


def test_a_socket_on_which_nothing_moves_is_closed_but_not_one_that_pings() -> None:
    with served(TAPES, idle=2) as server, server.socket() as quiet, server.socket() as awake:
        closing = False
        while not closing:
            assert awake.ping().wait(PATIENCE)
            try:
                quiet.recv(timeout=0.05)
            except ConnectionClosed:
                closing = True
            except TimeoutError:
                pass
        assert awake.ping().wait(PATIENCE)


def test_more_than_five_messages_a_second_are_too_many() -> None:
    with served(TAPES, limited=True) as server, server.socket() as socket:
        for _ in range(6):
            ask(socket, {"type": "ticker", "codes": ["KRW-BTC"], "is_only_snapshot": True})
        for _ in range(5):
            assert told(socket)["type"] == "ticker"
        assert told(socket)["error"]["name"] == "TOO_MANY_REQUEST"


ORDER = {
    "type": "myOrder",
    "code": "KRW-BTC",
    "uuid": "u",
    "price": Decimal("103460000"),
    "volume": Decimal("0.00000001"),
    "trade_fee": None,
    "is_maker": True,
    "trades_count": 1,
    "timestamp": 1,
    "stream_type": "REALTIME",
}
ASSET = {
    "type": "myAsset",
    "asset_uuid": "u",
    "assets": [{"currency": "KRW", "balance": Decimal("1000000.50"), "locked": Decimal(0)}],
    "asset_timestamp": 1,
    "timestamp": 1,
    "stream_type": "REALTIME",
}


def test_the_private_socket_tells_of_orders_and_assets_in_exact_numbers(server: Served) -> None:
    with server.socket(private=True) as all_of_it, server.socket(private=True) as only:
        ask(all_of_it, {"type": "myOrder"}, {"type": "myAsset"})
        ask(only, {"type": "myOrder", "codes": ["KRW-ETH"]}, form="SIMPLE")
        for socket in (all_of_it, only):
            socket.send(json.dumps([{"ticket": "q"}, {"method": "LIST_SUBSCRIPTIONS"}]))
            assert told(socket).keys() & {"method", "mthd"}
        server.call(lambda: server.hub.order(ORDER))
        server.call(lambda: server.hub.order({**ORDER, "code": "KRW-ETH"}))
        server.call(lambda: server.hub.asset(ASSET))
        text = bytes(all_of_it.recv(timeout=PATIENCE)).decode()  # type: ignore[arg-type]
        assert '"price":103460000.0,"volume":0.00000001,"trade_fee":null' in text
        assert list(json.loads(text)) == list(ORDER)
        assert told(all_of_it)["code"] == "KRW-ETH"
        assert told(all_of_it)["assets"] == [
            {"currency": "KRW", "balance": 1000000.5, "locked": 0.0}
        ]
        found = told(only)
        assert (found["ty"], found["cd"], found["uid"]) == ("myOrder", "KRW-ETH", "u")


def test_the_private_socket_refuses_a_bad_token_and_public_types(server: Served) -> None:
    with server.socket(private=True, token="bad") as socket:
        assert told(socket) == {
            "error": {"name": "INVALID_AUTH", "message": "인증 정보가 올바르지 않습니다."}
        }
        assert ended(socket) == 1000
    for part, name in (
        ({"type": "ticker", "codes": ["KRW-BTC"]}, "INVALID_PARAM"),
        ({"type": "myAsset", "codes": ["KRW-BTC"]}, "WRONG_FORMAT"),
    ):
        with server.socket(private=True) as socket:
            ask(socket, part)
            assert told(socket)["error"]["name"] == name


def numbers_after(server: Served, *faults: Fault) -> list[int]:
    """The trades that a client hears of while the server commits these faults."""
    with server.socket() as socket:
        ask(socket, {"type": "trade", "codes": ["KRW-BTC"], "is_only_realtime": True})
        socket.send(json.dumps([{"ticket": "q"}, {"method": "LIST_SUBSCRIPTIONS"}]))
        told(socket)
        server.call(lambda: server.hub.faults.add(faults))
        trades_of(server, "KRW-BTC", 3)
        expected = server.rows("trades/ticks", market="KRW-BTC", count=3)[::-1]
        order = {row["sequential_id"]: place for place, row in enumerate(expected)}
        if faults[0].kind != "delayed":
            socket.send(json.dumps([{"ticket": "q"}, {"method": "LIST_SUBSCRIPTIONS"}]))
        found = []
        while len(found) < 4 and "method" not in (frame := told(socket)):
            found.append(order[frame["sequential_id"]])
            if faults[0].kind == "delayed" and len(found) == 3:
                break
        server.call(server.hub.faults.clear)
    return found


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("dropped", [0, 2]),
        ("doubled", [0, 1, 1, 2]),
        ("reordered", [0, 2, 1]),
        ("delayed", [0, 2, 1]),
    ],
)
def test_a_fault_of_frames_is_committed_on_the_frame_it_is_due(
    server: Served, kind: Any, expected: list[int]
) -> None:
    fault = Fault(kind, endpoint="WS trade", skip=1, seconds=0.2)
    assert numbers_after(server, fault) == expected


def test_a_socket_can_be_cut_and_a_client_that_does_not_read_is_let_go() -> None:
    with served(TAPES, limit=50) as server:
        with server.socket() as socket:
            server.call(lambda: server.hub.faults.add([Fault("closed", endpoint="WS *")]))
            ask(socket, {"type": "trade", "codes": ["KRW-BTC"]})
            assert ended(socket) == 1001
        with server.socket() as socket:
            ask(socket, {"type": "trade", "codes": ["KRW-BTC"], "is_only_realtime": True})
            socket.send(json.dumps([{"ticket": "q"}, {"method": "LIST_SUBSCRIPTIONS"}]))
            told(socket)
            trades_of(server, "KRW-BTC", 60)  # at once: no writer can send in between
            assert ended(socket) == 1001


def test_a_market_at_speed_loses_no_trade_on_the_way_to_a_client() -> None:
    candle_series = TAPES[:3]
    with served(candle_series, speed=3000, history=1300) as server, server.socket() as socket:
        ask(
            socket,
            {"type": "trade", "codes": [t.pair for t in candle_series], "is_only_realtime": True},
        )
        found: dict[str, list[int]] = {series.pair: [] for series in candle_series}
        last = {series.pair: int(series.time[-1]) * 1000 + 45_000 for series in candle_series}
        while any(not ids or ids[-1] // 10_000 < last[pair] for pair, ids in found.items()):
            frame = told(socket)
            found[frame["code"]].append(frame["sequential_id"])
        market: Market = server.market
        for pair, ids in found.items():
            track = market.listing(pair).track  # type: ignore[union-attr]
            expected = [t.number for t in track.past(2**60, ids[0] // 10_000)]
            assert ids == expected[::-1]
            assert len(ids) > 100
