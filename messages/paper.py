"""What the paper venue remembers: its books."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Event
from messages.orders import Order


class Resting(Struct, frozen=True):
    """An order in the paper venue's book."""

    order: Order
    identifier: str
    uuid: str
    accepted_at: float
    volume: Decimal = Decimal(0)
    funds: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    filled_at: float = 0.0
    candle: int = -1  # start of the newest candle it was filled at


class PaperOpened(Event):
    """The venue opened its books with this much cash."""

    krw: Decimal


class PaperAccepted(Event):
    """An order entered the book; ``locked`` of its pocket is set aside."""

    resting: Resting
    locked: Decimal


class PaperFilled(Event):
    """A fill: what was executed now, not in total."""

    id: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    filled_at: float
    candle: int


class PaperEnded(Event):
    """An order left the book; what was locked for it is free again."""

    id: str
    identifier: str
    state: Literal["done", "cancel"]
    resting: Resting


class PaperRefused(Event):
    """An order was refused; its identifier is burnt all the same."""

    identifier: str
    name: str
    text: str = ""
