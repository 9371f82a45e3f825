"""Every fault comes by a file and by the admin endpoint, of ``run.py sandbox`` itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from adapters import recording
from app.recordings import DAYS
from core.market.synthetic import synthetic_market
from core.market.tick_size import price_down
from sandbox.faults import EVENTS, Kind
from sandbox.hub import SOCKET_FAULTS
from tests.support.sandbox_client import Client, market, signed

ROOT = Path(__file__).parents[3]
BUY = {"market": "KRW-BTC", "side": "bid", "ord_type": "limit", "price": "10000000"}
ORDER = BUY | {"volume": "0.001"}
HASTE, PATIENCE = 2.0, 60.0  # s: of a client that gives up; against a hang
LISTING = '[{"ticket":"t"},{"method":"LIST_SUBSCRIPTIONS"}]'
# Which pair's frames meet which fault, so that each meets one.
HEARD = dict(zip(sorted(SOCKET_FAULTS), (series.pair for series in market()), strict=True))


@contextmanager
def running(folder: Path, *words: str) -> Iterator[tuple[str, str]]:
    """``run.py sandbox`` on a free port: its address, and the line that it says."""
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), "sandbox", "--port", "0", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"LANG": "C"},
        cwd=folder,
    ) as child:
        try:
            assert child.stdout
            line = child.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line
            yield found[0], line
        finally:
            child.kill()


def planned(kind: str) -> dict[str, Any]:
    """One fault of a kind, on the request or the frame that its meeting makes."""
    fault: dict[str, Any] = {"kind": kind, "endpoint": "POST /v1/orders"}
    if kind in HEARD:
        return fault | {"endpoint": "WS myOrder", "seconds": 0.2, "pair": HEARD[kind]}
    if kind in EVENTS:
        body = {"deposit": {"currency": "ETH", "amount": "2"}, "order": ORDER}.get(kind, {})
        return fault | {"endpoint": "GET /v1/orders/open", "body": body, "pair": "KRW-DOGE"}
    if kind == "lag":
        return fault | {"endpoint": "GET /v1/order", "seconds": 3600}
    if kind == "skew":
        return fault | {"endpoint": "GET /v1/accounts", "seconds": -500}
    return fault | {"seconds": {"late": 6.0, "slow": 5.0}.get(kind, 1.0)}


def place(client: Client, name: str, timeout: float = PATIENCE) -> requests.Response:
    return client.ask("POST", "/v1/orders", body=ORDER | {"identifier": name}, timeout=timeout)


def known(client: Client, name: str) -> bool:
    return name in {o.get("identifier") for o in client.admin("books")["orders"]}


def lost(client: Client, name: str, timeout: float = PATIENCE) -> bool:
    """The client has nothing in hand."""
    with pytest.raises(requests.RequestException):
        place(client, name, timeout).json()
    return True


def late(client: Client) -> bool:
    early = lost(client, "late", HASTE) and not known(client, "late")
    while not known(client, "late"):
        pass
    return early


def lagging(client: Client) -> list[int]:
    client.ask("POST", "/v1/orders", body=ORDER | {"identifier": "lag"})
    return [client.ask("GET", "/v1/order", "identifier=lag").status_code for _ in range(2)]


def skewed(client: Client) -> bool:
    told = parsedate_to_datetime(client.ask("GET", "/v1/accounts").headers["Date"])
    return told.timestamp() < client.admin("clock")["now"] - 400


def growth(client: Client) -> int:
    """By how many orders the list of open ones is longer than the books were."""
    before = [o for o in client.admin("books")["orders"] if o["state"] == "wait"]
    found = client.get("/v1/orders/open")
    return len(found) - len(before)


def a_second_passes(client: Client) -> None:
    """So that what was ordered before does not count towards this second's limit."""
    begun = client.admin("clock")["now"]
    while client.admin("clock")["now"] < begun + 1:
        pass


def frames(client: Client, pair: str) -> list[int]:
    """Which of three orders' frames a listener hears, in the order of hearing."""
    a_second_passes(client)
    url = client.url.replace("http", "ws") + "/websocket/v1/private"
    names: dict[str, int] = {}
    heard: list[int] = []
    last = requests.get(f"{client.url}/v1/ticker?markets={pair}", timeout=60).json()[0]
    price = price_down(Decimal(str(last["trade_price"])) / 2, date(2026, 1, 5), pair)
    order = ORDER | {"market": pair, "price": f"{price:f}", "volume": f"{6000 / float(price):.8f}"}
    with connect(url, additional_headers={"Authorization": signed("")}, proxy=None) as socket:
        socket.send('[{"ticket":"t"},{"type":"myOrder"}]')
        socket.send(LISTING)
        socket.recv(timeout=60)
        for number in range(3):
            names[client.place(**order).json()["uuid"]] = number
        ask_at = 3 if pair == HEARD["delayed"] else 2
        with suppress(ConnectionClosed):
            while True:
                frame = msgspec.json.decode(socket.recv(timeout=60))
                if "method" in frame:
                    break
                heard.append(names[frame["uuid"]])
                if len(heard) == ask_at:
                    socket.send(LISTING)
    return heard


# What a client and the books see of each kind, and what that must be.
MEETINGS: dict[str, tuple[Callable[[Client], Any], Any]] = {
    "lost_before": (lambda c: (lost(c, "1"), known(c, "1")), (True, False)),
    "lost_after": (lambda c: (lost(c, "2"), known(c, "2")), (True, True)),
    "reset_before": (lambda c: (lost(c, "3"), known(c, "3")), (True, False)),
    "reset_after": (lambda c: (lost(c, "4"), known(c, "4")), (True, True)),
    "error_before": (lambda c: (place(c, "5").status_code, known(c, "5")), (500, False)),
    "error_after": (lambda c: (place(c, "6").status_code, known(c, "6")), (500, True)),
    "malformed": (lambda c: (lost(c, "7"), known(c, "7")), (True, True)),
    "truncated": (lambda c: (lost(c, "8"), known(c, "8")), (True, True)),
    "late": (late, True),
    "slow": (lambda c: (lost(c, "9", HASTE), known(c, "9")), (True, True)),
    "maintenance": (lambda c: place(c, "10").json()["error"]["name"], "market_offline"),
    "lag": (lagging, [404, 200]),
    "skew": (skewed, True),
    "dropped": (lambda c: frames(c, HEARD["dropped"]), [1, 2]),
    "doubled": (lambda c: frames(c, HEARD["doubled"]), [0, 0, 1, 2]),
    "delayed": (lambda c: frames(c, HEARD["delayed"]), [1, 2, 0]),
    "reordered": (lambda c: frames(c, HEARD["reordered"]), [1, 0, 2]),
    "closed": (lambda c: frames(c, HEARD["closed"]), []),
    "deposit": (lambda c: (growth(c), len(c.get("/v1/accounts"))), (0, 2)),
    "order": (growth, 1),
    "delisting": (lambda c: (growth(c) <= 0, list(c.admin("books")["gone"])), (True, ["KRW-DOGE"])),
}


def test_every_kind_of_fault_is_met_here() -> None:
    assert set(MEETINGS) == set(get_args(Kind))


@pytest.mark.parametrize("door", ["file", "admin"])
def test_every_fault_comes_by_either_door(tmp_path: Path, door: str) -> None:
    (tmp_path / "faults.json").write_text(json.dumps([planned(kind) for kind in MEETINGS]))
    words = ["--state-dir", "books", *(["--faults", "faults.json"] if door == "file" else [])]
    with running(tmp_path, *words) as (url, _):
        client = Client(url)
        for number, (kind, (meet, expected)) in enumerate(MEETINGS.items()):
            if door == "admin":
                client.admin("faults", planned(kind))
            assert (kind, meet(client)) == (kind, expected)
            assert client.admin("faults")[number]["committed"] == 1, kind


# --- the other words
def test_balances_keys_walk_speed_and_state_are_those_that_were_asked_for(tmp_path: Path) -> None:
    words = ["--balance", "KRW=5000000", "--balance", "BTC=0.25", "--walk", "7", "--speed", "30"]
    words += ["--key", "mine:a secret:of:mine", "--state-dir", "books"]
    with running(tmp_path, *words) as (url, line):
        assert "a secret" not in line
        headers = {"Authorization": signed("", access="mine", secret="a secret:of:mine")}
        accounts = requests.get(f"{url}/v1/accounts", headers=headers, timeout=60).json()
        assert [(a["currency"], a["balance"]) for a in accounts] == [
            ("KRW", "5000000"),
            ("BTC", "0.25"),
        ]
        usual = requests.get(
            f"{url}/v1/accounts", headers={"Authorization": signed("")}, timeout=60
        )
        assert usual.json()["error"]["name"] == "invalid_access_key"
        assert requests.get(f"{url}/sandbox/clock", timeout=60).json()["speed"] == 30
        assert opening(url) == price_of(7) != price_of(8)
    assert (tmp_path / "books" / "data.mdb").exists()
    with running(tmp_path, "--balance", "KRW=1", "--state-dir", "books") as (url, _):
        assert Client(url).get("/v1/accounts")[0]["balance"] == "5000000"


def opening(url: str, pair: str = "KRW-BTC") -> float:
    """The open of the first candle of a pair."""
    params = {"market": pair, "count": "200"}
    rows: list[dict[str, Any]] = []
    while page := requests.get(f"{url}/v1/candles/minutes/1", params, timeout=60).json():
        rows, params = page, params | {"to": page[-1]["candle_date_time_utc"]}
    return float(rows[-1]["opening_price"])


def price_of(seed: int) -> float:
    series = synthetic_market(seed=seed, days=DAYS, timeframe="1m")[0]
    return float(series.open[0]) / 10**series.price_places


def test_a_recording_is_the_market(tmp_path: Path) -> None:
    (xrp,) = (t for t in synthetic_market(seed=5, days=1, timeframe="1m") if t.pair == "KRW-XRP")
    recording.write(tmp_path / "xrp.csv.gz", [xrp])
    with running(tmp_path, "--recording", "xrp.csv.gz", "--state-dir", "books") as (url, _):
        markets = requests.get(f"{url}/v1/market/all", timeout=60).json()
        assert [m["market"] for m in markets] == ["KRW-XRP"]
        assert opening(url, "KRW-XRP") == float(xrp.open[0]) / 10**xrp.price_places
