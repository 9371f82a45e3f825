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


# --- the order book
class Level(Struct, frozen=True):
    """A price of an order book (KRW), and the coin on offer there."""

    price: Decimal
    size: Decimal


class FetchBook(Command):
    """Ask for a pair's order book; not asked any more after ``good_until`` (epoch seconds)."""

    id: str  # of the entry that waits for it
    pair: str
    good_until: float = 0.0


class BookReport(Report):
    """A pair's order book at a moment by the venue's clock; ``failed`` says why there is none.

    ``asks``: best first, as many as were asked for; ``bid``: the best, 0 where there is no bid.
    """

    id: str
    pair: str
    asks: tuple[Level, ...] = ()
    bid: Decimal = ZERO
    moment: float = 0.0
    failed: str = ""


# --- one price
class FetchTicker(Command):
    """Ask for the last price of a pair, as the witness of its leap ``number``.

    ``sure``: so long after the leap that a ticker which does not show it denies it.
    """

    pair: str
    number: int
    sure: bool = False


class TickerReport(Report):
    """The last trade of a pair, KRW and epoch seconds; 0 when it could not be had."""

    pair: str
    number: int
    sure: bool = False
    price: Decimal = ZERO
    moment: float = 0.0


# --- the account
class Balance(Struct, frozen=True):
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
    """An order that has not ended, as a list of the venue shows it, ours or not."""

    uuid: str
    pair: str
    side: str
    identifier: str = ""
    created_at: float = 0.0  # epoch seconds by the venue's clock; 0 = not told
    price: Decimal = ZERO  # KRW; 0 when it has none
    volume: Decimal = ZERO  # coin that is still to be filled
    executed: Decimal = ZERO  # coin that was


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

    cash: Balance = Balance()
    coins: dict[str, Balance] = {}
    orders: tuple[OpenOrder, ...] = ()
    failed: str = ""
    prices: dict[str, Decimal] = {}
    sales: dict[str, Decimal] = {}
    asked: float = 0.0  # epoch seconds: when the balances were asked for
    ended: tuple[OpenOrder, ...] = ()
    closed: tuple[ClosedOrder, ...] = ()
    closed_since: float = 0.0
    unfilled: tuple[OpenOrder, ...] = ()  # closed ones with an identifier that executed nothing
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


# --- orders of the past
class PastOrder(Struct, frozen=True):
    """An order with a name of ours, as a list shows it; ``created_at`` by the venue's clock.

    Beside the name, what cannot be read is "" or 0.
    """

    identifier: str
    pair: str
    side: Literal["bid", "ask", ""]
    created_at: float = 0.0


class FetchPast(Command):
    """Ask for the orders that bear names of ``births``, made since then: open ones, then closed.

    ``known`` ones are left out. ``windows`` of closed ones (epoch seconds) are still to be read:
    a full answer is asked for again in two halves. ``tries``: how often this step has failed;
    ``calls``: how many were made in all. ``uuids``: of rows whose name cannot be read, to be looked
    up at the end. ``chain``: which asking this is; where a later one has begun, this is not asked
    again.
    """

    births: tuple[str, ...]
    since: float
    until: float
    known: tuple[str, ...] = ()
    page: int = 1  # of the open orders; 0 when they are read
    windows: tuple[tuple[float, float], ...] = ()
    tries: int = 0
    calls: int = 0
    found: tuple[PastOrder, ...] = ()
    odd: int = 0  # rows whose name could not be read
    rows: tuple[str, ...] = ()  # what they are about, as far as that can be read
    uuids: tuple[str, ...] = ()
    chain: int = 0


class PastReport(Report):
    """All of them, or why they cannot be had; ``call`` asks for them from the beginning.

    ``odd`` rows could not be read: what they tell of is unknown, so these are not all. ``rows``:
    the uuid or the market of each, as far as that can be read.
    """

    call: FetchPast
    orders: tuple[PastOrder, ...] = ()
    failed: str = ""
    odd: int = 0
    rows: tuple[str, ...] = ()


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


class FetchWallets(Command):
    """Ask of which coins deposits and withdrawals work."""


class WalletsReport(Report):
    """What works of each coin's wallet, by coin ("BTC"); a coin may be missing.

    ``states``: "working", or Upbit's word for what does not. ``unread``: coins whose row could not
    be read. ``failed`` says why nothing is known.
    """

    states: dict[str, str] = {}
    unread: tuple[str, ...] = ()
    failed: str = ""


# --- the whole account, for the record
class HeldCurrency(Struct, frozen=True):
    """A currency of the account, KRW as well, with all that the venue tells of it.

    ``average``: what a unit cost on average, in ``unit``; ``modified`` when a person changed it.
    ``price``: KRW of the newest trade, at ``price_at`` (epoch seconds); None when not known.
    """

    currency: str
    free: Decimal = ZERO
    locked: Decimal = ZERO
    average: Decimal = ZERO
    modified: bool = False
    unit: str = "KRW"
    price: Decimal | None = None
    price_at: float = 0.0

    @property
    def amount(self) -> Decimal:
        """What there is, what orders lock included."""
        return self.free + self.locked


class FetchSnapshot(Command):
    """Ask for every currency and its price; ``found`` is what the first step has brought.

    ``id`` says which snapshot it is for, ``asked`` when the balances were asked for (epoch
    seconds), ``tries`` how often this step has failed.
    """

    id: str
    asked: float = 0.0
    step: Literal["balances", "prices"] = "balances"
    tries: int = 0
    found: tuple[HeldCurrency, ...] = ()
    unread: tuple[str, ...] = ()


class SnapshotReport(Report):
    """The whole account; ``failed`` says why nothing is known, ``unpriced`` why no price is.

    ``skew``: seconds that our clock is ahead of the venue's, as far as its answers prove it.
    ``unread``: currencies whose row could not be read, so that ``held`` lacks them; "*" for a row
    that does not say its own.
    """

    id: str
    asked: float = 0.0
    held: tuple[HeldCurrency, ...] = ()
    unpriced: str = ""
    skew: float = 0.0
    failed: str = ""
    unread: tuple[str, ...] = ()


Fetch = (
    FetchCandles
    | FetchBook
    | FetchTicker
    | FetchAccount
    | FetchPast
    | FetchTerms
    | FetchMarkets
    | FetchKey
    | FetchWallets
    | FetchSnapshot
)
Fetched = (
    CandlesReport
    | BookReport
    | TickerReport
    | AccountReport
    | PastReport
    | TermsReport
    | MarketsReport
    | KeyReport
    | WalletsReport
    | SnapshotReport
)


class DispatchFetch(Command):
    """Perform this call now: it has its share of the rate limit."""

    call: Fetch
