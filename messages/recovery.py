"""What the venue knows of our past that this ledger does not: how it is asked, found and booked.

A ledger that was restored, copied, rolled back or rebuilt is older than the account. Orders that
bear a name of ours and that it does not know are looked up before anything is sold.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Command, Event, Report
from messages.orders import Side
from messages.venue_queries import FetchPast


class GuessedSale(Struct, frozen=True):
    """The name that a sale of an open trade would have had, and which sale that is."""

    identifier: str
    id: str  # TRADE/xN
    trade: str
    pair: str


class SoughtOrder(Struct, frozen=True):
    """An order whose fate is asked for; ``listed`` when the venue has shown it.

    ``pair`` and ``side`` are "" where a list has shown its name alone.
    """

    identifier: str
    pair: str
    side: Side | Literal[""]
    id: str = ""  # with ``trade``: a sale of that open trade
    trade: str = ""
    created_at: float = 0.0  # epoch seconds
    listed: bool = True


# --- commands
class ReadPast(Command):
    """From the composition root, at every live start: read what was ordered since.

    ``births``: our own and the former ones; ``known``: names of ours that the journal has;
    ``suspect``: this ledger may be older than the account, so nothing is sold without the list.
    ``account`` is of an API key that was not used here before ("" = it was), and ``proofs`` are
    orders of ours that have to be found under it. ``pace``: seconds of our clock in a real one, in
    which a venue answers.
    """

    since: float
    births: tuple[str, ...]
    known: tuple[str, ...] = ()
    sales: tuple[GuessedSale, ...] = ()
    suspect: bool = False
    account: str = ""
    proofs: tuple[SoughtOrder, ...] = ()
    pace: float = 1.0


class CheckPast(Command):
    """Gateway's alarm: ask again for what is still sought; with ``call`` for the list itself.

    A call may be lost with the edge that made it, and then no report comes of it.
    """

    call: FetchPast | None = None


class CheckName(Command):
    """From the account to the gateway: an order with a name of ours is shown, made in this life."""

    identifier: str
    uuid: str
    pair: str
    created_at: float  # epoch seconds, by the venue's clock


class NameReport(Report):
    """From the gateway to the account: this ledger has never placed that order."""

    identifier: str
    pair: str
    created_at: float


# --- events of the gateway
class ExitsBarred(Event):
    """A life has begun: nothing is sold before the orders since the last entry were read."""


class PastSought(Event):
    """The orders since then (epoch seconds) are asked for; ``sales``: what may be among them.

    With an ``account`` they wait for one of the ``proofs``, and ``call`` is what asks for them.
    """

    since: float
    at: float
    sales: tuple[GuessedSale, ...] = ()
    suspect: bool = False
    births: tuple[str, ...] = ()
    account: str = ""
    proofs: tuple[SoughtOrder, ...] = ()
    call: FetchPast | None = None
    pace: float = 1.0


class PastAsked(Event):
    """No list has come for so long that it is asked for anew; what was asked before is over."""

    chain: int


class AccountTaken(Event):
    """A new API key is of our account: it shows an order of ours; "" = an operator says so."""

    account: str
    identifier: str = ""


class AccountDenied(Event):
    """An order of ours is not there under a new API key; ``left``: so many are still asked for.

    With none left the key may be of another account, and its coins are not to be sold.
    """

    account: str
    identifier: str
    left: int
    pairs: tuple[str, ...] = ()  # of the open trades


class PastShut(Event):
    """They cannot be listed: the venue's name for why, or what went wrong on the way."""

    reason: str
    since: float


class RowsUnread(Event):
    """Rows of the list could not be read, in the ``looks``-th look at it.

    ``rows``: the uuid or the market of each, where that is known. ``over``: it was looked at often
    enough. Every name that a sale of an open trade would have was asked for by then.
    """

    count: int
    rows: tuple[str, ...]
    since: float
    looks: int
    over: bool = False


class LookUnread(Event):
    """What the venue says of a sought order could not be read, in the ``looks``-th look at it.

    ``over``: it was looked at often enough. Of its ``trade``, when it is a sale of one that is
    open, nothing is sold before it can be read; all else goes on.
    """

    identifier: str
    pair: str
    trade: str
    looks: int
    over: bool = False


class RecoveryBegun(Event):
    """The venue knows ``orders`` of ours that we do not; these, and ``sought``, are looked up."""

    since: float
    orders: int
    sought: tuple[SoughtOrder, ...] = ()


class SaleFound(Event):
    """A sale of an open trade that this ledger did not know, with its own totals."""

    id: str  # TRADE/xN
    identifier: str
    trade: str
    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    filled_at: float


class StrayFound(Event):
    """An order of ours that this ledger did not know, and that is of none of its open trades."""

    identifier: str
    pair: str
    side: Side
    volume: Decimal
    funds: Decimal
    fee: Decimal
    created_at: float


class PastAnswered(Event):
    """What became of a sought order is known, and booked where there was something to book."""

    identifier: str


class ExitsAllowed(Event):
    """Sales may go out; ``listed``: all since ``since`` was read, and what was found is booked."""

    listed: bool
    since: float = 0.0
    found: int = 0


# --- an event of holdings
class SaleTaken(Event):
    """A found sale is booked: a row of the trade follows, where it is open. KRW, its own totals."""

    identifier: str
    trade: str
    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    attempt: int  # of the exit: later ones have higher numbers
    part: bool = False  # something of the trade is left


# --- events of account
class PastNoted(Event):
    """Account has noted whether the past is read; ``births`` are told as a life begins."""

    reading: bool
    at: float
    births: tuple[str, ...] = ()


class BirthSighted(Event):
    """An order made since our start bears the name of another birth of this bot: two bots run.

    Or it bears one of ours, and this ledger has never placed it: one of two is a copy of the other.
    ``again``: that they do was told before.
    """

    identifier: str
    pair: str
    created_at: float  # epoch seconds, by the venue's clock
    again: bool = False


class BirthForgotten(Event):
    """Somebody has looked, and started entries again: the other birth is told anew."""


# --- an event of the steward
class SightingNoted(Event):
    """When the other birth was seen last: entries cannot be started for a while after that."""

    at: float
