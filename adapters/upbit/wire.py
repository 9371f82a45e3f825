"""Owns the last step to the network: it knows whether a byte has left, and when time is up.

What a library says of a failure is no proof of what was sent. Here every write passes through
our hands, so "not sent" is a fact; and every single read is given no more time than the whole
call has left, so that a venue which sends one byte a second cannot hold us.
"""

from __future__ import annotations

import io
import socket
import time
from typing import Any, cast

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Retry, create_urllib3_context


class Wire:
    """One call at a time: whether it has written, and until when it may go on."""

    def __init__(self) -> None:
        self.written = False
        self.deadline = 0.0

    def begin(self, seconds: float) -> None:
        """A new call, which may take so long in all."""
        self.written = False
        self.deadline = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left; TimeoutError when none are."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call has taken too long")
        return left


class _Reader(io.RawIOBase):
    """Reads of one connection, each within the time of its call."""

    def __init__(self, sock: socket.socket, wire: Wire, longest: float | None) -> None:
        self._raw = sock.makefile("rb", 0)  # keeps the socket open while it is being read
        self._sock, self._wire, self._longest = sock, wire, longest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._wire.left()
        self._sock.settimeout(left if self._longest is None else min(left, self._longest))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class WatchedSocket:
    """A socket whose writes are noted and whose reads are timed; else it is the socket itself."""

    def __init__(self, sock: socket.socket, wire: Wire) -> None:
        self._sock, self._wire = sock, wire

    def sendall(self, data: bytes) -> None:
        """From here on the request may have arrived."""
        self._sock.settimeout(self._wire.left())
        self._wire.written = True
        self._sock.sendall(data)

    def makefile(self, *_args: Any, **_kwargs: Any) -> io.BufferedReader:
        """What the answer is read from."""
        return io.BufferedReader(_Reader(self._sock, self._wire, self._sock.gettimeout()))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def _pools(wire: Wire) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools, with connections whose socket is watched once it stands (TLS included)."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            self.sock = cast(socket.socket, WatchedSocket(self.sock, wire))

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            self.sock = cast(socket.socket, WatchedSocket(cast(socket.socket, self.sock), wire))

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class WatchedAdapter(HTTPAdapter):
    """requests' adapter over one watched connection: no retry of its own, TLS 1.2 at least."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Called by requests when it sets itself up."""
        super().init_poolmanager(*args, ssl_context=create_urllib3_context(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._wire)
