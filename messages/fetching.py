"""What is asked of a venue beside orders: candles that are past, and the account as it stands."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from messages.base import Command, Report
from messages.market import Candle

ZERO = Decimal(0)


class FetchCandles(Command):
    """Ask for at most ``count`` closed candles of a pair that began before ``until``.

    ``seconds`` is a candle's length, ``until`` epoch seconds (0 = now).
    """

    pair: str
    seconds: int
    until: float = 0.0
    count: int = 200


class FetchAccount(Command):
    """Ask for balances and for the orders that are open; ``asked`` comes back in the report."""

    asked: float = 0.0  # epoch seconds


Fetch = FetchCandles | FetchAccount


class DispatchFetch(Command):
    """Perform this call now: it has its share of the rate limit."""

    call: Fetch


class CandlesReport(Report):
    """Closed candles, oldest first; ``failed`` says why there are none."""

    pair: str
    seconds: int
    candles: tuple[Candle, ...] = ()
    failed: str = ""
    until: float = 0.0  # as it was asked


class Pocket(Struct, frozen=True):
    """A coin or the cash of an account: KRW per unit for ``average``."""

    free: Decimal = ZERO
    locked: Decimal = ZERO
    average: Decimal = ZERO
    modified: bool = False  # the average was changed by hand, or is unknown

    @property
    def whole(self) -> Decimal:
        """What there is, what orders lock included."""
        return self.free + self.locked


class OpenOrder(Struct, frozen=True):
    """An order that rests at the venue, ours or not."""

    uuid: str
    pair: str
    side: str
    identifier: str = ""


class AccountReport(Report):
    """The account: cash, coins by pair, open orders; ``failed`` says why nothing is known.

    ``prices``: KRW of the newest trade by pair, of coins there are; ``sales``: KRW of the newest
    sale that the closed orders show and that is not ours. Either may lack a pair.
    """

    cash: Pocket = Pocket()
    coins: dict[str, Pocket] = {}
    orders: tuple[OpenOrder, ...] = ()
    failed: str = ""
    prices: dict[str, Decimal] = {}
    sales: dict[str, Decimal] = {}
    asked: float = 0.0  # as it was asked
