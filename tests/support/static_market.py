"""A market that stands still until a test moves it, and an exchange over it with real books."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal as D
from pathlib import Path
from typing import Any

from core.venue.matching import Rules
from messages.market import Candle
from messages.orders import Order
from sandbox.account_ledger import AccountLedger
from sandbox.assumptions import Assumptions
from sandbox.exchange import Exchange, OrderRequest
from sandbox.records import StoredOrder

START = 1757000000.0  # 2025-09-04


class StillMarket:
    """Prices and books are what the test says they are."""

    def __init__(self, **prices: str) -> None:
        self.prices = {f"KRW-{coin}": D(price) for coin, price in prices.items()}
        self.books: dict[str, list[tuple[D, D, D, D]]] = {}
        self.quiet: set[str] = set()
        self.at = START
        self._listeners: list[Callable[[str, D, float, Candle], None]] = []

    @property
    def pairs(self) -> tuple[str, ...]:
        return tuple(self.prices)

    def last(self, pair: str) -> D | None:
        return None if pair in self.quiet else self.prices.get(pair)

    def book(self, pair: str) -> list[tuple[D, D, D, D]]:
        return self.books.get(pair, [])

    def listen(self, callback: Callable[[str, D, float, Candle], None]) -> None:
        self._listeners.append(callback)

    def delist(self, pair: str) -> None:
        del self.prices[pair]

    def move(self, pair: str, price: str) -> None:
        """A trade at this price, a second later."""
        self.at += 1
        self.quiet.discard(pair)
        self.prices[pair] = p = D(price)
        for callback in self._listeners:
            callback(pair, p, self.at, Candle(int(self.at), p, p, p, p, D(1)))


class Ear:
    """Keeps the frames that it is given."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.assets: list[dict[str, Any]] = []

    def order(self, frame: dict[str, Any]) -> None:
        self.orders.append(frame)

    def asset(self, frame: dict[str, Any]) -> None:
        self.assets.append(frame)


class Venue:
    """An exchange over a still market."""

    def __init__(
        self, books: AccountLedger, market: StillMarket, rules: Rules, switches: Assumptions
    ) -> None:
        self.books, self.market, self.ear = books, market, Ear()
        self.exchange = Exchange(books, market, self.ear, lambda: market.at, rules, switches)

    def place(self, side: str, kind: str, identifier: str = "", smp: str = "", **terms: str) -> str:
        """Place an order for KRW-BTC unless ``pair`` says otherwise; gives its uuid."""
        price, volume = terms.get("price"), terms.get("volume")
        order = Order(
            id="",
            trade="",
            pair=terms.get("pair", "KRW-BTC"),
            side=side,  # type: ignore[arg-type]
            ord_type=kind,  # type: ignore[arg-type]
            price=D(price) if price else None,
            volume=D(volume) if volume else None,
            time_in_force=terms.get("force", ""),
        )
        return self.exchange.place(OrderRequest(order, identifier, smp)).uuid

    def order(self, uuid: str) -> StoredOrder:
        return self.books.orders[uuid]

    def free(self, currency: str) -> D:
        return self.books.accounts[currency].balance

    def locked(self, currency: str) -> D:
        return self.books.accounts[currency].locked


@contextmanager
def venue(
    path: Path,
    market: StillMarket | None = None,
    rules: Rules = Rules(),
    switches: Assumptions = Assumptions(),
    **balances: str,
) -> Iterator[Venue]:
    """Open the books of a directory, and close them after."""
    wanted = {coin: D(amount) for coin, amount in (balances or {"KRW": "1000000"}).items()}
    books = AccountLedger.open(path, wanted, sync=False)
    try:
        yield Venue(books, market or StillMarket(BTC="100000000"), rules, switches)
    finally:
        books.close()
