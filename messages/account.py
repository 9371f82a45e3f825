"""The account beside the books: what is asked and compared, what differs, what comes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Command, Event
from messages.venue_queries import Balance, ClosedOrder, OpenOrder

Stage = Literal["sending", "unknown", "open", "disputed", "ended"]


# --- commands
class CheckAccount(Command):
    """Account's alarm: ask what the account looks like, and again after a while."""


class RetryAccount(Command):
    """Account's alarm while the venue refuses our key: does it take it again?"""


class RemindStops(Command):
    """Holdings' alarm while the venue refuses our key: say again that no stop works."""


class EndReconciliation(Command):
    """From account to gateway: in this life the account was seen, so entries may begin.

    Volatile on purpose: no word of a former life can allow anything in this one. ``unread``: there
    is no account to read (a live configuration on a recording), nor orders of the past.
    """

    unread: bool = False


class CompareCash(Command):
    """From account to budget, at a quiet look: this much KRW is free in the account."""

    krw: Decimal


class CompareCoins(Command):
    """From account to holdings: what there is, and which pairs were not quiet.

    ``prices``: KRW of the newest trade by pair. ``sold``: the account's closed sales that are not
    ours, newest first, made since ``sold_since`` (epoch seconds; 0 = the list was not read).
    ``asks``: open sales that are not ours. ``sales`` is of older journals.
    """

    coins: dict[str, Balance]
    busy: tuple[str, ...] = ()
    prices: dict[str, Decimal] = {}
    sales: dict[str, Decimal] = {}
    sold: tuple[ClosedOrder, ...] = ()
    sold_since: float = 0.0
    asks: tuple[OpenOrder, ...] = ()


class WarnUnresolved(Command):
    """Gateway's alarm: an exit has been UNKNOWN for so many seconds."""

    id: str
    seconds: int


# --- events of account
class ReconciliationBegun(Event):
    """A life has begun; no entry until the account was seen and every look-up has ended."""


class AccountReconciled(Event):
    """The account was seen, and no intent of before is in doubt."""


class AccountShut(Event):
    """The account could not be looked at: Upbit's name for why, or what went wrong on the way."""

    reason: str


class AccountOpened(Event):
    """It can be looked at again."""


class CoinUnread(Event):
    """The account's row of a pair's coin ("*" = of any) cannot be read: what there is, is unknown.

    "KRW" is the cash.
    """

    pair: str


class CoinRead(Event):
    """It can be read again."""

    pair: str


class IntentTaken(Event):
    """Account has noted how an intent of ours stands."""

    id: str
    pair: str
    stage: Stage
    at: float
    uuid: str = ""
    identifier: str = ""


class AccountSeen(Event):
    """The account differs from what was seen before; ``orders`` are those that are not ours."""

    cash: Balance = Balance()
    coins: dict[str, Balance] = {}
    orders: tuple[OpenOrder, ...] = ()


# --- events of holdings
class CoinsShown(Event):
    """How a pair's coins in the account compare with ours; ``external`` are not ours.

    ``average`` is Upbit's average price (KRW), ``modified`` when it was changed by hand.
    """

    pair: str
    ours: Decimal
    external: Decimal
    free: Decimal
    average: Decimal = Decimal(0)
    modified: bool = False
    price: Decimal = Decimal(0)  # of the newest trade; 0 when not known
    asks: tuple[OpenOrder, ...] = ()  # open sales of the pair that are not ours


class CoinsMissed(Event):
    """So much less coin is there than is ours, in so many quiet looks; 0 ends the doubt.

    ``since``: epoch seconds of the first of these looks; ``began``: of the first at which
    anything was missing.
    """

    pair: str
    volume: Decimal
    times: int
    since: float = 0.0
    began: float = 0.0


class SalesNoted(Event):
    """Sales of the account that are not ours, seen for the first time; ``at`` epoch seconds."""

    uuids: tuple[str, ...]
    at: float


class SoldOutside(Event):
    """Coin of a trade was sold by hand: its row follows. KRW, as that order tells them.

    ``uuid`` names the order; "" when the owner said so, and in older journals.
    """

    trade: str
    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    uuid: str = ""


class TradeSuspended(Event):
    """Coin of a trade left the account, and no sale at the exchange explains it.

    ``until``: when it counts as moved out without an answer. ``asks``: the owner is asked now.
    """

    trade: str
    pair: str
    volume: Decimal
    at: float
    until: float
    asks: bool = True


class TradeResumed(Event):
    """All coin of a suspended trade is in the account again."""

    trade: str
    pair: str


class CoinsMovedOut(Event):
    """Coin of ours was moved out of the account, unsold; its cost is kept apart.

    KRW; ``price`` is that of the entry. ``trade``: "" of dust.
    """

    pair: str
    volume: Decimal
    cost: Decimal
    fee: Decimal
    price: Decimal
    trade: str = ""


class CoinsReturned(Event):
    """Coin that was moved out may be back: so much may be adopted at its former cost."""

    pair: str
    volume: Decimal
    cost: Decimal  # KRW, fee included


class CoinsFreed(Event):
    """Coin that was locked or away can be sold again: exits of the trade may be decided."""

    trade: str
    pair: str


class DustLost(Event):
    """Dust of ours is not in the account any more.

    ``funds`` and ``fee`` (KRW), ``uuid`` and ``at`` are of the order by which the owner sold it.
    """

    pair: str
    volume: Decimal
    funds: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    uuid: str = ""
    at: float = 0.0


class TradeReleased(Event):
    """An adopted trade is no trade any more; its coins stay where they are.

    ``dust`` is what had joined it, and stays ours.
    """

    trade: str
    pair: str
    volume: Decimal
    dust: Decimal = Decimal(0)
    dust_cost: Decimal = Decimal(0)  # its fee included


class TradeAtRisk(Struct, frozen=True):
    """An open trade whose stop cannot be sent: coin, and the stop's price (KRW)."""

    trade: str
    pair: str
    volume: Decimal
    stop: Decimal


class StopsDisabled(Event):
    """The venue refuses our key, so no order can be sent: these trades have no stop.

    Stated at once and again while it lasts; ``since`` is when it began (epoch seconds).
    """

    reason: str
    trades: tuple[TradeAtRisk, ...]
    since: float
    at: float


class StopsEnabled(Event):
    """The venue takes our key again: stops work."""

    since: float  # no stop worked from then on
    at: float


# --- events of the gateway
class EntriesBarred(Event):
    """A life has begun: no entry is intended before reconciliation has ended."""


class EntriesAllowed(Event):
    """Reconciliation has ended."""


class PocketTaken(Event):
    """The gateway has noted a pair's coins: whether all are ours, and how many are free."""

    pair: str
    alone: bool
    free: Decimal
    price: Decimal = Decimal(0)


class ExitUnresolved(Event):
    """It is not known since so long whether an exit arrived: a stop may be without effect."""

    id: str
    pair: str
    seconds: int


class SettlementAsked(Event):
    """A person has looked at a disputed order: it is to end by what the venue shows."""

    id: str
    pair: str


class DisputeSettled(Event):
    """The dispute about an order is over; how it ended follows."""

    id: str
    pair: str
