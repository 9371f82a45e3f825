"""Owns the sandbox as a whole: market, books and endpoints behind one HTTP server on loopback.

Everything happens in one asyncio loop: the caller's (``serve``), or that of a thread of its own
(``start``, ``stop``), for tests.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec
import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.market.candles import CandleSeries
from core.money import prepare_thread
from core.venue.matching import Rules
from sandbox import admin, quotation, routes, sockets
from sandbox.account_ledger import AccountLedger
from sandbox.assumptions import Assumptions
from sandbox.clock import Clock
from sandbox.context import SandboxContext
from sandbox.exchange import Exchange
from sandbox.faults import Fault, Faults
from sandbox.heartbeat import Heartbeat
from sandbox.hub import Hub
from sandbox.limits import GROUPS, Bans, Group, Limits
from sandbox.market import HISTORY, Market
from sandbox.middleware import Middleware
from sandbox.tokens import Key, Tokens

LOOPBACK = "127.0.0.1"
NOTED = 1.0  # s between two notes of the market's moment
GRACE = 2  # s that open connections have when the server ends
BALANCES = {"KRW": Decimal(1_000_000)}


class Protocol(H11Protocol):
    """HTTP whose scope tells its transport, for faults that end connections."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Once a connection."""
        super().connection_made(cast(asyncio.Transport, transport))
        self.app_state = {**self.app_state, "transport": transport}


class SandboxConfig(Struct, frozen=True):
    """What a sandbox is made of; the state directory's own balances win over ``balances``."""

    candle_series: Sequence[CandleSeries]
    state: Path
    speed: float = 1.0
    balances: Mapping[str, Decimal] = msgspec.field(default_factory=lambda: BALANCES)
    keys: Sequence[Key] = (Key(),)
    faults: Iterable[Fault] = ()
    seed: int = 1
    history: int = HISTORY  # candles that are past at the start
    rules: Rules = Rules()
    switches: Assumptions = Assumptions()
    groups: tuple[Group, ...] = GROUPS
    bans: Bans = Bans()
    sync: bool = True  # False: a power cut may destroy the books


class Sandbox:
    """A server; ``start`` and ``stop`` once each, or ``serve``."""

    def __init__(
        self, setting: SandboxConfig, port: int = 0, place: socket.socket | None = None
    ) -> None:
        """``place``: a socket that listens already, in the place of a port."""
        self._setting, self._port, self._place = setting, port, place
        self._ready, self._trouble = threading.Event(), list[BaseException]()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.url = ""

    def start(self) -> str:
        """Serve in a thread; gives the base URL. Raises what kept it from serving."""
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._trouble:
            raise self._trouble[0]
        return self.url

    def stop(self) -> None:
        """End the thread's server, and wait until its books are closed. Raises its failure."""
        if self._server:
            self._server.should_exit = True
        if self._thread:
            self._thread.join()
        if self._trouble:
            raise self._trouble[0]

    def _run(self) -> None:
        prepare_thread()
        try:
            asyncio.run(self.serve(lambda url: None))
        except BaseException as error:  # for whoever waits in ``start`` or ``stop``
            self._trouble.append(error)
        finally:
            self._ready.set()

    def run(self, ready: Callable[[str], None]) -> None:
        """Serve in this thread until a signal ends it; ``ready`` as for ``serve``."""
        asyncio.run(self.serve(ready))

    async def serve(self, ready: Callable[[str], None]) -> None:
        """Serve until told to end; ``ready`` hears the base URL once it answers."""
        own = self._setting
        books = AccountLedger.open(own.state, own.balances, sync=own.sync)
        try:
            market = Market(
                own.candle_series, Clock(books.newest(), own.speed), own.seed, own.history
            )
            await self._serve(market, books, ready)
        finally:
            books.close()

    async def _serve(
        self, market: Market, books: AccountLedger, ready: Callable[[str], None]
    ) -> None:
        server = self._server = uvicorn.Server(self._config(self._app(market, books)))
        places = [self._place] if self._place else None
        serving = asyncio.create_task(server.serve(sockets=places))
        duties = [asyncio.create_task(duty) for duty in (market.run(), _note(market, books))]
        while not server.started and not serving.done():
            await asyncio.sleep(0.005)
        if server.started:
            listens = self._place or server.servers[0].sockets[0]
            port = listens.getsockname()[1]
            self.url = f"http://{LOOPBACK}:{port}"
            ready(self.url)
            self._ready.set()
        for duty in duties:  # one that fails ends the server; one that is done does not
            duty.add_done_callback(lambda done: _end_with(server, done))
        await serving
        for duty in duties:
            duty.cancel()
        ends = await asyncio.gather(*duties, return_exceptions=True)
        books.note(market.clock.now())
        for end in ends:
            if isinstance(end, Exception):
                raise end

    def _app(self, market: Market, books: AccountLedger) -> Middleware:
        own = self._setting
        faults = Faults(own.faults, own.seed)
        hub = Hub(faults=faults)
        exchange = Exchange(books, market, hub, market.clock.now, own.rules)
        tokens, limits = Tokens(*own.keys), Limits(own.groups, own.bans)
        context = SandboxContext(exchange, tokens, limits, faults)
        context.turn(own.switches)
        http = [
            *routes.routes(context),
            *quotation.routes(market),
            *admin.routes(context, market, hub),
        ]
        app = Starlette(routes=[*http, *_sockets(context, market, hub)])
        return Middleware(app, list(http), context)

    def _config(self, app: Any) -> uvicorn.Config:
        return uvicorn.Config(
            app,
            host=LOOPBACK,
            port=self._port,
            http=Protocol,
            loop="asyncio",
            ws=Heartbeat,
            ws_ping_interval=None,
            lifespan="off",
            log_level="error",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=GRACE,
        )


def _sockets(context: SandboxContext, market: Market, hub: Hub) -> list[WebSocketRoute]:
    def refusing() -> bool:
        return context.exchange.switches.handshake_refused

    return sockets.routes(market, hub, context.tokens.handshake, refusing=refusing)


async def _note(market: Market, books: AccountLedger) -> None:
    """Keep the market's moment now and then: a start after a kill goes on near it."""
    while True:
        books.note(market.clock.now())
        await asyncio.sleep(NOTED)


def _end_with(server: uvicorn.Server, duty: asyncio.Task[None]) -> None:
    if not duty.cancelled() and duty.exception():
        server.should_exit = True
