"""Owns the sockets of Upbit's API over the sandbox's market and hub.

Sources: docs/reference/upbit.md 6 and what was observed on Upbit's: data, status and error
frames are binary, an error closes the socket, one text PING is answered every 10 s from then on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.heartbeat import HEARD
from sandbox.hub import GOING_AWAY, Hub, Subscriber
from sandbox.market import Listing, Market
from sandbox.quotes.path import Trade
from sandbox.wire.numbers import encode, whole
from sandbox.wire.short import LISTING as SHORT_LISTING
from sandbox.wire.streams import frame_of
from sandbox.wire.subscriptions import BadMessage, Message, Subscription, Topic, read

PUBLIC, PRIVATE = "/websocket/v1", "/websocket/v1/private"
IDLE = 120.0  # real seconds without traffic
PULSE = 10.0  # between two status frames
STATUS = b'{"status":"UP"}'
A_SECOND, A_MINUTE = 5, 100  # messages of one connection

Verify = Callable[[Headers], str | None]
DENIED = 1008  # closes a handshake before it is accepted: the client sees 403


def routes(
    market: Market,
    hub: Hub,
    verify: Verify,
    idle: float = IDLE,
    limited: bool = True,
    refusing: Callable[[], bool] = lambda: False,
) -> list[WebSocketRoute]:
    """The public and the private socket, with their whole paths.

    ``verify`` names what is wrong with the headers of a private handshake, or says None;
    ``refusing`` says whether it is then refused, and not accepted and told. Without ``limited`` a
    connection may send as many messages as it likes.
    """
    market.follow(lambda listing, trade: _tell(hub, listing, trade))

    async def public(websocket: WebSocket) -> None:
        await Connection(websocket, market, hub, False, idle, limited).serve()

    async def private(websocket: WebSocket) -> None:
        wrong = verify(websocket.headers)
        if wrong is not None and refusing():
            await websocket.close(DENIED)
            return
        await Connection(websocket, market, hub, True, idle, limited).serve(wrong)

    return [WebSocketRoute(PUBLIC, public), WebSocketRoute(PRIVATE, private)]


def _tell(hub: Hub, listing: Listing, trade: Trade) -> None:
    """Frames of all that somebody hears of a pair, after one of its trades."""
    for topic in hub.heard(listing.pair):
        if topic.kind != "myOrder" and (frame := frame_of(listing, topic, "REALTIME")):
            hub.publish(topic, frame)


class Connection:
    """One client: what it asked for, and its three tasks (reading, writing, watching)."""

    def __init__(
        self,
        websocket: WebSocket,
        market: Market,
        hub: Hub,
        private: bool,
        idle: float,
        limited: bool,
    ) -> None:
        self._websocket, self._market, self._hub = websocket, market, hub
        self._private, self._idle, self._limited = private, idle, limited
        self._subscriber = Subscriber(hub.limit)
        self._wishes: tuple[Subscription, ...] = ()
        self._messages: deque[float] = deque(maxlen=A_MINUTE)
        self._pulse: float | None = None  # when the next status frame is due
        self._loop = asyncio.get_running_loop()
        self._traffic = self._loop.time()

    async def serve(self, wrong: str | None = None) -> None:
        """Until either side ends it; ``wrong`` is what the handshake lacks."""
        await self._websocket.accept()
        if wrong is not None:
            self._refuse(BadMessage("INVALID_AUTH"))
        duties = (self._listen(), self._speak(), self._watch())
        tasks = [asyncio.create_task(duty) for duty in duties]
        try:
            await _first(tasks)
        finally:
            self._hub.leave(self._subscriber)

    async def _listen(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._traffic = self._loop.time()
            data = message.get("text") or message.get("bytes") or b""
            try:
                if not self._subscriber.code:
                    self._take(data)
            except BadMessage as error:
                self._refuse(error)

    def _take(self, data: str | bytes) -> None:
        if data in ("PING", b"PING"):
            if self._pulse is None:
                self._pulse = self._loop.time() + PULSE
            self._subscriber.push(STATUS)
            return
        self._count()
        message = read(data, self._private)
        if message.form:
            self._subscriber.form = message.form
        if message.wishes:
            self._subscribe(message.wishes)
        if message.listing:
            self._subscriber.push(self._listing(message))

    def _count(self) -> None:
        """The limits of a connection's messages: docs/reference/upbit.md 5.1."""
        now = self._loop.time()
        self._messages.append(now)
        recent = sum(1 for at in self._messages if now - at < 1)
        full = len(self._messages) == A_MINUTE and now - self._messages[0] < 60
        if self._limited and (recent > A_SECOND or full):
            raise BadMessage("TOO_MANY_REQUEST")

    def _subscribe(self, wishes: tuple[Subscription, ...]) -> None:
        """Take the place of what was subscribed before; snapshots go first."""
        self._wishes = wishes
        live = [topic for wish in wishes if wish.realtime for topic in wish.topics]
        self._hub.subscribe(self._subscriber, live)
        for wish in wishes:
            if wish.snapshot and not self._private:
                self._snapshot(wish.topics)

    def _snapshot(self, topics: tuple[Topic, ...]) -> None:
        """One message a pair, or one of all in the list formats; unknown codes say nothing."""
        listings = ((self._market.listing(topic.code), topic) for topic in topics)
        found = (frame_of(known, topic, "SNAPSHOT") for known, topic in listings if known)
        frames = [frame for frame in found if frame]
        if frames and self._subscriber.form.endswith("_LIST"):
            self._hub.deliver(self._subscriber, *frames)
        else:
            for frame in frames:
                self._hub.deliver(self._subscriber, frame)

    def _listing(self, message: Message) -> bytes:
        form = self._subscriber.form
        names = SHORT_LISTING if form.startswith("SIMPLE") else {}
        rows = []
        for wish in self._wishes:
            row: dict[str, object] = {"type": wish.kind}
            row |= {} if wish.codes is None else {"codes": list(wish.codes)}
            row |= {"level": whole(wish.level)} if wish.kind == "orderbook" else {}
            rows.append({names.get(key, key): value for key, value in row.items()})
        body = {"method": "LIST_SUBSCRIPTIONS", "result": rows, "ticket": message.ticket}
        named = {names.get(key, key): value for key, value in body.items()}
        return encode([named] if form.endswith("_LIST") else named)

    async def _speak(self) -> None:
        while data := await self._subscriber.pull():
            for each in data:
                await self._websocket.send_bytes(each)
            self._traffic = self._loop.time()
        await self._websocket.close(self._subscriber.code)

    async def _watch(self) -> None:
        """Status frames once a PING was heard; the end of a socket on which nothing moves."""
        while True:
            await asyncio.sleep(min(1.0, self._idle / 4))
            now = self._loop.time()
            if self._pulse is not None and now >= self._pulse:
                self._pulse = now + PULSE
                self._subscriber.push(STATUS)
            heard = max(self._traffic, self._websocket.scope.get(HEARD, 0.0))
            if now - heard > self._idle:
                self._subscriber.finish(GOING_AWAY)

    def _refuse(self, error: BadMessage) -> None:
        """Name first, except where Upbit was seen to write the message first."""
        fields = {"name": error.name, "message": error.message}
        if error.name in ("INVALID_PARAM", "WRONG_FORMAT"):
            fields = dict(reversed(fields.items()))
        self._subscriber.finish(1000, encode({"error": fields}))


async def _first(tasks: list[asyncio.Task[None]]) -> None:
    """Wait for one of them, end the others; a client that went away is nobody's mistake."""
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect):
            raise outcome
