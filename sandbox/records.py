"""Owns what the sandbox keeps of accounts and orders, and the figures that follow from them.

The arithmetic is Upbit's: docs/reference/upbit.md 3.4, 3.5 and 3.7. Amounts are KRW or coin.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from core.venue.matching import locked
from messages.orders import Order
from messages.paper import Resting

ZERO = Decimal(0)
State = Literal["wait", "watch", "done", "cancel"]


class Account(Struct, frozen=True):
    """One currency: what is free, what resting orders hold, and the average price paid for it."""

    currency: str
    balance: Decimal = ZERO  # free
    locked: Decimal = ZERO
    average: Decimal = ZERO  # KRW a coin, fees left out
    modified: bool = False  # the average was set by hand

    @property
    def total(self) -> Decimal:
        """Free and locked."""
        return self.balance + self.locked


class Deposit(Struct, frozen=True):
    """Money that came in from outside, or left when the amount is negative."""

    uuid: str
    currency: str
    amount: Decimal
    at: float  # epoch seconds


class Trade(Struct, frozen=True):
    """One fill of an order."""

    uuid: str
    price: Decimal
    volume: Decimal
    fee: Decimal
    at: float  # epoch seconds
    maker: bool = False

    @property
    def funds(self) -> Decimal:
        """KRW that changed hands, fee left out."""
        return self.price * self.volume


class StoredOrder(Struct, frozen=True):
    """An order that the sandbox accepted, for ever."""

    uuid: str
    number: int  # in the order of acceptance
    order: Order
    created_at: float
    fee_rate: Decimal  # fixed when it was accepted
    identifier: str = ""
    smp_type: str = ""
    state: State = "wait"
    met: bool = False  # it has seen a price, so what is left of it is a maker's
    executed: Decimal = ZERO  # coin
    funds: Decimal = ZERO  # KRW
    paid_fee: Decimal = ZERO  # KRW
    prevented_volume: Decimal = ZERO  # coin that self-match prevention took off
    prevented_total: Decimal = ZERO  # of a bid: the KRW of that, without the fee
    trades: tuple[Trade, ...] = ()
    ended_at: float = 0.0

    @property
    def alive(self) -> bool:
        """Whether it may still trade."""
        return self.state in ("wait", "watch")

    @property
    def bid(self) -> bool:
        """Whether it buys."""
        return self.order.side == "bid"

    @property
    def currency(self) -> str:
        """Which account it holds an amount of."""
        return "KRW" if self.bid else coin(self.order.pair)

    @property
    def reserved_fee(self) -> Decimal:
        """The fee of the whole of a bid; an ask's is taken from its proceeds."""
        if not self.bid:
            return ZERO
        return (self.order.price or ZERO) * (self.order.volume or Decimal(1)) * self.fee_rate

    @property
    def remaining_fee(self) -> Decimal:
        """What of that is still set aside; some of it stays in the record after the end."""
        spent = self.paid_fee if self.bid else ZERO
        return self.reserved_fee - spent - self.prevented_total * self.fee_rate

    @property
    def remaining(self) -> Decimal | None:
        """Coin that it may still trade; None for a bid that spends a total."""
        volume = self.order.volume
        return None if volume is None else volume - self.executed - self.prevented_volume

    @property
    def left(self) -> Decimal:
        """What it may still trade: coin, or the KRW of a bid that spends a total."""
        rest = self.remaining
        if rest is None:
            return (self.order.price or ZERO) - self.funds - self.prevented_total
        return rest

    @property
    def locked(self) -> Decimal:
        """What it holds of its account; after its end the record keeps the last figure."""
        initial = locked(self.order, self.fee_rate)
        if self.bid:
            return initial - self.funds - self.paid_fee - self.prevented_locked
        return initial - self.executed - self.prevented_volume

    @property
    def prevented_locked(self) -> Decimal:
        """What self-match prevention set free of its account."""
        return self.prevented_total * (1 + self.fee_rate) if self.bid else self.prevented_volume

    def resting(self) -> Resting:
        """The same in the words of core/venue/matching.py; what was prevented counts as done."""
        return Resting(
            order=self.order,
            identifier=self.identifier,
            uuid=self.uuid,
            accepted_at=0.0,  # it has met its first price, or is handed over at it
            volume=self.executed + self.prevented_volume,
            funds=self.funds + self.prevented_total,
            fee=self.paid_fee,
        )


def coin(pair: str) -> str:
    """The base currency of a market code "QUOTE-BASE"."""
    return pair.partition("-")[2]
