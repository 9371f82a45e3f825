"""Wishes and trades: what strategist and holdings state."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Command, Event
from messages.control import ForceEnter
from messages.venue_queries import OpenOrder

ExitReason = Literal[
    "stop_loss",
    "trailing_stop_loss",
    "roi",
    "exit_signal",
    "partial_exit",
    "force_exit",
    "dust",
    "sold_on_exchange",
    "recovered",  # by an order of ours that the ledger had lost
    "moved_out",
    "lost",
]
UNSOLD: frozenset[ExitReason] = frozenset({"moved_out", "lost"})  # coin left, nothing was paid


# --- strategist
class EnterAt(Command):
    """An operator's wish to buy a pair now, with the newest price that its market told (KRW)."""

    command: ForceEnter
    price: Decimal


class EnableBook(Command):
    """At the start on live prices: each entry asks the order book first.

    An answer counts within ``seconds`` of the runtime's clock.
    """

    seconds: float


class BookEnabled(Event):
    """From now on each entry asks the order book first, and waits so many seconds for it."""

    seconds: float


class BookAsked(Event):
    """A signal has passed the vetoes: the order book is asked before the entry is wanted.

    What the entry needs is kept here, so that a start can ask again. ``until`` is the moment at
    which an answer comes too late; ``since`` that before which no book can be a current one.
    """

    id: str  # of the entry that may follow
    pair: str
    stake: Decimal
    close: Decimal
    tag: str
    candle: int
    good_until: float
    until: float
    since: float = 0.0

    @property
    def forced(self) -> bool:
        """Whether an operator wants it, at no candle."""
        return self.candle < 0


class BookAnswered(Event):
    """The book was heard, and the entry vetoed for the reason that was stated before."""

    id: str
    pair: str
    candle: int


class ExpireBook(Command):
    """The strategist's alarm: the order book has not answered in time."""

    id: str
    pair: str


class EntryWanted(Event):
    """A pair is to be bought; ``id`` is the trade's id from here on."""

    id: str
    pair: str
    stake: Decimal  # KRW, without the fee
    close: Decimal  # the price it was decided at
    tag: str  # names of the recent conditions, or "force_entry"
    candle: int  # start of the candle it was decided at
    good_until: float
    limit: Decimal | None = None  # KRW, when the entry is a limit order
    cancel_at: float = 0.0
    time_in_force: str = ""  # of a limit order
    ask: Decimal = Decimal(0)  # the best of the order book, KRW; 0 where it was not asked
    depth: Decimal = Decimal(0)  # coin that the book offers up to the limit
    rest: float = 0.0  # seconds that the pair rests if nothing of the entry is filled


class EntryVetoed(Event):
    """There was a signal and no entry; stated when the reason of the pair changes.

    Where the order book decided: its best ``ask`` and the ``close``, KRW, and the share of the
    close by which an entry may be above it (``allowed``).
    """

    pair: str
    candle: int
    reason: str
    conditions: tuple[str, ...] = ()
    ask: Decimal = Decimal(0)
    close: Decimal = Decimal(0)
    allowed: Decimal = Decimal(0)


class SlotFreed(Event):
    """A pending entry or an open trade has ended: its pair and its slot are free."""

    trade: str
    pair: str


class SlotTaken(Event):
    """A trade opened of an order that was given up, and found: it takes a slot again."""

    trade: str
    pair: str


class LockTaken(Event):
    """The strategist has noted that a pair ("*" = any) may not be entered until then."""

    pair: str
    until: float
    reason: str


# --- holdings
class TradeRecord(Struct, frozen=True):
    """What one closed trade, or one part of it, earned; freqtrade's names, dates in epoch seconds.

    Money is KRW, amounts are coin; ``stake_amount`` is the cost without the fee.
    """

    trade: str
    pair: str
    open_date: float
    close_date: float
    open_rate: Decimal
    close_rate: Decimal
    amount: Decimal
    stake_amount: Decimal
    fee_open_cost: Decimal
    fee_close_cost: Decimal
    profit_abs: Decimal
    profit_ratio: Decimal
    exit_reason: ExitReason
    max_rate: Decimal
    enter_tag: str


class TradeOpened(Event):
    """The first fill of an entry; totals include the dust that joins it."""

    trade: str
    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    price: Decimal
    opened_at: float
    tag: str


class TradeIncreased(Event):
    """Another fill of the entry: running totals, and the entry price they give."""

    trade: str
    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    price: Decimal
    filled_at: float = 0.0


class EntryEnded(Event):
    """The entry's order has ended: exits may be decided from now on."""

    trade: str
    pair: str


class HighRaised(Event):
    """The highest price since the entry; never falls while the trade is open."""

    trade: str
    pair: str
    max_price: Decimal
    candle: int


class ExitWanted(Event):
    """A trade, or a part of it, is to be sold. ``id`` is trade id + attempt number.

    ``failures``: how often in a row this very exit has been refused before.
    """

    id: str
    trade: str
    pair: str
    volume: Decimal
    reason: ExitReason
    close: Decimal
    candle: int
    good_until: float
    failures: int = 0


class ForceExitNoted(Event):
    """The operator wants out of a trade whose entry has not ended: it is sold when it has."""

    trade: str
    pair: str


class ExitFilled(Event):
    """Running totals of an exit order."""

    id: str
    trade: str
    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    filled_at: float


class ExitFailed(Event):
    """An exit order ended without selling; the next try waits until ``retry_at``.

    ``waits``: it is tried as soon as the coins are free. ``tells``: a person is to know now.
    ``asks``: open sales, not ours, that lock the coins. ``text``: the venue's words.
    """

    id: str
    trade: str
    pair: str
    reason: str
    retry_at: float
    waits: bool = False
    tells: bool = False
    at: float = 0.0
    text: str = ""
    asks: tuple[OpenOrder, ...] = ()
    seconds: float = 0.0  # the wait itself; 0 = journaled by an older version


class CancelWanted(Event):
    """A trade is to be sold, so its entry's order is to be cancelled first; its fills stay."""

    trade: str
    pair: str
    reason: str


class TradeReduced(Event):
    """A part was sold; the trade goes on."""

    row: TradeRecord


class TradeClosed(Event):
    """The trade is over: all that was left of it has been sold.

    ``dust`` is of older journals: what was too little to sell, kept at what it had cost.
    """

    row: TradeRecord
    dust: Decimal = Decimal(0)
    dust_cost: Decimal = Decimal(0)
    dust_fee: Decimal = Decimal(0)


class DustKept(Event):
    """The trade is over: what is left of it is worth too little to sell, and is kept.

    The row books the loss: its amount at its close rate is the ``value`` (KRW) that the coins cost
    the pair's next trade. ``reason``: why they would have been sold.
    """

    row: TradeRecord
    value: Decimal
    reason: ExitReason = "dust"


class TradeEmptied(Event):
    """The trade is over: all of it had been sold before its entry's order ended, says its rows.

    ``reason``: of the last of them.
    """

    trade: str
    pair: str
    at: float
    reason: ExitReason


class PairLocked(Event):
    """No entry in the pair ("*" = in any) until the moment given, for the reason given."""

    pair: str
    until: float
    reason: str


# --- alarms
class RetryExit(Command):
    """Holdings' alarm: an exit that was refused may be tried again.

    ``refused``: its id. While no other has been refused since, its wait is over when this comes,
    whatever the clock shows by then; "" says nothing of that.
    """

    trade: str
    refused: str = ""


class SweepLocks(Command):
    """Holdings' alarm: a new trading day has begun, daily counts start again."""
