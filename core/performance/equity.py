"""Owns the equity of a run: what it began with and what its trades have earned, over time.

It is made of trades alone. Cash that was paid in or out, or coins that are not ours, never were
in it; so no deposit is a profit and no withdrawal a drawdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import inf

import numpy as np
from msgspec import Struct

from core.market.candles import Candles, Floats
from messages.trading import TradeRecord

DAY = 86400
KOREA = 9 * 3600  # seconds ahead of UTC; Korea changes no clocks


class Point(Struct, frozen=True, array_like=True):
    """The equity from a moment on: epoch seconds, KRW."""

    at: float
    krw: Decimal


class Holding(Struct, frozen=True):
    """Coin held for a while. ``cost`` is KRW with its fee; ``end`` inf while it is still held."""

    pair: str
    begin: float
    volume: Decimal
    cost: Decimal
    end: float = inf
    profit: Decimal = Decimal(0)  # KRW, once sold


def in_order(rows: Iterable[TradeRecord]) -> list[TradeRecord]:
    """By the moment of the sale, then by pair."""
    return sorted(rows, key=lambda row: (row.close_date, row.pair))


def realised(rows: Iterable[TradeRecord], wallet: Decimal, begin: float = 0.0) -> list[Point]:
    """The equity of what was sold: a point at the beginning, and one for each row."""
    points = [Point(begin, wallet)]
    for row in in_order(rows):
        points.append(Point(row.close_date, points[-1].krw + row.profit_abs))
    return points


def held(row: TradeRecord) -> Holding:
    """What a row says was held, from the entry's first fill to the sale."""
    cost = row.stake_amount + row.fee_open_cost
    return Holding(row.pair, row.open_date, row.amount, cost, row.close_date, row.profit_abs)


def marked(
    holdings: Sequence[Holding],
    prices: Mapping[str, Candles],
    moments: Floats,
    wallet: Decimal,
    fee_rate: Decimal,
    seconds: int,
    stale: float = inf,
) -> Floats:
    """The equity at each moment as if all that was held then were sold at the newest close.

    ``moments``: epoch seconds, rising. ``prices``: candles of ``seconds`` by pair; of a pair, or
    of a time, without any a holding is worth what it cost. The fee of that sale is taken off.
    A close is a price for ``stale`` seconds, at the last moment whatever its age.
    """
    sold = [h for h in holdings if h.end < inf]
    equity = float(wallet) + _steps(moments, [(h.end, float(h.profit)) for h in sold])
    left = 1.0 - float(fee_rate)
    for pair, candles in prices.items():
        own = [h for h in holdings if h.pair == pair]
        if own and len(candles.time):
            first = int(np.searchsorted(moments, candles.time[0] + seconds))
            known = moments[first:]  # before its first close a pair has no price
            volume = _steps(known, _while_held(own, [float(h.volume) for h in own]))
            cost = _steps(known, _while_held(own, [float(h.cost) for h in own]))
            places = np.searchsorted(candles.time, known - seconds, side="right") - 1
            gain = volume * candles.close[places] * left - cost
            fresh = known - candles.time[places] - seconds <= stale
            fresh[-1:] = True
            equity[first:] += np.where(fresh, gain, 0.0)
    return equity


def _while_held(holdings: Sequence[Holding], amounts: Sequence[float]) -> list[tuple[float, float]]:
    """An amount comes at the beginning of each holding and goes at its end."""
    comes = [(h.begin, amount) for h, amount in zip(holdings, amounts, strict=True)]
    goes = [(h.end, -amount) for h, amount in zip(holdings, amounts, strict=True)]
    return comes + goes


def _steps(moments: Floats, changes: Sequence[tuple[float, float]]) -> Floats:
    """What the changes up to each moment, that one included, add up to."""
    ordered = sorted(changes)
    at = np.array([moment for moment, _ in ordered])
    sums = np.concatenate(([0.0], np.cumsum([amount for _, amount in ordered])))
    found: Floats = sums[np.searchsorted(at, moments, side="right")]
    return found


def day_of(at: float, starts: str = "00:00") -> int:
    """The number of the trading day of a moment; ``starts`` is when one begins, HH:MM in Korea."""
    hours, minutes = map(int, starts.split(":"))
    return int((at + KOREA - hours * 3600 - minutes * 60) // DAY)


def daily(points: Sequence[tuple[float, float]], end: float, starts: str = "00:00") -> list[float]:
    """The equity at the close of each trading day, the wallet of the beginning first.

    ``points``: moments and equity in the order of time. A day without a point closes as the one
    before; the last day ends at ``end``.
    """
    if not points:
        return []
    first = day_of(points[0][0], starts)
    last = max(day_of(end, starts), first)
    told = {min(day_of(at, starts), last): krw for at, krw in points}
    closes = [points[0][1]]
    for day in range(first, last + 1):
        closes.append(told.get(day, closes[-1]))
    return closes


def returns(closes: Sequence[float]) -> list[float]:
    """What each day earned of what it began with; none of an equity that was used up."""
    return [b / a - 1.0 for a, b in pairwise(closes) if a > 0]
