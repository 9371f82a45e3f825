"""Frames: every recorded one, in both spellings, exact; and nothing but values or Unreadable."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields

from adapters.upbit.socket.decoder import UNITS, frame_of
from adapters.upbit.socket.frames import (
    Asset,
    Book,
    Candle,
    Error,
    MyAsset,
    MyOrder,
    Status,
    Subscriptions,
    Ticker,
    Trade,
    Unreadable,
)
from tests.support.recorded import NO_DATA, UPBIT

WS = UPBIT / "ws"
D = Decimal
CANDLE = {
    "type": "candle.1m",
    "code": "KRW-BTC",
    "candle_date_time_utc": "2026-07-30T06:51:00",
    "candle_date_time_kst": "2026-07-30T15:51:00",
    "opening_price": 91180000.0,
    "high_price": 91190000.5,
    "low_price": 91170000.0,
    "trade_price": 91180001.0,
    "candle_acc_trade_price": 6818155.9184,
    "candle_acc_trade_volume": 0.07477688,
    "timestamp": 1785394318967,
    "stream_type": "REALTIME",
}
MY_ORDER = {
    "type": "myOrder",
    "code": "KRW-BTC",
    "uuid": "ac2dc2a3",
    "ask_bid": "BID",
    "order_type": "limit",
    "state": "trade",
    "trade_uuid": "68315169",
    "price": 0.001453,
    "avg_price": 0.00145372,
    "volume": 30925891.29839369,
    "remaining_volume": 29968038.09235948,
    "executed_volume": 30925891.29839369,
    "trades_count": 1,
    "reserved_fee": 44.23943970238218,
    "remaining_fee": 21.77177967409916,
    "paid_fee": 22.467660028283017,
    "locked": 43565.33112787242,
    "executed_funds": 44935.32005656603,
    "time_in_force": None,
    "trade_fee": 22.467660028283017,
    "is_maker": True,
    "identifier": "test-1",
    "smp_type": "cancel_maker",
    "prevented_volume": 1.174291929,
    "prevented_locked": 0.001706246173,
    "trade_timestamp": 1710751590421,
    "order_timestamp": 1710751590000,
    "timestamp": 1710751597500,
    "stream_type": "REALTIME",
}
MY_ASSET = {
    "type": "myAsset",
    "asset_uuid": "e635f223",
    "assets": [{"currency": "KRW", "balance": 1386929.37231066771348207123, "locked": 10329.6}],
    "asset_timestamp": 1710146517259,
    "timestamp": 1710146517267,
    "stream_type": "REALTIME",
}
SHORT = {  # docs/reference/upbit.md 6.3 to 6.8
    **{"type": "ty", "code": "cd", "opening_price": "op", "high_price": "hp", "low_price": "lp"},
    **{"trade_price": "tp", "trade_timestamp": "ttms", "timestamp": "tms", "stream_type": "st"},
    **{"candle_date_time_utc": "cdttmu", "candle_acc_trade_volume": "catv", "ask_bid": "ab"},
    **{"trade_volume": "tv", "sequential_id": "sid", "uuid": "uid", "state": "s", "price": "p"},
    **{"trade_uuid": "tuid", "volume": "v", "executed_volume": "ev", "executed_funds": "ef"},
    **{"paid_fee": "pf", "identifier": "id", "assets": "ast", "asset_timestamp": "asttms"},
    **{"currency": "cu", "balance": "b", "locked": "l", "market_state": "ms"},
    **{"total_ask_size": "tas", "total_bid_size": "tbs", "orderbook_units": "obu", "level": "lv"},
    **{"ask_price": "ap", "bid_price": "bp", "ask_size": "as", "bid_size": "bs"},
}


def shortened(content: Any) -> Any:
    """The SIMPLE spelling of a frame; members whose short name the table lacks keep theirs."""
    if isinstance(content, dict):
        return {SHORT.get(name, f"x_{name}"): shortened(v) for name, v in content.items()}
    return [shortened(part) for part in content] if isinstance(content, list) else content


def spelled(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def observed() -> list[tuple[str, bytes]]:
    path = WS / "frames_observed.jsonl"
    if not path.exists():
        pytest.skip(NO_DATA)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [(one["kind"], one["text"].encode()) for one in lines if one["direction"] == "in"]


def tickers() -> list[bytes]:
    path = WS / "ticker_frames_2025-07-14T0546Z.jsonl.gz"
    if not path.exists():
        pytest.skip(NO_DATA)
    return gzip.decompress(path.read_bytes()).splitlines()


KINDS = {"orderbook": Book, "trade": Trade, "keepalive": Status, "error": Error, "candle": Candle}


def exact(frame: Any, content: Any, names: dict[str, str]) -> int:
    """How many figures of a frame are the ones of its JSON; AssertionError when one is not."""
    count = 0
    for field in fields(frame):
        kept, told = getattr(frame, field.name), content.get(names.get(field.name, field.name))
        if isinstance(kept, tuple):
            assert len(kept) == len(told)
            count += sum(exact(*pair, names) for pair in zip(kept, told, strict=True))
        elif isinstance(kept, Decimal):
            assert kept.compare_total(Decimal(told)) == 0, field.name
            count += 1
        elif isinstance(kept, str | int) and told is not None:
            assert kept == told
    return count


def test_every_observed_frame_decodes_and_every_number_is_kept_exactly() -> None:
    seen = 0
    for kind, data in observed():
        if kind.startswith("candle"):  # the source of the recording has cut its type
            data = data.replace(b"{", b'{"type":"candle.1m",', 1)
        frame = frame_of(data)
        assert isinstance(frame, KINDS[kind.split(".")[0].split(" ")[0]]), (kind, frame)
        if not isinstance(frame, Status | Error):
            content = json.loads(data, parse_float=Decimal)
            seen += exact(frame, content, SHORT if "ty" in content else {})
    assert seen > 40


def test_every_recorded_ticker_decodes_and_keeps_its_price() -> None:
    frames = tickers()
    for data in frames:
        frame = frame_of(data)
        assert isinstance(frame, Ticker)
        assert exact(frame, json.loads(data, parse_float=Decimal), {}) == 1
    assert len(frames) == 456


def test_simple_frames_say_the_same_as_default_ones() -> None:
    whole = [json.loads(data) for data in tickers()[:50]] + [MY_ORDER, MY_ASSET, CANDLE]
    whole += [json.loads(data) for kind, data in observed() if kind.endswith("DEFAULT")]
    for content in whole:
        long, short = frame_of(spelled(content)), frame_of(spelled(shortened(content)))
        assert not isinstance(long, Unreadable)
        assert msgspec.structs.asdict(short) == msgspec.structs.asdict(long) or isinstance(
            long, Book | MyAsset
        )
        assert [type(short).__name__, str(short)] == [type(long).__name__, str(long)]


@pytest.mark.parametrize(("unit", "seconds"), UNITS.items())
def test_a_candle_knows_its_length_and_its_start(unit: str, seconds: int) -> None:
    for content in (CANDLE, shortened(CANDLE)):
        key = "type" if "type" in content else "ty"
        frame = frame_of(spelled({**content, key: f"candle.{unit}"}))
        assert isinstance(frame, Candle)
        assert (frame.seconds, frame.start) == (seconds, 1785394260)
        assert (frame.high_price, frame.low_price) == (D("91190000.5"), D("91170000.0"))


def test_private_frames_decode() -> None:
    frame = frame_of(spelled(MY_ORDER))
    assert isinstance(frame, MyOrder)
    assert (frame.uuid, frame.state, frame.identifier) == ("ac2dc2a3", "trade", "test-1")
    assert (frame.price, frame.volume) == (D("0.001453"), D("30925891.29839369"))
    plain = {**MY_ORDER, "state": "wait", "trade_uuid": None, "identifier": None, "price": None}
    frame = frame_of(spelled(plain))
    assert isinstance(frame, MyOrder)
    assert (frame.trade_uuid, frame.identifier, frame.price) == (None, None, None)
    data = spelled(MY_ASSET).replace(b"1386929.3723106678", b"1386929.37231066771348207123")
    frame = frame_of(data)
    assert isinstance(frame, MyAsset)
    (asset,) = frame.assets
    assert isinstance(asset, Asset)
    assert (asset.currency, asset.locked) == ("KRW", D("10329.6"))
    assert asset.balance == D("1386929.37231066771348207123")


def test_the_other_frames_decode() -> None:
    assert frame_of(b'{"status":"UP"}') == Status("UP")
    error = b'{"error":{"message":"m","name":"INVALID_AUTH"}}'
    assert frame_of(error) == Error("INVALID_AUTH", "m")
    listed = Subscriptions((("ticker", ("KRW-BTC",)), ("myAsset", ())))
    long = b'{"method":"LIST_SUBSCRIPTIONS","result":[{"type":"ticker","codes":["KRW-BTC"],'
    long += b'"level":0},{"type":"myAsset"}],"ticket":"x"}'
    assert frame_of(long) == listed
    short = b'{"mthd":"LIST_SUBSCRIPTIONS","rslt":[{"ty":"ticker","cds":["KRW-BTC"],"lv":0},'
    short += b'{"ty":"myAsset"}],"tckt":"x"}'
    assert frame_of(short) == listed


def test_the_order_of_members_does_not_matter() -> None:
    for content in (CANDLE, MY_ORDER, shortened(CANDLE), shortened(MY_ORDER)):
        backwards = dict(reversed(content.items()))
        assert str(frame_of(spelled(backwards))) == str(frame_of(spelled(content)))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("trade_price", bad) for bad in ("NaN", "1_0", -1, None, True, [], "１")),
        *(("code", bad) for bad in (1, None, [])),
        *(("timestamp", bad) for bad in (-1, "x", 1.5, None, 10**19)),
        *(("candle_date_time_utc", bad) for bad in ("yesterday", "2026-07-30T06:51:00Z", 5)),
        ("type", "candle.2m"),
        ("type", None),
    ],
)
def test_a_wrong_type_is_unreadable_and_never_zero(name: str, wrong: Any) -> None:
    assert isinstance(frame_of(spelled({**CANDLE, name: wrong})), Unreadable)
    assert isinstance(frame_of(spelled(shortened({**CANDLE, name: wrong}))), Unreadable)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"UP",
        b'{"status":1}',
        b'{"status":null}',
        b'{"error":"x"}',
        b'{"type":"ticker"}',
        b'{"ty":"ticker"}',
        b'{"type":"announcement","status":"UP"}',
        b"[" * 1_000_000,
        b'{"type":"ticker","x":' + b"[" * 100_000,
        b'{"status":"' + b"x" * 1024 * 1024 + b'"}',
        b"\xff\xfe\x00",
        b'{"type":"ticker","code":"\xff"}',
    ],
)
def test_what_is_no_frame_is_unreadable(data: bytes) -> None:
    assert isinstance(frame_of(data), Unreadable)


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_a_damaged_frame_is_a_frame_or_unreadable(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([CANDLE, MY_ORDER, MY_ASSET]))
    body = bytearray(spelled(data.draw(st.sampled_from([whole, shortened(whole)]))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body)))
        with_ = data.draw(st.binary(max_size=3) | st.sampled_from([b'"', b"-", b"e99", b"null"]))
        body[place : place + data.draw(st.integers(0, 5))] = with_
    frame = frame_of(bytes(body))
    for field in fields(frame):
        value = getattr(frame, field.name)
        assert not isinstance(value, float)
        assert not isinstance(value, Decimal) or value.is_finite()


@settings(max_examples=200)
@given(st.binary(max_size=100))
def test_any_bytes_are_a_frame_or_unreadable(data: bytes) -> None:
    assert isinstance(frame_of(data), Status | Error | Subscriptions | Unreadable)
