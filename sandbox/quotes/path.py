"""Owns the way of a price through its minute: the four trades that a recorded candle is cut into.

A candle becomes a trade at its open, one at each extreme (which comes first is drawn), and one at
its close, in the four quarters of the minute; its volume is shared out among them. So the candle
rebuilt of these trades is the recorded one, to the last digit. Everything is computed from the
recording and a salt: the same minute is the same four trades whenever somebody asks.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import Any, Literal
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.market.candles import CandleSeries, Ints

TRADES = 4  # a minute
MINUTE = 60  # seconds
FINER = 2  # decimals that a trade's volume may have beyond the recording's
_MASK = 2**64 - 1
_SLOT = MINUTE * 1000 // TRADES  # ms


class Trade(Struct, frozen=True):
    """One trade: its moment (epoch ms), KRW, coin, the taker's side, and its unique number."""

    at: int
    price: Decimal
    volume: Decimal
    side: Literal["ASK", "BID"]
    number: int  # Upbit's sequential_id: ms * 10000 and a running digit


class Sums(Struct, frozen=True, eq=False):
    """Totals of all minutes before an index: scaled integers, one entry more than the tape."""

    volume: list[int]  # 10**-(volume_places + FINER) coin
    value: list[int]  # 10**-(price_places + volume_places + FINER) KRW
    bids: list[int]  # of the volume, what takers bought


def salt_of(pair: str, seed: int) -> int:
    """What makes the draws of one pair its own."""
    return crc32(pair.encode()) ^ seed * 0x9E3779B9 & _MASK


def trades_of(series: CandleSeries, index: int, salt: int) -> tuple[Trade, ...]:
    """The trades of one recorded minute, in the order of their moments."""
    time = int(series.time[index])
    low_first = bool(_drawn(time, salt) & 1)
    prices = _prices(series, index, low_first)
    shares = _shares(int(series.volume[index]))
    sides: tuple[Literal["ASK", "BID"], ...] = ("BID", "ASK", "BID", "ASK")
    if not low_first:
        sides = ("ASK", "BID", "ASK", "BID")
    trades = []
    for slot, (price, share, side) in enumerate(zip(prices, shares, sides, strict=True)):
        at = time * 1000 + slot * _SLOT + _drawn(time * TRADES + slot, salt) % _SLOT
        volume = Decimal(share).scaleb(-series.volume_places - FINER)
        trades.append(
            Trade(at, Decimal(price).scaleb(-series.price_places), volume, side, at * 10_000)
        )
    return tuple(trades)


def ends_at(time: int, salt: int) -> int:
    """The moment (epoch ms) of the last trade of the minute that starts at ``time``."""
    slot = TRADES - 1
    return time * 1000 + slot * _SLOT + _drawn(time * TRADES + slot, salt) % _SLOT


def sums_of(series: CandleSeries, salt: int) -> Sums:
    """The totals of a whole tape; Python's integers, for 64 bits would not hold them."""
    volume: NDArray[Any] = series.volume.astype(object)
    quarter = np.where(series.volume >= TRADES, volume // TRADES * 100, volume * 25)
    total = volume * 100
    last = total - quarter * (TRADES - 1)
    three = series.open.astype(object) + series.high.astype(object) + series.low.astype(object)
    value = quarter * three + last * series.close.astype(object)
    bids = np.where(_low_first(series.time, salt), quarter * 2, quarter + last)
    columns = (list(accumulate(column.tolist(), initial=0)) for column in (total, value, bids))
    return Sums(*columns)


def _prices(series: CandleSeries, index: int, low_first: bool) -> tuple[int, ...]:
    low, high = int(series.low[index]), int(series.high[index])
    extremes = (low, high) if low_first else (high, low)
    return (int(series.open[index]), *extremes, int(series.close[index]))


def _shares(volume: int) -> tuple[int, ...]:
    """A quarter each, cut to the recording's digits, the rest to the close; finer only for dust."""
    quarter = volume // TRADES * 100 if volume >= TRADES else volume * 25
    return (quarter, quarter, quarter, volume * 100 - 3 * quarter)


def _drawn(number: int, salt: int) -> int:
    """64 bits that look random: splitmix64, so one minute is drawn without those before it."""
    z = (number * 0x9E3779B97F4A7C15 + salt) & _MASK
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & _MASK
    return z ^ z >> 31


def _low_first(times: Ints, salt: int) -> NDArray[np.bool_]:
    """The same draw for a whole column."""
    return np.array([_drawn(time, salt) & 1 for time in times.tolist()], dtype=np.bool_)
