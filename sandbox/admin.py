"""Owns the admin endpoints: what a test or a person may ask and do beside Upbit's API.

On loopback, without a token; a browser's page, known by its ``Origin``, is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.money import money
from sandbox import external_events, faults
from sandbox.assumptions import Assumptions
from sandbox.context import Answer, SandboxContext
from sandbox.hub import Hub
from sandbox.market import Market
from sandbox.quotes.spans import UNITS
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams, params_of
from sandbox.routes import response
from sandbox.schemas import account_shape, figure, order_shape
from sandbox.tokens import SCOPES, USUAL, body_members
from sandbox.wire.rows import CAUTIONS
from sandbox.wire.streams import synthetic_frame

TIMES_MAX = 1000  # frames of one call
FACTORS = Decimal("0.01"), Decimal(100)
Act = Callable[[bytes], Any]


class KeyChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a key."""

    access_key: str
    expired: bool = False
    barred: bool = False
    scopes: frozenset[str] = USUAL


class MarketChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What the exchange says of a market beside its prices (docs/reference/upbit.md 2.1, 6.3)."""

    market: str
    state: Literal["ACTIVE", "PREVIEW", "DELISTED"] = "ACTIVE"
    warning: bool = False
    cautions: frozenset[str] = frozenset()
    delisting: date | None = None  # announced


class SyntheticFrame(Struct, frozen=True, forbid_unknown_fields=True):
    """A frame that no trade stands behind; ``age``: seconds ago, below 0 in the future."""

    market: str
    price: str
    age: float = 0.0
    times: int = 1
    type: str = "ticker"  # or candle.1m and so on: all four prices


class PriceMove(Struct, frozen=True, forbid_unknown_fields=True):
    """What a market really does."""

    market: str
    factor: str


@dataclass(frozen=True)
class Admin:
    """The acts, each on a request's body."""

    context: SandboxContext
    market: Market
    hub: Hub

    def clock(self, body: bytes) -> Any:
        """The market's moment (epoch seconds), and how fast it goes."""
        return {"now": self.context.exchange.now(), "speed": self.market.clock.speed}

    def counts(self, body: bytes) -> Any:
        """Requests of each group: all, beyond the limit, and while banned."""
        found = self.context.limits.counts
        exceeded = sum(count.exceeded + count.banned for count in found.values())
        return {"exceeded": exceeded, "groups": found}

    def books(self, body: bytes) -> Any:
        """Everything: accounts, orders with fills and times, burnt identifiers, deposits."""
        books = self.context.exchange.books
        return {
            "accounts": [account_shape(a) for a in books.listed()],
            "orders": [
                order_shape(o, listed=True, trades=True)
                | {"created": o.created_at, "ended": o.ended_at}
                for o in books.orders.values()
            ],
            "identifiers": books.identifiers,
            "deposits": [
                {"currency": d.currency, "amount": figure(d.amount), "at": d.at}
                for d in books.deposits
            ],
            "gone": books.gone,
        }

    def show_faults(self, body: bytes) -> Any:
        """The faults, how often each was met and committed."""
        return self.context.faults.counts

    def add_faults(self, body: bytes) -> Any:
        """More faults: one or a list."""
        self.context.faults.add(faults.decode(body))
        return self.context.faults.counts

    def clear_faults(self, body: bytes) -> Any:
        """No more faults."""
        self.context.faults.clear()
        return []

    def deposit(self, body: bytes) -> Any:
        """{"currency", "amount", "avg_buy_price"?}: a negative amount leaves."""
        external_events.deposit(self.context, body_members(body))
        return [account_shape(a) for a in self.context.exchange.books.listed()]

    def order(self, body: bytes) -> Any:
        """An order placed by hand: a body as that of POST /v1/orders."""
        return order_shape(
            external_events.order(self.context, body_members(body)), listed=True, trades=True
        )

    def cancel(self, body: bytes) -> Any:
        """An order cancelled by hand: {"uuid"} or {"identifier"}."""
        ask = RequestParams(params_of(b"", body_members(body)))
        found = self.context.exchange.books.find(ask.one("uuid"), ask.one("identifier"))
        if found is None:
            raise Rejected("order_not_found")
        return order_shape(self.context.exchange.cancel(found))

    def delist(self, body: bytes) -> Any:
        """{"market"}: the pair is gone."""
        self.context.exchange.delist(
            RequestParams(params_of(b"", body_members(body))).one("market")
        )
        return {"gone": self.context.exchange.books.gone}

    def stand(self, body: bytes) -> Any:
        """{"market", "state"?, "warning"?, "cautions"?, "delisting"?}: told from its next trade."""
        told = msgspec.json.decode(body, type=MarketChange)
        listing = self.market.listing(told.market)
        if listing is None or not told.cautions <= set(CAUTIONS):
            raise Rejected("invalid_parameter")
        listing.state, listing.warning = told.state, told.warning
        listing.cautions, listing.delisting = set(told.cautions), told.delisting
        return told

    def frame(self, body: bytes) -> Any:
        """{"market", "price", "age"?, "times"?, "type"?}: told to who hears it; nothing trades."""
        told = msgspec.json.decode(body, type=SyntheticFrame)
        listing, known = (
            self.market.listing(told.market),
            told.type.removeprefix("candle.") in UNITS,
        )
        if (
            listing is None
            or not 0 < told.times <= TIMES_MAX
            or not (known or told.type == "ticker")
        ):
            raise Rejected("invalid_parameter")
        now = self.context.exchange.now()
        frame = synthetic_frame(listing, told.type, money(told.price), told.age, now)
        topics = [topic for topic in self.hub.heard(told.market) if topic.kind == told.type]
        if frame is not None:
            for topic in topics * told.times:
                self.hub.publish(topic, frame)
        return {"heard": bool(topics and frame), "at": now - told.age}

    def move(self, body: bytes) -> Any:
        """{"market", "factor"}: from the next minute on prices are so many times as high."""
        told = msgspec.json.decode(body, type=PriceMove)
        listing, factor = self.market.listing(told.market), money(told.factor)
        if listing is None or not FACTORS[0] <= factor <= FACTORS[1]:
            raise Rejected("invalid_parameter")
        listing.track.move(factor)
        return told

    def switches(self, body: bytes) -> Any:
        """Every switch as it stands."""
        return self.context.exchange.switches

    def turn(self, body: bytes) -> Any:
        """{name: value}: some switches, turned."""
        given = msgspec.json.decode(body, type=dict[str, Any])
        now = msgspec.to_builtins(self.context.exchange.switches)
        self.context.turn(msgspec.convert(now | given, Assumptions))
        return self.context.exchange.switches

    def key(self, body: bytes) -> Any:
        """{"access_key", "expired"?, "barred"?, "scopes"?}: what becomes of a key."""
        change = msgspec.json.decode(body, type=KeyChange)
        keys = self.context.tokens.keys
        if change.access_key not in keys or not change.scopes <= set(SCOPES):
            raise Rejected("invalid_parameter")
        keys[change.access_key] = structs.replace(
            keys[change.access_key],
            expired=change.expired,
            barred=change.barred,
            scopes=change.scopes,
        )
        return {"access_key": change.access_key, "scopes": sorted(change.scopes)}


def routes(context: SandboxContext, market: Market, hub: Hub) -> list[Route]:
    """Every admin endpoint, with its whole path."""
    admin = Admin(context, market, hub)
    acts: tuple[tuple[str, str, Act], ...] = (
        ("GET", "clock", admin.clock),
        ("GET", "counts", admin.counts),
        ("GET", "books", admin.books),
        ("GET", "faults", admin.show_faults),
        ("POST", "faults", admin.add_faults),
        ("DELETE", "faults", admin.clear_faults),
        ("POST", "deposit", admin.deposit),
        ("POST", "order", admin.order),
        ("DELETE", "order", admin.cancel),
        ("POST", "delist", admin.delist),
        ("POST", "key", admin.key),
        ("POST", "market", admin.stand),
        ("POST", "frame", admin.frame),
        ("POST", "move", admin.move),
        ("GET", "switches", admin.switches),
        ("POST", "switches", admin.turn),
    )
    return [Route(f"/sandbox/{name}", _handler(act), methods=[how]) for how, name, act in acts]


def _handler(act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        if "origin" in request.headers:
            return response(Answer({"error": {"name": "forbidden", "message": "no pages"}}, 403))
        try:
            return response(Answer(act(await request.body())))
        except Rejected as error:
            no = error
        except (ValueError, msgspec.DecodeError) as error:
            no = Rejected("invalid_parameter", str(error))
        return response(Answer(no.body(), no.status))

    return handle
