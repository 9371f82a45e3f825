"""Owns a Bot API on loopback: getUpdates with its long poll, sendMessage, and their faults."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from typing import Any, Literal, cast

import msgspec
import uvicorn
from msgspec import Struct
from starlette.types import Receive, Scope, Send

from sandbox.server import LOOPBACK, Protocol
from sandbox.telegram.chat import PERSON, Chat

TOKEN = "4242:sandbox-telegram-token"
TEXT_MAX = 4096  # UTF-16 units of a message
POLL_MOST = 50.0
LINGER_NOT = struct.pack("ii", 1, 0)  # closing resets the connection

Kind = Literal["busy", "error", "error_after", "stall", "stall_after", "reset", "reset_after"]
Reply = tuple[int, Any]


class Fault(Struct):
    """What goes wrong: before a call is done, or after. ``times`` 0 = until it is taken away.

    ``busy`` is 429 with ``seconds`` to wait; an ``error`` has ``status``; a ``stall`` answers
    never. A call that is stalled or reset "after" was done.
    """

    kind: Kind
    method: str = "sendMessage"
    times: int = 1
    skip: int = 0  # so many calls pass first
    seconds: float = 1.0
    status: int = 502


class TelegramServer:
    """Serves one bot; ``start`` and ``stop`` once each. ``faults`` may be changed at any time."""

    def __init__(self, token: str = TOKEN) -> None:
        self.chat, self.faults = Chat(), list[Fault]()
        self.url = ""
        self._token = token
        self._ready = threading.Event()
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)
        self._said: asyncio.Event | None = None
        self._over: asyncio.Event | None = None  # the end: nobody is kept waiting any more
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> str:
        """Serve in a thread; gives the base URL."""
        self._thread.start()
        self._ready.wait()
        return self.url

    def stop(self) -> None:
        """End, and cut every call that is open."""
        if self._server:
            _quietly(self._loop, self._over)
            _quietly(self._loop, self._said)
            self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        config = uvicorn.Config(
            self._answer,
            host=LOOPBACK,
            port=0,
            http=Protocol,
            loop="asyncio",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=0,
        )
        self._server = uvicorn.Server(config)
        self._said, self._over = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.chat.wake = lambda: _quietly(self._loop, self._said)
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.005)
        if self._server.started:
            port = self._server.servers[0].sockets[0].getsockname()[1]
            self.url = f"http://{LOOPBACK}:{port}"
            self._ready.set()
        await serving

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call: /bot<token>/<method>."""
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        _, bot, method = (*str(scope["path"]).split("/"), "", "")[:3]
        if bot == "sandbox":
            return await _send(send, 200, self._played(method, body))
        fault = self._due(method)
        if fault and not fault.kind.endswith("_after"):
            reply = await self._broken(fault, scope)
        else:
            known = bot == f"bot{self._token}"
            reply = await self._done(method, body) if known else _no(401, "Unauthorized")
            if fault:
                reply = await self._broken(fault, scope)
        self.chat.called(method)
        if reply is not None:
            await _send(send, *reply)

    def _played(self, what: str, body: bytes) -> Any:
        """For who plays the person: ``say`` with a text as the body, and what the bot ``said``."""
        if what == "say":
            return {"update_id": self.chat.say(body.decode("utf-8", "replace"))}
        return [{"at": one.at, "text": one.text} for one in self.chat.sent]

    def _due(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method not in (method, "*"):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times == 1:
                self.faults.remove(fault)
            fault.times -= fault.times > 1
            return fault
        return None

    async def _broken(self, fault: Fault, scope: Scope) -> Reply | None:
        match fault.kind:
            case "busy":
                more = {"parameters": {"retry_after": int(fault.seconds)}}
                return 429, {**_no(429, "Too Many Requests")[1], **more}
            case "error" | "error_after":
                return _no(fault.status, "Bad Gateway")
            case "stall" | "stall_after":
                self.chat.called("stalled")
                assert self._over is not None
                await self._over.wait()
            case "reset" | "reset_after":
                transport = cast(asyncio.Transport, scope["state"]["transport"])
                sock = transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
                transport.abort()
                await asyncio.sleep(0)
        return None

    async def _done(self, method: str, body: bytes) -> Reply:
        try:
            asked = msgspec.json.decode(body, type=dict[str, Any]) if body else {}
        except msgspec.MsgspecError:
            return _no(400, "Bad Request: object expected as JSON")
        match method:
            case "getMe":
                return _yes({"id": 4242, "is_bot": True, "username": "sandbox_bot"})
            case "getChat" if asked.get("chat_id") == PERSON:
                return _yes({"id": PERSON, "type": "private"})
            case "getChat":  # somebody who has never written to it
                return _no(400, "Bad Request: chat not found")
            case "setMyCommands":
                self.chat.commands = asked.get("commands", [])
                return _yes(True)
            case "sendMessage":
                text = str(asked.get("text", ""))
                if not 0 < len(text.encode("utf-16-le")) // 2 <= TEXT_MAX:
                    return _no(400, "Bad Request: message is too long, or empty")
                return _yes(self.chat.take(int(asked.get("chat_id", 0)), text))
            case "getUpdates":
                return _yes(await self._polled(asked))
        return _no(404, "Not Found")

    async def _polled(self, asked: dict[str, Any]) -> list[Any]:
        assert self._said is not None
        offset, seconds = int(asked.get("offset", 0)), float(asked.get("timeout", 0))
        self.chat.called("polling")
        self._said.clear()
        if not (found := self.chat.fetched(offset)) and seconds:
            try:
                await asyncio.wait_for(self._said.wait(), min(seconds, POLL_MOST))
            except TimeoutError:
                return []
            found = self.chat.fetched(offset)
        return found


def _quietly(loop: asyncio.AbstractEventLoop | None, event: asyncio.Event | None) -> None:
    if loop and event and not loop.is_closed():
        loop.call_soon_threadsafe(event.set)


def _yes(result: Any) -> Reply:
    return 200, {"ok": True, "result": result}


def _no(status: int, text: str) -> Reply:
    return status, {"ok": False, "error_code": status, "description": text}


async def _send(send: Send, status: int, body: Any) -> None:
    data = msgspec.json.encode(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(data))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
