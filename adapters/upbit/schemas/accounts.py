"""Owns the shapes of replies about the account: balances, orders, what may be ordered, keys.

docs/reference/upbit.md 3. Figures come as texts and are kept exactly; a volume is in the coin, the
rest in the quote currency (KRW). What Upbit leaves out when it is null is None here.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct

from adapters.upbit.schemas.figures import Amount, Count, decoder, rows
from adapters.upbit.secrets import Secret

Moment = Annotated[datetime, Meta(tz=True)]
# Names go to screens and logs, so they hold nothing that acts there.
Id = Annotated[str, Meta(pattern=r"\A[!-~]{1,64}\Z")]
Currency = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._]{1,24}\Z")]
Market = Annotated[str, Meta(pattern=r"\A[A-Z0-9]{1,16}-[A-Za-z0-9._]{1,24}\Z")]


class Account(Struct, frozen=True):
    """One currency; ``balance`` is what is free, without ``locked``."""

    currency: Currency
    balance: Amount
    locked: Amount
    avg_buy_price: Amount
    avg_buy_price_modified: bool
    unit_currency: str


class Bound(Struct, frozen=True):
    """The least order of one side."""

    currency: Currency
    min_total: Amount


class ChanceMarket(Struct, frozen=True):
    """What a market takes. ``state`` is "active" when it trades."""

    id: Market
    name: str
    order_sides: tuple[str, ...]
    bid: Bound
    ask: Bound
    max_total: Amount
    state: str
    bid_types: tuple[str, ...] = ()
    ask_types: tuple[str, ...] = ()


class Chance(Struct, frozen=True):
    """What may be ordered in a market, at which fee (a share of the funds)."""

    bid_fee: Amount
    ask_fee: Amount
    market: ChanceMarket
    bid_account: Account
    ask_account: Account
    maker_bid_fee: Amount | None = None
    maker_ask_fee: Amount | None = None


class Trade(Struct, frozen=True):
    """One fill of an order."""

    market: Market
    uuid: Id
    price: Amount
    volume: Amount
    funds: Amount
    created_at: Moment
    side: str
    trend: str | None = None


class Order(Struct, frozen=True):
    """An order as it stands. ``trades`` is None where the reply has none at all (lists, POST)."""

    uuid: Id
    market: Market
    side: Literal["bid", "ask"]
    ord_type: Literal["limit", "price", "market", "best"]
    state: Literal["wait", "watch", "done", "cancel"]
    created_at: Moment
    executed_volume: Amount
    paid_fee: Amount
    reserved_fee: Amount | None = None
    remaining_fee: Amount | None = None
    locked: Amount | None = None
    trades_count: Count = 0
    price: Amount | None = None
    volume: Amount | None = None
    remaining_volume: Amount | None = None
    executed_funds: Amount | None = None
    prevented_volume: Amount | None = None
    prevented_locked: Amount | None = None
    time_in_force: str | None = None
    identifier: Annotated[str, Meta(pattern=r"\A[ -~]{0,128}\Z")] | None = None
    smp_type: str | None = None
    trades: tuple[Trade, ...] | None = None


class Named(Struct, frozen=True):
    """An order of which only the name matters, each member as it came: what else it says is not
    looked at. ``identifier`` is UNSET where the order has none: Upbit leaves it out (3.4)."""

    uuid: Any = None
    identifier: Any = UNSET
    market: Any = None
    side: Any = None
    created_at: Any = None


def legible(kind: Any, value: Any) -> Any:
    """The value as one of this kind; None when it is none."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


class ApiKey(Struct, frozen=True):
    """One of the account's keys, and when its year is over."""

    access_key: Secret
    expire_at: Moment


class Wallet(Struct, frozen=True):
    """Whether a currency's deposits and withdrawals work."""

    currency: Currency
    wallet_state: str
    block_state: str | None = None
    block_height: Count | None = None
    block_updated_at: Moment | None = None
    block_elapsed_minutes: Count | None = None
    net_type: str | None = None
    network_name: str | None = None


class Withdrawal(Struct, frozen=True):
    """Seen only by a key that may see too much."""

    uuid: str = ""


ACCOUNTS = rows(Account)
CHANCE = decoder(Chance)
ORDER = decoder(Order)
ORDERS = rows(Order, bare=True)  # what none can be read of is unread, and no silence
NAMED = decoder(Named)
NAMES = rows(Named, bare=True)
API_KEYS = rows(ApiKey)
WALLETS = rows(Wallet)
WALLET_ROWS = decoder(tuple[Any, ...])  # one that cannot be read must not cost the others
WITHDRAWALS = rows(Withdrawal)


def executed(order: Order) -> tuple[Decimal, Decimal] | None:
    """Volume and funds executed so far; None while what is told of them does not agree.

    An order may end before its fills can be seen: only when they sum up to the executed volume,
    or Upbit tells the sum of funds itself, is the figure one to book.
    """
    volume = order.executed_volume
    trades = order.trades or ()
    if sum((trade.volume for trade in trades), Decimal(0)) == volume:
        return volume, sum((trade.funds for trade in trades), Decimal(0))
    if order.executed_funds is not None and (order.executed_funds > 0) == (volume > 0):
        return volume, order.executed_funds
    return None
