"""Owns the caps that an order meets last, when money is at stake.

On entries: listed pairs, KRW an order, KRW a day, entries a minute; one above a cap is cut to it.
A day counts what was spent in it and what is still open: of an entry that was open when the day
began, what is open yet and what it spends from then on. What ended unfilled is given back.
An exit is only ever cut to what is free in the account, since the rest would be refused anyhow.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct, structs

from core.limits.windows import capped
from core.market.pairs import names
from core.market.tick_size import korean_day, price_down
from core.money import floor_volume, quotient_down
from core.trading.position_size import least_entry
from core.trading.protections import day_end
from messages.account import PocketTaken
from messages.config import Config
from messages.orders import Order

ZERO = Decimal(0)
MINUTE, DAY = 60.0, 86400.0
FOREVER = 1e18
ROOM = Decimal("1.2")  # above the venue's minimum: a cut exit must not be refused for its worth
KRW_PAIRS = "KRW-"


class RiskLimits(Struct, frozen=True):
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


class RiskUsage(Struct, frozen=True):
    """What counts towards the caps: KRW of the day that ends then, and when of late.

    KRW are those spent; of entries that an older bot intended, those intended.
    """

    ends: float = 0.0
    krw: Decimal = ZERO
    moments: tuple[float, ...] = ()


def risk_limits_of(config: Config) -> RiskLimits | None:
    """The caps of a configuration; none on paper."""
    if config.dry_run:
        return None
    listed, caps = config.pair_whitelist, config.exchange
    return RiskLimits(
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


def within_limits(
    order: Order, guards: RiskLimits, spent: RiskUsage, at: float, pending: Decimal = ZERO
) -> tuple[Order, str]:
    """The entry as it may go out, and "", or the reason why it may not.

    ``pending``: KRW that are still open of entries under way.
    """
    listed = guards.pairs is None or names(guards.pairs, order.pair)
    if not listed or not order.pair.startswith(KRW_PAIRS):
        return order, "not_listed"
    if names(guards.blacklist, order.pair):
        return order, "blacklisted"
    recent = [moment for moment in spent.moments if moment > at - MINUTE]
    if guards.per_minute is not None and len(recent) >= guards.per_minute:
        return order, "max_orders_per_minute"
    krw, cap = cap_on(order, guards, spent, at, pending)
    if krw < min(guards.least_entry, worth(order)):
        return order, cap
    return _banded(_cut(order, krw) if cap else order, guards, at), ""


def cap_on(
    order: Order, guards: RiskLimits, spent: RiskUsage, at: float, pending: Decimal = ZERO
) -> tuple[Decimal, str]:
    """KRW that an entry may be for, and the cap that makes it smaller than wanted, if one does."""
    wanted, left = worth(order), room_today(guards, spent, pending, at)
    krw = min([wanted, *(cap for cap in (guards.max_order, left) if cap is not None)])
    if krw == wanted:
        return krw, ""
    return krw, "max_daily_krw" if krw == left else "max_order_krw"


def room_today(guards: RiskLimits, spent: RiskUsage, pending: Decimal, at: float) -> Decimal | None:
    """KRW that the day still allows; None where there is no such cap."""
    today = spent.krw if at < spent.ends else ZERO
    return None if guards.max_daily is None else max(guards.max_daily - today - pending, ZERO)


def refused_until(reason: str, guards: RiskLimits, spent: RiskUsage, at: float) -> float:
    """Up to which moment this cap refuses every entry, if nothing is given back; 0 = no cap."""
    match reason:
        case "max_daily_krw":
            return spent.ends if at < spent.ends else day_end(at, guards.day_starts_at)
        case "max_orders_per_minute":
            assert guards.per_minute is not None
            return sorted(spent.moments)[-guards.per_minute] + MINUTE
        case "max_order_krw":
            return FOREVER
        case _:
            return 0.0


def _banded(order: Order, guards: RiskLimits, at: float) -> Order:
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


def counted(spent: RiskUsage, order: Order, at: float, guards: RiskLimits) -> RiskUsage:
    """What counts once this entry is intended."""
    began = entered(spent, at, guards)
    return structs.replace(began, krw=began.krw + worth(order))


def entered(spent: RiskUsage, at: float, guards: RiskLimits) -> RiskUsage:
    """What counts once an entry goes out that counts by what it spends and what is open of it."""
    recent = tuple(moment for moment in spent.moments if moment > at - MINUTE)
    known = spent.krw if at < spent.ends else ZERO
    ends = spent.ends if at < spent.ends else day_end(at, guards.day_starts_at)
    return RiskUsage(ends, known, (*recent, at))


def paid(spent: RiskUsage, krw: Decimal, moment: float, guards: RiskLimits) -> RiskUsage:
    """What counts after a fill of that moment (0 = not known); it counts in its own day."""
    if moment >= spent.ends:
        return RiskUsage(day_end(moment, guards.day_starts_at), krw, spent.moments)
    if moment and moment < spent.ends - DAY:
        return spent
    return structs.replace(spent, krw=spent.krw + krw)


def given_back(spent: RiskUsage, at: float) -> RiskUsage:
    """The entry of that moment ended without a fill: it is none of the minute's."""
    moments = list(spent.moments)
    if at in moments:
        moments.remove(at)
    return structs.replace(spent, moments=tuple(moments))


def capped_at(spent: RiskUsage, at: float, guards: RiskLimits | None) -> RiskUsage:
    """On a clock that was set back: what was spent in the future was spent now, and today.

    So no cap stays reached for longer than its own minute or day.
    """
    if guards is None or not spent.ends:
        return spent
    ends = min(spent.ends, day_end(at, guards.day_starts_at)) if at < spent.ends else spent.ends
    return structs.replace(spent, ends=ends, moments=capped(spent.moments, at))


def sellable(order: Order, guards: RiskLimits, pocket: PocketTaken) -> tuple[Order, str]:
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
