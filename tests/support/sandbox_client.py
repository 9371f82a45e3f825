"""A sandbox on a port of loopback, and a client that signs as Upbit's documentation says."""

from __future__ import annotations

import hashlib
import json
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jwt
import requests

from core.market.candles import CandleSeries
from core.market.synthetic import synthetic_market
from sandbox.limits import GROUPS, Group
from sandbox.server import Sandbox, SandboxConfig

ROOMY = tuple(Group(g.name, 10_000, g.seconds, g.scope) for g in GROUPS)
TIMEOUT = 20.0  # s, against a hang

ACCESS, SECRET = "sandbox-access-key", "sandbox-secret-key"


@cache
def market(days: int = 1) -> tuple[CandleSeries, ...]:
    """The built-in market."""
    return tuple(synthetic_market(seed=1, days=days, timeframe="1m"))


def signed(text: str, *, alg: str = "HS512", access: str = ACCESS, secret: str = SECRET) -> str:
    """The Authorization of a request whose hashed text is this."""
    claims = {"access_key": access, "nonce": str(uuid.uuid4())}
    if text:
        claims["query_hash"] = hashlib.sha512(text.encode()).hexdigest()
        claims["query_hash_alg"] = "SHA512"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our secret is short
        return f"Bearer {jwt.encode(claims, secret, alg)}"


class Client:
    """Asks one sandbox."""

    def __init__(self, url: str) -> None:
        self.url, self.session = url, requests.Session()
        self.session.trust_env = False

    def ask(
        self, method: str, path: str, query: str = "", body: Any = None, **options: Any
    ) -> requests.Response:
        """One signed request."""
        text = unquote(query) or "&".join(f"{k}={v}" for k, v in (body or {}).items())
        headers = {"Authorization": signed(text)} | options.pop("headers", {})
        data = None if body is None else json.dumps(body)
        if data is not None:
            headers |= {"Content-Type": "application/json; charset=utf-8"}
        url = f"{self.url}{path}" + (f"?{query}" if query else "")
        options = {"timeout": TIMEOUT} | options
        return self.session.request(method, url, data=data, headers=headers, **options)

    def get(self, path: str, query: str = "") -> Any:
        return self.ask("GET", path, query).json()

    def place(self, **body: str) -> requests.Response:
        return self.ask("POST", "/v1/orders", body={"market": "KRW-BTC"} | body)

    def admin(self, name: str, body: Any = None, method: str = "") -> Any:
        """One call of an admin endpoint."""
        how = method or ("GET" if body is None else "POST")
        url = f"{self.url}/sandbox/{name}"
        return self.session.request(how, url, json=body, timeout=TIMEOUT).json()

    def price(self, pair: str = "KRW-BTC") -> int:
        """The last price, in whole ticks of a thousand."""
        found = self.session.get(f"{self.url}/v1/ticker?markets={pair}", timeout=TIMEOUT).json()
        return int(found[0]["trade_price"]) // 1000 * 1000


@contextmanager
def sandbox(state: Path, **setting: Any) -> Iterator[Client]:
    """A sandbox that serves meanwhile; its limits are roomy unless they are what is tested."""
    whole = {"candle_series": market(), "state": state, "sync": False, "groups": ROOMY} | setting
    server = Sandbox(SandboxConfig(**whole))
    client = Client(server.start())
    try:
        yield client
    finally:
        client.session.close()
        server.stop()
