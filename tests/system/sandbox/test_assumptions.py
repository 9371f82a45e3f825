"""What is not confirmed of Upbit can be turned either way, while the sandbox runs."""

from __future__ import annotations

import hashlib
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import msgspec
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from sandbox.assumptions import Assumptions
from sandbox.limits import Group, Limits
from tests.support.sandbox_client import ACCESS, SECRET, Client, sandbox, signed

LIMIT = {"side": "bid", "ord_type": "limit", "price": "10000000", "volume": "0.001"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with sandbox(tmp_path / "state") as found:
        yield found


def turn(client: Client, **switches: Any) -> Any:
    return client.admin("switches", switches)


def error(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]["name"]


def token(text: str = "", alg: str = "HS512", nonce: str = "") -> dict[str, str]:
    claims = {"access_key": ACCESS, "nonce": nonce or str(uuid.uuid4())}
    if text:
        claims["query_hash"] = hashlib.sha512(text.encode()).hexdigest()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our secret is short
        return {"Authorization": f"Bearer {jwt.encode(claims, SECRET, alg)}"}


def test_switches_are_shown_turned_one_by_one_and_nothing_unknown(client: Client) -> None:
    before = client.admin("switches")
    assert set(before) == set(Assumptions.__struct_fields__)
    assert turn(client, hs384=True) == before | {"hs384": True}
    assert turn(client, smp_since="2026-01-01")["hs384"] is True
    for wrong in ({"nope": 1}, {"hs384": "maybe"}, {"smp_since": "soon"}):
        assert turn(client, **wrong)["error"]["name"] == "invalid_parameter"


def test_the_error_of_cancelling_what_has_ended(client: Client) -> None:
    uuid = client.place(**LIMIT).json()["uuid"]
    assert client.ask("DELETE", "/v1/order", f"uuid={uuid}").status_code == 200
    assert error(client.ask("DELETE", "/v1/order", f"uuid={uuid}")) == (404, "order_not_found")
    turn(client, ended_cancel="bad_request")
    assert error(client.ask("DELETE", "/v1/order", f"uuid={uuid}")) == (400, "bad_request")


@pytest.mark.parametrize(
    ("force", "name"), [("fok", "invalid_time_in_force"), ("post_only", "invalid_post_only")]
)
def test_an_order_that_its_own_condition_ends_is_taken_or_refused(
    client: Client, force: str, name: str
) -> None:
    price = client.price() + (1_000_000 if force == "post_only" else -1_000_000)
    order = LIMIT | {"price": str(price), "time_in_force": force}
    taken = client.place(**order, identifier="taken")
    assert taken.status_code == 201
    assert client.get("/v1/order", "identifier=taken")["state"] == "cancel"
    turn(client, unfit_refused=True)
    assert error(client.place(**order, identifier="burnt")) == (400, name)
    assert error(client.place(**LIMIT, identifier="burnt")) == (400, "duplicated_identifier")
    accounts = client.admin("books")["accounts"]
    assert [a["locked"] for a in accounts] == ["0"]


@pytest.mark.parametrize(
    ("switches", "told"),
    [
        ({}, ["wait", "trade", "done"]),
        ({"wait_told": False}, ["trade", "done"]),
        ({"done_told": False}, ["wait", "trade"]),
    ],
)
def test_which_events_the_private_socket_tells(
    client: Client, switches: dict[str, bool], told: list[str]
) -> None:
    client.admin("deposit", {"currency": "BTC", "amount": "0.0001"})
    turn(client, **switches)
    with private(client) as socket:
        socket.send('[{"ticket":"t"},{"type":"myOrder"},{"type":"myAsset"}]')
        socket.send('[{"ticket":"t"},{"method":"LIST_SUBSCRIPTIONS"}]')
        socket.recv(timeout=60)
        client.place(side="ask", ord_type="market", volume="0.0001")
        seen: list[str] = []
        while (frame := msgspec.json.decode(socket.recv(timeout=60)))["type"] != "myAsset":
            seen.append(frame["state"])
    assert seen == told


def test_a_bad_handshake_is_told_or_refused(client: Client) -> None:
    with private(client, "Bearer bad") as socket:
        assert "INVALID_AUTH" in str(socket.recv(timeout=60))
    turn(client, handshake_refused=True)
    with pytest.raises(InvalidStatus) as caught, private(client, "Bearer bad"):
        pass
    assert caught.value.response.status_code == 403


def private(client: Client, token: str = "") -> ClientConnection:
    url = client.url.replace("http", "ws") + "/websocket/v1/private"
    headers = {"Authorization": token or signed("")}
    return connect(url, additional_headers=headers, proxy=None)


def test_what_a_token_may_be(client: Client) -> None:
    def status(path: str, headers: dict[str, str]) -> int:
        return client.session.get(f"{client.url}{path}", headers=headers).status_code

    assert status("/v1/accounts", token(alg="HS384")) == 401
    encoded = "start_time=2026-01-01T00%3A00%3A00%2B09%3A00"
    assert status(f"/v1/orders/closed?{encoded}", token(encoded)) == 401
    once = str(uuid.uuid4())
    assert status("/v1/accounts", token(nonce=once)) == 200
    assert status("/v1/accounts", token(nonce=once)) == 401
    turn(client, hs384=True, encoded_hash=True, nonce_seconds=1e-9)
    assert status("/v1/accounts", token(alg="HS384")) == 200
    assert status(f"/v1/orders/closed?{encoded}", token(encoded)) == 200
    assert status("/v1/accounts", token(nonce=once)) == 200


def test_numbers_in_a_body_and_the_old_list_of_orders(client: Client) -> None:
    body = {"market": "KRW-BTC", **LIMIT, "price": 10000000}
    assert client.ask("POST", "/v1/orders", body=body).status_code == 201
    assert len(client.get("/v1/orders")) == 1
    turn(client, numbers=False, old_list=False)
    assert error(client.ask("POST", "/v1/orders", body=body)) == (400, "invalid_parameter")
    assert client.place(**LIMIT).status_code == 201
    assert client.ask("GET", "/v1/orders").status_code == 404


def test_what_a_refusal_for_its_rate_looks_like(tmp_path: Path) -> None:
    groups = (Group("default", 1, 3600.0), Group("order", 12))
    with sandbox(tmp_path / "state", groups=groups) as client:
        client.get("/v1/accounts")
        wrapped = client.ask("GET", "/v1/accounts")
        assert error(wrapped) == (429, "too_many_requests")
        assert "Retry-After" not in wrapped.headers
        turn(client, wrapped_429=False, retry_after=True)
        bare = client.ask("GET", "/v1/accounts")
        assert (bare.status_code, bare.json()) == (429, {"name": "too_many_requests"})
        assert int(bare.headers["Retry-After"]) >= 1


def test_a_window_starts_anew_where_a_bucket_refills() -> None:
    limits = Limits((Group("default", 2),))
    moments = (100.9, 100.9, 100.95, 101.0, 101.0, 101.1)
    assert [limits.take("default", at).status for at in moments] == [200, 200, 429, 429, 429, 429]
    limits = Limits((Group("default", 2),))
    limits.switches = Assumptions(fixed_window=True)
    assert [limits.take("default", at).status for at in moments] == [200, 200, 429, 200, 200, 429]
