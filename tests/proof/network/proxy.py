"""A proxy on loopback that spoils one exchange at one byte: the POST of an order, or its reply.

Everything else passes as it is. What it does at that byte:

    rst     ends both connections with a reset
    fin     ends both in good order
    stall   passes nothing more on
    garble  changes that one byte, and goes on
    late    passes nothing more on until the client has gone; then the rest arrives all the same
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from dataclasses import dataclass
from types import TracebackType

KINDS = ("rst", "fin", "stall", "garble", "late")
SIDES = ("request", "reply")
POST = b"POST /v1/orders "
SECONDS = 60.0  # a guard against a hang
_RESET = struct.pack("ii", 1, 0)


@dataclass
class Strike:
    """What is to happen at which byte of which side; ``done`` once it has."""

    side: str
    offset: int
    kind: str
    done: bool = False


class _Ended(Exception):
    """A connection is over."""


class Proxy:
    """Passes on to one upstream; ``sizes`` are those of the last POST and of its reply."""

    def __init__(self, upstream: str) -> None:
        host, _, port = upstream.rpartition("/")[2].partition(":")
        self._upstream = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.strike: Strike | None = None
        self.sizes = {"request": 0, "reply": 0}

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, _Ended):
            server = socket.create_connection(self._upstream, SECONDS)
            _Link(self, client, server).run()


class _Link:
    """One client's connection and ours to the upstream; requests come one after the other."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._struck: Strike | None = None  # of the exchange that is going on
        self._passed = {"request": 0, "reply": 0}  # bytes of it

    def run(self) -> None:
        """Until one side ends."""
        sides = {self._client: self._server, self._server: self._client}
        try:
            while True:
                ready, _, _ = select.select(list(sides), [], [], SECONDS)
                for source in ready or _over():
                    data = source.recv(65536)
                    if not data:
                        raise _Ended
                    self._pass(data, source, sides[source])
        finally:
            self._client.close()
            self._server.close()

    def _pass(self, data: bytes, source: socket.socket, target: socket.socket) -> None:
        side = "request" if source is self._client else "reply"
        if side == "request" and self._passed["reply"]:  # the former exchange is over
            self._passed, self._struck = {"request": 0, "reply": 0}, None
        if side == "request" and data.startswith(POST):
            self._struck = self._proxy.strike
        self._passed[side] += len(data)
        strike = self._struck
        if strike is None:
            target.sendall(data)
            return
        self._proxy.sizes[side] = self._passed[side]
        at = strike.offset - (self._passed[side] - len(data))
        if strike.done or side != strike.side or not 0 <= at < len(data):
            target.sendall(data)
            return
        strike.done = True
        self._act(strike.kind, data, at, target)

    def _act(self, kind: str, data: bytes, at: int, target: socket.socket) -> None:
        if kind == "garble":
            target.sendall(data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1 :])
            return
        target.sendall(data[:at])
        if kind in ("stall", "late"):
            self._wait_for_the_end(kind, data[at:])
        if kind == "rst":
            for link in (self._client, self._server):
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        raise _Ended

    def _wait_for_the_end(self, kind: str, rest: bytes) -> None:
        """Say nothing until the client has gone; then pass on, or not, all that it has said."""
        while more := self._client.recv(65536):
            rest += more
        if kind == "late":
            self._server.sendall(rest)
            self._server.settimeout(SECONDS)
            self._server.recv(65536)  # the venue has dealt with it


def _over() -> list[socket.socket]:
    raise _Ended
