"""Tokens: the five vectors of the reference, and that what is hashed is what is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.upbit.secrets import Keys, Secret
from adapters.upbit.tokens import Params, Signer, body_text, query_on_wire, query_text
from core.orders.payload import identifier, order_body
from messages.orders import Order

PAGE = Path(__file__).parents[4] / "docs/reference/upbit-vectors.md"
ACCESS = "TESTACCESSKEY0000000000000000000000000001"
SECRET = "TESTSECRETKEY00000000000000000000000000000000000000000000000000000000001"
BODY = (
    b'{"market":"KRW-BTC","side":"bid","ord_type":"limit","volume":"0.001",'
    b'"price":"100000000","time_in_force":"post_only","identifier":"demo-1"}'
)
VECTORS: dict[str, Params | bytes] = {
    "A": (),
    "B": [("market", "KRW-BTC"), ("states[]", "wait"), ("states[]", "watch"), ("limit", "10")],
    "C": BODY,
    "D": [
        ("market", "KRW-BTC"),
        ("state", "done"),
        ("start_time", "2026-11-01T00:00:00+09:00"),
    ],
    "E": [("cancel_side", "all"), ("pairs", "KRW-BTC,KRW-ETH"), ("count", "20")],
}
ON_WIRE = {
    "B": "market=KRW-BTC&states%5B%5D=wait&states%5B%5D=watch&limit=10",
    "D": "market=KRW-BTC&state=done&start_time=2026-11-01T00%3A00%3A00%2B09%3A00",
    "E": "cancel_side=all&pairs=KRW-BTC%2CKRW-ETH&count=20",
}


def nonce(name: str) -> str:
    digit = str(" ABCDE".index(name))
    return f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}"


def hashed(vector: Params | bytes) -> str:
    return body_text(vector) if isinstance(vector, bytes) else query_text(vector)


def signer(name: str, algorithm: str = "HS512") -> Signer:
    return Signer(Keys(Secret(ACCESS), Secret(SECRET)), algorithm, lambda: nonce(name))


def by_hand(name: str, algorithm: str) -> str:
    """The token made without the library (RFC 7515), members in the reference's order."""
    claims = {"access_key": ACCESS, "nonce": nonce(name)}
    text = hashed(VECTORS[name])
    if text:
        claims["query_hash"] = hashlib.sha512(text.encode()).hexdigest()
        claims["query_hash_alg"] = "SHA512"
    parts = [
        base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).rstrip(b"=")
        for part in ({"alg": algorithm, "typ": "JWT"}, claims)
    ]
    signed = b".".join(parts)
    mac = hmac.new(SECRET.encode(), signed, {"HS512": "sha512", "HS256": "sha256"}[algorithm])
    return (signed + b"." + base64.urlsafe_b64encode(mac.digest()).rstrip(b"=")).decode()


@pytest.mark.parametrize("algorithm", ["HS512", "HS256"])
@pytest.mark.parametrize("name", VECTORS)
def test_a_token_is_the_one_of_the_reference(name: str, algorithm: str) -> None:
    token = signer(name, algorithm).token(hashed(VECTORS[name]))
    assert token == by_hand(name, algorithm)
    chapter = PAGE.read_text().split(f"\n### {name}. ")[1].split("\n### ")[0]
    expected = re.search(rf"^{algorithm} JWT  : (\S+)$", chapter, re.M)
    assert expected
    assert token == expected[1]


@pytest.mark.parametrize("name", ON_WIRE)
def test_a_query_goes_out_percent_encoded(name: str) -> None:
    vector = VECTORS[name]
    assert not isinstance(vector, bytes)
    assert query_on_wire(vector) == ON_WIRE[name]


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5))
def test_what_is_hashed_is_what_a_server_decodes(params: list[tuple[str, str]]) -> None:
    wire = query_on_wire(params)
    assert wire.isascii()
    assert unquote(wire, errors="strict") == query_text(params)
    assert re.fullmatch(r"[A-Za-z0-9_.~%=&-]*", wire)


@given(st.dictionaries(st.text(), st.text(), max_size=5))
def test_a_body_is_hashed_in_its_own_order(members: dict[str, str]) -> None:
    expected = "&".join(f"{name}={value}" for name, value in members.items())
    for spelled in (json.dumps(members), json.dumps(members, ensure_ascii=False, indent=3)):
        assert body_text(spelled.encode()) == expected


@pytest.mark.parametrize("bad", [b"[]", b'["a"]', b'{"a":1}', b'{"a":null}', b'{"a":{}}', b"x"])
def test_a_body_that_upbit_may_hash_otherwise_is_refused(bad: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        body_text(bad)


def test_the_body_of_an_order_is_hashed_member_by_member() -> None:
    id = identifier("birth", "an-intent")
    order = Order("i", "i", "KRW-BTC", "bid", "limit", Decimal("1E+8"), Decimal("0.00010"))
    body = order_body(order, id)
    assert body_text(body.encode()) == (
        f"market=KRW-BTC&side=bid&volume=0.00010&price=100000000&ord_type=limit&identifier={id}"
    )


def test_every_token_has_a_nonce_of_its_own() -> None:
    own = Signer(Keys(Secret(ACCESS), Secret(SECRET)))
    assert len({own.token() for _ in range(100)}) == 100


@pytest.mark.filterwarnings("error")
def test_a_key_of_forty_characters_is_no_reason_to_warn() -> None:
    assert Signer(Keys(Secret("a" * 40), Secret("s" * 40))).header().startswith("Bearer ey")
