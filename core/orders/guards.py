"""Owns the caps that an order meets last, when money is at stake.

On entries: listed pairs, KRW an order, KRW a day, entries a minute; one above a cap is cut to it.
An exit is only ever cut to what is free in the account, since the rest would be refused anyhow.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct, structs

from core.market.pairs import names
from core.market.ticks import korean_day, price_down
from core.money import floor_volume, quotient_down
from core.trading.protections import day_end
from core.trading.sizing import least_entry
from messages.account import PocketTaken
from messages.config import Config
from messages.orders import Order

ZERO = Decimal(0)
MINUTE = 60.0
ROOM = Decimal("1.2")  # above the venue's minimum: a cut exit must not be refused for its worth
KRW_PAIRS = "KRW-"


class Guards(Struct, frozen=True):
    """The caps in force; None = no such cap. KRW, and a trading day's start in KST."""

    pairs: tuple[str, ...] | None
    max_order: Decimal | None
    max_daily: Decimal | None
    per_minute: int | None
    least_entry: Decimal
    least_exit: Decimal
    day_starts_at: str
    slippage: Decimal = Decimal(1)  # a share of the price at which an entry was decided
    blacklist: tuple[str, ...] = ()


class Spent(Struct, frozen=True):
    """What counts towards the caps: KRW intended until the day ends, and when of late."""

    ends: float = 0.0
    krw: Decimal = ZERO
    moments: tuple[float, ...] = ()


def guards_of(config: Config) -> Guards | None:
    """The caps of a configuration; none on paper."""
    if config.dry_run:
        return None
    listed, caps = config.pair_whitelist, config.exchange
    return Guards(
        listed if isinstance(listed, tuple) else None,
        caps.max_order_krw,
        caps.max_daily_krw,
        caps.max_orders_per_minute,
        least_entry(config.min_order_krw, config.stoploss),
        config.min_order_krw * ROOM,
        config.day_starts_at,
        caps.max_slippage,
        config.pair_blacklist,
    )


def guarded(order: Order, guards: Guards, spent: Spent, at: float) -> tuple[Order, str]:
    """The entry as it may go out, and "", or the reason why it may not."""
    listed = guards.pairs is None or names(guards.pairs, order.pair)
    if not listed or not order.pair.startswith(KRW_PAIRS):
        return order, "not_listed"
    if names(guards.blacklist, order.pair):
        return order, "blacklisted"
    recent = [moment for moment in spent.moments if moment > at - MINUTE]
    if guards.per_minute is not None and len(recent) >= guards.per_minute:
        return order, "max_orders_per_minute"
    wanted = worth(order)
    today = spent.krw if at < spent.ends else ZERO
    left = None if guards.max_daily is None else max(guards.max_daily - today, ZERO)
    caps = [cap for cap in (guards.max_order, left) if cap is not None]
    krw = min([wanted, *caps])
    if krw < min(guards.least_entry, wanted):
        return order, "max_daily_krw" if krw == left else "max_order_krw"
    return _banded(order if krw == wanted else _cut(order, krw), guards, at), ""


def _banded(order: Order, guards: Guards, at: float) -> Order:
    """A market entry as limit + ioc: what the book has within the band is taken, and no more.

    On coarse ticks a market order may cost more than its fee. One without a price of reference
    has no band, and gets no further than to core/orders/intents.py.
    """
    if order.ord_type != "price" or not order.reference or order.price is None:
        return order
    most = order.reference * (1 + guards.slippage)
    limit = price_down(most, korean_day(at), order.pair)
    volume = quotient_down(order.price, limit)
    return structs.replace(order, ord_type="limit", time_in_force="ioc", price=limit, volume=volume)


def worth(order: Order) -> Decimal:
    """KRW of an entry, without the fee."""
    assert order.price is not None
    return order.price if order.volume is None else order.price * order.volume


def _cut(order: Order, krw: Decimal) -> Order:
    if order.volume is None:
        return structs.replace(order, price=krw)
    assert order.price is not None
    return structs.replace(order, volume=quotient_down(krw, order.price))


def counted(spent: Spent, order: Order, at: float, guards: Guards) -> Spent:
    """What counts once this entry is intended."""
    recent = tuple(moment for moment in spent.moments if moment > at - MINUTE)
    known = spent.krw if at < spent.ends else ZERO
    ends = spent.ends if at < spent.ends else day_end(at, guards.day_starts_at)
    return Spent(ends, known + worth(order), (*recent, at))


def sellable(order: Order, guards: Guards, pocket: PocketTaken) -> tuple[Order, str]:
    """The exit as it may go out: never more than is free; "" or why nothing may.

    A cut exit that could be refused for its worth would look like dust: it waits instead.
    """
    assert order.volume is not None
    if order.volume <= pocket.free:
        return order, ""
    price = order.reference or pocket.price
    free = floor_volume(pocket.free)
    if free * price < guards.least_exit:
        return order, "coins_not_free"
    return structs.replace(order, volume=free), ""
