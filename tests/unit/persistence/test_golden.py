"""One encoded specimen of every event, and of every prompt, must decode for ever.

``python -m tests.unit.persistence.test_golden --write`` adds those that are missing; what stands
there is never written again. A field that was added later may not be told by an old specimen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from messages.base import Envelope, ReplayPosition
from messages.budget import SaleEnded
from persistence import codec
from tests.support.specimens import EVENTS, PROMPTS, specimen

GOLDEN = Path(__file__).parents[2] / "proof" / "golden" / "events.json"
KEY = (1).to_bytes(8, "big")


def read() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    return found


def envelope(kind: type) -> Envelope:
    message = specimen(kind)
    mark = ReplayPosition(1756684800, "KRW-BTC")
    if kind in EVENTS:
        return Envelope(message, 1756684860.5, "owner", "trace", 0, 1, mark)
    return Envelope(SaleEnded("x"), 1756684860.5, "owner", "trace", 0, 1, mark, message)


def told(letter: Envelope, kind: type) -> Any:
    message = letter.body if kind in EVENTS else letter.prompt
    assert type(message) is kind
    return json.loads(msgspec.json.encode(message))


def tells_all(new: Any, old: Any) -> bool:
    """Every field that the specimen had is there with the same value."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(k in new and tells_all(new[k], old[k]) for k in old)
    if isinstance(old, list):
        return len(new) == len(old) and all(map(tells_all, new, old))
    return bool(new == old)


def test_there_is_a_specimen_of_every_message_that_reaches_the_journal() -> None:
    assert {kind.__name__ for kind in (*EVENTS, *PROMPTS)} == set(read())


@pytest.mark.parametrize("kind", [*EVENTS, *PROMPTS], ids=lambda kind: kind.__name__)
def test_a_specimen_decodes_for_ever(kind: type) -> None:
    golden = read()[kind.__name__]
    letter = codec.decode_envelope(KEY, bytes.fromhex(golden["hex"]))
    assert tells_all(told(letter, kind), golden["value"])
    assert (letter.at, letter.source, letter.trace, letter.number, letter.mark) == (
        1756684860.5, "owner", "trace", 1, ReplayPosition(1756684800, "KRW-BTC"),
    )  # fmt: skip


def test_a_specimen_of_before_a_field_was_added_still_decodes() -> None:
    old = {"at": 1.0, "source": "budget", "body": {"type": "SaleEnded", "id": "x", "later": 1}}
    data = codec.close(KEY, msgspec.msgpack.encode(old))
    assert codec.decode_envelope(KEY, data) == Envelope(SaleEnded("x"), 1.0, "budget", number=1)


def write() -> None:
    """Add a specimen of every class that has none."""
    golden = read()
    for kind in (*EVENTS, *PROMPTS):
        if kind.__name__ not in golden:
            letter = envelope(kind)
            data = codec.close(KEY, codec.encode_envelope(letter))
            golden[kind.__name__] = {"hex": data.hex(), "value": told(letter, kind)}
    GOLDEN.parent.mkdir(exist_ok=True)
    text = json.dumps(dict(sorted(golden.items())), ensure_ascii=False, indent=1)
    GOLDEN.write_text(text + "\n")


if __name__ == "__main__" and "--write" in sys.argv:
    write()
