"""The whole account for the record: every balance, then the newest price of each coin.

Balances are asked for anew, whatever was read a moment ago: the moment is what a snapshot is of.
Prices that cannot be had leave the balances as they are, which cannot be had again. Rows that
cannot be read are left out by name.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from adapters.upbit.answers import Failure
from adapters.upbit.fetches.account import EVERY, Came, lost_of
from adapters.upbit.fetches.request import Requester, again, reason_of
from adapters.upbit.replies import NoData, Refused, Trouble
from adapters.upbit.schemas.accounts import Account
from messages.base import After
from messages.venue_queries import FetchSnapshot, HeldCurrency, SnapshotReport


def snapshot(reading: Requester, call: FetchSnapshot) -> Came:
    """One step, whatever comes of it."""
    return _balances(reading, call) if call.step == "balances" else _prices(reading, call)


def _balances(reading: Requester, call: FetchSnapshot) -> Came:
    asked = reading.now()
    reply, went = reading.ask("/v1/accounts", reading.client.accounts)
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        failed = SnapshotReport(call.id, asked, skew=reading.skew(), failed=reason_of(value))
        return _later(call, value) or failed, went
    lost = lost_of(value, reply.odd)
    held = tuple(_held(account) for account in value if account.currency not in lost)
    unread = tuple(sorted(name or EVERY for name in lost))
    found = structs.replace(call, asked=asked, found=held, unread=unread, tries=0, step="prices")
    return found, went


def _held(account: Account) -> HeldCurrency:
    return HeldCurrency(
        account.currency,
        account.balance,
        account.locked,
        account.avg_buy_price,
        account.avg_buy_price_modified,
        account.unit_currency,
    )


def _prices(reading: Requester, call: FetchSnapshot) -> Came:
    """A coin without a market in KRW has no price, and none of 0 is one."""
    reply, went = reading.ask("/v1/ticker/all", reading.client.tickers)
    value, skew = reply.value, reading.skew()
    if isinstance(value, NoData | Refused | Failure):
        why, lost = reason_of(value), call.unread
        found = SnapshotReport(call.id, call.asked, call.found, why, skew, unread=lost)
        return _later(call, value) or found, went
    told = {t.market: (t.trade_price, t.trade_timestamp / 1000) for t in value if t.trade_price > 0}
    held = tuple(_priced(one, told.get(f"KRW-{one.currency}")) for one in call.found)
    return SnapshotReport(call.id, call.asked, held, skew=skew, unread=call.unread), went


def _priced(one: HeldCurrency, told: tuple[Decimal, float] | None) -> HeldCurrency:
    return structs.replace(one, price=told[0], price_at=told[1]) if told else one


def _later(call: FetchSnapshot, trouble: Trouble) -> After | None:
    """The same step again after a while, if it may still help."""
    wait = again(trouble, call.tries)
    return (
        None
        if wait is None
        else After(wait, structs.replace(call, tries=call.tries + 1), real=True)
    )
