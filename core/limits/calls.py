"""Owns what kind of call each is: its rate group, how many of those there may be, who goes first.

Upbit's groups (docs/reference/upbit.md 5.1): market data counts by address, a group for each
kind; orders and everything else private count by account.
"""

from __future__ import annotations

from typing import Literal, assert_never

from messages.config import Exchange
from messages.orders import Call, CancelOrder, QueryOrder, SubmitOrder
from messages.venue_queries import (
    Fetch,
    FetchAccount,
    FetchBook,
    FetchCandles,
    FetchKey,
    FetchMarkets,
    FetchPast,
    FetchSnapshot,
    FetchTerms,
    FetchTicker,
    FetchWallets,
)

EXIT, CANCEL, ENTRY, LOOK_UP, CANDLES = range(5)  # who goes first
BAN_SECONDS = 60.0  # when the venue does not say how long (docs/reference/upbit.md 5.3)
BAN_LONGEST = 3600.0  # one whose length is not known
BAN_MARGIN = 1.0  # seconds after a ban's end, so that our clock is not the earlier one


def group_of(call: Call | Fetch) -> str:
    """The rate group, as ``Remaining-Req`` names it; DELETE /order belongs to the default one."""
    match call:
        case FetchCandles():
            return "candles"
        case FetchBook():
            return "orderbook"
        case FetchMarkets():
            return "market"
        case FetchAccount(step="prices") | FetchSnapshot(step="prices") | FetchTicker():
            return "ticker"
        case SubmitOrder():
            return "order"
        case QueryOrder() | CancelOrder() | FetchTerms() | FetchKey():
            return "default"
        case FetchAccount() | FetchPast():
            return "default"
        case FetchWallets() | FetchSnapshot():
            return "default"
        case _:
            assert_never(call)


def priority_of(call: Call | Fetch) -> int:
    """0 goes first."""
    match call:
        case SubmitOrder(order=order):
            return EXIT if order.purpose == "exit" else ENTRY
        case FetchBook():
            return ENTRY  # held back with the entry that waits for it
        case FetchPast():
            return EXIT  # no sale goes out before it
        case CancelOrder():
            return CANCEL
        case FetchTicker():
            return CANCEL  # a stop may wait for it
        case QueryOrder() | FetchAccount() | FetchTerms() | FetchMarkets() | FetchKey():
            return LOOK_UP
        case FetchWallets() | FetchSnapshot():
            return LOOK_UP
        case FetchCandles():
            return CANDLES
        case _:
            assert_never(call)


def edge_of(call: Call | Fetch) -> Literal["venue", "fetcher"]:
    """The edge that performs it: no order ever waits behind what is only read."""
    return "fetcher" if isinstance(call, Fetch) else "venue"


def limits_of(limits: Exchange, group: str) -> tuple[int, int | None]:
    """Calls a second and a minute of a group; None = a minute has no limit."""
    if group == "order":
        return limits.order_per_second, limits.order_per_minute
    if group == "default":
        return limits.default_per_second, limits.default_per_minute
    return limits.quotation_per_second, limits.quotation_per_minute


def good_until(call: Call | Fetch) -> float:
    """The moment after which it is not made any more (epoch seconds); 0 = for ever."""
    match call:
        case SubmitOrder(order=order):
            return order.good_until
        case FetchBook(good_until=until):
            return until
        case _:
            return 0.0


def same(waiting: Call | Fetch, call: Call | Fetch) -> bool:
    """Whether one answer serves both; of looks that take several steps one is under way."""
    if isinstance(waiting, FetchAccount | FetchPast | FetchTerms):
        return type(waiting) is type(call)
    if isinstance(waiting, FetchSnapshot):
        return isinstance(call, FetchSnapshot) and waiting.id == call.id
    return waiting == call
