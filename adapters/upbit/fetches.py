"""Owns how past candles and the account are asked for at Upbit, and what is reported of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from adapters.upbit.answers import Failure
from adapters.upbit.client import Client, candle_path
from adapters.upbit.groups import group_of
from adapters.upbit.outcomes import call_report
from adapters.upbit.replies import NoData, Refused, Reply, Trouble
from adapters.upbit.shapes.accounts import Account, Order
from adapters.upbit.shapes.quotes import market_candle
from core.money import quotient
from messages.fetching import (
    AccountReport,
    CandlesReport,
    Fetch,
    FetchAccount,
    FetchCandles,
    OpenOrder,
    Pocket,
)
from messages.orders import CallReport

PAGE = 100  # open orders in one answer (3.9)
PAGES_MAX = 20
DAY = 86400.0


def fetch(client: Client, call: Fetch) -> tuple[CandlesReport | AccountReport, CallReport]:
    """One fetch, whatever comes of it."""
    match call:
        case FetchCandles():
            return _candles(client, call)
        case FetchAccount():
            return _account(client, call.asked)
        case _:
            assert_never(call)


def _candles(client: Client, call: FetchCandles) -> tuple[CandlesReport, CallReport]:
    """A candle that is still forming at ``until`` is left out: it is no history yet."""
    to = int(call.until) if call.until else None
    reply = client.candles(call.pair, call.seconds, to, call.count)
    went = call_report(group_of("GET", candle_path(call.seconds)), reply)
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        failed = reason_of(value)
        return CandlesReport(call.pair, call.seconds, failed=failed, until=call.until), went
    candles = [market_candle(candle) for candle in reversed(value)]
    closed = [c for c in candles if c.time + call.seconds <= to] if to else candles[:-1]
    return CandlesReport(call.pair, call.seconds, tuple(closed), until=call.until), went


def _account(client: Client, asked: float) -> tuple[AccountReport, CallReport]:
    """Balances, then every page of what is open: all of it, or nothing is known."""
    balances = client.accounts()
    went = call_report(group_of("GET", "/v1/accounts"), balances)
    value = balances.value
    if isinstance(value, NoData | Refused | Failure):
        return AccountReport(failed=reason_of(value), asked=asked), went
    orders: list[OpenOrder] = []
    for page in range(1, PAGES_MAX + 1):
        found: Reply[tuple[Order, ...]] = client.open_orders(page)
        listed = found.value
        if isinstance(listed, NoData | Refused | Failure):
            went = call_report(group_of("GET", "/v1/orders/open"), found)
            return AccountReport(failed=reason_of(listed), asked=asked), went
        orders += [OpenOrder(o.uuid, o.market, o.side, o.identifier or "") for o in listed]
        if len(listed) < PAGE:
            break
    coins = {f"KRW-{a.currency}": _pocket(a) for a in value if a.currency != "KRW"}
    cash = next((_pocket(a) for a in value if a.currency == "KRW"), Pocket())
    prices, sales = _prices(client, coins), _sales(client, asked)
    return AccountReport(cash, coins, tuple(orders), "", prices, sales, asked), went


def _prices(client: Client, coins: Mapping[str, Pocket]) -> dict[str, Decimal]:
    """The newest trade of each coin there is; nothing where they cannot be had."""
    value = client.tickers().value if coins else ()
    if isinstance(value, NoData | Refused | Failure):
        return {}
    return {ticker.market: ticker.trade_price for ticker in value if ticker.market in coins}


def _sales(client: Client, asked: float) -> dict[str, Decimal]:
    """What each coin was last sold for by hand in the day before: orders without an identifier.

    Of every market: a coin that was sold whole is not in the account any more.
    """
    value = client.closed_orders(asked - DAY, asked).value if asked else ()
    if isinstance(value, NoData | Refused | Failure):
        return {}
    sales: dict[str, Decimal] = {}
    for order in reversed(value):  # oldest first, so that the newest stays
        funds, volume = order.executed_funds, order.executed_volume
        by_hand = order.side == "ask" and not order.identifier
        if by_hand and funds and volume:
            sales[order.market] = quotient(funds, volume)
    return sales


def _pocket(account: Account) -> Pocket:
    known = account.unit_currency == "KRW" and account.avg_buy_price > 0
    average = account.avg_buy_price if known else Decimal(0)
    modified = account.avg_buy_price_modified or not known
    return Pocket(account.balance, account.locked, average, modified)


def reason_of(trouble: Trouble) -> str:
    """Why there is nothing: Upbit's name of the error, or what went wrong on the way."""
    if isinstance(trouble, Refused):
        return trouble.name or f"status {trouble.status}"
    return trouble.reason
