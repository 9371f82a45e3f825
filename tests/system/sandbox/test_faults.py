"""Faults over real HTTP: each does what it says to the client, and to the books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal as D
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sandbox.faults import HTTP, Fault, Faults, decode
from sandbox.limits import Group
from tests.support.sandbox_client import ROOMY, Client, sandbox, signed

BUY = {"side": "bid", "ord_type": "limit", "price": "10000000", "volume": "0.001"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with sandbox(tmp_path / "state") as found:
        yield found


def buy(client: Client, **options: Any) -> requests.Response:
    body = {"market": "KRW-BTC", **BUY, "identifier": "it"}
    return client.ask("POST", "/v1/orders", body=body, **options)


def arrived(client: Client) -> bool:
    return client.ask("GET", "/v1/order", "identifier=it").status_code == 200


def due(client: Client, kind: str, **more: Any) -> None:
    client.admin("faults", {"kind": kind, "endpoint": "POST /v1/orders"} | more)


@pytest.mark.parametrize(
    ("kind", "done"),
    [("lost_before", False), ("lost_after", True), ("reset_before", False), ("reset_after", True)],
)
def test_a_reply_is_lost_before_or_after_the_order_was_taken(
    client: Client, kind: str, done: bool
) -> None:
    due(client, kind)
    with pytest.raises(requests.ConnectionError) as caught:
        buy(client)
    assert ("reset" in str(caught.value).lower()) == kind.startswith("reset")
    assert arrived(client) is done
    assert buy(client).status_code == (400 if done else 201)


@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [("error_before", 500, False), ("error_after", 503, True), ("error_after", 502, True)],
)
def test_a_5xx_comes_before_or_after_the_order_was_taken(
    client: Client, kind: str, status: int, done: bool
) -> None:
    due(client, kind, status=status)
    reply = buy(client)
    assert (reply.status_code, "error" in reply.json()) == (status, True)
    assert arrived(client) is done


def test_a_malformed_body_is_no_json_though_the_order_was_taken(client: Client) -> None:
    due(client, "malformed")
    reply = buy(client)
    assert reply.status_code == 201
    with pytest.raises(requests.exceptions.JSONDecodeError):
        reply.json()
    assert arrived(client)


def test_a_truncated_body_ends_half_way_though_the_order_was_taken(client: Client) -> None:
    due(client, "truncated")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        buy(client)
    assert arrived(client)


def test_slow_bytes_come_one_by_one_and_are_whole_in_the_end(client: Client) -> None:
    due(client, "slow", seconds=0.001)
    with client.ask("POST", "/v1/orders", body={"market": "KRW-BTC", **BUY}, stream=True) as reply:
        pieces = list(reply.raw.stream(1 << 16))
        assert reply.status_code == 201
        assert msgspec.json.decode(b"".join(pieces))["state"] == "wait"
    due(client, "slow", seconds=0.5)
    with pytest.raises(requests.exceptions.RequestException):
        buy(client, timeout=0.1)
    assert arrived(client)


def test_a_late_order_is_taken_after_its_client_gave_up(client: Client) -> None:
    due(client, "late", seconds=2)
    with pytest.raises(requests.Timeout):
        buy(client, timeout=0.2)
    assert not arrived(client)
    answers = 0
    while not arrived(client):
        answers += 1
    assert answers > 0


def test_a_lag_hides_a_young_order_from_look_ups(client: Client) -> None:
    lag = {"kind": "lag", "endpoint": "GET /v1/order*", "times": 3, "seconds": 3600}
    client.admin("faults", lag)
    assert buy(client).status_code == 201
    assert not arrived(client)
    assert client.get("/v1/orders/uuids", "identifiers[]=it") == []
    assert client.get("/v1/orders/open") == []
    assert arrived(client)


def test_maintenance_refuses_everything_or_one_pair_until_it_is_cleared(client: Client) -> None:
    due(client, "maintenance", times=0, pair="KRW-BTC")
    for _ in range(3):
        reply = buy(client)
        assert (reply.status_code, reply.json()["error"]["name"]) == (403, "market_offline")
    other = {"market": "KRW-ETH", "price": "1000000", "volume": "0.01"}
    assert client.place(**BUY | other).status_code == 201
    assert client.admin("faults", method="DELETE") == []
    assert buy(client).status_code == 201


def test_the_date_is_the_markets_and_may_be_skewed(client: Client) -> None:
    def date() -> float:
        reply = client.ask("GET", "/v1/accounts")
        return parsedate_to_datetime(reply.headers["Date"]).timestamp()

    assert abs(date() - client.admin("clock")["now"]) < 30
    client.admin("faults", {"kind": "skew", "endpoint": "GET /v1/accounts", "seconds": -500})
    assert abs(date() + 500 - client.admin("clock")["now"]) < 30
    assert abs(date() - client.admin("clock")["now"]) < 30


def test_money_comes_in_and_goes_out_from_outside(client: Client) -> None:
    client.admin("deposit", {"currency": "BTC", "amount": "0.5", "avg_buy_price": "90000000"})
    client.admin("deposit", {"currency": "KRW", "amount": "-1000000"})
    accounts = {a["currency"]: a for a in client.get("/v1/accounts")}
    assert accounts["KRW"]["balance"] == "0"
    assert (accounts["BTC"]["balance"], accounts["BTC"]["avg_buy_price"]) == ("0.5", "90000000")
    assert accounts["BTC"]["avg_buy_price_modified"] is True
    over = client.admin("deposit", {"currency": "KRW", "amount": "-1"})
    assert over["error"]["name"] == "withdraw_insufficient_balance"


def test_deposits_orders_by_hand_and_a_delisting_may_be_planned(tmp_path: Path) -> None:
    plan = [
        Fault("deposit", "GET /v1/accounts", skip=1, body={"currency": "KRW", "amount": "-5"}),
        Fault("order", "GET /v1/orders/open", body={"market": "KRW-BTC", **BUY}),
        Fault("delisting", "GET /v1/orders/open", skip=1, pair="KRW-BTC"),
    ]
    with sandbox(tmp_path / "state", faults=plan) as client:
        balances = [client.get("/v1/accounts")[0]["balance"] for _ in range(3)]
        assert balances == ["1000000", "999995", "999995"]
        assert len(client.get("/v1/orders/open")) == 1
        client.get("/v1/orders/open")
        client.get("/v1/orders/open")
        assert client.get("/v1/orders/open") == []
        assert [fault["committed"] for fault in client.admin("faults")] == [1, 1, 1]


def test_an_order_may_be_placed_and_cancelled_by_hand(client: Client) -> None:
    placed = client.admin("order", {"market": "KRW-BTC", **BUY})
    assert "identifier" not in client.get("/v1/orders/open")[0]
    assert client.admin("order", {"uuid": placed["uuid"]}, "DELETE")["state"] == "wait"
    assert client.get("/v1/order", f"uuid={placed['uuid']}")["state"] == "cancel"


def test_a_delisted_market_is_gone_from_every_endpoint(client: Client) -> None:
    assert buy(client).status_code == 201
    client.admin("delist", {"market": "KRW-BTC"})
    assert client.get("/v1/order", "identifier=it")["state"] == "cancel"
    assert client.place(**BUY).json()["error"]["name"] == "notfoundmarket"
    reply = client.session.get(f"{client.url}/v1/ticker?markets=KRW-BTC")
    assert (reply.status_code, reply.json()["error"]["name"]) == (404, 404)


def test_what_the_exchange_says_of_a_market_is_set_from_outside(client: Client) -> None:
    told = {"market": "KRW-ETH", "warning": True, "cautions": ["PRICE_FLUCTUATIONS"]}
    client.admin("market", told | {"state": "PREVIEW", "delisting": "2026-12-01"})
    rows = client.session.get(f"{client.url}/v1/market/all?is_details=true").json()
    event = next(row["market_event"] for row in rows if row["market"] == "KRW-ETH")
    assert event["warning"] is event["caution"]["PRICE_FLUCTUATIONS"] is True
    with connect(client.url.replace("http", "ws") + "/websocket/v1", proxy=None) as socket:
        socket.send('[{"ticket":"t"},{"type":"ticker","codes":["KRW-ETH"]}]')
        frame = msgspec.json.decode(_bytes(socket.recv(timeout=60)))
    assert (frame["market_state"], frame["market_warning"]) == ("PREVIEW", "CAUTION")
    assert frame["delisting_date"] == {"year": 2026, "month": 12, "day": 1}
    for wrong in ({"market": "KRW-NOPE"}, {"market": "KRW-ETH", "cautions": ["BAD"]}, {}):
        assert client.admin("market", wrong)["error"]["name"] == "invalid_parameter"


def test_a_browser_is_let_in_once_in_ten_seconds(tmp_path: Path) -> None:
    with sandbox(
        tmp_path / "state", groups=(*ROOMY, Group("origin", 1, 3600.0, "address"))
    ) as client:
        page = {"Origin": "http://somewhere.example"}
        url = client.url.replace("http", "ws") + "/websocket/v1"
        with connect(url, additional_headers=page, proxy=None):
            pass
        with pytest.raises(InvalidStatus), connect(url, additional_headers=page, proxy=None):
            pass
        with connect(url, proxy=None):
            pass
        reply = client.session.get(f"{client.url}/v1/market/all", headers=page)
        assert reply.status_code == 429


def test_a_page_of_a_browser_may_not_use_the_admin_endpoints(client: Client) -> None:
    page = {"Origin": "http://somewhere.example"}
    assert client.session.get(f"{client.url}/sandbox/books", headers=page).status_code == 403


def test_nonsense_to_an_admin_endpoint_is_refused(client: Client) -> None:
    for name, body in (("faults", {"kind": "bogus"}), ("deposit", {"amount": "x"}), ("key", {})):
        assert client.admin(name, body)["error"]["name"] == "invalid_parameter"


def test_frames_of_the_private_socket_tell_of_an_order(client: Client) -> None:
    at = client.url.replace("http", "ws") + "/websocket/v1/private"
    with connect(at, additional_headers={"Authorization": signed("")}, proxy=None) as socket:
        socket.send('[{"ticket":"t"},{"type":"myOrder"},{"type":"myAsset"}]')
        socket.send('[{"ticket":"t"},{"method":"LIST_SUBSCRIPTIONS"}]')
        while b"LIST_SUBSCRIPTIONS" not in _bytes(socket.recv(timeout=10)):
            pass
        client.place(side="bid", ord_type="price", price="10000")
        frames: list[Any] = []
        while not frames or frames[-1]["type"] != "myAsset":
            frames.append(msgspec.json.decode(_bytes(socket.recv(timeout=10))))
        events = [frame["state"] for frame in frames[:-1]]
        assert events[0] == "wait"
        assert "trade" in events
        assert events[-1] in ("cancel", "done")


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def test_under_all_faults_at_once_nothing_is_lost_doubled_or_made_of_nothing(
    tmp_path: Path,
) -> None:
    kinds = sorted(HTTP - {"slow", "late"})
    plan = [Fault(kind, "POST /v1/orders", times=0, chance=0.06) for kind in kinds]  # type: ignore[arg-type]
    told: dict[str, str] = {}
    with sandbox(tmp_path / "state", faults=plan, balances={"KRW": D(9_000_000)}) as client:
        for number in range(150):
            side = {"side": "bid", "ord_type": "price", "price": str(5000 + 97 * number)}
            if number % 3 == 2:
                side = {"side": "ask", "ord_type": "market", "volume": "0.00005"}
            with suppress(requests.RequestException):
                reply = client.place(**side, identifier=f"n{number}")
                if reply.status_code == 201:
                    told[f"n{number}"] = reply.json()["uuid"]
        assert all(fault["committed"] for fault in client.admin("faults"))
        books = client.admin("books")
    orders = {order["identifier"]: order for order in books["orders"]}
    assert len(orders) == len(books["orders"]) > len(told)
    assert {name: orders[name]["uuid"] for name in told} == told
    sides = {"bid": -1, "ask": 1}
    flow = sum(sides[o["side"]] * D(o["executed_funds"]) for o in orders.values())
    fees = sum(D(o["paid_fee"]) for o in orders.values())
    assert D(books["accounts"][0]["balance"]) == 9_000_000 + flow - fees


# --- which fault, and when
def test_a_fault_is_committed_as_often_as_it_should_and_after_as_many_as_it_should() -> None:
    faults = Faults([Fault("lost_after", "POST /v1/orders", times=2, skip=1)])
    drawn = [faults.draw("POST /v1/orders") is not None for _ in range(5)]
    assert drawn == [False, True, True, False, False]
    assert faults.draw("GET /v1/orders") is None
    assert (faults.counts[0].seen, faults.counts[0].committed) == (3, 2)


def test_the_same_seed_draws_the_same_faults() -> None:
    def drawn(seed: int) -> list[bool]:
        faults = Faults([Fault("slow", times=0, chance=0.5)], seed)
        return [faults.draw("GET /v1/accounts") is not None for _ in range(64)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 10 < sum(drawn(1)) < 54


def test_faults_are_read_one_or_many_and_nothing_unknown() -> None:
    assert decode('{"kind":"slow"}') == [Fault("slow")]
    assert decode('[{"kind":"slow"},{"kind":"lag","seconds":3}]')[1].seconds == 3
    with pytest.raises(msgspec.ValidationError):
        decode('{"kind":"slow","often":3}')
