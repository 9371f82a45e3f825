"""The other side of the venue's benches, a process of its own: frames at a word, or an exchange.

``frames FILE``: a socket that sends the whole file, frames of WebSocket as they are on the wire,
once it was asked and a line has come on stdin. ``exchange FOLDER``: the sandbox behind a relay
that notes, in ns of the monotonic clock, when the whole of a sale has come off the wire.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from core.market.synthetic import synthetic_market
from sandbox.limits import GROUPS, Group
from sandbox.server import Sandbox, SandboxConfig

SALE = b'"side":"ask"'


def say(text: object) -> None:
    """A line for the bench."""
    print(text, flush=True)


def frames(file: Path) -> None:
    """One client after the other."""
    data = file.read_bytes()

    def handle(connection: ServerConnection) -> None:
        connection.recv()
        say("asked")
        sys.stdin.readline()
        connection.socket.sendall(data)
        with contextlib.suppress(ConnectionClosed):
            connection.recv()

    server = serve(handle, "127.0.0.1", 0, compression=None, ping_interval=None)
    say(f"ws://127.0.0.1:{server.socket.getsockname()[1]}")
    server.serve_forever()


def exchange(folder: Path) -> None:
    """A sandbox whose limits nobody meets, and the relay in front of it."""
    roomy = tuple(Group(g.name, 10_000, g.seconds, g.scope) for g in GROUPS)
    candle_series = tuple(synthetic_market(1, 1, "1m"))
    url = Sandbox(SandboxConfig(candle_series, folder, groups=roomy, sync=False)).start()
    behind = ("127.0.0.1", int(url.rpartition(":")[2]))
    door = socket.create_server(("127.0.0.1", 0))
    say(f"http://127.0.0.1:{door.getsockname()[1]}")
    while True:
        client, _ = door.accept()
        server = socket.create_connection(behind)
        for ends in ((client, server, True), (server, client, False)):
            threading.Thread(target=_pump, args=ends, daemon=True).start()


def _pump(source: socket.socket, target: socket.socket, asking: bool) -> None:
    """Pass on what comes, without delay, and note a sale that is asked for."""
    target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            if asking and SALE in data:
                say(time.monotonic_ns())
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    {"frames": frames, "exchange": exchange}[sys.argv[1]](Path(sys.argv[2]))
