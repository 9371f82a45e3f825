"""Owns what coin that was sold had cost: by its moving average, or the oldest first (FIFO).

A pool is the coin of one pair that is held, as lots, the oldest first; by the moving average it
is one lot. Shares are cut down to 8 decimals and what takes the last of a lot takes the rest, so
that costs and what is left add up to what was paid, to the last digit.

Source: International Accounting Standard 2, paragraph 25 (first-in, first-out; weighted average,
which paragraph 27 lets be taken at each purchase).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from core.money import quotient_down

ZERO = Decimal(0)

Method = Literal["moving_average", "fifo"]


class Lot(Struct, frozen=True):
    """Coin that was bought: coin, KRW without the fee, KRW of the fee, epoch seconds."""

    volume: Decimal
    cost: Decimal
    fee: Decimal
    at: float


Pool = tuple[Lot, ...]
NOTHING = Lot(ZERO, ZERO, ZERO, 0.0)


def added(pool: Pool, lot: Lot, method: Method) -> Pool:
    """The pool after a purchase; ``lot.at`` is not before any there. Nothing adds nothing."""
    if not (lot.volume or lot.cost or lot.fee):
        return pool
    if method == "fifo" or not pool:
        return (*pool, lot)
    (whole,) = pool
    return (Lot(whole.volume + lot.volume, whole.cost + lot.cost, whole.fee + lot.fee, whole.at),)


def taken(pool: Pool, volume: Decimal) -> tuple[Pool, Lot]:
    """The pool after so much coin has left it, and what that had cost, dated by its oldest.

    More than there is takes all there is: coin that nobody bought here has cost nothing here.
    """
    gone, left = NOTHING, list(pool)
    while volume > 0 and left:
        lot = left.pop(0)
        part = lot if volume >= lot.volume else _share(lot, volume)
        if part is not lot:
            left.insert(0, _without(lot, part))
        volume -= part.volume
        at = gone.at or part.at
        gone = Lot(gone.volume + part.volume, gone.cost + part.cost, gone.fee + part.fee, at)
    return tuple(left), gone


def _share(lot: Lot, volume: Decimal) -> Lot:
    cost = quotient_down(lot.cost * volume, lot.volume)
    return Lot(volume, cost, quotient_down(lot.fee * volume, lot.volume), lot.at)


def _without(lot: Lot, part: Lot) -> Lot:
    return Lot(lot.volume - part.volume, lot.cost - part.cost, lot.fee - part.fee, lot.at)
