"""What a look at the account must make of the venue's answers: each field, their order, their age.

The answers are drawn by a seed, and the report is compared with what was drawn.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from actors import account
from actors.account import AccountState
from adapters.upbit.fetches.dispatch import fetch
from adapters.upbit.fetches.request import RECENT_SECONDS, Requester
from messages.account import CompareCoins
from messages.orders import CallReport
from messages.venue_queries import AccountReport, Balance, ClosedOrder, FetchAccount, OpenOrder
from tests.support.scripted_server import PATIENCE, Scripted, client, http, say

WEEK = 7 * 86400.0
PAIR, ASKED = "KRW-A", 1_767_000_000.0


def looked_at(seed: int) -> None:
    """Raises AssertionError where the report tells anything else than the answers do."""
    random = Random(seed)
    first, second = ([_account(random, "KRW"), _account(random, "A")] for _ in range(2))
    resting = [_order(random, number, "wait") for number in range(3)]
    ended = sorted(
        (_order(random, number, random.choice(("done", "cancel"))) for number in range(3, 11)),
        key=lambda row: row["created_at"],
        reverse=True,
    )
    prices = [{"market": PAIR, **_ticker(random)}]
    look = [first, resting, prices, ended]
    soon = [resting, ended]  # balances and prices of a moment ago are not asked for again
    later = [second, resting, prices, ended]
    with Scripted(*[say(http(200, body)) for body in (*look, *soon, *later)]) as server:
        reading = Requester(client(server.url, PATIENCE))
        began = time.monotonic()
        report = _followed(reading, ASKED)
        _agrees(report, first, resting, ended, ASKED)
        assert report.prices == {PAIR: Decimal(str(prices[0]["trade_price"]))}, "the price"
        again = _followed(reading, ASKED + 1)
        assert time.monotonic() - began < RECENT_SECONDS, "this machine is too slow to tell"
        _agrees(again, first, resting, ended, ASKED)
        while time.monotonic() < began + 2 * RECENT_SECONDS:
            pass
        _agrees(_followed(reading, ASKED + 9), second, resting, ended, ASKED + 9)


def _followed(reading: Requester, asked: float) -> AccountReport:
    call: Any = FetchAccount(asked)
    while not isinstance(call, AccountReport):
        (call,) = [each for each in fetch(reading, call) if not isinstance(each, CallReport)]
    assert not call.failed, call.failed
    return call


def _agrees(
    report: AccountReport,
    accounts: list[dict[str, Any]],
    resting: Iterable[dict[str, Any]],
    ended: list[dict[str, Any]],
    asked: float,
) -> None:
    cash, coins = map(_pocket, accounts)
    assert report.cash == cash, f"cash: {report.cash} and not {cash}"
    assert report.coins == {PAIR: coins}, f"coins: {report.coins} and not {coins}"
    assert report.asked == asked, f"as of {report.asked} and not {asked}"
    assert report.closed_since == asked - WEEK, "since when the closed orders are listed"
    assert report.orders == tuple(map(_open, resting)), "the open orders"
    closed = tuple(_closed(row) for row in ended if Decimal(row["executed_volume"]))
    assert report.closed == closed, "the closed orders"
    (coins_told,) = [
        said
        for said in account.decide(AccountState(seconds=60, reconciled=True), report, asked + 1)
        if isinstance(said, CompareCoins)
    ]
    sales = tuple(order for order in closed if order.side == "ask" and order.funds)
    assert coins_told.sold == sales, "the newest sale explains first what is missing"


# --- what is drawn
def _figure(random: Random, most: int = 10**6) -> str:
    return f"{random.randrange(1, most)}.{random.randrange(1, 10**6):06d}"


def _account(random: Random, currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "balance": _figure(random),
        "locked": _figure(random),
        "avg_buy_price": _figure(random),
        "avg_buy_price_modified": random.random() < 0.5,
        "unit_currency": "KRW",
    }


def _order(random: Random, number: int, state: str) -> dict[str, Any]:
    created = datetime.fromtimestamp(ASKED - 3600 - random.randrange(80000), UTC)
    row = {
        "uuid": f"uuid-{number}",
        "market": PAIR,
        "side": random.choice(("ask", "ask", "bid")),
        "ord_type": "limit",
        "state": state,
        "created_at": created.isoformat(),
        "price": _figure(random),
        "volume": _figure(random),
        "remaining_volume": _figure(random),
        "executed_volume": random.choice((_figure(random), _figure(random), "0")),
        "executed_funds": _figure(random),
        "paid_fee": _figure(random, 100),
        "reserved_fee": _figure(random, 100),
        "remaining_fee": _figure(random, 100),
        "locked": _figure(random),
        "trades_count": 1,
    }
    return row | ({"identifier": f"name-{number}"} if random.random() < 0.3 else {})


def _ticker(random: Random) -> dict[str, Any]:
    names = ("trade_price", "opening_price", "high_price", "low_price", "acc_trade_price_24h")
    figures = {name: random.randrange(1, 10**6) for name in (*names, "acc_trade_volume_24h")}
    return figures | {"timestamp": 0, "trade_timestamp": 0}


# --- what has to be made of it
def _pocket(row: dict[str, Any]) -> Balance:
    figures = (Decimal(row[name]) for name in ("balance", "locked", "avg_buy_price"))
    return Balance(*figures, row["avg_buy_price_modified"])


def _open(row: dict[str, Any]) -> OpenOrder:
    figures = (Decimal(row[name]) for name in ("price", "remaining_volume", "executed_volume"))
    at = datetime.fromisoformat(row["created_at"]).timestamp()
    return OpenOrder(row["uuid"], PAIR, row["side"], row.get("identifier", ""), at, *figures)


def _closed(row: dict[str, Any]) -> ClosedOrder:
    figures = (Decimal(row[name]) for name in ("executed_volume", "executed_funds", "paid_fee"))
    at = datetime.fromisoformat(row["created_at"]).timestamp()
    return ClosedOrder(row["uuid"], PAIR, row["side"], row.get("identifier", ""), *figures, at)
