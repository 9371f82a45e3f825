"""Owns the rules of a venue: which orders it refuses, what it locks for them, how they fill.

Pure and without books: the paper venue and a sandbox server keep theirs with it. Arithmetic,
states and error names are Upbit's: docs/reference/upbit.md 3.3 to 3.6 and 4.6; what is not
confirmed there (the order of the checks, some names) follows its 3.13.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from core.market.tick_size import on_grid, worse_buy, worse_sell
from core.money import floor_volume, quotient_down, quotient_up
from messages.config import Config
from messages.market import Candle
from messages.orders import Order
from messages.paper import Resting

ZERO = Decimal(0)
UNIT = Decimal("0.00000001")  # the least volume
Refusal = tuple[str, str]  # Upbit's name of the error, and its text


class Rules(Struct, frozen=True):
    """The numbers of a venue. Rates and the share are fractions, totals KRW."""

    fee_rate: Decimal = Decimal("0.0005")
    slippage_rate: Decimal = ZERO
    share: Decimal = Decimal(1)  # of an order, that each price fills
    min_total: Decimal = Decimal(5000)
    max_total: Decimal = Decimal(1_000_000_000)


class Fill(Struct, frozen=True):
    """What a price did to an order: executed now (coin, KRW, KRW), and the state after it."""

    volume: Decimal
    funds: Decimal
    fee: Decimal
    state: Literal["wait", "done", "cancel"]


UNTOUCHED = Fill(ZERO, ZERO, ZERO, "cancel")


def rules_of(config: Config) -> Rules:
    """The paper venue's numbers."""
    return Rules(
        fee_rate=config.fee_rate,
        slippage_rate=config.slippage_rate,
        share=config.paper.fill_share,
        min_total=config.min_order_krw,
    )


# --- what is refused
def refusal(
    order: Order, free_krw: Decimal, free_coin: Decimal, rules: Rules, day: date
) -> Refusal | None:
    """Why the venue does not take the order, or None. Twins are for the keeper of the books."""
    return (
        _misshapen(order)
        or _off_grid(order, day)
        or _out_of_bounds(order, rules)
        or _unfunded(order, free_krw, free_coin, rules)
    )


def _misshapen(order: Order) -> Refusal | None:
    """A combination of type, side, price, volume and time in force that does not exist."""
    side, kind, force = order.side, order.ord_type, order.time_in_force
    if force not in ("", "ioc", "fok", "post_only"):
        return "invalid_time_in_force", "주문조건을 다시 확인해 주세요."
    if force == "post_only" and kind != "limit":
        return "invalid_post_only", "post_only는 지정가 주문에만 사용할 수 있습니다."
    if kind != "limit" and (kind == "best") != bool(force):
        return "invalid_time_in_force", "주문조건을 다시 확인해 주세요."
    wants_price = kind in ("limit", "price") or (kind == "best" and side == "bid")
    wants_volume = kind in ("limit", "market") or (kind == "best" and side == "ask")
    wrong_side = (kind, side) in (("price", "ask"), ("market", "bid"))
    given = (order.price is not None, order.volume is not None)
    if wrong_side or given != (wants_price, wants_volume):
        return f"create_{side}_error", f"{kind}/{side}: 주문 요청 정보가 올바르지 않습니다."
    for figure in (order.price, order.volume):
        if figure is not None and not (figure.is_finite() and figure > 0):
            return "validation_error", "price or volume does not have a valid value"
    if not order.pair.startswith("KRW-"):
        return "notfoundmarket", f"다음 마켓에 없는 종목입니다: {order.pair}"
    return None


def _off_grid(order: Order, day: date) -> Refusal | None:
    """A limit price between two ticks, or a volume finer than 8 decimals."""
    if order.ord_type == "limit" and not on_grid(order.price or ZERO, day, order.pair):
        text = "주문가격 단위를 잘못 입력하셨습니다. 확인 후 시도해주세요."
        return f"invalid_price_{order.side}", text
    if order.volume is not None and floor_volume(order.volume) != order.volume:
        text = "주문수량 단위를 잘못 입력하셨습니다. 확인 후 시도해주세요."
        return f"invalid_volume_{order.side}", text
    return None


def _out_of_bounds(order: Order, rules: Rules) -> Refusal | None:
    """A total below the least or above the greatest; unknown for a market sale of unknown price."""
    total = (order.price or order.reference) * (order.volume or Decimal(1))
    if not total:
        return None
    if total < rules.min_total:
        return f"under_min_total_{order.side}", "최소주문금액 이상으로 주문해주세요"
    if total > rules.max_total:
        most = f"최대 주문 가능 금액 {rules.max_total:f} KRW 보다 작은 주문을 입력해 주세요."
        return f"over_krw_funds_{order.side}", most
    return None


def _unfunded(order: Order, krw: Decimal, coins: Decimal, rules: Rules) -> Refusal | None:
    """Less of the pocket is free than the order would lock."""
    if locked(order, rules.fee_rate) <= (krw if order.side == "bid" else coins):
        return None
    currency = "KRW" if order.side == "bid" else order.pair.removeprefix("KRW-")
    return f"insufficient_funds_{order.side}", f"주문 가능한 금액({currency})이 부족합니다."


def locked(order: Order, fee_rate: Decimal) -> Decimal:
    """What an accepted order sets aside: KRW with the fee on top for a bid, coin for an ask."""
    if order.side == "ask":
        return order.volume or ZERO
    return (order.price or ZERO) * (order.volume or Decimal(1)) * (1 + fee_rate)


# --- how it fills
def due(resting: Resting, candle: Candle, seconds: int, since: float = 0.0) -> bool:
    """Whether the candle is newer than the one the order was accepted in, and than its last.

    A price (``seconds`` 0) counts by its own moment, ``since``: a second may have many of them.
    """
    if not seconds:
        return since > max(resting.accepted_at, resting.filled_at)
    return resting.accepted_at < candle.time + seconds and resting.candle < candle.time


def fill(resting: Resting, candle: Candle, rules: Rules, day: date) -> Fill | None:
    """What a candle that is due does to a resting order; None leaves it as it is."""
    price = _price(resting, candle, rules, day)
    if price is None:
        return UNTOUCHED if _impatient(resting, candle) else None
    order = resting.order
    if order.volume is None:  # it spends a total; what buys no more 1e-8 of the coin is returned
        left = (order.price or ZERO) - resting.funds
        amount = _part(left, resting.funds, rules.share, price * UNIT)
        volume = quotient_down(amount, price)
        rest = left - volume * price
    else:
        left = order.volume - resting.volume
        amount = _part(left, resting.volume, rules.share, UNIT)
        volume = amount if amount == left else floor_volume(amount)
        if order.depth and volume > order.depth:  # no more was on offer when it was asked
            volume = floor_volume(order.depth)
        rest = left - volume
    over = amount == left or order.time_in_force in ("ioc", "fok")
    state: Literal["wait", "done", "cancel"] = "wait" if not over else "cancel" if rest else "done"
    funds = volume * price
    return Fill(volume, funds, funds * rules.fee_rate, state)


def _part(left: Decimal, done: Decimal, share: Decimal, least: Decimal) -> Decimal:
    """What one price takes of an order: its share of the whole, and the last one all that is left.

    A share below the least that can be traded would never end the order: then all goes at once. A
    part is cut to what can be traded, never rounded up to more than its share: what many parts
    were cut by may take a price more than there are shares.
    """
    part = (left + done) * share
    last = quotient_up(Decimal(1), share, 0) - 1
    # Cutting leaves what was done a little short of whole parts, hence up.
    return left if part < least or quotient_up(done, part, 0) >= last else part


def _price(resting: Resting, candle: Candle, rules: Rules, day: date) -> Decimal | None:
    """At what price the candle fills the order; None when it does not.

    "At once" (ioc, fok, post_only) means the first open after the order came.
    """
    order, bid = resting.order, resting.order.side == "bid"
    force, limit = order.time_in_force, order.price
    if force == "fok" and rules.share < 1:
        return None  # all or nothing, and all is never to be had
    if order.ord_type != "limit" or limit is None:
        worse = worse_buy if bid else worse_sell
        return worse(candle.open, rules.slippage_rate, day, order.pair)
    if order.ask:  # the last price may be a seller's: who buys at once pays what is asked
        price = max(candle.open, order.ask)
        return price if price <= limit else None
    crossed = candle.open <= limit if bid else candle.open >= limit
    reached = candle.low <= limit if bid else candle.high >= limit
    if force == "post_only":  # a maker's price is its own
        return None if _would_take(resting, candle) or not reached else limit
    if crossed:
        return candle.open
    return limit if reached and not force else None


def _would_take(resting: Resting, candle: Candle) -> bool:
    """Whether the first price that an order meets already crosses its limit."""
    limit = resting.order.price or ZERO
    first = candle.time <= resting.accepted_at
    open_ = candle.open
    return first and (open_ <= limit if resting.order.side == "bid" else open_ >= limit)


def _impatient(resting: Resting, candle: Candle) -> bool:
    """Whether an order that this candle did not fill ends with it, for it may not wait."""
    force = resting.order.time_in_force
    return force in ("ioc", "fok") or (force == "post_only" and _would_take(resting, candle))
