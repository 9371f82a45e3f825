"""A server on loopback that answers with scripted bytes, whatever it is asked."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from adapters.upbit.client import Client
from adapters.upbit.secrets import Keys, Secret
from adapters.upbit.session import Session, Waits
from adapters.upbit.tokens import Signer

ACCESS = "CanaryAccessKey0000000000000000000000001"
SECRET = "CanarySecretKey0000000000000000000000002"
KEYS = Keys(Secret(ACCESS), Secret(SECRET))
HASTE = Waits(connect=2.0, read=0.3, total=0.6)
PATIENCE = Waits(connect=20.0, read=20.0, total=20.0)

Act = Callable[[socket.socket, "Scripted"], bool]  # whether the connection is kept


def http(
    status: int = 200, body: bytes | Any = b"{}", headers: tuple[str, ...] = (), length: int = -1
) -> bytes:
    """A whole answer; ``length`` is what it claims to be long."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"HTTP/1.1 {status} Said", "Content-Type: application/json;charset=UTF-8"]
    lines += [f"Content-Length: {len(content) if length < 0 else length}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def say(data: bytes) -> Act:
    """Answer, and keep the connection."""

    def act(connection: socket.socket, _server: Scripted) -> bool:
        connection.sendall(data)
        return True

    return act


def say_and_close(data: bytes) -> Act:
    """Answer, and close."""

    def act(connection: socket.socket, _server: Scripted) -> bool:
        connection.sendall(data)
        return False

    return act


def say_and_hang(data: bytes) -> Act:
    """Begin to answer, and fall silent."""

    def act(connection: socket.socket, server: Scripted) -> bool:
        connection.sendall(data)
        return hang(connection, server)

    return act


def reset(data: bytes = b"") -> Act:
    """Say so much, then break the connection off."""

    def act(connection: socket.socket, _server: Scripted) -> bool:
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return act


def drip(data: bytes, gap: float) -> Act:
    """One byte at a time, until nobody listens any more."""

    def act(connection: socket.socket, server: Scripted) -> bool:
        for byte in data:
            connection.sendall(bytes([byte]))
            if server.closing.wait(gap):
                break
        return False

    return act


def hang(connection: socket.socket, server: Scripted) -> bool:
    """Say nothing at all."""
    server.closing.wait(60)
    return False


class Scripted:
    """Takes requests, and performs one act for each; ``requests`` keeps their bytes."""

    def __init__(self, *acts: Act, certificate: Path | None = None) -> None:
        self.acts = list(acts)
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._context: ssl.SSLContext | None = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Scripted:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            while self.acts:
                request = _request(connection)
                if not request:
                    break
                self.requests.append(request)
                if not self.acts.pop(0)(connection, self):
                    break
        connection.close()


def _request(connection: socket.socket) -> bytes:
    """The bytes of one request, its body included."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    wanted = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < wanted:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def client(url: str, waits: Waits = PATIENCE, ca: str = "") -> Client:
    """A client of that server, with canaries for keys."""
    return Client(Session(url, Signer(KEYS), waits, ca))
