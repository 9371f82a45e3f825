"""Owns which rate group a call belongs to, and how many a second each group has: as data.

docs/reference/upbit.md 5.1, with the names that the ``Remaining-Req`` header uses. Groups of
market data count by address, the others by account ("pocket").
"""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct


class Group(Struct, frozen=True):
    """``per_second`` calls, counted together for whatever is in the group."""

    name: str
    per_second: Fraction
    public: bool


MARKET = Group("market", Fraction(10), True)
CANDLES = Group("candles", Fraction(10), True)
TRADES = Group("crix-trades", Fraction(10), True)
TICKER = Group("ticker", Fraction(10), True)
ORDERBOOK = Group("orderbook", Fraction(10), True)
DEFAULT = Group("default", Fraction(30), False)
ORDER = Group("order", Fraction(12), False)
ORDER_TEST = Group("order-test", Fraction(8), False)
CANCEL_ALL = Group("order-cancel-all", Fraction(1, 2), False)
GROUPS = (MARKET, CANDLES, TRADES, TICKER, ORDERBOOK, DEFAULT, ORDER, ORDER_TEST, CANCEL_ALL)

CONNECTS_PER_SECOND = 5  # handshakes of sockets
MESSAGES_PER_SECOND, MESSAGES_PER_MINUTE = 5, 100  # that we send on one socket

_ONE = {
    ("GET", "/v1/market/all"): MARKET,
    ("GET", "/v1/trades/ticks"): TRADES,
    ("GET", "/v1/ticker"): TICKER,
    ("GET", "/v1/ticker/all"): TICKER,
    ("GET", "/v1/orderbook"): ORDERBOOK,
    ("GET", "/v1/orderbook/instruments"): ORDERBOOK,
    ("GET", "/v1/orderbook/supported_levels"): ORDERBOOK,
    ("POST", "/v1/orders"): ORDER,
    ("POST", "/v1/orders/cancel_and_new"): ORDER,
    ("POST", "/v1/orders/test"): ORDER_TEST,
    ("DELETE", "/v1/orders/open"): CANCEL_ALL,
}


def group_of(method: str, path: str) -> Group:
    """The group of a call; every private one that is not listed is in ``default``."""
    if path.startswith("/v1/candles/"):
        return CANDLES
    return _ONE.get((method, path), DEFAULT)
