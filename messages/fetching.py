"""What is asked of a venue beside orders: candles that are past, and the account as it stands.

Each of these commands is one request: what takes several comes back as the next one, with what
was found so far, and waits for its own share of the rate limit.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Command, Report
from messages.market import Candle

ZERO = Decimal(0)


# --- candles
class FetchCandles(Command):
    """Ask for at most ``count`` closed candles of a pair that began before ``until``.

    ``seconds`` is a candle's length, ``until`` epoch seconds (0 = now).
    """

    pair: str
    seconds: int
    until: float = 0.0
    count: int = 200


class CandlesReport(Report):
    """Closed candles, oldest first; ``failed`` says why there are none."""

    pair: str
    seconds: int
    candles: tuple[Candle, ...] = ()
    failed: str = ""
    until: float = 0.0  # as it was asked


# --- the account
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
    """An order as a list of the venue shows it, ours or not."""

    uuid: str
    pair: str
    side: str
    identifier: str = ""


class ClosedOrder(Struct, frozen=True):
    """An ended order as the list of closed orders shows it, ours or not.

    ``volume`` is what was executed (coin), ``funds`` what it was worth and ``fee`` what was paid
    (KRW); ``created_at`` is epoch seconds by the venue's clock.
    """

    uuid: str
    pair: str
    side: str
    identifier: str = ""
    volume: Decimal = ZERO
    funds: Decimal = ZERO
    fee: Decimal = ZERO
    created_at: float = 0.0


class AccountReport(Report):
    """The account: cash, coins by pair, open orders; ``failed`` says why nothing is known.

    ``prices``: KRW of the newest trade by pair, of coins there are; a pair may be missing.
    ``ended``: the orders in doubt that the closed ones show. ``closed``: the closed orders made
    since ``closed_since`` (epoch seconds) that executed something; at 0 the list was not read.
    ``sales`` is of older journals. ``unread``: what a row was about that could not be read, a
    pair, "KRW", or "*" where the row does not say it: of these nothing is known, which is not
    zero. ``unread_orders``: the same of the lists of orders, where one more may be than is shown.
    """

    cash: Pocket = Pocket()
    coins: dict[str, Pocket] = {}
    orders: tuple[OpenOrder, ...] = ()
    failed: str = ""
    prices: dict[str, Decimal] = {}
    sales: dict[str, Decimal] = {}
    asked: float = 0.0  # epoch seconds: when the balances were asked for
    ended: tuple[OpenOrder, ...] = ()
    closed: tuple[ClosedOrder, ...] = ()
    closed_since: float = 0.0
    unread: tuple[str, ...] = ()
    unread_orders: tuple[str, ...] = ()


Step = Literal["balances", "orders", "prices", "sales"]


class FetchAccount(Command):
    """Ask for the account, a step at a time; ``found`` is what the steps before have brought.

    ``page`` is that of the open orders, ``tries`` how often this step has failed, ``doubt`` the
    identifiers of orders whose fate is not known.
    """

    asked: float = 0.0  # epoch seconds
    step: Step = "balances"
    page: int = 1
    tries: int = 0
    found: AccountReport = AccountReport()
    doubt: tuple[str, ...] = ()


# --- the market, and what may be done in it
class Terms(Struct, frozen=True):
    """What holds for orders of a pair: fees as shares of the funds, the least order in KRW.

    ``state`` is Upbit's word: "active", or why nothing may be ordered now.
    """

    fee: Decimal = ZERO  # the higher of both sides'
    least: Decimal = ZERO
    state: str = "active"


class FetchTerms(Command):
    """Ask what holds for orders, pair by pair; ``found`` is what came of those before."""

    pairs: tuple[str, ...]
    found: dict[str, Terms] = {}
    tries: int = 0


class TermsReport(Report):
    """What holds for orders of these pairs; a pair is missing where it could not be had."""

    terms: dict[str, Terms]


class FetchMarkets(Command):
    """Ask which markets are listed, and which bear a warning."""


class MarketsReport(Report):
    """Every market that is listed; ``warned``: those with Upbit's warning of a delisting.

    ``skew``: seconds that our clock is ahead of the venue's, as far as the answers of late prove
    it; 0 when they prove nothing. ``failed`` says why nothing is known.
    """

    listed: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    skew: float = 0.0
    failed: str = ""
    unread: tuple[str, ...] = ()  # rows that could not be read, as in an AccountReport


class FetchKey(Command):
    """Ask until when our key is good."""


class KeyReport(Report):
    """Our key's end in epoch seconds; 0 when it could not be had."""

    ends: float = 0.0


Fetch = FetchCandles | FetchAccount | FetchTerms | FetchMarkets | FetchKey
Fetched = CandlesReport | AccountReport | TermsReport | MarketsReport | KeyReport


class DispatchFetch(Command):
    """Perform this call now: it has its share of the rate limit."""

    call: Fetch
