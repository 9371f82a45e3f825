"""A real server of the sandbox's market on a free port of loopback, and real clients for it."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import requests
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from websockets.sync.client import ClientConnection, connect

from core.market.candles import CandleSeries
from sandbox import quotation, sockets
from sandbox.clock import Clock
from sandbox.heartbeat import Heartbeat
from sandbox.hub import Hub
from sandbox.market import Market
from tests.support.recorded import UPBIT

PATIENCE = 20  # seconds: guards against a hang


class Served:
    """A market behind uvicorn's HTTP and sockets, in a thread of its own."""

    def __init__(self, market: Market, hub: Hub, idle: float, limited: bool) -> None:
        self.market, self.hub = market, hub
        self.loop: asyncio.AbstractEventLoop | None = None
        routes = [
            *quotation.routes(market),
            *sockets.routes(market, hub, self._verify, idle=idle, limited=limited),
        ]
        app = Starlette(routes=routes, lifespan=self._lifespan)
        config = uvicorn.Config(
            app,
            port=0,
            ws=Heartbeat,
            ws_ping_interval=None,
            log_level="error",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self.loop = asyncio.get_running_loop()
        task = asyncio.create_task(self.market.run())
        self.loop.call_soon(self._wait_for_port)
        yield
        task.cancel()

    def _wait_for_port(self) -> None:
        if self._server.started:
            self._ready.set()
        else:
            assert self.loop is not None
            self.loop.call_later(0.01, self._wait_for_port)

    def _verify(self, headers: Headers) -> str | None:
        return "jwt_verification" if headers["authorization"] == "Bearer bad" else None

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self.session = requests.Session()
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def reply(self, path: str, **params: object) -> requests.Response:
        """The reply to a GET."""
        url = f"http://127.0.0.1:{self.port}/v1/{path}"
        return self.session.get(url, params=params, timeout=PATIENCE)  # type: ignore[arg-type]

    def rows(self, path: str, **params: object) -> list[dict[str, Any]]:
        """The rows of a GET that succeeds."""
        reply = self.reply(path, **params)
        assert reply.status_code == 200, reply.text
        found: list[dict[str, Any]] = reply.json()
        return found

    def refusal(self, path: str, **params: object) -> tuple[int, str]:
        """The status and the text of a GET that is refused; the name repeats the status."""
        reply = self.reply(path, **params)
        error = reply.json()["error"]
        assert error["name"] == reply.status_code
        return reply.status_code, error["message"]

    @contextmanager
    def socket(self, private: bool = False, token: str = "good") -> Iterator[ClientConnection]:
        """A socket, the public one or the private one with this token."""
        path = sockets.PRIVATE if private else sockets.PUBLIC
        headers = {"Authorization": f"Bearer {token}"} if private else {}
        url = f"ws://127.0.0.1:{self.port}{path}"
        with connect(url, additional_headers=headers, open_timeout=PATIENCE) as found:
            yield found

    def call(self, work: Callable[[], object]) -> None:
        """Do something in the server's loop, and wait until it is done."""

        async def within() -> None:
            work()

        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(within(), self.loop).result(PATIENCE)

    def trade_until(self, moment: float) -> None:
        """Let the market trade up to a moment now, whatever its clock says."""

        def through() -> None:
            while self.market.catch_up(moment):
                pass

        self.call(through)


def served(
    candle_series: Sequence[CandleSeries],
    speed: float = 1e-6,
    history: int = 400,
    idle: float = sockets.IDLE,
    limited: bool = False,
    limit: int = 20_000,
) -> Served:
    """A server of a market that, unless it is given a speed, stands still."""
    market = Market(candle_series, Clock(0, speed), seed=7, history=history)
    return Served(market, Hub(limit), idle, limited)


def ask(socket: ClientConnection, *parts: dict[str, Any], form: str = "DEFAULT") -> None:
    """Subscribe to these types."""
    socket.send(json.dumps([{"ticket": "t"}, *parts, {"format": form}]))


def told(socket: ClientConnection) -> Any:
    """The next message, which is binary."""
    data = socket.recv(timeout=PATIENCE)
    assert isinstance(data, bytes)
    return json.loads(data)


def recorded_reply(name: str) -> Any:
    """The body of a recorded quotation reply."""
    path = next((UPBIT / "rest").glob(f"quotation__{name}.json*"))
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return json.loads(text)[0]["response"]["body"]


def recorded_frames() -> list[tuple[str, str]]:
    """The kind and the text of frames that were quoted from the wire."""
    lines = (UPBIT / "ws/frames_observed.jsonl").read_text().splitlines()
    return [(line["kind"], line["text"]) for line in map(json.loads, lines)]
