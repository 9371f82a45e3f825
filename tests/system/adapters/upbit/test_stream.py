"""The socket's thread, against real WebSocket servers on loopback."""

from __future__ import annotations

import json
import logging
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from adapters.upbit.socket.conflation import Connected, Disconnected, Inflow, Item, Price
from adapters.upbit.socket.frames import Candle, Error
from adapters.upbit.socket.stream import BARRED_SECONDS, Pace, Stream
from adapters.upbit.socket.subscriptions import Topic, listing_text, request_text
from adapters.upbit.tokens import Signer
from tests.support.scripted_server import ACCESS, KEYS, SECRET

T = TypeVar("T")
QUICK = Pace(open=5.0, ping=0.05, idle=30.0, first_wait=0.001, longest_wait=0.01)
ASKED = request_text([Topic("ticker", ("KRW-BTC",))], ticket="t")
Handler = Callable[[ServerConnection], None]


def ticker(price: int, at: int = 1000, code: str = "KRW-BTC") -> bytes:
    frame = {"type": "ticker", "code": code, "trade_price": price, "timestamp": at}
    return json.dumps({**frame, "trade_timestamp": at, "stream_type": "REALTIME"}).encode()


class Venue:
    """A server; each connection is handled by the next handler, the last one for ever."""

    def __init__(self, *handlers: Handler, refuse: tuple[int, ...] = ()) -> None:
        self.handlers, self.refuse = list(handlers), list(refuse)
        self.asked: queue.Queue[str | bytes] = queue.Queue()
        self.requests: list[Request] = []
        self.over = threading.Event()
        self.server = serve(
            self._handle,
            "127.0.0.1",
            0,
            process_request=self._process,
            logger=logging.getLogger("tests.venue"),
            ping_interval=None,
            close_timeout=1,
        )
        self.url = "ws://127.0.0.1:%d" % self.server.socket.getsockname()[1]  # noqa: UP031
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def _process(self, _connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        if self.refuse:
            status = HTTPStatus(self.refuse.pop(0))
            return _connection.respond(status, "no")
        return None

    def _handle(self, connection: ServerConnection) -> None:
        handler = self.handlers.pop(0) if len(self.handlers) > 1 else self.handlers[0]
        try:
            self.asked.put(connection.recv())
            handler(connection)
        except ConnectionClosed:
            return


@contextmanager
def watched(
    *handlers: Handler, signer: Signer | None = None, pace: Pace = QUICK, **more: Any
) -> Iterator[tuple[Venue, Stream, Callable[[type[T]], T]]]:
    """A venue, a stream to it, and a way to wait for the next item of a kind."""
    venue = Venue(*handlers, **more)
    venue.thread.start()
    rung = threading.Event()
    flow = Inflow(rung.set)
    stream = Stream(venue.url, ASKED, flow, signer, pace)
    items: list[Item] = []

    def until(kind: type[T]) -> T:
        while True:
            for place, item in enumerate(items):
                if isinstance(item, kind):
                    del items[: place + 1]
                    return item
            assert rung.wait(60), f"no {kind.__name__} came"
            rung.clear()
            items.extend(flow.take())

    stream.start()
    try:
        yield venue, stream, until
    finally:
        venue.over.set()
        stream.stop()
        venue.server.shutdown()


def send(*frames: bytes | str) -> Handler:
    """Send these, and stay until the other side goes."""

    def handler(connection: ServerConnection) -> None:
        for frame in frames:
            connection.send(frame)
        for _ in connection:
            pass

    return handler


def send_and_close(*frames: bytes | str) -> Handler:
    def handler(connection: ServerConnection) -> None:
        for frame in frames:
            connection.send(frame)

    return handler


def test_it_asks_for_its_topics_and_hands_on_what_comes() -> None:
    text = ticker(6, 1001).decode()
    with watched(send(ticker(5), text)) as (venue, _, until):
        until(Connected)
        seen = until(Price)
        while seen.last != 6:
            seen = until(Price)
        assert venue.asked.get(timeout=60) == ASKED
        assert venue.requests[0].path == "/websocket/v1"
        assert "Authorization" not in venue.requests[0].headers
        assert "Origin" not in venue.requests[0].headers


def test_a_private_socket_signs_each_handshake_anew() -> None:
    handlers = (send_and_close(), send())
    with watched(*handlers, signer=Signer(KEYS)) as (venue, _, until):
        until(Connected)
        until(Connected)
        tokens = [request.headers["Authorization"] for request in venue.requests]
        assert {request.path for request in venue.requests} == {"/websocket/v1/private"}
    assert len(set(tokens)) == 2
    assert all(token.startswith("Bearer ey") for token in tokens)


def test_a_lost_socket_is_said_and_made_anew_and_asks_again() -> None:
    with watched(send_and_close(ticker(1)), send(ticker(2))) as (venue, _, until):
        until(Connected)
        assert until(Price).last == 1
        assert until(Disconnected) == Disconnected("closed", 1000)
        until(Connected)
        assert until(Price).last == 2
        assert [venue.asked.get(timeout=60) for _ in range(2)] == [ASKED, ASKED]


def test_a_connection_broken_off_is_said() -> None:
    def broken(connection: ServerConnection) -> None:
        connection.socket.shutdown(socket.SHUT_RDWR)

    with watched(broken, send()) as (_, _, until):
        assert until(Disconnected).reason == "closed"
        until(Connected)


def test_silence_is_first_asked_about_and_then_ends_the_socket() -> None:
    asked: list[str | bytes] = []

    def silent(connection: ServerConnection) -> None:
        for said in connection:
            asked.append(said)

    pace = Pace(open=5.0, ping=1.5, idle=3.0, first_wait=0.001, longest_wait=0.01)
    with watched(silent, send(ticker(3)), pace=pace) as (_, _, until):
        assert until(Disconnected) == Disconnected("idle")
        assert until(Price).last == 3
    assert asked == ["PING"]


def test_an_answered_ping_keeps_a_quiet_socket() -> None:
    answered = threading.Semaphore(0)

    def up(connection: ServerConnection) -> None:
        for said in connection:
            assert said == "PING"
            connection.send('{"status":"UP"}')
            answered.release()

    pace = Pace(open=5.0, ping=0.5, idle=2.0)
    with watched(up, pace=pace) as (venue, _, until):
        for _ in range(3):
            assert answered.acquire(timeout=60)
        assert len(venue.requests) == 1
        until(Connected)


def test_a_venue_that_says_no_at_the_door_is_asked_again_later() -> None:
    with watched(send(ticker(1)), refuse=(503, 401)) as (_, _, until):
        assert until(Disconnected) == Disconnected("handshake", 503)
        assert until(Disconnected) == Disconnected("handshake", 401)
        until(Connected)


@pytest.mark.parametrize("status", [418, 429])
def test_a_venue_that_is_asked_too_often_is_left_alone_for_a_minute(status: int) -> None:
    assert BARRED_SECONDS >= 60
    with watched(send(), refuse=(status,)) as (venue, stream, until):
        assert until(Disconnected) == Disconnected("handshake", status)
        stream.stop()  # at once, in the midst of that minute
        assert not stream._thread.is_alive()
        assert len(venue.requests) == 1


def test_a_redirect_is_not_followed() -> None:
    with watched(send()) as (other, _, _), socket.create_server(("127.0.0.1", 0)) as door:
        location = f"HTTP/1.1 302 Found\r\nLocation: {other.url}/websocket/v1\r\n"
        before = len(other.requests)
        flow, rung = Inflow(lambda: rung.set()), threading.Event()
        port = door.getsockname()[1]
        stream = Stream(f"ws://127.0.0.1:{port}", ASKED, flow, Signer(KEYS), QUICK)
        stream.start()
        connection, _ = door.accept()
        connection.recv(65536)
        connection.sendall(f"{location}Content-Length: 0\r\n\r\n".encode())
        connection.close()
        assert rung.wait(60)
        assert flow.take()[0] == Disconnected("handshake", 302)
        stream.stop()
        seen = {request.headers.get("Authorization") for request in other.requests[before:]}
        assert seen <= {None}


def test_a_door_that_speaks_no_websocket_or_is_closed_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        rung = threading.Event()
        flow = Inflow(rung.set)
        stream = Stream(f"ws://127.0.0.1:{port}", ASKED, flow, None, QUICK)
        stream.start()
        connection, _ = door.accept()
        connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")
        connection.close()
        assert rung.wait(60)
        assert isinstance(flow.take()[0], Disconnected)
    reasons = set()
    while "refused" not in reasons:
        assert rung.wait(60)
        rung.clear()
        reasons |= {item.reason for item in flow.take() if isinstance(item, Disconnected)}
    stream.stop()


def test_a_new_request_goes_out_on_the_socket_that_stands() -> None:
    def busy(connection: ServerConnection) -> None:
        for price in range(1, 10**6):
            connection.send(ticker(price, price))
            try:
                venue.asked.put(connection.recv(timeout=0.01))
            except TimeoutError:
                continue

    other = request_text([Topic("ticker", ("KRW-ETH",))], ticket="u")
    with watched(busy) as (venue, stream, until):
        until(Price)
        stream.subscribe(other)
        assert [venue.asked.get(timeout=60) for _ in range(2)] == [ASKED, other]
        assert len(venue.requests) == 1


def test_an_error_of_the_venue_is_handed_on() -> None:
    no = '{"error":{"name":"INVALID_AUTH","message":"인증 정보가 올바르지 않습니다."}}'
    with watched(send_and_close(no)) as (_, _, until):
        assert until(Error).name == "INVALID_AUTH"
        assert until(Disconnected) == Disconnected("closed", 1000)


def test_a_frame_too_large_ends_the_socket_and_not_the_stream() -> None:
    huge = b'{"type":"ticker","x":"' + b"x" * 1024 * 1024 + b'"}'
    with watched(send(huge), send(ticker(4))) as (_, _, until):
        until(Disconnected)
        assert until(Price).last == 4


def frozen(until: Callable[[type[Any]], Any], started: threading.Event) -> None:
    until(Connected)
    started.set()


@pytest.mark.parametrize("at", ["reading", "frozen", "waiting"])
def test_it_stops_at_once_wherever_it_stands(at: str) -> None:
    def stays(connection: ServerConnection) -> None:
        connection.send(ticker(1))
        venue.over.wait(60)  # reads nothing more, answers nothing

    pace = Pace(open=5.0, first_wait=50.0, longest_wait=50.0)
    refuse = (503,) if at == "waiting" else ()
    handler = stays if at == "frozen" else send(ticker(1))
    with watched(handler, pace=pace, refuse=refuse) as (venue, stream, until):
        until(Disconnected if at == "waiting" else Price)
        before = time.monotonic()
        stream.stop()
        assert not stream._thread.is_alive()
        assert time.monotonic() - before < 30


def test_prices_under_pressure_keep_their_low_and_candles_their_last_state() -> None:
    def flood(connection: ServerConnection) -> None:
        for number in range(1, 3001):
            connection.send(ticker(number if number != 1500 else 0, number))
        candle = {"type": "candle.1m", "code": "KRW-BTC", "timestamp": 1, "stream_type": "S"}
        candle |= dict.fromkeys(("opening_price", "high_price", "low_price", "trade_price"), 1)
        candle |= {"candle_acc_trade_volume": 1, "candle_date_time_utc": "2026-01-01T00:00:00"}
        connection.send(json.dumps(candle).encode())
        venue.over.wait(60)

    venue = Venue(flood)
    venue.thread.start()
    rung = threading.Event()
    flow = Inflow(rung.set, 16)
    stream = Stream(venue.url, ASKED, flow, None, QUICK)
    stream.start()
    items: list[Item] = []
    while not any(isinstance(item, Candle) for item in items):
        assert rung.wait(60)
        rung.clear()
        items += flow.take()
    stream.stop()
    venue.over.set()
    venue.server.shutdown()
    prices = [item for item in items if isinstance(item, Price)]
    assert sum(price.count for price in prices) == 3000
    assert min(price.low for price in prices) == 0
    assert prices[-1].last == 3000


def test_requests_are_as_upbit_wants_them() -> None:
    topics = [
        Topic("ticker", ["krw-btc"], fresh=True),
        Topic("myOrder"),
        Topic("myAsset", ["KRW-BTC"]),
    ]
    assert json.loads(request_text(topics, simple=True, ticket="t")) == [
        {"ticket": "t"},
        {"type": "ticker", "codes": ["KRW-BTC"], "is_only_realtime": True},
        {"type": "myOrder"},
        {"type": "myAsset"},
        {"format": "SIMPLE"},
    ]
    assert json.loads(listing_text("t")) == [{"ticket": "t"}, {"method": "LIST_SUBSCRIPTIONS"}]
    assert request_text([]) != request_text([])


def test_no_token_reaches_a_log_even_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with watched(send(ticker(1)), signer=Signer(KEYS), refuse=(401,)) as (venue, _, until):
        until(Price)
        tokens = [request.headers["Authorization"].split(" ")[1] for request in venue.requests]
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("tests.")]
    for secret in (ACCESS, SECRET, *tokens):
        assert not [line for line in ours if secret in line]
