"""The exchange endpoints over real HTTP: recorded shapes, every order type, every look-up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from sandbox.limits import GROUPS, Group
from sandbox.tokens import USUAL, Key
from tests.support.recorded import UPBIT, needed
from tests.support.sandbox_client import ACCESS, SECRET, Client, sandbox, signed


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with sandbox(tmp_path / "state") as found:
        yield found


def shape(value: Any) -> Any:
    """Keys and types of a reply, lists by their first entry."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return type(value).__name__


def plain_figures(value: Any) -> bool:
    """Whether no amount is written with an exponent or trailing zeros."""
    if isinstance(value, dict):
        return all(plain_figures(v) for k, v in value.items() if k not in ("uuid", "identifier"))
    if isinstance(value, list):
        return all(map(plain_figures, value))
    if not isinstance(value, str) or not value.replace(".", "").isdigit():
        return True
    return not ("." in value and value.endswith("0"))


# --- the recorded replies
def replay(client: Client, name: str) -> None:
    """Ask what was asked of Upbit; the answers' status, keys and types must be those recorded."""
    names: dict[str, str] = {}
    for step in json.loads((UPBIT / "rest" / f"{name}.json").read_text()):
        request, response = step["request"], step["response"]
        path = request["url"].removeprefix("https://api.upbit.com")
        body = json.dumps(request["body"])
        for theirs, ours in names.items():
            path, body = path.replace(theirs, ours), body.replace(theirs, ours)
        path, _, query = path.partition("?")
        reply = client.ask(request["method"], path, query, json.loads(body))
        assert reply.status_code == response["status"], reply.text
        group = response["headers"]["Remaining-Req"].split(";")[0]
        assert reply.headers["Remaining-Req"].split(";")[0] == group
        assert reply.headers["Content-Type"] == response["headers"]["Content-Type"]
        assert shape(reply.json()) == shape(response["body"]), (name, reply.text)
        assert plain_figures(reply.json())
        for key in ("uuid", "new_order_uuid"):
            if isinstance(response["body"], dict) and key in response["body"]:
                names[response["body"][key]] = reply.json()[key]


@needed
@pytest.mark.parametrize(
    "name",
    [
        "accounts__list",
        "orders__get_chance",
        "orders__create_test",
        "orders__lifecycle_create_get_cancel",
        "orders__lifecycle_list_by_ids",
        "orders__lifecycle_cancel_and_new",
        "orders__lifecycle_bulk_cancel_by_ids",
        "orders__lifecycle_cancel_open",
        "orders__list_open",
    ],
)
def test_a_recorded_conversation_has_the_same_shapes_here(client: Client, name: str) -> None:
    replay(client, name)


@needed
def test_the_recorded_list_of_closed_orders_has_the_same_shapes_here(client: Client) -> None:
    uuid = client.place(side="bid", ord_type="limit", price="10000000", volume="0.0005").json()
    client.ask("DELETE", "/v1/order", f"uuid={uuid['uuid']}")
    replay(client, "orders__list_closed")


@needed
def test_the_recorded_market_buy_and_sale_have_the_same_shapes_here(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", balances={"KRW": D(50_000), "BTC": D("0.0002")}) as client:
        replay(client, "orders__market_buy_sell")


@needed
def test_observed_errors_of_the_exchange_are_the_same_here(client: Client) -> None:
    wanted = json.loads((UPBIT / "rest" / "errors_observed.json").read_text())["observed"]
    nope = next(e for e in wanted if e["request"] == "GET /v1/nope")
    reply = client.session.get(f"{client.url}/v1/nope")
    assert (reply.status_code, reply.json()) == (nope["status"], json.loads(nope["body"]))
    assert "Remaining-Req" not in reply.headers
    poor = next(e for e in wanted if "market ask" in e["request"])
    reply = client.place(side="ask", ord_type="market", volume="0.01")
    told = json.loads(poor["body"].replace("CARV", "BTC"))
    assert (reply.status_code, reply.json()) == (poor["status"], told)


# --- orders
def test_a_market_buy_says_wait_first_and_cancel_with_fills_after(client: Client) -> None:
    first = client.place(side="bid", ord_type="price", price="10000", identifier="buy").json()
    assert (first["state"], first["trades_count"], first["locked"]) == ("wait", 0, "10005")
    later = client.get("/v1/order", "identifier=buy")
    assert later["state"] in ("cancel", "done")
    trade = later["trades"][0]
    assert D(trade["funds"]) == D(trade["price"]) * D(trade["volume"])
    krw = next(a for a in client.get("/v1/accounts") if a["currency"] == "KRW")
    paid = sum(D(t["funds"]) for t in later["trades"]) * D("1.0005")
    assert (D(krw["balance"]), krw["locked"]) == (1_000_000 - paid, "0")


def test_a_twin_is_refused_over_a_restart(tmp_path: Path) -> None:
    order = {"side": "bid", "ord_type": "price", "price": "10000", "identifier": "only"}
    with sandbox(tmp_path / "state") as client:
        assert client.place(**order).status_code == 201
        twin = client.place(**order)
        assert (twin.status_code, twin.json()["error"]["name"]) == (400, "duplicated_identifier")
        before = client.admin("books")
    with sandbox(tmp_path / "state") as client:
        assert client.place(**order).json()["error"]["name"] == "duplicated_identifier"
        assert client.admin("books") == before
        assert client.admin("clock")["now"] >= before["orders"][0]["created"]


def test_a_resting_order_is_filled_when_the_market_comes_to_it(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", speed=120.0) as client:
        price = str(client.price() - 20_000)
        bid = {"side": "bid", "ord_type": "limit", "price": price, "volume": "0.001"}
        assert client.place(**bid, identifier="low").json()["state"] == "wait"
        while (order := client.get("/v1/order", "identifier=low"))["state"] == "wait":
            pass
        assert (order["state"], order["trades"][0]["price"]) == ("done", price)
        assert D(order["paid_fee"]) == D(price) * D("0.001") * D("0.0005")
        coin = client.get("/v1/accounts")[1]
        assert (coin["balance"], coin["avg_buy_price"]) == ("0.001", price)


def test_the_markets_time_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", speed=3000.0) as client:
        opened = client.admin("clock")["now"]
        while (now := client.admin("clock")["now"]) < opened + 600:
            pass
    with sandbox(tmp_path / "state") as client:
        assert client.admin("clock")["now"] >= now


def test_look_ups_find_orders_by_either_name_and_leave_out_unknown_ones(client: Client) -> None:
    names = [f"n{i}" for i in range(3)]
    for name in names:
        client.place(
            side="bid", ord_type="limit", price="10000000", volume="0.001", identifier=name
        )
    wanted = "&".join(f"identifiers[]={name}" for name in [*names, "stranger"])
    found = client.get("/v1/orders/uuids", wanted)
    assert [o["identifier"] for o in found] == names[::-1]
    oldest = client.get("/v1/orders/open", "order_by=asc&limit=2&page=1")
    assert [o["identifier"] for o in oldest] == names[:2]
    assert [
        o["identifier"] for o in client.get("/v1/orders/open", "order_by=asc&limit=2&page=2")
    ] == ["n2"]
    assert client.get("/v1/orders/closed") == []
    both = client.ask("GET", "/v1/orders/uuids", "uuids[]=a&identifiers[]=b")
    assert both.json()["error"]["name"] == "invalid_parameter"
    lost = client.ask("GET", "/v1/order", "identifier=stranger")
    assert (lost.status_code, lost.json()["error"]["name"]) == (404, "order_not_found")


def test_closed_orders_are_those_of_a_window_of_seven_days_at_most(client: Client) -> None:
    uuid = client.place(side="bid", ord_type="limit", price="10000000", volume="0.001").json()[
        "uuid"
    ]
    assert client.ask("DELETE", "/v1/order", f"uuid={uuid}").json()["state"] == "wait"
    now = client.admin("clock")["now"]
    assert len(client.get("/v1/orders/closed", f"start_time={int(now * 1000) - 60000}")) == 1
    assert client.get("/v1/orders/closed", "start_time=2025-01-01T00%3A00%3A00%2B09%3A00") == []
    assert client.get("/v1/orders/closed", "state=done") == []
    wide = "start_time=1&end_time=9999999999999"
    assert client.ask("GET", "/v1/orders/closed", wide).status_code == 400


def test_open_orders_are_cancelled_by_side_pair_and_number(client: Client) -> None:
    for price in ("10000000", "10001000"):
        client.place(side="bid", ord_type="limit", price=price, volume="0.001")
    client.place(market="KRW-ETH", side="bid", ord_type="limit", price="1000000", volume="0.01")

    def cancelled(query: str) -> int:
        return int(client.ask("DELETE", "/v1/orders/open", query).json()["success"]["count"])

    assert cancelled("cancel_side=ask") == 0
    assert cancelled("pairs=KRW-BTC%2CKRW-XRP&count=1") == 1
    assert cancelled("excluded_pairs=KRW-BTC") == 1
    assert cancelled("") == 1
    assert client.get("/v1/orders/open") == []


def test_a_batch_of_cancellations_tells_which_failed(client: Client) -> None:
    client.place(side="bid", ord_type="price", price="10000", identifier="over")
    client.place(side="bid", ord_type="limit", price="10000000", volume="0.001", identifier="open")
    result = client.ask(
        "DELETE", "/v1/orders/uuids", "identifiers[]=over&identifiers[]=open"
    ).json()
    assert [o["identifier"] for o in result["success"]["orders"]] == ["open"]
    assert [o["identifier"] for o in result["failed"]["orders"]] == ["over"]


def test_remain_only_moves_what_is_left_to_another_price(client: Client) -> None:
    client.place(side="bid", ord_type="limit", price="10000000", volume="0.003", identifier="old")
    body = {
        "prev_order_identifier": "old",
        "new_ord_type": "limit",
        "new_price": "10001000",
        "new_volume": "remain_only",
        "new_identifier": "new",
    }
    reply = client.ask("POST", "/v1/orders/cancel_and_new", body=body).json()
    assert (reply["state"], reply["new_order_identifier"]) == ("wait", "new")
    assert client.get("/v1/order", "identifier=old")["state"] == "cancel"
    new = client.get("/v1/order", f"uuid={reply['new_order_uuid']}")
    assert (new["volume"], new["price"], new["state"]) == ("0.003", "10001000", "wait")


def test_a_test_order_changes_nothing(client: Client) -> None:
    body = {"market": "KRW-BTC", "side": "bid", "ord_type": "price", "price": "10000"}
    before = client.admin("books")
    reply = client.ask("POST", "/v1/orders/test", body=body)
    assert reply.status_code == 201
    lost = client.ask("GET", "/v1/order", f"uuid={reply.json()['uuid']}")
    assert lost.status_code == 404
    assert client.admin("books") == before


# --- what is refused before the exchange
@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"ord_type": "limit"}, "validation_error"),
        ({"side": "buy", "ord_type": "limit"}, "validation_error"),
        ({"side": "bid", "ord_type": "stop"}, "validation_error"),
        ({"side": "bid", "ord_type": "price", "price": "NaN"}, "validation_error"),
        ({"side": "bid", "ord_type": "price", "price": "-1"}, "validation_error"),
        ({"side": "bid", "ord_type": "price", "price": "1e999999"}, "validation_error"),
        (
            {"side": "bid", "ord_type": "price", "price": "1", "identifier": "x" * 65},
            "validation_error",
        ),
        (
            {"market": "KRW-BTCs", "side": "bid", "ord_type": "price", "price": "10000"},
            "notfoundmarket",
        ),
    ],
)
def test_a_malformed_order_is_refused(client: Client, body: dict[str, str], name: str) -> None:
    reply = client.place(**body)
    assert (reply.status_code, reply.json()["error"]["name"]) == (400, name)


def test_a_body_belongs_to_post_only_and_is_json(client: Client) -> None:
    late = client.ask("DELETE", "/v1/order", "uuid=a", headers={"Content-Type": "application/json"})
    assert late.json()["error"]["name"] == "order_not_found"
    both = client.session.delete(
        f"{client.url}/v1/order", json={"uuid": "a"}, headers=_authorized()
    )
    assert both.json()["error"]["name"] == "QUERY_PARAMETER_NOT_SUPPORTED"
    form = client.session.post(
        f"{client.url}/v1/orders", data={"market": "KRW-BTC"}, headers=_authorized()
    )
    assert form.status_code == 400


def _authorized() -> dict[str, str]:
    return {"Authorization": signed("")}


def test_withdrawals_are_out_of_scope_unless_a_key_was_given_it(client: Client) -> None:
    for method, path in (("GET", "/v1/withdraws"), ("GET", "/v1/deposits")):
        reply = client.ask(method, path)
        assert (reply.status_code, reply.json()["error"]["name"]) == (401, "out_of_scope")
    client.admin("key", {"access_key": ACCESS, "scopes": [*USUAL, "withdraw_view"]})
    assert client.get("/v1/withdraws") == []


def test_a_key_may_be_without_a_scope_expired_or_barred(tmp_path: Path) -> None:
    reader = Key(ACCESS, SECRET, frozenset({"assets"}))
    with sandbox(tmp_path / "state", keys=(reader,)) as client:
        assert client.ask("GET", "/v1/accounts").status_code == 200
        no = client.place(side="bid", ord_type="price", price="10000")
        assert (no.status_code, no.json()["error"]["name"]) == (401, "out_of_scope")
        client.admin("key", {"access_key": ACCESS, "expired": True})
        assert client.get("/v1/accounts")["error"]["name"] == "expired_access_key"
        client.admin("key", {"access_key": ACCESS, "barred": True})
        assert client.get("/v1/accounts")["error"]["name"] == "no_authorization_ip"


def test_limits_are_kept_counted_and_told_on_every_answer(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", groups=GROUPS) as client:
        reply = client.session.get(f"{client.url}/v1/accounts")
        assert reply.status_code == 401
        assert reply.headers["Remaining-Req"] == "group=default; min=1800; sec=29"
    hourly = tuple(Group(g.name, g.most, 3600.0, g.scope) for g in GROUPS)
    with sandbox(tmp_path / "state", groups=hourly) as client:
        replies = [client.session.get(f"{client.url}/v1/accounts") for _ in range(40)]
        over = [r for r in replies if r.status_code == 429]
        assert len(over) == 10
        assert over[0].json()["error"]["name"] == "too_many_requests"
        bare = [client.session.get(f"{client.url}/v1/market/all") for _ in range(14)]
        assert bare[-1].json() == {"name": "too_many_requests"}
        counts = client.admin("counts")
        assert counts["groups"]["default"]["exceeded"] == len(over)
        assert counts["exceeded"] >= len(over) + 1


def test_everything_else_of_the_reference_answers(tmp_path: Path) -> None:
    every = frozenset({*USUAL, "withdraw", "withdraw_view", "deposit", "deposit_view"})
    with sandbox(tmp_path / "state", keys=(Key(ACCESS, SECRET, every),)) as client:
        client.admin("deposit", {"currency": "ETH", "amount": "1.5"})
        assert client.get("/v1/deposits", "currency=ETH")[0]["amount"] == "1.5"
        assert client.get("/v1/api_keys")[0]["access_key"] == ACCESS
        assert client.get("/v1/status/wallet")[0]["wallet_state"] == "working"
        assert client.get("/v1/pockets")[0]["type"] == "main"
        assert client.get("/v1/withdraws/chance", "currency=ETH")["account"]["balance"] == "1.5"
        for path in ("/v1/withdraws/coin", "/v1/withdraws/krw", "/v1/deposits/krw"):
            assert client.ask("POST", path, body={"amount": "1"}).status_code == 403
