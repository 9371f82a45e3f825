"""The bytes of a value: crc32 of its key and itself (4 bytes, big-endian), then MessagePack.

The key is in the checksum, so that a value under another's key is as wrong as a flipped bit.

Encoders and decoders are built once per type and shared: msgspec's are safe to use from
several threads, and building one costs more than a thousand uses.
"""

from __future__ import annotations

from functools import cache
from struct import Struct
from typing import Any, get_args
from zlib import crc32

from msgspec import DecodeError
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import force_setattr

from messages.base import Envelope
from messages.journal import AnyEvent, AnyPrompt

_HEAD = Struct(">I")
_encode = Encoder().encode
_decode_letter = Decoder(Envelope[AnyEvent, AnyPrompt]).decode
# What msgspec raises for bytes that are no value of the type, besides its own error.
UNREADABLE = (DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError)
EVENTS = frozenset(get_args(AnyEvent))
PROMPTS = frozenset((type(None), *get_args(AnyPrompt)))


class Corrupt(Exception):
    """A value fails its checksum, or is not what it should be."""


def close(key: bytes, data: bytes) -> bytes:
    """Put the checksum before what was encoded."""
    return _HEAD.pack(crc32(data, crc32(key))) + data


def seal(key: bytes, value: Any) -> bytes:
    """Encode, and put the checksum before it."""
    return close(key, _encode(value))


def check(key: bytes, value: bytes) -> bytes:
    """What was encoded; raises Corrupt unless the checksum holds."""
    data = value[4:]
    if not data or crc32(data, crc32(key)) != _HEAD.unpack_from(value)[0]:
        raise Corrupt("fails its checksum")
    return data


@cache
def _decoder(kind: Any) -> Any:
    return Decoder(kind).decode


def unseal(key: bytes, value: bytes, kind: Any) -> Any:
    """Check and decode."""
    data = check(key, value)
    try:
        return _decoder(kind)(data)
    except UNREADABLE as error:
        raise Corrupt(f"does not decode ({error})") from error


def encode_envelope(envelope: Envelope) -> bytes:
    """An envelope encoded for the journal; refuses what could not be decoded again."""
    body, prompt = envelope.body, envelope.prompt
    if type(body) not in EVENTS or type(prompt) not in PROMPTS:
        strange = prompt if type(body) in EVENTS else body
        raise TypeError(f"{type(strange).__name__} is not in messages/journal.py")
    return _encode(envelope)


def decode_envelope(key: bytes, value: bytes) -> Envelope:
    """The envelope that a value of the journal stands for."""
    return numbered(check(key, value), int.from_bytes(key[:8], "big"))


def numbered(data: bytes, number: int) -> Envelope:
    """The envelope that was encoded, under the number that is its key."""
    try:
        found: Envelope = _decode_letter(data)
    except UNREADABLE as error:
        raise Corrupt(f"does not decode ({error})") from error
    force_setattr(found, "number", number)  # nobody has seen it yet
    return found
