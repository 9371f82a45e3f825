"""Owns one socket to Upbit, on a thread of its own: kept up, asked again, and watched for silence.

It never makes an actor wait: frames go to an Inflow, and so does the news that the socket stands
or is lost. Waits between attempts grow, are scattered, and have a bound; they start anew once data
have come. docs/reference/upbit.md 6.1 (idle sockets are closed; there is no resume).
"""

from __future__ import annotations

import logging
import random
import socket
import ssl
import threading
import time

from msgspec import Struct
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from adapters.upbit.hosts import PRIVATE, PUBLIC, socket_host
from adapters.upbit.reasons import causes, reason_of
from adapters.upbit.socket.conflation import Connected, Disconnected, Inflow
from adapters.upbit.socket.connection import SocketConnection
from adapters.upbit.socket.decoder import FRAME_MAX, frame_of
from adapters.upbit.socket.frames import Error, Status
from adapters.upbit.socket.subscriptions import PING
from adapters.upbit.tokens import Signer

LOG = logging.getLogger("jangbu.upbit.stream")
LOG.setLevel(logging.WARNING)  # websockets' debug lines would show the token
STEP, STEP_HOLDING = 1.0, 0.02  # seconds: how often a quiet socket's thread looks around
JOIN_SECONDS = 2.0
BARRED = (418, 429)  # a handshake refused so is not repeated soon (5.3)
BARRED_SECONDS = 60.0


class Pace(Struct, frozen=True):
    """In seconds: to open, the silence before a PING, that ends the socket, between attempts."""

    open: float = 5.0
    ping: float = 10.0
    idle: float = 30.0
    first_wait: float = 0.25
    longest_wait: float = 30.0


class Stream:
    """A public socket; with a ``signer``, the private one."""

    def __init__(
        self,
        ws_url: str,
        request: str,
        inflow: Inflow,
        signer: Signer | None = None,
        pace: Pace = Pace(),
        ca: str = "",
    ) -> None:
        self._host = socket_host(ws_url)
        self._request = request
        self._inflow, self._signer, self._pace = inflow, signer, pace
        self._tls = _trusting(ca) if self._host.secure else None
        self._stopping = threading.Event()
        self._grip: socket.socket | None = None  # a second handle, to end the socket with
        self._alive = False  # data have come on this connection
        self._thread = threading.Thread(target=self._run, name="upbit-stream", daemon=True)

    def start(self) -> None:
        """Connect, and go on until stopped."""
        self._thread.start()

    def subscribe(self, request: str) -> None:
        """Replace the request: at once on a socket that stands, and at every later one."""
        self._request = request

    def stop(self) -> None:
        """End the socket at once; only a connect that hangs may outlast this, without effect."""
        self.leave()
        self._thread.join(JOIN_SECONDS)

    def leave(self) -> None:
        """The same without waiting for its thread: nothing that it still hears is taken."""
        self._stopping.set()
        _cut(self._grip)

    # --- on the thread
    def _run(self) -> None:
        wait = self._pace.first_wait
        while not self._stopping.is_set():
            self._alive = False
            lost = self._live()
            if self._stopping.is_set():
                return
            self._inflow.put(lost)
            wait = self._pace.first_wait if self._alive else wait
            pause = wait * random.uniform(0.5, 1.0)
            if lost.reason == "handshake" and lost.status in BARRED:
                pause += BARRED_SECONDS
            if self._stopping.wait(pause):
                return
            wait = min(wait * 2, self._pace.longest_wait)

    def _live(self) -> Disconnected:
        """One connection from its beginning to its end, whatever ends it: the thread goes on."""
        try:
            with self._connected() as line:
                return self._read(line)
        except ConnectionClosed as error:
            return Disconnected("closed", error.rcvd.code if error.rcvd else 0)
        except (WebSocketException, OSError, EOFError, ValueError) as error:
            for cause in causes(error):
                if isinstance(cause, InvalidStatus):
                    return Disconnected("handshake", cause.response.status_code)
            return Disconnected(reason_of(error))
        except Exception as error:  # an assertion inside of websockets was seen
            LOG.error("the socket's thread met a %s", type(error).__name__)
            return Disconnected("error")
        finally:
            if self._grip is not None:
                self._grip.close()

    def _connected(self) -> SocketConnection:
        host = self._host
        plain = socket.create_connection((host.name, host.port), self._pace.open)
        self._grip = plain.dup()
        if self._stopping.is_set():
            _cut(self._grip)
        headers = {"User-Agent": "jangbu"}  # no compression: bytes are cheaper than unpacking
        if self._signer:
            headers["Authorization"] = self._signer.header()
        url = host.base + (PRIVATE if self._signer else PUBLIC)
        return SocketConnection(plain, url, self._tls, headers, self._pace.open, FRAME_MAX, LOG)

    def _read(self, line: SocketConnection) -> Disconnected:
        """Ask, then pass on what comes, until silence or the end."""
        asked = self._request
        line.send(asked)
        self._inflow.put(Connected())
        inflow, heard = self._inflow, time.monotonic()
        pinged = heard
        while True:
            if asked is not self._request:
                asked = self._request
                line.send(asked)
            messages = line.take(STEP_HOLDING if inflow.holding else STEP)
            now = time.monotonic()
            if messages:
                heard = now
                for data in messages:
                    self._heard(data)
                continue
            inflow.pass_on()
            if now - heard >= self._pace.idle:
                return Disconnected("idle")
            if now - max(heard, pinged) >= self._pace.ping:
                pinged = now
                line.send(PING)

    def _heard(self, data: bytes) -> None:
        frame = frame_of(data)
        self._inflow.put(frame)
        if not self._alive:
            self._alive = not isinstance(frame, Error | Status)


def _trusting(ca: str) -> ssl.SSLContext:
    """TLS that believes the same authorities as the REST calls."""
    return ssl.create_default_context(cafile=ca or DEFAULT_CA_BUNDLE_PATH)


def _cut(grip: socket.socket | None) -> None:
    """End a connection from another thread: whoever reads it sees its end."""
    if grip is not None:
        try:
            grip.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended already
