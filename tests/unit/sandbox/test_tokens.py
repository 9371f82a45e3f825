"""Tokens: the published vectors verify, and whatever is wrong with one has Upbit's name."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jwt
import pytest

from sandbox.rejections import Rejected
from sandbox.tokens import Key, Tokens, body_members, body_text, query_text

PAGE = Path(__file__).parents[3] / "docs/reference/upbit-vectors.md"
KEY = Key("access", "a secret of at least some length, as raw text, whatever it holds: 비밀")


def headers(
    text: str = "", *, alg: str = "HS512", nonce: str = "n", secret: str = "", **claims: Any
) -> dict[str, str]:
    whole = {"access_key": KEY.access, "nonce": nonce} | claims
    if text:
        whole["query_hash"] = hashlib.sha512(text.encode()).hexdigest()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        token = jwt.encode(whole, secret or KEY.secret, alg)
    return {"authorization": f"Bearer {token}"}


def name_of(given: dict[str, str], text: str = "", key: Key = KEY) -> str:
    with pytest.raises(Rejected) as caught:
        Tokens(key).verify(given, text)
    assert caught.value.status == 401
    return caught.value.name


def test_the_five_published_vectors_verify_in_both_algorithms() -> None:
    page = PAGE.read_text()
    access = re.search(r"^access_key = (\S+)", page, re.MULTILINE)
    secret = re.search(r"^secret_key = (\S+)", page, re.MULTILINE)
    assert access
    assert secret
    key = Key(access[1], secret[1])
    vectors = re.findall(r"request +: (\w+) (\S+)(?: +(\{.*\}))?.*?\n```", page, re.DOTALL)
    blocks = re.findall(r"```\nrequest .*?```", page, re.DOTALL)
    assert len(blocks) == len(vectors) == 5
    for block in blocks:
        line = re.search(r"request +: \w+ /v1/([^\s?]+)\??(\S*) *(\{.*\})?", block)
        assert line
        wire = query_text(line[2].encode())
        text = body_text(body_members(line[3].encode())) if line[3] else wire
        for alg in ("HS512", "HS256"):
            token = re.search(rf"{alg} JWT +: (\S+)", block)
            assert token
            assert Tokens(key).verify({"authorization": f"Bearer {token[1]}"}, text) == key


def test_parameters_in_another_order_do_not_match_their_hash() -> None:
    sent = "market=KRW-BTC&states[]=wait"
    assert Tokens(KEY).verify(headers(sent), sent) == KEY
    assert name_of(headers(sent), "states[]=wait&market=KRW-BTC") == "invalid_query_payload"


def test_a_nonce_is_taken_once() -> None:
    tokens = Tokens(KEY)
    tokens.verify(headers(nonce="one"))
    with pytest.raises(Rejected, match="nonce_used"):
        tokens.verify(headers(nonce="one"))
    tokens.verify(headers(nonce="two"))


def test_every_other_byte_of_a_signature_is_refused() -> None:
    whole = headers()["authorization"]
    end = whole.rindex(".") + 1
    for place in range(end, len(whole) - 1):
        other = "A" if whole[place] != "A" else "B"
        broken = whole[:place] + other + whole[place + 1 :]
        assert name_of({"authorization": broken}) == "jwt_verification"


@pytest.mark.parametrize(
    ("given", "text", "name"),
    [
        ({}, "", "no_authorization_token"),
        ({"authorization": "Basic abc"}, "", "no_authorization_token"),
        ({"authorization": "Bearer rubbish"}, "", "jwt_verification"),
        ({"authorization": "Bearer a.b.c"}, "", "jwt_verification"),
        (headers(access_key="somebody"), "", "invalid_access_key"),
        (headers(secret="another secret of quite some length for a test"), "", "jwt_verification"),
        (headers(alg="HS384"), "", "jwt_verification"),
        (headers(), "market=KRW-BTC", "invalid_query_payload"),
        (headers("a=1"), "", "invalid_query_payload"),
        (headers(nonce=""), "", "invalid_query_payload"),
        (headers("a=1", query_hash_alg="SHA256"), "a=1", "invalid_query_payload"),
    ],
)
def test_what_is_wrong_with_a_token_has_its_name(
    given: dict[str, str], text: str, name: str
) -> None:
    assert name_of(given, text) == name


def test_an_unsigned_token_is_refused() -> None:
    token = jwt.encode({"access_key": KEY.access, "nonce": "n"}, None, "none")
    assert name_of({"authorization": f"Bearer {token}"}) == "jwt_verification"


def test_an_expired_key_and_a_barred_address_are_told_apart() -> None:
    assert name_of(headers(), key=Key(KEY.access, KEY.secret, expired=True)) == "expired_access_key"
    assert name_of(headers(), key=Key(KEY.access, KEY.secret, barred=True)) == "no_authorization_ip"


def test_a_handshake_is_sound_without_a_hash() -> None:
    assert Tokens(KEY).handshake(headers()) is None
    assert Tokens(KEY).handshake({}) == "no_authorization_token"


def test_a_body_is_hashed_by_its_members_not_by_its_spaces() -> None:
    members = {"market": "KRW-BTC", "volume": None, "price": "1", "flag": True, "ids": ["a", "b"]}
    text = "market=KRW-BTC&price=1&flag=true&ids[]=a&ids[]=b"
    for indent in (None, 4):
        assert body_text(body_members(json.dumps(members, indent=indent).encode())) == text
    assert body_text(body_members(b'{"price": 0.10}')) == "price=0.10"
    assert unquote("a%2Cb") == query_text(b"a%2Cb")


@pytest.mark.parametrize("body", [b"[1]", b"{", b"nonsense", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected, match="invalid_parameter"):
        body_members(body)
