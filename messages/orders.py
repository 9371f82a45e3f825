"""An order's life: the wish, the intent, the calls to a venue, what came back, the outcome."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Command, Event, Report

Side = Literal["bid", "ask"]
OrdType = Literal["limit", "price", "market", "best"]
Purpose = Literal["entry", "exit"]


class Order(Struct, frozen=True):
    """What is to be sent, in Upbit's terms: ``price`` is the total KRW when ord_type is "price"."""

    id: str  # computed from what caused it
    trade: str  # the trade it belongs to (the id of the trade's entry)
    pair: str
    side: Side
    ord_type: OrdType
    price: Decimal | None = None  # KRW
    volume: Decimal | None = None  # coin
    time_in_force: str = ""
    reference: Decimal = Decimal(0)  # the price at which it was decided, KRW; 0 when not known
    good_until: float = 0.0  # not sent after this moment (epoch seconds); 0 = for ever
    cancel_at: float = 0.0  # cancelled at this moment with its fills kept; 0 = never
    tag: str = ""  # of an entry: the names of the recent conditions, or "force_entry"
    ask: Decimal = Decimal(0)  # of an entry: the best of the order book, 0 where it was not asked
    depth: Decimal = Decimal(0)  # and the coin that the book offered up to the limit

    @property
    def purpose(self) -> Purpose:
        """Bids enter, asks leave: the bot holds no other kind of position."""
        return "entry" if self.side == "bid" else "exit"


# --- commands towards the venue (the limiter accepts them, then hands on a Dispatch)
class SubmitOrder(Command):
    """Send this order: ``body`` goes out byte for byte."""

    order: Order
    identifier: str
    body: str


class QueryOrder(Command):
    """Ask the venue for the order with this identifier."""

    id: str
    pair: str
    identifier: str
    purpose: Purpose
    uuid: str = ""


class CancelOrder(Command):
    """Ask the venue to cancel; only a later snapshot tells whether it did."""

    id: str
    pair: str
    identifier: str
    purpose: Purpose
    uuid: str = ""


Call = SubmitOrder | QueryOrder | CancelOrder


class Dispatch(Command):
    """Perform this call now: it has its share of the rate limit."""

    call: Call


class CheckOrders(Command):
    """The gateway's alarm: look at one live intent, or at every one when ``id`` is "".

    Each live intent has one chain of these. ``epoch`` counts the intent's changes of course, so
    an alarm from before a change rings for nothing; ``looks`` counts the rings since then.
    """

    id: str = ""
    epoch: int = 0
    looks: int = 0


# --- what came back
class OrderReport(Report):
    """A venue's answer about one order.

    outcome: ``snapshot`` the order as it stands; ``refused`` a definite no, with Upbit's error
    ``name`` and ``text`` verbatim; ``absent`` an authoritative "not found"; ``unknown`` anything
    else (timeout, reset, 5xx, unreadable); ``not_sent`` it never left us.
    """

    id: str
    outcome: Literal["snapshot", "refused", "absent", "unknown", "not_sent"]
    call: Literal["submit", "query", "cancel"] = "query"
    uuid: str = ""
    state: Literal["", "wait", "watch", "done", "cancel"] = ""
    pair: str = ""  # as the venue has it, to recognise a stranger
    side: str = ""
    ord_type: str = ""
    price: Decimal | None = None
    asked_volume: Decimal | None = None
    volume: Decimal = Decimal(0)  # executed so far, coin
    funds: Decimal = Decimal(0)  # sum of price x volume of the fills, KRW
    fee: Decimal = Decimal(0)  # paid so far, KRW
    filled_at: float = 0.0  # the newest fill's date, epoch seconds
    name: str = ""
    text: str = ""
    final: bool = False  # of a refusal: it holds for this identifier, whatever attempt asks
    unread: bool = False  # of ``unknown``: the venue has answered, in words that cannot be read


class CallReport(Report):
    """How a call to a venue went, for the breaker: transport errors and 5xx count as ``failed``."""

    group: str
    outcome: Literal["ok", "failed", "throttled", "banned"]
    seconds: float = 0.0  # for ``banned``: how long
    remaining: int = -1  # calls that the venue says are left in this second; -1 = it does not


# --- events of the gateway
class OrderIntended(Event):
    """State SENDING, attempt 1: committed before anything leaves."""

    order: Order
    identifier: str
    body: str
    at: float = 0.0  # told where caps count by it
    capped: bool = False  # caps count what it has spent and what is still open of it
    cut_by: str = ""  # what made an entry smaller: a cap of ours, or ``free_cash``
    wanted: Decimal = Decimal(0)  # KRW that the entry would have been for then


class OrderAccepted(Event):
    """State OPEN: the venue knows the order under its own uuid. ``pair`` where UNKNOWN ends so."""

    id: str
    uuid: str
    pair: str = ""
    side: Side = "bid"


class OrderUncertain(Event):
    """UNKNOWN has begun: the send may or may not have arrived."""

    id: str
    pair: str
    side: Side
    reason: str


class OrderMissed(Event):
    """An authoritative "not found": how many by now, in how many seconds, silences left out."""

    id: str
    answers: int
    at: float = 0.0
    seconds: float = 0.0


class OrderRepeated(Event):
    """The same order is to be sent again under the same identifier: attempt 2 and later."""

    id: str
    attempt: int
    answers: int = 0  # "not found" that allowed it, and their seconds: since attempt 1
    seconds: float = 0.0


class OrderFilled(Event):
    """More of the order has been executed: running totals since its start."""

    id: str
    trade: str
    pair: str
    side: Side
    volume: Decimal
    funds: Decimal
    fee: Decimal
    filled_at: float
    tag: str = ""


class CancelIntended(Event):
    """The order is to be cancelled; committed before the call leaves."""

    id: str
    reason: str


class OrderClosed(Event):
    """The order has ended with these totals (zero when nothing was executed)."""

    id: str
    trade: str
    pair: str
    side: Side
    state: str  # done | cancel
    volume: Decimal
    funds: Decimal
    fee: Decimal
    filled_at: float


class OrderRefused(Event):
    """The order has ended without existing: a definite no. Upbit's words are kept verbatim.

    ``until``: of a cap of ours, the moment up to which it refuses every entry.
    """

    id: str
    trade: str
    pair: str
    side: Side
    reason: str
    text: str = ""
    until: float = 0.0


class CapEased(Event):
    """What ended unfilled was given back: the cap of this name allows entries again."""

    reason: str


class OrderAbsent(Event):
    """The quarantine is over: the venue never had it. Its tombstone is watched from now on."""

    id: str
    trade: str
    pair: str
    side: Side
    at: float = 0.0


class OrderForgotten(Event):
    """A tombstone was watched for long enough."""

    id: str


class OrderFound(Event):
    """An order given up as absent exists after all: it is adopted, and is to be cancelled."""

    id: str
    trade: str
    pair: str
    side: Side


class OrderDisputed(Event):
    """Contradictory evidence: the pair is frozen until a person has looked."""

    id: str
    pair: str
    reason: str
