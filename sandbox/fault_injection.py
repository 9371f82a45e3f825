"""Owns how a fault is done to a request: before it is handled, or to its reply.

Kinds are those of faults.py. Ending or resetting a connection needs its transport, which the
server's protocol puts into the scope (server.py).
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import NamedTuple, cast

import msgspec
from starlette.types import Scope, Send

from sandbox.faults import Fault
from sandbox.rejections import Rejected

Headers = list[tuple[bytes, bytes]]
LINGER_NOT = struct.pack("ii", 1, 0)  # closing resets the connection


class Reply(NamedTuple):
    """A whole answer; status 0 = none, the connection has ended."""

    status: int
    headers: Headers
    body: bytes


ENDED = Reply(0, [], b"")


async def commit_before(fault: Fault, scope: Scope) -> Reply | None:
    """What the client gets instead of an answer; None when the request is to be handled."""
    match fault.kind:
        case "lost_before":
            return await _end(scope, reset=False)
        case "reset_before":
            return await _end(scope, reset=True)
        case "error_before":
            return _failed(fault.status)
        case "maintenance":
            return _encoded(Rejected("market_offline"))
        case "late":
            await asyncio.sleep(fault.seconds)
    return None


async def commit_after(
    fault: Fault, scope: Scope, send: Send, reply: Reply, headers: Headers
) -> bool:
    """Spoil the answer to a request that was handled; False when this fault leaves it whole."""
    match fault.kind:
        case "lost_after":
            await _end(scope, reset=False)
        case "reset_after":
            await _end(scope, reset=True)
        case "error_after":
            await _whole(send, _failed(fault.status))
        case "malformed":
            await _whole(send, Reply(reply.status, _typed(), b'{"uuid": "\xff, nonsense'))
        case "truncated":
            await send(_start(reply.status, headers))  # tells of the whole length
            half = reply.body[: len(reply.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            _transport(scope).close()
            await asyncio.sleep(0.01)  # let it be gone, so that the server misses no end of ours
        case "slow":
            await send(_start(reply.status, headers))
            await _dribble(scope, send, reply.body, fault.seconds)
        case _:
            return False
    return True


async def _dribble(scope: Scope, send: Send, body: bytes, seconds: float) -> None:
    """A byte at a time, for as long as somebody listens."""
    for place in range(len(body)):
        if _transport(scope).is_closing():
            return
        byte = body[place : place + 1]
        await send({"type": "http.response.body", "body": byte, "more_body": True})
        await asyncio.sleep(seconds)
    await send({"type": "http.response.body", "body": b""})


async def _end(scope: Scope, *, reset: bool) -> Reply:
    """Close the connection without a word, politely or not."""
    transport = _transport(scope)
    if reset:
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()
    await asyncio.sleep(0)  # let the server see it, or it would miss our answer
    return ENDED


def _transport(scope: Scope) -> asyncio.Transport:
    return cast(asyncio.Transport, scope["state"]["transport"])


def _failed(status: int) -> Reply:
    """A 5xx as a proxy in front of the exchange gives it."""
    return _encoded(Rejected("internal_server_error", status=status))


def _encoded(no: Rejected) -> Reply:
    return Reply(no.status, _typed(), msgspec.json.encode(no.body()))


def _typed() -> Headers:
    return [(b"content-type", b"application/json;charset=UTF-8")]


async def _whole(send: Send, reply: Reply) -> None:
    await send(_start(reply.status, reply.headers))
    await send({"type": "http.response.body", "body": reply.body})


def _start(status: int, headers: Headers) -> dict[str, object]:
    return {"type": "http.response.start", "status": status, "headers": headers}
