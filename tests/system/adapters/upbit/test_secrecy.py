"""Canary keys: whatever goes wrong, no repr, exception, traceback or log line holds them."""

from __future__ import annotations

import base64
import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from rich.pretty import pretty_repr

from adapters.upbit.secrets import Secret, load_keys
from adapters.upbit.session import Session
from adapters.upbit.tokens import Signer
from adapters.upbit.venue import perform
from messages.orders import CancelOrder, QueryOrder
from tests.support.scripted_server import (
    ACCESS,
    HASTE,
    KEYS,
    SECRET,
    Act,
    Scripted,
    client,
    hang,
    http,
    reset,
    say,
    say_and_close,
)

TOKEN = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+")
ENDS: list[Act] = [
    say(http(200, [{"access_key": ACCESS, "expire_at": "2027-01-02T03:04:05+09:00"}])),
    say(http(200, [{"access_key": ACCESS, "expire_at": "soon"}])),
    say(http(200, {"access_key": ACCESS})),
    say(http(401, {"error": {"name": "jwt_verification", "message": "no"}})),
    say(http(502, f"<html>{ACCESS}</html>".encode())),
    say(http(302, b"", ("Location: /login",))),
    hang,
    reset(),
    say_and_close(b"\x00\xff"),
]


def forms(secret: str) -> set[str]:
    """A key as it is, in hex, and in base64 at each of its three offsets."""
    raw = secret.encode()
    found = {secret, secret[:20], secret[20:], raw.hex(), raw.hex().upper()}
    for offset in range(3):
        packed = base64.b64encode(b"x" * offset + raw).decode().rstrip("=")
        found.add(packed[4 if offset else 0 : -2])
        found.add(packed.replace("+", "-").replace("/", "_")[4 if offset else 0 : -2])
    return found


CANARIES = forms(ACCESS) | forms(SECRET)


def leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text] + TOKEN.findall(text)


def test_a_token_would_be_found_by_this_search() -> None:
    assert leaks(Signer(KEYS).header())
    assert leaks(base64.b64encode(f"a:{SECRET}".encode()).decode())
    assert leaks(SECRET.encode().hex())


def shown(value: Any) -> str:
    return "\n".join((repr(value), str(value), f"{value}", pretty_repr(value)))


def all_causes(error: BaseException) -> Iterator[str]:
    yield "".join(traceback.format_exception(error))
    yield repr(error) + str(error)


@pytest.mark.parametrize("act", ENDS)
def test_no_way_for_a_call_to_end_shows_a_key(act: Act, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Scripted(act) as server:
        reply = client(server.url, HASTE).api_keys()
        assert ACCESS.encode() not in server.requests[0]  # the token holds it in base64 alone
        assert leaks(server.requests[0].decode())  # and there it is
    assert leaks(shown(reply) + shown(reply.value) + shown(reply.answer)) == []
    assert leaks("".join(shown(vars(record)) for record in caplog.records)) == []


def test_a_report_to_the_bot_holds_no_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for call in (
        QueryOrder("i", "KRW-BTC", "n", "entry"),
        CancelOrder("i", "KRW-BTC", "n", "entry", "u"),
    ):
        for act in ENDS:
            with Scripted(act) as server:
                assert leaks(shown(perform(client(server.url, HASTE), call))) == []
    assert leaks(caplog.text) == []


def test_what_holds_the_keys_does_not_show_them() -> None:
    signer = Signer(KEYS)
    session = Session("https://api.upbit.com", signer)
    for thing in (KEYS, signer, session, vars(signer), vars(session), [KEYS], {"k": KEYS}):
        assert leaks(shown(thing)) == []


def test_a_fault_of_ours_raises_without_them() -> None:
    session = Session("http://127.0.0.1:1", Signer(KEYS))
    for body in (b"[]", b'{"a":1}', b"x"):
        with pytest.raises(ValueError, match=r".") as caught:
            session.call("POST", "/v1/orders", body=body)
        assert leaks("".join(all_causes(caught.value))) == []


@pytest.mark.parametrize("secret", [SECRET + "\n", SECRET + "\u3000", ""])
def test_a_malformed_key_is_refused_without_being_shown(secret: str) -> None:
    found = load_keys({"UPBIT_ACCESS_KEY": ACCESS, "UPBIT_SECRET_KEY": secret})
    assert leaks(shown(found)) == []


def test_a_key_that_could_not_be_encoded_is_refused_without_being_shown() -> None:
    for odd in ("\ud800", "한", "\xff"):
        with pytest.raises(ValueError, match="plain ASCII") as caught:
            Secret(SECRET + odd)
        assert leaks("".join(all_causes(caught.value))) == []
