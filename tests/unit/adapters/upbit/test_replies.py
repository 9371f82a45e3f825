"""Replies: every recorded one to the last digit, and nothing else than what was asked for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.replies import NoData, Refused, ban_seconds, decoded, read
from adapters.upbit.schemas import accounts, quotes
from adapters.upbit.schemas.figures import amount, decoder, signed
from core.money import money
from messages.market import Candle
from tests.support.recorded import NO_DATA, UPBIT

REST = UPBIT / "rest"
SHAPES = {
    "/v1/accounts": accounts.ACCOUNTS,
    "/v1/orders/chance": accounts.CHANCE,
    "/v1/order": accounts.ORDER,
    "/v1/orders": accounts.ORDER,
    "/v1/orders/test": accounts.ORDER,
    "/v1/orders/cancel_and_new": accounts.ORDER,
    "/v1/orders/uuids": accounts.ORDERS,
    "/v1/orders/open": accounts.ORDERS,
    "/v1/orders/closed": accounts.ORDERS,
    "/v1/ticker": quotes.TICKERS,
    "/v1/ticker/all": quotes.TICKERS,
    "/v1/trades/ticks": quotes.TICKS,
    "/v1/orderbook": quotes.BOOKS,
    "/v1/orderbook/instruments": quotes.INSTRUMENTS,
}
MANY = {"DELETE /v1/orders/uuids", "DELETE /v1/orders/open"}  # calls that the bot never makes


def shape_of(method: str, url: str) -> msgspec.json.Decoder[Any]:
    path = url.removeprefix("https://api.upbit.com").partition("?")[0]
    return quotes.CANDLES if path.startswith("/v1/candles/") else SHAPES[path]


@cache
def exchanges() -> tuple[tuple[str, msgspec.json.Decoder[Any], Any], ...]:
    """Each recorded reply that the bot reads: where from, its shape, its content."""
    found = []
    for path in sorted(REST.iterdir()) if REST.exists() else ():
        packed = path.read_bytes()
        text = gzip.decompress(packed) if path.suffix == ".gz" else packed
        content = json.loads(text, parse_float=Decimal)
        if path.name.startswith("candles_minutes"):
            found.append((path.name, quotes.CANDLES, content))
        elif path.name != "errors_observed.json":
            for one in content:
                asked, body = one["request"], one["response"]["body"]
                method, url = asked["method"], asked["url"]
                if f"{method} {url.partition('?')[0][21:]}" not in MANY:
                    found.append((f"{method} {url}", shape_of(method, url), body))
    return tuple(found)


def recorded() -> tuple[tuple[str, msgspec.json.Decoder[Any], Any], ...]:
    if not exchanges():
        pytest.skip(NO_DATA)
    return exchanges()


def wire(content: Any) -> bytes:
    """The JSON with each number spelled as it was recorded."""
    if isinstance(content, dict):
        members = (json.dumps(k).encode() + b":" + wire(v) for k, v in content.items())
        return b"{" + b",".join(members) + b"}"
    if isinstance(content, list):
        return b"[" + b",".join(map(wire, content)) + b"]"
    return str(content).encode() if isinstance(content, Decimal) else json.dumps(content).encode()


def numbers(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Decimal]]:
    """Every figure of a parsed JSON, and where it stands; texts that are figures too."""
    if isinstance(content, dict | list):
        pairs = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in pairs:
            yield from numbers(value, (*path, key))
    elif (isinstance(content, int | Decimal) and not isinstance(content, bool)) or (
        isinstance(content, str) and content.replace(".", "", 1).isdigit()
    ):
        yield path, Decimal(content)


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What the decoded value has there."""
    for key in path:
        value = getattr(value, key) if isinstance(key, str) else value[key]
    return value


DATES = {"trade_date", "trade_time", "trade_date_kst", "trade_time_kst"}  # digits, no figures


def test_every_recorded_reply_decodes_and_every_number_is_kept_exactly() -> None:
    seen = 0
    for name, shape, content in recorded():
        value = decoded(shape, wire(content))
        assert not isinstance(value, NoData), (name, value)
        for path, figure in numbers(content):
            if path[-1] in DATES:
                continue
            kept = at(value, path)
            assert type(kept) in (Decimal, int), (name, path)
            assert Decimal(kept).compare_total(figure) == 0, (name, path)
            seen += 1
    assert seen > 9000


def test_unknown_members_pass_wherever_they_stand() -> None:
    def grown(content: Any) -> Any:
        if isinstance(content, dict):
            return {**{k: grown(v) for k, v in content.items()}, "new": {"a": [1, "x", None]}}
        return [grown(part) for part in content] if isinstance(content, list) else content

    for name, shape, content in recorded():
        if "caution" not in wire(content).decode():
            assert decoded(shape, wire(grown(content))) == decoded(shape, wire(content)), name


def members_of(content: Any) -> dict[str, Any] | None:
    first = content[0] if isinstance(content, list) and content else content
    return first if isinstance(first, dict) else None


@pytest.mark.parametrize("wrong", [True, [], {}, "x", "NaN", "", "1_0", -1, "-1", "1e999"])
def test_a_figure_of_a_wrong_kind_is_no_data_and_never_zero(wrong: Any) -> None:
    tried = 0
    for name, shape, content in recorded():
        members = members_of(content) or {}
        for key, value in members.items():
            figure = key not in DATES and any(numbers(value))
            if isinstance(value, dict | list) or not figure or "change" in key:
                continue
            bad = json.loads(json.dumps(content, default=str))
            (bad[0] if isinstance(bad, list) else bad)[key] = wrong
            value = decoded(shape, wire(bad))
            if isinstance(bad, list):  # its row is left out, and the others count
                assert isinstance(value, NoData) or len(value) == len(bad) - 1, (name, key)
            else:
                assert isinstance(value, NoData), (name, key)
            tried += 1
    assert tried > 200


def test_a_member_that_is_missing_is_no_data_unless_upbit_leaves_it_out() -> None:
    for name, shape, content in recorded():
        members = members_of(content)
        if not members:
            continue
        kind = type(at(decoded(shape, wire(content)), (0,) if isinstance(content, list) else ()))
        for field in fields(kind):
            if field.name not in members:
                continue
            less = [dict(members)] if isinstance(content, list) else dict(members)
            (less[0] if isinstance(less, list) else less).pop(field.name)
            value = decoded(shape, wire(less))
            assert isinstance(value, NoData) is field.required, (name, field.name)


ORDER = (
    b'{"uuid":"u","market":"KRW-BTC","side":"bid","ord_type":"price","state":"cancel",'
    b'"created_at":"2026-03-22T21:47:08+09:00","executed_volume":"1","paid_fee":"0"}'
)


def test_the_order_of_these_tests_decodes() -> None:
    assert isinstance(decoded(accounts.ORDER, ORDER), accounts.Order)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"1"', b"NaN"),
        (b'"1"', b'"NaN"'),
        (b'"1"', b'"Infinity"'),
        (b'"1"', b"1e400"),
        (b'"1"', b'"1E+999999"'),
        (b'"1"', b'"1_000"'),
        (b'"1"', '"１２"'.encode()),
        (b'"1"', b'" 1"'),
        (b'"1"', b'"+1"'),
        (b'"1"', b'"0x1"'),
        (b'"1"', b"-1"),
        (b'"1"', b'"1.' + b"0" * 31 + b'"'),
        (b'"1"', b"1" * 25),
        (b'"1"', b"null"),
        (b"2026-03-22T21:47:08+09:00", b"2026-03-22T21:47:08"),
        (b"2026-03-22T21:47:08+09:00", b"2026-13-22T21:47:08+09:00"),
        (b'"cancel"', b'"trade"'),
        (b'"bid"', b'"BID"'),
        (b"KRW-BTC", b"KRW-BTC\\u001b[31m"),
        (b"KRW-BTC", b"krw-btc\\n"),
        (b'"uuid":"u"', b'"uuid":""'),
        (b'"uuid":"u"', b'"uuid":7'),
        (b'"executed_volume":"1"', b'"executed_volume":"1","executed_volume":"0"'),
        (b'"paid_fee"', b'"new":{"a":1,"a":2},"paid_fee"'),
        (b'"paid_fee"', b'"new":' + b"[" * 200_000 + b"]" * 200_000 + b',"paid_fee"'),
        (b'"paid_fee"', b'"new":"' + b"x" * 1024 * 1024 + b'","paid_fee"'),
        (b"}", b""),
        (b"}", b"}}"),
        (b'"u"', b'"\xff"'),
        (ORDER, b""),
        (ORDER, b"[" * 1_000_000),
        (ORDER, b"<html>503</html>"),
        (ORDER, ORDER.decode().encode("utf-16")),
    ],
)
def test_what_cannot_be_relied_on_is_no_data(old: bytes, new: bytes) -> None:
    assert old in ORDER
    assert isinstance(decoded(accounts.ORDER, ORDER.replace(old, new)), NoData)


@given(st.decimals(0, 10**15, places=18).map(lambda d: d.normalize()), st.sampled_from("feE"))
def test_a_figure_in_any_spelling_is_the_same_figure(figure: Decimal, spelling: str) -> None:
    text = f"{figure:{spelling}}"
    assert amount(text) == figure
    assert signed(f"-{text}") == -figure
    shape = decoder(tuple[accounts.Amount, accounts.Amount])
    assert decoded(shape, f'[{text},"{text}"]'.encode()) == (figure, figure)


@given(st.text(alphabet="0123456789.-+eE_ NaInf１", max_size=40))
def test_what_is_taken_for_a_figure_is_money_and_plain(text: str) -> None:
    try:
        figure = amount(text)
    except ValueError:
        return
    assert figure == money(text)
    assert text.isascii()
    assert not set(text) & set("_ +NaIf") or "e+" in text.lower()


ALL = [
    *(accounts.ACCOUNTS, accounts.CHANCE, accounts.ORDER, accounts.ORDERS, accounts.API_KEYS),
    *(accounts.WALLETS, accounts.WITHDRAWALS, quotes.PAIRS, quotes.TICKERS, quotes.CANDLES),
    *(quotes.TICKS, quotes.BOOKS, quotes.INSTRUMENTS),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


def proper(value: Any) -> bool:
    """Nothing but exact figures, moments and texts, all the way down."""
    if isinstance(value, Struct):
        return all(proper(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return all(map(proper, value))
    if isinstance(value, Decimal):
        return value.is_finite()
    return value is None or isinstance(value, str | int | datetime | dict | accounts.Secret)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(ALL), st.binary(max_size=200) | JSON.map(lambda j: json.dumps(j).encode()))
def test_any_body_is_a_value_or_no_data(shape: msgspec.json.Decoder[Any], body: bytes) -> None:
    assert proper(decoded(shape, body)) or isinstance(decoded(shape, body), NoData)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_damaged_recording_is_a_value_or_no_data(data: st.DataObject) -> None:
    _, shape, content = data.draw(st.sampled_from(recorded()))
    body = bytearray(wire(content)[:3000])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body)))
        with_ = data.draw(st.binary(max_size=3) | st.sampled_from([b'"', b"-", b"e9", b"null"]))
        body[place : place + data.draw(st.integers(0, 4))] = with_
    value = decoded(shape, bytes(body))
    assert proper(value)


# --- refusals
def observed_errors() -> list[dict[str, Any]]:
    path = REST / "errors_observed.json"
    if not path.exists():
        pytest.skip(NO_DATA)
    found: list[dict[str, Any]] = json.loads(path.read_text())["observed"]
    return found


def test_every_observed_error_keeps_its_name_and_message() -> None:
    for seen in observed_errors():
        said = json.loads(seen["body"])["error"]
        reply = read(accounts.ORDER, Answer(seen["status"], seen["body"].encode()))
        assert reply.value == Refused(seen["status"], str(said["name"]), said["message"])


@pytest.mark.parametrize(
    ("status", "body", "name", "message"),
    [
        (429, b'{"name":"too_many_requests"}', "too_many_requests", ""),
        (
            429,
            b'{"error":{"name":"too_many_requests","message":"Too many API requests."}}',
            "too_many_requests",
            "Too many API requests.",
        ),
        (429, b"Too many API requests.", "", "Too many API requests."),
        (418, b'{"error":{"message":"Blocked for 1 seconds."}}', "", "Blocked for 1 seconds."),
        (400, b'{"error":{"message":"m","name":"validation_error"}}', "validation_error", "m"),
        (400, b"<html>", "", ""),
        (400, b'{"error":{"name":["x"]}}', "", ""),
        (500, b"", "", ""),
    ],
)
def test_every_known_form_of_an_error_is_read(
    status: int, body: bytes, name: str, message: str
) -> None:
    value = read(accounts.ORDER, Answer(status, body)).value
    assert value == Refused(status, name, message)


@pytest.mark.parametrize(
    ("body", "header", "seconds"),
    [
        (b'{"error":{"message":"Blocked for 1 seconds."}}', 0.0, 1.0),
        (b'{"error":{"message":"blocked for 10 minutes"}}', 0.0, 600.0),
        ("3분 동안 차단되었습니다".encode(), 0.0, 180.0),
        ("2시간 차단".encode(), 0.0, 7200.0),
        ("90초".encode(), 0.0, 90.0),
        (b"", 0.0, 0.0),
        (b"Blocked.", 0.0, 0.0),
        (b"Blocked for 5 seconds", 30.0, 30.0),
        (b"Blocked for 9999999 hours", 0.0, 7 * 86400.0),
        (b"\xff\xfe 12 secs", 0.0, 12.0),
    ],
)
def test_the_length_of_a_ban_is_read_where_it_is_told(
    body: bytes, header: float, seconds: float
) -> None:
    assert ban_seconds(Answer(418, body, retry_after=header)) == seconds


@pytest.mark.parametrize("status", [204, 206, 301, 304, 307, 100, 999])
def test_another_status_is_no_data(status: int) -> None:
    assert isinstance(read(accounts.ORDER, Answer(status, ORDER)).value, NoData)


def test_a_failure_stays_one() -> None:
    failure = Failure("unknown", "timeout")
    assert read(accounts.ORDER, failure).value == failure


# --- what values say
def test_a_candle_becomes_one_of_the_bots_own() -> None:
    body = (
        b'[{"market":"KRW-BTC","candle_date_time_utc":"2026-08-03T10:45:00","opening_price":'
        b'89435000.0,"high_price":8.944E7,"low_price":89431000,"trade_price":89438000.0,'
        b'"timestamp":1785754038697,"candle_acc_trade_price":54182011.01038,'
        b'"candle_acc_trade_volume":0.60582517,"unit":5}]'
    )
    value = decoded(quotes.CANDLES, body)
    assert not isinstance(value, NoData)
    prices = (Decimal(89435000), Decimal(89440000), Decimal(89431000), Decimal(89438000))
    assert quotes.market_candle(value[0]) == Candle(1785753900, *prices, Decimal("0.60582517"))


def trade(volume: str, funds: str) -> str:
    return (
        f'{{"market":"KRW-BTC","uuid":"t{volume}","price":"1","volume":"{volume}","funds":"{funds}"'
        ',"created_at":"2026-03-22T21:47:08.123456+09:00","side":"bid","trend":"up"}'
    )


@pytest.mark.parametrize(
    ("more", "executed"),
    [
        ('"trades":[]', None),
        ('"trades":[%s]' % trade("0.5", "50"), None),  # noqa: UP031
        ('"trades":[%s,%s]' % (trade("0.4", "40"), trade("0.6", "61")), (1, 101)),  # noqa: UP031
        ('"executed_funds":"100.5"', (1, "100.5")),
        ('"executed_funds":"0"', None),
        ('"trades":[%s],"executed_funds":"99"' % trade("0.5", "50"), (1, 99)),  # noqa: UP031
        ('"locked":"0"', None),
    ],
)
def test_what_was_executed_is_told_only_when_it_sums_up(more: str, executed: Any) -> None:
    order = decoded(accounts.ORDER, ORDER[:-1] + b"," + more.encode() + b"}")
    assert isinstance(order, accounts.Order)
    expected = executed and (Decimal(executed[0]), Decimal(executed[1]))
    assert accounts.executed(order) == expected
