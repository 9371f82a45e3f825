"""What crosses the control socket: 4 bytes of length, big-endian, then one MessagePack value."""

from __future__ import annotations

import socket
import struct
from decimal import Decimal

import msgspec

from core.money import money
from messages.control import Changes, OperatorReply
from messages.previews import ChangePreview, Preview

FRAME_MAX = 64 * 1024  # bytes of one value
LENGTH = struct.Struct(">I")

_pack = msgspec.msgpack.Encoder().encode
Asked = Changes | Preview
Answer = OperatorReply | ChangePreview
_change: msgspec.msgpack.Decoder[Asked] = msgspec.msgpack.Decoder(Asked)
_reply: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class FrameError(ValueError):
    """What arrived is not a frame of ours; the text says why."""


def encode(message: Asked | Answer) -> bytes:
    """A whole frame. Raises FrameError when the message is larger than a frame may be."""
    body = _pack(message)
    if len(body) > FRAME_MAX:
        raise FrameError(f"{len(body)} bytes; a frame holds {FRAME_MAX} at most")
    return LENGTH.pack(len(body)) + body


def decode_change(body: bytes) -> Asked:
    """The change in a frame's body, or the one that is to be previewed. Raises FrameError."""
    try:
        asked = _change.decode(body)
        change = asked.change if isinstance(asked, Preview) else asked
        for name in change.__struct_fields__:
            if isinstance(figure := getattr(change, name), Decimal):
                money(figure)  # msgspec takes NaN for a Decimal
    except (msgspec.MsgspecError, ValueError, RecursionError, ArithmeticError) as error:
        raise FrameError(f"not a change: {error}") from None
    return asked


def decode_reply(body: bytes) -> Answer:
    """The reply in a frame's body. Raises FrameError."""
    try:
        return _reply.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FrameError(f"not a reply: {error}") from None


def receive(link: socket.socket) -> bytes | None:
    """The next frame's body; None when the other side has closed between two frames.

    Raises FrameError for a frame that is too long or broken off, TimeoutError when it does not
    come within the socket's timeout.
    """
    head = _exactly(link, LENGTH.size)
    if not head:
        return None
    if len(head) < LENGTH.size:
        raise FrameError("broken off within the length")
    (size,) = LENGTH.unpack(head)
    if size > FRAME_MAX:
        raise FrameError(f"{size} bytes announced; a frame holds {FRAME_MAX} at most")
    body = _exactly(link, size)
    if len(body) < size:
        raise FrameError(f"broken off after {len(body)} of {size} bytes")
    return body


def _exactly(link: socket.socket, size: int) -> bytes:
    """So many bytes, or fewer when the other side closes first."""
    parts, missing = [], size
    while missing:
        part = link.recv(missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
