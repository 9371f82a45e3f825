"""What the auditor states, and what it keeps: the books as a second witness has them.

Money is KRW, volumes are coin. ``numbers`` are the journal's, newest last: the evidence.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Command, Event

ZERO = Decimal(0)
Numbers = tuple[int, ...]
Invariant = Literal[
    "intent_twice",  # an intent's id never comes a second time
    "identifier_wrong",  # the venue's name of an intent follows from birth and id
    "pair_side_twice",  # at most one live order per pair and side
    "stage_outside_table",  # an order goes the ways of the table, and no other
    "fills_fell",  # running totals only grow
    "overfilled",  # nothing is filled beyond what was asked
    "closed_otherwise",  # a closed order's totals are those of its last fill
    "wish_missing",  # nothing is reserved or intended without a wish, nor a wish left alone
    "wish_exceeded",  # nothing is reserved or asked beyond the wish, nor beyond the reservation
    "wish_twice",  # one exit at a time, under the next number
    "reservation_missing",  # no entry is intended without a reservation
    "reservation_twice",  # one reservation for an entry
    "reservation_left",  # none is left once its order has ended
    "reservation_freed",  # none is freed before that
    "overcommitted",  # free + reserved = cash, and none of them below 0
    "cash_differs",  # cash = capital +/- the fills +/- adjustments
    "holdings_differ",  # coins = the fills +/- adjustments, dust included
    "high_fell",  # the highest price since the entry never falls
    "partial_flag_cleared",  # a part is sold once while a trade is open
    "venue_differs",  # one order at the venue for an intent, with the totals that were told
]


class OrderEvidence(Struct, frozen=True, omit_defaults=True):
    """What each witness has told of one order: the gateway, the budget, a paper venue."""

    pair: str = ""
    side: str = ""
    # the gateway
    stage: str = ""  # "" before it has spoken, "ended" at last
    attempt: int = 1
    most_volume: Decimal | None = None  # what was asked
    most_funds: Decimal | None = None
    volume: Decimal = ZERO
    funds: Decimal = ZERO
    fee: Decimal = ZERO
    given_up: bool = False  # as absent, once
    settled: bool = False  # ended by a person's word after a dispute
    closed: bool = False
    ends: int = 0  # how many of its ends the budget has to answer
    told: Decimal = ZERO  # KRW it had moved at the newest of them, fee included
    # the budget
    backed: Decimal | None = None  # reserved, without the fee
    reserved: Decimal = ZERO  # and with it
    moved: Decimal = ZERO  # spent by a bid, got by an ask
    answers: int = 0
    answered: Decimal = ZERO  # what had moved at the newest of them
    # the venue
    venue: Literal["", "resting", "ended"] = ""
    at_venue: tuple[Decimal, Decimal, Decimal] = (ZERO, ZERO, ZERO)  # volume, funds, fee
    numbers: Numbers = ()


class Unmatched(Struct, frozen=True, omit_defaults=True):
    """A wish whose answer is not known yet, or an answer whose wish is not; ``most`` of it."""

    wished: bool
    pair: str
    most: Decimal
    numbers: Numbers


class DustPosition(Struct, frozen=True):
    """Dust of a pair, and what it cost."""

    volume: Decimal = ZERO
    cost: Decimal = ZERO
    fee: Decimal = ZERO


class TradeEvidence(Struct, frozen=True, omit_defaults=True):
    """An open trade as holdings tell it; ``volume``, ``funds``, ``fee`` are what is left."""

    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    high: Decimal
    dust: DustPosition = DustPosition()  # what joined it
    adopted: bool = False
    partial: bool = False
    attempt: int = 0
    exit: str = ""  # the id of the one under way
    most: Decimal = ZERO  # what that may sell
    sold: Decimal = ZERO
    outside: tuple[Decimal, Decimal] | None = None  # coin and KRW of a sale by hand
    numbers: Numbers = ()
    ended: bool = False  # its entry's order
    parted: DustPosition = DustPosition()  # what was sold of it before that
    suspended: Decimal = ZERO  # coin that left without a sale


class Imbalance(Struct, frozen=True, omit_defaults=True):
    """What one witness has told beyond the other: ended orders, coin, KRW. All 0 when even."""

    orders: int = 0
    volume: Decimal = ZERO
    krw: Decimal = ZERO
    numbers: Numbers = ()


class AuditState(Struct, frozen=True, omit_defaults=True):
    """All that is open, and running sums; never what has ended."""

    capital: Decimal | None = None  # at the birth
    births: tuple[str, ...] = ()  # the newest two
    cash: Decimal = ZERO  # what has been added to the capital since
    paper: bool | None = None  # whether there is a paper venue, whose word counts
    orders: dict[str, OrderEvidence] = {}
    halves: dict[str, Unmatched] = {}
    trades: dict[str, TradeEvidence] = {}
    dust: dict[str, DustPosition] = {}
    pairs: dict[str, Imbalance] = {}  # the gateway's ended orders beyond those of holdings
    outside: Imbalance = Imbalance()  # sales by hand: holdings beyond the budget
    fresh: tuple[str, ...] = ()  # intents since the books were written
    noted: int = 0  # events since then
    written_at: float = 0.0
    armed: bool = False  # an alarm is set, since something waits for another witness
    waits: dict[str, int] = {}  # at the last look, and up to which number; -1 it was told


class CheckBooks(Command):
    """The auditor's alarm: has every witness told its end?"""


class BooksNoted(Event):
    """Volatile: the books after an event. It is taken in again when it was never written."""

    books: AuditState


class BooksAudited(Event):
    """The books are written: what came before need not be taken in again."""

    books: AuditState


class IntentWitnessed(Event):
    """Kept in the index under this id: it must never come again."""

    id: str


class InvariantBroken(Event):
    """The money does not add up: no entry until an operator starts trading again.

    ``where`` a pair, an order, or a trade; ``evidence`` the journal's numbers.
    """

    invariant: Invariant
    where: str
    expected: str
    found: str
    evidence: Numbers
