"""The bytes of a value: crc32 of its key and itself (4 bytes, big-endian), then MessagePack.

The key is in the checksum, so that a value under another's key is as wrong as a flipped bit.

Encoders and decoders are built once per type and shared: msgspec's are safe to use from
several threads, and building one costs more than a thousand uses.
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args
from zlib import crc32

from msgspec import DecodeError, Struct
from msgspec.msgpack import Decoder, Encoder

from messages.base import Envelope, Mark
from messages.journal import AnyEvent, AnyPrompt

_HEAD = 4
_encode = Encoder().encode
EVENTS = frozenset(get_args(AnyEvent))
PROMPTS = frozenset((type(None), *get_args(AnyPrompt)))


class Corrupt(Exception):
    """A value fails its checksum, or is not what it should be."""


class Entry(Struct, frozen=True, omit_defaults=True):
    """An envelope as the journal keeps it; its number is the key."""

    at: float
    source: str
    body: AnyEvent
    trace: str = ""
    cause: int = 0
    mark: Mark = Mark()
    prompt: AnyPrompt | None = None


def close(key: bytes, data: bytes) -> bytes:
    """Put the checksum before what was encoded."""
    return crc32(data, crc32(key)).to_bytes(_HEAD, "big") + data


def seal(key: bytes, value: Any) -> bytes:
    """Encode, and put the checksum before it."""
    return close(key, _encode(value))


def check(key: bytes, value: bytes) -> memoryview:
    """What was encoded; raises Corrupt unless the checksum holds."""
    data = memoryview(value)[_HEAD:]
    if crc32(data, crc32(key)) != int.from_bytes(value[:_HEAD], "big") or not data:
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
    except DecodeError as error:
        raise Corrupt(f"does not decode ({error})") from error


def entry(envelope: Envelope) -> bytes:
    """An envelope encoded for the journal; refuses what could not be decoded again."""
    body, prompt = envelope.body, envelope.prompt
    if type(body) not in EVENTS or type(prompt) not in PROMPTS:
        strange = prompt if type(body) in EVENTS else body
        raise TypeError(f"{type(strange).__name__} is not in messages/journal.py")
    return _encode(
        Entry(
            envelope.at,
            envelope.source,
            body,
            envelope.trace,
            envelope.cause,
            envelope.mark,
            prompt,
        )
    )


def letter(key: bytes, value: bytes) -> Envelope:
    """The envelope that a value of the journal stands for."""
    e: Entry = unseal(key, value, Entry)
    number = int.from_bytes(key[:8], "big")
    return Envelope(e.body, e.at, e.source, e.trace, e.cause, number, e.mark, e.prompt)
