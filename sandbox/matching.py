"""Owns what happens when an order meets prices: it takes from the book, or rests until touched.

The rules are those of the paper venue (core/venue/matching.py) and of a book
(core/venue/levels.py), and Upbit's self-match prevention: docs/reference/upbit.md 3.7, where the
taker's mode governs.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import structs

from core.market.tick_size import korean_day
from core.venue.levels import Level, offered, portion, suffices
from core.venue.matching import Rules, fill
from messages.market import Candle
from sandbox.fills import LedgerTurn, end, execute, prevent
from sandbox.records import StoredOrder


def meet(turn: LedgerTurn, order: StoredOrder, levels: Sequence[Level]) -> StoredOrder:
    """A new order takes what the other side offers it, our own resting orders included."""
    terms, mode = order.order, order.smp_type or "none"
    rivals, levels = _rivals(turn, order), offered(order.order, levels)
    merged = sorted([*levels, *map(_level, rivals)], key=_price, reverse=not order.bid)
    if terms.time_in_force == "post_only":
        return end(turn, order, "cancel") if offered(terms, merged) else _rest(turn, order)
    reachable = offered(terms, merged) if mode == "none" else levels
    if terms.time_in_force == "fok" and not suffices(terms, order.left, reachable):
        return end(turn, order, "cancel")
    for rival in rivals:
        better = _before(levels, rival)
        order = _take(turn, order, better)
        levels = levels[len(better) :]
        if offered(terms, [_level(rival)]):
            order = _meet_own(turn, order, rival, mode)
        if not order.alive:
            return order
    return _settle(turn, _take(turn, order, levels))


def _take(turn: LedgerTurn, order: StoredOrder, levels: Sequence[Level]) -> StoredOrder:
    """Fills at each level, best first, until the order's limit, its end, or the book's."""
    for level in offered(order.order, levels):
        volume = portion(order.order, order.left, level)
        if not volume:
            break
        order = execute(turn, order, level[0], volume, maker=False)
    return order


def _settle(turn: LedgerTurn, order: StoredOrder) -> StoredOrder:
    """What becomes of an order that has taken all it could."""
    if not order.left:
        return end(turn, order, "done")
    if order.order.ord_type == "limit" and not order.order.time_in_force:
        return _rest(turn, order)
    return end(turn, order, "cancel")


def _rest(turn: LedgerTurn, order: StoredOrder) -> StoredOrder:
    """From now on it is a maker's."""
    rested = structs.replace(order, met=True)
    turn.draft.keep(rested)
    return rested


# --- our own orders on the other side
def _rivals(turn: LedgerTurn, order: StoredOrder) -> list[StoredOrder]:
    """Our own resting limit orders of the other side, best price first, then the oldest."""
    others = [
        other
        for other in turn.draft.resting(order.order.pair)
        if other.order.side != order.order.side and other.met and other.order.ord_type == "limit"
    ]
    sign = 1 if order.bid else -1
    return sorted(others, key=lambda other: (sign * (other.order.price or 0), other.number))


def _level(rival: StoredOrder) -> Level:
    """What an own order offers."""
    return rival.order.price or Decimal(0), rival.remaining or Decimal(0)


def _price(level: Level) -> Decimal:
    return level[0]


def _before(levels: Sequence[Level], rival: StoredOrder) -> list[Level]:
    """The levels that are better than an own order's price."""
    price = _level(rival)[0]
    return [x for x in levels if (x[0] > price if rival.bid else x[0] < price)]


def _meet_own(turn: LedgerTurn, order: StoredOrder, rival: StoredOrder, mode: str) -> StoredOrder:
    """The taker has come to an order of the same account."""
    price, size = _level(rival)
    volume = portion(order.order, order.left, (price, size))
    if not volume:
        return order
    if mode == "cancel_maker":
        end(turn, prevent(turn, rival, size, price), "cancel")
        return order
    if mode == "cancel_taker":
        whole = order.remaining if order.remaining is not None else order.left
        gone = prevent(turn, order, whole, price if order.remaining is not None else Decimal(1))
        return end(turn, gone, "cancel")
    if mode == "reduce":
        less = prevent(turn, rival, volume, price)
        if not less.left:
            end(turn, less, "cancel")
        order = prevent(turn, order, volume, price)
        return order if order.left else end(turn, order, "cancel")
    sold = execute(turn, rival, price, volume, maker=True)
    if not sold.left:
        end(turn, sold, "done")
    return execute(turn, order, price, volume, maker=False)


# --- a price comes by
def touch(turn: LedgerTurn, order: StoredOrder, price: Decimal, rules: Rules) -> StoredOrder:
    """What a price does to an order that waits; a maker's is executed at its own limit."""
    limit = order.order.price if order.order.ord_type == "limit" else None
    if limit is not None and order.met:
        if price > limit if order.bid else price < limit:
            return order
        price = limit
    at = int(turn.at)
    candle = Candle(at, price, price, price, price, Decimal(0))
    own = structs.replace(rules, fee_rate=order.fee_rate)
    done = fill(order.resting(), candle, own, korean_day(turn.at))
    if done is None:
        return _rest(turn, order)
    if done.volume:
        order = execute(turn, order, done.funds / done.volume, done.volume, maker=order.met)
    return order if done.state == "wait" else end(turn, order, done.state)
