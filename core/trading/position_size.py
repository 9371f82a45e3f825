"""Owns how much an entry costs, the least that can be sold again, and what selling brings."""

from __future__ import annotations

from decimal import Decimal

from core.money import quotient_down, quotient_up

ROOM = Decimal("1.05")  # above the venue's minimum, so that slippage and a gap leave it sellable


def least_entry(min_order: Decimal, stoploss: Decimal) -> Decimal:
    """The least entry in whole KRW: even sold at its stop it is worth more than the minimum.

    A won where a venue knows none: nothing cannot be bought for nothing.
    """
    return max(quotient_up(min_order * ROOM, 1 + stoploss, 0), Decimal(1))


def gain(volume: Decimal, price: Decimal, cost: Decimal, fee_rate: Decimal) -> Decimal:
    """KRW won or lost by selling coin at a price, after the fee; ``cost`` is all that was paid."""
    return volume * price * (1 - fee_rate) - cost


def entry_cost(free: Decimal, stake: Decimal, fee_rate: Decimal) -> Decimal:
    """KRW to spend, the fee on top: the stake, or the whole won that the free cash can carry."""
    if stake * (1 + fee_rate) <= free:
        return stake
    return quotient_down(free, 1 + fee_rate, 0)
