"""Owns the server: on loopback alone, until a signal ends it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.ports import LOOPBACK
from interfaces.dashboard.app import Dashboard, Setting
from interfaces.dashboard.guard import Guard
from interfaces.dashboard.metrics.endpoint import endpoint
from interfaces.dashboard.peers import TimeoutProtocol
from interfaces.dashboard.watch import Watch

GRACE = 1  # s that open connections have when the server ends
CONNECTIONS_MAX = 100


class Server(uvicorn.Server):
    """Ends in good order at a signal, and says so with exit code 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn would raise the signal again once it is done."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, setattr, self, "should_exit", True)
        yield


def serve(
    watch: Watch, setting: Setting, token: str, place: socket.socket, ready: Callable[[str], None]
) -> None:
    """Serve until told to end; ``ready`` hears the address once it answers."""
    asyncio.run(_serve(watch, setting, token, place, ready))


async def _serve(
    watch: Watch, setting: Setting, token: str, place: socket.socket, ready: Callable[[str], None]
) -> None:
    port = place.getsockname()[1]
    dashboard = Dashboard(watch, setting)

    async def closed(scope: Scope, receive: Receive, send: Send) -> None:
        page = dashboard.closed(setting.language)
        await Response(page, 401, media_type="text/html")(scope, receive, send)

    app = Guard(dashboard.app([endpoint(watch, dashboard.picture)]), token, port, closed)
    server = Server(_config(app))
    watching = asyncio.create_task(watch.run())
    serving = asyncio.create_task(server.serve(sockets=[place]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.005)
    if server.started:
        ready(f"http://{LOOPBACK}:{port}/?token={token}")
    watching.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await serving
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        watch.close()


def _config(app: Guard) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=TimeoutProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_level="error",
        log_config=None,
        access_log=False,  # the first address holds the token
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=16 * 1024,
    )
