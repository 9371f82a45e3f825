"""A caller's own frames on the sandbox's socket, and a market that really moves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.support.sandbox_client import Client, sandbox


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with sandbox(tmp_path / "state") as found:
        yield found


def heard(socket: ClientConnection, price: str) -> list[Any]:
    """All frames of this price that come within two seconds."""
    found, until = [], time.monotonic() + 2
    while (left := until - time.monotonic()) > 0:
        try:
            frame = json.loads(socket.recv(timeout=left))
        except TimeoutError:
            break
        if frame["trade_price"] == float(price):
            found.append(frame)
    return found


@pytest.mark.parametrize("kind", ["ticker", "candle.1m"])
def test_a_frame_of_the_callers_is_told_as_often_and_as_old_as_he_wants(
    client: Client, kind: str
) -> None:
    with connect(client.url.replace("http", "ws") + "/websocket/v1", proxy=None) as socket:
        socket.send(json.dumps([{"ticket": "t"}, {"type": kind, "codes": ["KRW-BTC"]}]))
        socket.recv(timeout=5)
        body = {"market": "KRW-BTC", "price": "0", "age": 60, "times": 3, "type": kind}
        told = client.admin("frame", body)
        frames = heard(socket, "0")
    assert told["heard"]
    assert [round(frame["timestamp"] / 1000 - told["at"]) for frame in frames] == [0, 0, 0]
    assert frames[0].get("trade_timestamp", frames[0]["timestamp"]) == frames[0]["timestamp"]
    assert client.get("/v1/ticker", "markets=KRW-BTC")[0]["trade_price"] > 0


def test_what_no_one_hears_or_nobody_trades_is_said_to_be_so(client: Client) -> None:
    assert client.admin("frame", {"market": "KRW-BTC", "price": "1"})["heard"] is False
    for wrong in (
        {"market": "KRW-NONE", "price": "1"},
        {"market": "KRW-BTC", "price": "1", "times": 0},
        {"market": "KRW-BTC", "price": "1", "type": "orderbook"},
        {"market": "KRW-BTC", "price": "much"},
    ):
        assert client.admin("frame", wrong)["error"]["name"] == "invalid_parameter"
    for wrong in ({"market": "KRW-BTC", "factor": "0"}, {"market": "KRW-NONE", "factor": "1"}):
        assert client.admin("move", wrong)["error"]["name"] == "invalid_parameter"
