"""Valid bytes, changed by seed: bits, bytes, pieces, figures, and what others look like."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

TOKENS = (
    *(b"NaN", b"Infinity", b"-", b"1e999999", b"1e-999999", b"9" * 40, b"0", b"-1", b"null"),
    *(b"true", b"{}", b"[]", b'""', b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\u0000"),
    *("１".encode(), b"_", b" ", b"\0", b"\n", b"\r", b"\xff", b"\xed\xa0\x80", b"\x93" * 40),
    *(b"[" * 300, b'{"a":' * 300, b".", b"e5", b"\xcb", b"\xcf", b"\xd9", b"\xc1", b";", b"'"),
)
LONGEST = 1 << 16  # bytes; a few mutations later a specimen is not much longer than it was


def mutated(specimens: Sequence[bytes], random: Random) -> bytes:
    """One of them, changed a few times."""
    data = bytearray(random.choice(specimens))
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        _change(data, specimens, random)
    return bytes(data[:LONGEST])


def _change(data: bytearray, specimens: Sequence[bytes], random: Random) -> None:
    at = int(random.random() * (len(data) + 1))
    size = random.choice((1, 1, 2, 4, 16, 64))
    kind = int(random.random() * 9)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << int(random.random() * 8)
    elif kind == 1 and at < len(data):
        data[at] = int(random.random() * 256)
    elif kind == 2:
        del data[at : at + size]
    elif kind == 3:
        data[at:at] = data[at : at + size]
    elif kind == 4:
        data[at:at] = random.choice(TOKENS)
    elif kind == 5:
        data[at : at + size] = random.choice(TOKENS)
    elif kind == 6:
        other = random.choice(specimens)
        start = int(random.random() * (len(other) + 1))
        data[at : at + size] = other[start : start + size * 4]
    elif kind == 7:
        del data[at:]
    else:
        _figure(data, at, random)


def _figure(data: bytearray, at: int, random: Random) -> None:
    """Another digit in the place of the next one, or a figure in the place of the whole."""
    while at < len(data) and not 48 <= data[at] <= 57:
        at += 1
    end = at
    while end < len(data) and 48 <= data[end] <= 57:
        end += 1
    if random.random() < 0.5 and at < end:
        data[at] = 48 + int(random.random() * 10)
    else:
        data[at:end] = random.choice(TOKENS)
