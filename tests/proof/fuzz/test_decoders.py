"""Whatever bytes come: a value of its type, or the decoder's own refusal, in bounded time."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.control.frames import FrameError, decode_change, encode, receive
from messages.control import StopEntry
from tests.proof.fuzz.mutations import mutated
from tests.proof.fuzz.specimens import hostile
from tests.proof.fuzz.targets import Target, clear, targets

EXAMPLES = 300
NAMES = list(targets())
FINE = {"value", "told", "Ticker", "asked"}


@pytest.fixture(scope="module", params=NAMES)
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    yield targets()[request.param]
    clear()


def test_every_specimen_is_a_value(target: Target) -> None:
    seen = {target.take(specimen) for specimen in target.specimens}
    assert seen & FINE, seen


def test_what_is_known_to_trouble_decoders_is_a_value_or_refused(target: Target) -> None:
    seen = {target.take(data) for data in hostile(target.specimens)}
    assert len(seen) > 1 or not seen & FINE, seen


def test_any_bytes_and_any_change_of_a_specimen_is_a_value_or_refused(target: Target) -> None:
    changed = st.integers(0, 2**64).map(lambda seed: mutated(target.specimens, random.Random(seed)))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.one_of(changed, changed, st.binary(max_size=300), st.text(max_size=99).map(encoded)))
    def fed(data: bytes) -> None:
        assert target.take(data)

    fed()


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_whatever_a_peer_sends_down_the_socket_is_a_frame_or_refused(
    data: bytes, begins_well: bool
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(20)
        frame = encode(StopEntry("a"))
        theirs.sendall(frame + data if begins_well else data)
        theirs.shutdown(socket.SHUT_WR)
        got = []
        try:
            while (body := receive(ours)) is not None:
                got.append(body)
        except FrameError:
            pass
        if begins_well:
            assert decode_change(got[0]) == StopEntry("a")
        assert sum(len(body) + 4 for body in got) <= len(data) + len(frame)
