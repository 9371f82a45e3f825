"""Owns how the account is looked at, a request at a time: balances, open orders, prices, sales.

All of it, or nothing is known; only prices and sales may be missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from msgspec import structs

from adapters.upbit.answers import Failure
from adapters.upbit.client import CLOSED_SECONDS
from adapters.upbit.fetches.request import Requester, again, reason_of
from adapters.upbit.replies import NoData, Refused, Trouble
from adapters.upbit.schemas.accounts import Account, Order
from messages.base import After, Message
from messages.venue_queries import (
    AccountReport,
    Balance,
    ClosedOrder,
    FetchAccount,
    OpenOrder,
    Step,
)

PAGE = 100  # open orders in one answer (3.9)
PAGES_MAX = 20
EVERY = "*"  # a row does not say what it is about: it may be about anything
Came = tuple[Message | After, ...]


def looked(reading: Requester, call: FetchAccount) -> Came:
    """One step, whatever comes of it."""
    match call.step:
        case "balances":
            return _balances(reading, call)
        case "orders":
            return _orders(reading, call)
        case "prices":
            return _prices(reading, call)
        case "sales":
            return _sales(reading, call)
        case _:
            assert_never(call.step)


def _balances(reading: Requester, call: FetchAccount) -> Came:
    """What was asked for a moment ago counts as of then: what has moved since was not seen."""
    kept: tuple[float, AccountReport] | None = reading.recent("balances")
    if kept is not None:
        return (_next(structs.replace(call, asked=kept[0]), "orders", kept[1]),)
    reply, went = reading.ask("/v1/accounts", reading.client.accounts)
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _failed(call, value), went
    coins = {f"KRW-{a.currency}": _pocket(a) for a in value if a.currency != "KRW"}
    cash = next((_pocket(a) for a in value if a.currency == "KRW"), Balance())
    unread = unread_of(value, reply.odd)
    known = {pair: pocket for pair, pocket in coins.items() if pair not in unread}
    found = AccountReport(cash, known, asked=call.asked, unread=unread)
    reading.keep("balances", (call.asked, found))
    return _next(call, "orders", found), went


def lost_of(accounts: Iterable[Account], odd: Iterable[str]) -> set[str]:
    """Currencies of rows that cannot be read, and those that two rows tell of."""
    names = [account.currency for account in accounts]
    return {*odd, *(name for name in names if names.count(name) > 1)}


def unread_of(accounts: Iterable[Account], odd: Iterable[str]) -> tuple[str, ...]:
    """The pairs that nothing is known of; "KRW" is the cash, and "*" may be any."""
    lost = lost_of(accounts, odd)
    pairs = {name: f"KRW-{name}" for name in lost} | {"KRW": "KRW", "": EVERY}
    return tuple(sorted(pairs[name] for name in lost))


def _unread(found: AccountReport, odd: Iterable[str]) -> tuple[str, ...]:
    """The pairs of which a list of orders may hold one more than it shows."""
    return tuple(sorted({*found.unread_orders, *(name or EVERY for name in odd)}))


def _next(call: FetchAccount, step: Step, found: AccountReport, page: int = 1) -> FetchAccount:
    return structs.replace(call, step=step, page=page, tries=0, found=found)


def _pocket(account: Account) -> Balance:
    known = account.unit_currency == "KRW" and account.avg_buy_price > 0
    average = account.avg_buy_price if known else Decimal(0)
    modified = account.avg_buy_price_modified or not known
    return Balance(account.balance, account.locked, average, modified)


def _orders(reading: Requester, call: FetchAccount) -> Came:
    reply, went = reading.ask("/v1/orders/open", lambda: reading.client.open_orders(call.page))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _failed(call, value), went
    found = structs.replace(
        call.found,
        orders=call.found.orders + _listed(value),
        unread_orders=_unread(call.found, reply.odd),
    )
    is_full = len(value) + len(reply.odd) == PAGE
    if is_full and call.page == PAGES_MAX:
        return AccountReport(failed="too_many_open_orders", asked=call.asked), went
    if is_full:
        return _next(call, "orders", found, call.page + 1), went
    return _next(call, "prices" if found.coins else "sales", found), went


def _listed(orders: Iterable[Order]) -> tuple[OpenOrder, ...]:
    return tuple(_open(order) for order in orders)


def _open(order: Order) -> OpenOrder:
    return OpenOrder(
        order.uuid,
        order.market,
        order.side,
        order.identifier or "",
        order.created_at.timestamp(),
        order.price or Decimal(0),
        order.remaining_volume or Decimal(0),
        order.executed_volume,
    )


def _prices(reading: Requester, call: FetchAccount) -> Came:
    """The newest trade of each coin there is; nothing where they cannot be had."""
    kept: dict[str, Decimal] | None = reading.recent("prices")
    if kept is not None:
        return (_with_prices(call, kept),)
    reply, went = reading.ask("/v1/ticker/all", reading.client.tickers)
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _later(call, value) or _with_prices(call, {}), went
    prices = {one.market: one.trade_price for one in value if one.trade_price > 0}
    reading.keep("prices", prices)
    return _with_prices(call, prices), went


def _with_prices(call: FetchAccount, prices: dict[str, Decimal]) -> FetchAccount:
    known = {pair: price for pair, price in prices.items() if pair in call.found.coins}
    return _next(call, "sales", structs.replace(call.found, prices=known))


def _sales(reading: Requester, call: FetchAccount) -> Came:
    """The last step. Of every market: a coin that was sold whole is in the account no more."""
    if not call.asked:
        return (call.found,)
    since = call.asked - CLOSED_SECONDS
    client = reading.client
    reply, went = reading.ask("/v1/orders/closed", lambda: client.closed_orders(since, call.asked))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _later(call, value) or call.found, went
    ended = _listed(order for order in value if order.identifier in call.doubt)
    closed = tuple(_closed(order) for order in value if order.executed_volume)
    report = structs.replace(call.found, ended=ended)
    unfilled = _listed(o for o in value if o.identifier and not o.executed_volume)
    report = structs.replace(
        report, unfilled=unfilled, unread_orders=_unread(call.found, reply.odd)
    )
    return structs.replace(report, closed=closed, closed_since=since), went


def _closed(order: Order) -> ClosedOrder:
    return ClosedOrder(
        order.uuid,
        order.market,
        order.side,
        order.identifier or "",
        order.executed_volume,
        order.executed_funds or Decimal(0),
        order.paid_fee,
        order.created_at.timestamp(),
    )


def _failed(call: FetchAccount, trouble: Trouble) -> Message | After:
    return _later(call, trouble) or AccountReport(failed=reason_of(trouble), asked=call.asked)


def _later(call: FetchAccount, trouble: Trouble) -> After | None:
    """The same step again after a while, if it may still help."""
    wait = again(trouble, call.tries)
    return (
        None
        if wait is None
        else After(wait, structs.replace(call, tries=call.tries + 1), real=True)
    )
