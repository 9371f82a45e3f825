"""Owns the Upbit of a world: the sandbox's own books, rules and endpoints, called in process.

Only the disk beneath the books, the HTTP server and the tokens are left out: requests and answers
are those that the bot's own client writes and reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct, structs

from adapters.upbit.answers import Answer, remaining_of
from core.venue.matching import Rules
from persistence.kv_store import KvStore
from sandbox.account_ledger import AccountLedger, LedgerDraft
from sandbox.context import SandboxContext
from sandbox.endpoints import cancel, orders, place, wallets
from sandbox.exchange import Exchange, Listener
from sandbox.faults import Fault, Faults
from sandbox.limits import Limits, group_of
from sandbox.records import StoredOrder
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams, order_request_of
from sandbox.schemas import order_shape
from sandbox.tokens import Tokens
from simulation.live.event_queue import EventQueue
from simulation.live.market import Market

ENDPOINTS = {
    (endpoint.method, endpoint.path): endpoint.answer
    for part in (place, orders, cancel, wallets)
    for endpoint in part.ENDPOINTS
}
SUBMIT = ("POST", "/v1/orders")
CANDLES = "/v1/candles/"
PUBLIC = (CANDLES, "/v1/ticker", "/v1/market/", "/v1/orderbook")


class Request(Struct, frozen=True):
    """One call as the client makes it."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    nonce: int = 0  # the token's: a copy of a request bears the same

    @property
    def submits(self) -> bool:
        """Whether it places an order."""
        return (self.method, self.path) == SUBMIT

    def asked(self) -> RequestParams:
        """The same in the sandbox's words."""
        found: dict[str, list[str]] = {}
        for name, value in self.params:
            found.setdefault(name, []).append(value)
        if self.body:
            members = msgspec.json.decode(self.body, type=dict[str, str])
            found |= {name: [value] for name, value in members.items()}
        return RequestParams(found)


class MemoryKvStore:
    """Books that live as long as their world need no disk."""

    def rows(self, _prefix: str, _kind: type) -> Iterator[tuple[str, Any]]:
        """None were kept."""
        return iter(())

    def put(self, _rows: Mapping[str, Any]) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing to let go of."""


class Upbit:
    """One account's Upbit. ``taken``: called with each order of a client's, once it is booked."""

    def __init__(
        self,
        market: Market,
        hub: Listener,
        queue: EventQueue,
        rules: Rules,
        balances: Mapping[str, Decimal],
        lag: Faults,
    ) -> None:
        self.market, self.lag, self._agenda = market, lag, queue
        books = AccountLedger(cast(KvStore, MemoryKvStore()))
        opening = LedgerDraft(books)
        for currency, amount in balances.items():
            opening.pay(currency, amount)
        opening.commit()
        self.exchange = Exchange(books, market, hub, lambda: queue.now, rules)
        self._desk = SandboxContext(self.exchange, Tokens(), Limits(), lag)
        self.taken: Callable[[StoredOrder], None] = lambda booked: None
        self.books_told: Callable[[str], list[dict[str, Any]]] = lambda pair: []
        self.balances: Callable[[], Any] | None = None  # what is told of them, where it lags
        self.offline: set[str] = set()  # pairs under maintenance
        self.banned_until = 0.0
        self.key_refused = False  # for the address that asks
        self.told: Callable[[Any], Any] = lambda body: body  # what becomes of an answer's rows
        self.skew = 0.0  # of the clock that its answers tell
        self._nonces: set[int] = set()

    @property
    def books(self) -> AccountLedger:
        """What is true."""
        return self.exchange.books

    def answer(self, request: Request) -> Answer:
        """Take a request in, and tell the time with what is said to it."""
        told = float(int(self._agenda.now + self.skew))
        return structs.replace(self._answered(request), date=told)

    def _answered(self, request: Request) -> Answer:
        """A second copy of a request is known by its nonce (docs/reference/upbit.md 1.6)."""
        now = self._agenda.now
        if request.nonce in self._nonces:
            no = Rejected("nonce_used")
            return _said(no.status, no.body())
        self._nonces.add(request.nonce)
        if now < self.banned_until:
            return _said(418, _banned(self.banned_until - now))
        verdict = self._desk.limits.take(group_of(request.method, request.path), now)
        if verdict.status == 418:
            return _said(418, _banned(verdict.seconds))
        if verdict.status == 429:
            return _said(429, Rejected("too_many_requests").body())
        try:
            if self.key_refused and not _is_public(request.path):
                raise Rejected("no_authorization_ip")
            status, body = self._handled(request)
            body = self.told(body)
        except Rejected as no:
            status, body = no.status, no.body()
        group, left = remaining_of(verdict.header)
        return Answer(status, msgspec.json.encode(body), group, left)

    def refuse(self, request: Request) -> Answer:
        """Maintenance: a new order is refused, and its identifier never taken again."""
        self._nonces.add(request.nonce)
        if request.submits:
            wish = order_request_of(request.asked())
            if wish.identifier not in self.books.identifiers:
                draft = LedgerDraft(self.books)
                draft.burn(wish.identifier)
                draft.commit()
        no = Rejected("market_offline")
        return _said(no.status, no.body())

    def _handled(self, request: Request) -> tuple[int, Any]:
        ask = request.asked()
        if request.path.startswith(CANDLES):
            return 200, self._candles(ask)
        if request.path == "/v1/accounts" and self.balances:
            return 200, self.balances()
        if request.path == "/v1/ticker/all":
            return 200, [self._ticker(pair) for pair in self.market.pairs]
        if request.path == "/v1/ticker":
            if (pair := ask.one("markets")) not in self.market.pairs:
                raise Rejected("notfoundmarket", status=404)
            return 200, [self._ticker(pair)]
        if request.path == "/v1/orderbook":
            return 200, self._book(ask.one("markets"))
        if request.path == "/v1/market/all":
            return 200, [_listed(pair) for pair in self.market.pairs]
        if ask.one("market") in self.offline:
            raise Rejected("market_offline")
        if request.submits:
            return 201, order_shape(self._placed(ask))
        done = ENDPOINTS[request.method, request.path](self._desk, ask)
        return done.status, done.body

    def true_balances(self) -> Any:
        """What the books say of the account now."""
        done = ENDPOINTS["GET", "/v1/accounts"](self._desk, RequestParams({}))
        return msgspec.to_builtins(done.body)

    def _ticker(self, pair: str) -> dict[str, Any]:
        return _ticker(pair, self.market.last(pair), self.market.last_at(pair))

    def _placed(self, ask: RequestParams) -> StoredOrder:
        """An order under a name that is the same in every run of the seed."""
        wish = order_request_of(ask)
        booked = self.exchange.place(wish, str(uuid5(NAMESPACE_URL, wish.identifier)))
        self.taken(booked)
        return booked

    def _book(self, pair: str) -> list[dict[str, Any]]:
        if pair not in self.market.pairs:
            raise Rejected("notfoundmarket", status=404)
        return self.books_told(pair)

    def _candles(self, ask: RequestParams) -> list[dict[str, Any]]:
        pair, to = ask.one("market"), ask.moment("to")
        if pair not in self.market.pairs:
            raise Rejected("notfoundmarket", status=404)
        return self.market.candles(pair, to or self._agenda.now, ask.count("count", 1, 200))


def _is_public(path: str) -> bool:
    """Whether no key is needed for it."""
    return path.startswith(PUBLIC)


def _listed(pair: str) -> dict[str, Any]:
    return {"market": pair, "market_event": {"warning": False, "caution": {}}}


def lagging(seconds: float, chance: float, seed: int) -> Faults:
    """Look-ups that hide what is younger than so many seconds, now and then."""
    if not chance:
        return Faults()
    kinds = ("GET /v1/order", "GET /v1/orders/open")
    hides = [Fault("lag", kind, times=0, chance=chance, seconds=seconds) for kind in kinds]
    return Faults(hides, seed)


def _said(status: int, body: Any) -> Answer:
    return Answer(status, msgspec.json.encode(body))


def _banned(seconds: float) -> dict[str, Any]:
    text = f"Blocked for {int(seconds) + 1} seconds."
    return {"error": {"name": "too_many_requests", "message": text}}


def _ticker(pair: str, last: Decimal | None, at: float) -> dict[str, Any]:
    price = last or Decimal(1)
    names = ("trade_price", "opening_price", "high_price", "low_price")
    sums = ("acc_trade_price_24h", "acc_trade_volume_24h")
    times = dict.fromkeys(("timestamp", "trade_timestamp"), round(at * 1000))
    return {"market": pair} | dict.fromkeys((*names, *sums), price) | times
