"""Owns one WebSocket, opened, read and written by the one thread that has it.

It is websockets' protocol without its threads and locks (the Sans-I/O layer): all messages that
one read of the socket brings are parsed at one go, which halves what a frame costs.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from types import TracebackType

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.frames import OP_BINARY, OP_CLOSE, OP_CONT, OP_TEXT, Frame
from websockets.protocol import OPEN
from websockets.uri import parse_uri

READ_MAX = 64 * 1024  # bytes of one read


class SocketConnection:
    """Takes over a connected socket; raises OSError or WebSocketException where it fails.

    ``seconds``: how long the opening may take, TLS and handshake each; a redirect is a refusal.
    ``message_max``: bytes of the largest message that is taken.
    """

    def __init__(
        self,
        plain: socket.socket,
        url: str,
        tls: ssl.SSLContext | None = None,
        headers: dict[str, str] | None = None,
        seconds: float = 5.0,
        message_max: int | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        uri = parse_uri(url)
        self._socket = plain
        self._parts: list[
            bytes | bytearray | memoryview
        ] = []  # of a message that comes in several frames
        self._protocol = ClientProtocol(uri, max_size=message_max, logger=logger)
        try:
            plain.settimeout(seconds)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                self._socket = tls.wrap_socket(plain, server_hostname=uri.host)
            self._shake_hands(Headers(headers or {}), time.monotonic() + seconds)
        except BaseException:
            self._socket.close()
            raise

    def _shake_hands(self, headers: Headers, until: float) -> None:
        request = self._protocol.connect()
        request.headers.update(headers)
        self._protocol.send_request(request)
        self._flush()
        while self._protocol.state is not OPEN:
            if (left := until - time.monotonic()) <= 0:
                raise TimeoutError("the handshake takes too long")
            self._socket.settimeout(left)
            self._read()
            if self._protocol.handshake_exc is not None:
                raise self._protocol.handshake_exc

    def __enter__(self) -> SocketConnection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def send(self, text: str) -> None:
        """One message."""
        self._protocol.send_text(text.encode())
        self._flush()

    def take(self, seconds: float) -> list[bytes]:
        """The messages of one read; none when nothing comes for so long.

        Raises ConnectionClosed when there will be no more.
        """
        if self._socket.gettimeout() != seconds:
            self._socket.settimeout(seconds)
        # What came with the handshake's answer is there before the first read.
        messages = self._messages()
        if messages:
            return messages
        try:
            self._read()
        except TimeoutError:
            return []
        return self._messages()

    def close(self) -> None:
        """Say so, and wait for nobody."""
        try:
            if self._protocol.state is OPEN:
                self._protocol.send_close()
                self._flush()
        except OSError:
            return  # whoever is not there need not be told
        finally:
            self._socket.close()

    def _read(self) -> None:
        data = self._socket.recv(READ_MAX)
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._flush()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:  # nothing stands for an end, and ``close`` is ours
                self._socket.sendall(data)

    def _messages(self) -> list[bytes]:
        """What was told before an end still counts: the end is raised when nothing is left."""
        messages = []
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                if event.opcode in (OP_TEXT, OP_BINARY, OP_CONT):
                    self._parts.append(event.data)
                    if event.fin:
                        messages.append(b"".join(self._parts))
                        self._parts.clear()
                elif event.opcode is OP_CLOSE:
                    self._protocol.receive_eof()  # it sends nothing that counts after this
        if not messages and (end := self._end()):
            raise end
        return messages

    def _end(self) -> ConnectionClosed | None:
        if self._protocol.state is OPEN:
            return None
        self._protocol.receive_eof()  # after a fault of the protocol, too, nothing more is read
        return self._protocol.close_exc
