"""Owns what is still to be learnt of the past before anything is sold, and what each answer means.

A ledger that was restored, copied or rolled back does not know what was ordered since. A sale of
one of its open trades is booked by that order's own figures; a purchase, or the sale of a trade
that it never knew, is shown and left to its owner.

What cannot be read however often it is looked at costs the trade that it may be a sale of, and
nothing else: of that one nothing is sold before it is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from msgspec import Struct, structs

from core.orders.payload import identifier
from messages.orders import CancelOrder, OrderReport, Purpose, QueryOrder, Side
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    ExitsAllowed,
    ExitsBarred,
    GuessedSale,
    LookUnread,
    PastAnswered,
    PastAsked,
    PastShut,
    PastSought,
    RecoveryBegun,
    RowsUnread,
    SaleFound,
    SoughtOrder,
    StrayFound,
)
from messages.venue_queries import FetchPast, PastOrder

FAR = 4096  # numbers of a trade's exits that a listed sale is compared with
LOOKS_MAX = 10  # at an order or a list that the venue tells of in a way that cannot be read
OF_PAST = "past "  # begins the id of a look-up, and the key under which an answer is kept
OfPast = (
    ExitsBarred
    | AccountTaken
    | AccountDenied
    | PastSought
    | PastAsked
    | PastShut
    | RowsUnread
    | LookUnread
    | RecoveryBegun
    | SaleFound
    | StrayFound
    | PastAnswered
    | ExitsAllowed
)


class OrderHistory(Struct, frozen=True):
    """``barred``: nothing is sold. ``sought``: what is asked for; ``owed``: found, not yet booked.

    ``intended``: identifiers of what was intended, or shown and looked up, while the list was not
    read; ``read_since``: how far back the last list that was read whole went. ``listed``: this
    life's list has come, and showed something: until then what a former life found is all that is
    known to be booked.
    ``account``: of a new API key, of which nothing is known before one of the ``proofs`` is found;
    ``call`` waits. ``chain``: which asking for the list is the one that goes on. ``odd_looks``: how
    often rows of it could not be read; ``looks``: how often a sought order; ``unread``: those that
    were looked at often enough. ``pace``: seconds of our clock in a real one. Moments are epoch
    seconds.
    """

    barred: bool = False
    reading: bool = False  # the list was not read whole in this life
    since: float = 0.0
    begun_at: float = 0.0
    suspect: bool = False
    shut: str = ""
    sales: tuple[GuessedSale, ...] = ()
    births: tuple[str, ...] = ()
    sought: dict[str, SoughtOrder] = {}
    owed: tuple[str, ...] = ()
    found: int = 0
    intended: tuple[str, ...] = ()
    read_since: float = 0.0
    account: str = ""
    proofs: tuple[SoughtOrder, ...] = ()
    call: FetchPast | None = None
    listed: bool = False
    pace: float = 1.0
    chain: int = 0
    odd_looks: int = 0
    looks: dict[str, int] = {}
    unread: dict[str, SoughtOrder] = {}


def evolve(past: OrderHistory, event: OfPast) -> OrderHistory:
    """The past after an event of its own."""
    match event:
        case ExitsBarred():
            return structs.replace(past, barred=True)
        case PastSought():
            return _begun(past, event)
        case AccountTaken():
            return structs.replace(past, account="", proofs=(), call=None)
        case AccountDenied(identifier=name):
            proofs = tuple(one for one in past.proofs if one.identifier != name)
            return structs.replace(past, proofs=proofs)
        case PastShut() | PastAsked() | RowsUnread() | LookUnread():
            return _looked(past, event)
        case RecoveryBegun(sought=sought):
            wanted = {one.identifier: one for one in sought}
            unread = {key: one for key, one in past.unread.items() if key not in wanted}
            now = structs.replace(past, barred=True, sought=wanted, shut="", listed=True)
            return structs.replace(now, intended=(*past.intended, *wanted), unread=unread)
        case SaleFound(identifier=name):
            now = structs.replace(_without(past, name), owed=(*past.owed, name))
            return structs.replace(now, found=past.found + 1)
        case StrayFound(identifier=name):
            return structs.replace(_without(past, name), found=past.found + 1)
        case PastAnswered(identifier=name):
            owed = tuple(one for one in past.owed if one != name)
            now = structs.replace(_without(past, name), owed=owed)
            one = past.sought.get(name)
            return _unshown(now, name) if one and not one.listed else now
        case ExitsAllowed(listed=False):
            return structs.replace(past, barred=False)
        case ExitsAllowed(since=since):
            return _read(past, since)
        case _:
            assert_never(event)


def _begun(past: OrderHistory, event: PastSought) -> OrderHistory:
    """A life begins; what a former one has found and not booked is owed still."""
    return OrderHistory(
        barred=True,
        reading=True,
        since=event.since,
        begun_at=event.at,
        suspect=event.suspect,
        sales=event.sales,
        births=event.births,
        owed=past.owed,
        read_since=past.read_since,
        account=event.account,
        proofs=event.proofs,
        call=event.call,
        pace=event.pace,
        unread=past.unread,
    )


def _read(past: OrderHistory, since: float) -> OrderHistory:
    """All is read that can be; a later life reads again from where something could not."""
    if not past.unread:
        return OrderHistory(read_since=since)
    return OrderHistory(read_since=past.read_since, since=since, unread=past.unread, pace=past.pace)


def _looked(
    past: OrderHistory, event: PastShut | PastAsked | RowsUnread | LookUnread
) -> OrderHistory:
    """Asked in vain: for the list, or for an order."""
    match event:
        case PastShut(reason=reason):
            return structs.replace(past, shut=reason, listed=False)
        case PastAsked(chain=chain):
            return structs.replace(past, chain=chain)
        case RowsUnread(looks=count):
            return structs.replace(past, odd_looks=count)
        case LookUnread(identifier=name, looks=count, over=over):
            one = past.sought.get(name)
            now = structs.replace(past, looks={**past.looks, name: count})
            if not over or one is None:
                return now
            now = _without(now, name)
            return structs.replace(now, unread={**now.unread, name: one})
        case _:
            assert_never(event)


def _unshown(past: OrderHistory, name: str) -> OrderHistory:
    """A guess that came to nothing is sought again should a list show it."""
    intended = tuple(one for one in past.intended if one != name)
    return structs.replace(past, intended=intended)


def _without(past: OrderHistory, name: str) -> OrderHistory:
    """What became of it is known, or cannot be."""
    sought = {key: one for key, one in past.sought.items() if key != name}
    unread = {key: one for key, one in past.unread.items() if key != name}
    return structs.replace(past, sought=sought, unread=unread)


def unreadable(past: OrderHistory, trade: str) -> bool:
    """Whether there is a sale of the trade of which nothing can be read."""
    return any(one.trade == trade for one in past.unread.values())


# --- what is sought
def sought(
    past: OrderHistory, orders: tuple[PastOrder, ...], ours: frozenset[str], odd: bool = False
) -> tuple[SoughtOrder, ...]:
    """What is to be looked up: what the list shows and we do not know; with it every guess.

    ``odd``: it has rows that cannot be read, each of which may be one of the guesses.
    """
    unknown = {order.identifier: order for order in orders if order.identifier not in ours}
    if not unknown and not odd:
        return ()
    guesses = [g for g in (*past.sales, *_far(past, unknown)) if g.identifier not in ours]
    guessed = [
        SoughtOrder(
            guess.identifier,
            guess.pair,
            "ask",
            guess.id,
            guess.trade,
            unknown[guess.identifier].created_at if guess.identifier in unknown else 0.0,
            guess.identifier in unknown,
        )
        for guess in guesses
    ]
    names = {one.identifier for one in guessed}
    others = [
        SoughtOrder(o.identifier, o.pair, o.side, created_at=o.created_at)
        for o in sorted(unknown.values(), key=lambda o: o.created_at)
        if o.identifier not in names
    ]
    return (*guessed, *others)


def _far(past: OrderHistory, unknown: dict[str, PastOrder]) -> Iterator[GuessedSale]:
    """Sales of open trades with numbers beyond the guessed ones: refused exits count too."""
    guessed = {guess.identifier for guess in past.sales}
    trades = {guess.trade: guess.pair for guess in past.sales}
    asks = {o.identifier for o in unknown.values() if o.side != "bid"} - guessed
    pairs = {unknown[name].pair for name in asks}  # "" = that cannot be read: it may be of any
    for trade in (trade for trade, pair in trades.items() if pair in pairs or "" in pairs):
        for n in range(1, FAR + 1):
            id = f"{trade}/x{n}"
            for birth in past.births:
                if asks and (name := identifier(birth, id)) in asks:
                    asks.discard(name)
                    yield GuessedSale(name, id, trade, trades[trade])


def asked(one: SoughtOrder) -> QueryOrder:
    """The look-up of what is sought."""
    purpose: Purpose = "entry" if one.side == "bid" else "exit"
    return QueryOrder(OF_PAST + one.identifier, one.pair, one.identifier, purpose)


# --- what an answer means
def answered(
    past: OrderHistory, report: OrderReport, entering: frozenset[str]
) -> Iterator[SaleFound | StrayFound | PastAnswered | LookUnread | CancelOrder]:
    """``entering``: trades whose entry's order lives; their sales wait for its end.

    An order of ours that still rests is cancelled, and looked at again. What the list shows is
    there, whatever a look-up says that lags: such a "not found" tells as little as an answer that
    cannot be read.
    """
    name = report.id.removeprefix(OF_PAST)
    one = past.sought.get(name) or past.unread.get(name)
    if one is None or report.call == "cancel":
        return
    if report.outcome == "absent" and not one.listed:
        yield PastAnswered(name)
    elif (report.unread or report.outcome == "absent") and name in past.sought:
        looks = past.looks.get(name, 0) + 1
        yield LookUnread(name, one.pair, one.trade, looks, looks >= LOOKS_MAX)
    if report.outcome != "snapshot":
        return
    if report.state not in ("done", "cancel"):
        query = asked(one)
        yield CancelOrder(query.id, query.pair, query.identifier, query.purpose)
    elif not report.volume:
        yield PastAnswered(name)
    elif one.trade and (report.side, report.pair) == ("ask", one.pair):
        if one.trade not in entering and not _earlier(past, one):
            totals = (report.volume, report.funds, report.fee)
            at = report.filled_at or one.created_at or past.begun_at
            yield SaleFound(one.id, name, one.trade, one.pair, *totals, at)
    else:
        totals = (report.volume, report.funds, report.fee)
        side: Side = "bid" if report.side == "bid" else "ask"
        at = one.created_at or report.filled_at
        yield StrayFound(name, report.pair, side, *totals, at)
        yield PastAnswered(name)


def _earlier(past: OrderHistory, one: SoughtOrder) -> bool:
    """Whether an earlier sale of the trade is not known yet: rows come in their order."""
    others = (other for other in past.sought.values() if other.trade == one.trade)
    return any(number(other.id) < number(one.id) for other in others)


def number(id: str) -> int:
    """N of TRADE/xN."""
    return int(id.rpartition("/x")[2])
