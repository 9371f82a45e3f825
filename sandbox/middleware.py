"""Owns what every request passes on its way in and out: limits, faults, keys, headers.

The outermost part of the server. Order: rate limit, fault, token, handler; a request that was
refused still counts. Upbit's habits: docs/reference/upbit.md 1.1, 2 and 5.
"""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from typing import Any

import msgspec
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.assumptions import Assumptions
from sandbox.context import SandboxContext
from sandbox.external_events import trigger
from sandbox.fault_injection import Reply, commit_after, commit_before
from sandbox.faults import EVENTS
from sandbox.limits import QUOTATION, Verdict, group_of
from sandbox.rejections import Rejected

ADMIN = "/sandbox/"
LONGEST_BODY = 1 << 20  # bytes
NO_ROUTE = {"error": {"name": "not_found", "message": "no Route matched with those values"}}


class Middleware:
    """Wraps the routes; ``context`` is what they work with."""

    def __init__(self, app: ASGIApp, routes: list[BaseRoute], context: SandboxContext) -> None:
        self._app, self._routes, self._desk = app, routes, context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, handshake, or the server's own life."""
        if scope["type"] == "websocket":
            await self._handshake(scope, receive, send)
        elif scope["type"] != "http" or scope["path"].startswith(ADMIN):
            await self._app(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _handshake(self, scope: Scope, receive: Receive, send: Send) -> None:
        group = self._group(group_of("GET", scope["path"]), scope)
        verdict = self._desk.limits.take(group, self._desk.exchange.now())
        if verdict.status == 200:
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1013})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        body = await _whole(receive)
        if not any(route.matches(scope)[0] is not Match.NONE for route in self._routes):
            await self._send(scope, send, _reply(404, NO_ROUTE), "")
            return
        group = group_of(method, path)
        verdict = self._desk.limits.take(self._group(group, scope), self._desk.exchange.now())
        if verdict.status != 200:
            reply = _exceeded(group, verdict, self._desk.exchange.switches)
            await self._send(scope, send, reply, verdict.header)
            return
        about = f"{scope['query_string'].decode('latin-1')} {body.decode('utf-8', 'replace')}"
        if event := self._desk.faults.draw(f"{method} {path}", EVENTS, about):
            trigger(self._desk, event)
        fault = self._desk.faults.draw(f"{method} {path}", about=about)
        if fault and (done := await commit_before(fault, scope)) is not None:
            if done.status:
                await self._send(scope, send, done, verdict.header)
            return
        reply = await _captured(self._app, scope, body)
        if fault:
            headers = self._headers(scope, reply, verdict.header)
            if await commit_after(fault, scope, send, reply, headers):
                return
        await self._send(scope, send, reply, verdict.header)

    def _group(self, group: str, scope: Scope) -> str:
        """Quotation requests and sockets of a browser share a group of their own (5.1)."""
        browser = any(name == b"origin" for name, _ in scope["headers"])
        counted = group in QUOTATION or scope["type"] == "websocket"
        return "origin" if browser and counted else group

    async def _send(self, scope: Scope, send: Send, reply: Reply, remaining: str) -> None:
        headers = self._headers(scope, reply, remaining)
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    def _headers(self, scope: Scope, reply: Reply, remaining: str) -> list[tuple[bytes, bytes]]:
        skew = self._desk.faults.seconds("skew", f"{scope['method']} {scope['path']}")
        date = formatdate(self._desk.exchange.now() + skew, usegmt=True)
        added = [(b"date", date.encode())]
        if remaining:
            added.append((b"remaining-req", remaining.encode()))
        return [*reply.headers, *added]


def _exceeded(group: str, verdict: Verdict, on: Assumptions) -> Reply:
    """429 and 418. Quotation's 429 is bare; the ban's form is not confirmed."""
    text = f"Blocked for {verdict.seconds} seconds." if verdict.status == 418 else ""
    no = Rejected("too_many_requests", text)
    bare = verdict.status == 429 and (group in QUOTATION or not on.wrapped_429)
    reply = _reply(verdict.status, {"name": no.name} if bare else no.body())
    if on.retry_after:
        reply.headers.append((b"retry-after", str(max(1, verdict.seconds)).encode()))
    return reply


def _reply(status: int, body: Any) -> Reply:
    data = msgspec.json.encode(body)
    length = (b"content-length", str(len(data)).encode())
    return Reply(status, [(b"content-type", b"application/json;charset=UTF-8"), length], data)


async def _whole(receive: Receive) -> bytes:
    """The body of a request; what is too long is cut, and so fails its hash."""
    parts, more = bytearray(), True
    while more:
        message = await receive()
        if len(parts) < LONGEST_BODY:
            parts += message.get("body", b"")
        more = message.get("more_body", False) and message["type"] == "http.request"
    return bytes(parts[:LONGEST_BODY])


async def _captured(app: ASGIApp, scope: Scope, body: bytes) -> Reply:
    """Run an app, and keep its answer instead of sending it."""
    head: Message = {}
    parts = bytearray()
    asked: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await asyncio.Event().wait()  # the client never goes away while we work
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            head.update(message)
        else:
            parts.extend(message.get("body", b""))

    await app(scope, receive, send)
    return Reply(head["status"], list(head.get("headers", [])), bytes(parts))
