"""Owns what is still to be learnt of the past before anything is sold, and what each answer means.

A ledger that was restored, copied or rolled back does not know what was ordered since. A sale of
one of its open trades is booked by that order's own figures; a purchase, or the sale of a trade
that it never knew, is shown and left to its owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from msgspec import Struct, structs

from core.orders.bodies import identifier
from messages.fetching import FetchPast, PastOrder
from messages.orders import CancelOrder, OrderReport, Purpose, QueryOrder, Side
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    ExitsAllowed,
    ExitsBarred,
    Guess,
    PastAnswered,
    PastShut,
    PastSought,
    RecoveryBegun,
    SaleFound,
    Sought,
    StrayFound,
)

FAR = 4096  # numbers of a trade's exits that a listed sale is compared with
OF_PAST = "past "  # begins the id of a look-up, and the key under which an answer is kept
OfPast = (
    ExitsBarred
    | AccountTaken
    | AccountDenied
    | PastSought
    | PastShut
    | RecoveryBegun
    | SaleFound
    | StrayFound
    | PastAnswered
    | ExitsAllowed
)


class Past(Struct, frozen=True):
    """``barred``: nothing is sold. ``sought``: what is asked for; ``owed``: found, not yet booked.

    ``intended``: identifiers of what was intended while the list was not read; ``read_since``: how
    far back the last list that was read whole went. ``listed``: this life's list has come, and
    showed something: until then what a former life found is all that is known to be booked.
    ``account``: of a new API key, of which nothing is known before one of the ``proofs`` is found;
    ``call`` waits. Moments are epoch seconds.
    """

    barred: bool = False
    reading: bool = False  # the list was not read whole in this life
    since: float = 0.0
    begun_at: float = 0.0
    suspect: bool = False
    shut: str = ""
    sales: tuple[Guess, ...] = ()
    births: tuple[str, ...] = ()
    sought: dict[str, Sought] = {}
    owed: tuple[str, ...] = ()
    found: int = 0
    intended: tuple[str, ...] = ()
    read_since: float = 0.0
    account: str = ""
    proofs: tuple[Sought, ...] = ()
    call: FetchPast | None = None
    listed: bool = False


def evolve(past: Past, event: OfPast) -> Past:
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
        case PastShut(reason=reason):
            return structs.replace(past, shut=reason)
        case RecoveryBegun(sought=sought):
            wanted = {one.identifier: one for one in sought}
            return structs.replace(past, barred=True, sought=wanted, shut="", listed=True)
        case SaleFound(identifier=name):
            owed = (*past.owed, name)
            left = _without(past, name)
            return structs.replace(past, sought=left, owed=owed, found=past.found + 1)
        case StrayFound(identifier=name):
            return structs.replace(past, sought=_without(past, name), found=past.found + 1)
        case PastAnswered(identifier=name):
            owed = tuple(one for one in past.owed if one != name)
            return structs.replace(past, sought=_without(past, name), owed=owed)
        case ExitsAllowed(listed=False):
            return structs.replace(past, barred=False)
        case ExitsAllowed(since=since):
            return Past(read_since=since)
        case _:
            assert_never(event)


def _begun(past: Past, event: PastSought) -> Past:
    """A life begins; what a former one has found and not booked is owed still."""
    return Past(
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
    )


def _without(past: Past, name: str) -> dict[str, Sought]:
    return {key: one for key, one in past.sought.items() if key != name}


# --- what is sought
def sought(past: Past, orders: tuple[PastOrder, ...], ours: frozenset[str]) -> tuple[Sought, ...]:
    """What is to be looked up: what the list shows and we do not know; with it every guess."""
    unknown = {order.identifier: order for order in orders if order.identifier not in ours}
    if not unknown:
        return ()
    guesses = (*past.sales, *_far(past, unknown))
    guessed = [
        Sought(
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
        Sought(o.identifier, o.pair, o.side, created_at=o.created_at)
        for o in sorted(unknown.values(), key=lambda o: o.created_at)
        if o.identifier not in names
    ]
    return (*guessed, *others)


def _far(past: Past, unknown: dict[str, PastOrder]) -> Iterator[Guess]:
    """Sales of open trades with numbers beyond the guessed ones: refused exits count too."""
    guessed = {guess.identifier for guess in past.sales}
    trades = {guess.trade: guess.pair for guess in past.sales}
    asks = {o.identifier for o in unknown.values() if o.side == "ask"} - guessed
    pairs = {unknown[name].pair for name in asks}
    for trade in (trade for trade, pair in trades.items() if pair in pairs):
        for n in range(1, FAR + 1):
            id = f"{trade}/x{n}"
            for birth in past.births:
                if asks and (name := identifier(birth, id)) in asks:
                    asks.discard(name)
                    yield Guess(name, id, trade, trades[trade])


def asked(one: Sought) -> QueryOrder:
    """The look-up of what is sought."""
    purpose: Purpose = "exit" if one.side == "ask" else "entry"
    return QueryOrder(OF_PAST + one.identifier, one.pair, one.identifier, purpose)


# --- what an answer means
def answered(
    past: Past, report: OrderReport, entering: frozenset[str]
) -> Iterator[SaleFound | StrayFound | PastAnswered | CancelOrder]:
    """``entering``: trades whose entry's order lives; their sales wait for its end.

    An order of ours that still rests is cancelled, and looked at again. What the list shows is
    there, whatever a look-up says that lags.
    """
    name = report.id.removeprefix(OF_PAST)
    one = past.sought.get(name)
    if one is None or report.call == "cancel":
        return
    if report.outcome == "absent" and not one.listed:
        yield PastAnswered(name)
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


def _earlier(past: Past, one: Sought) -> bool:
    """Whether an earlier sale of the trade is not known yet: rows come in their order."""
    others = (other for other in past.sought.values() if other.trade == one.trade)
    return any(number(other.id) < number(one.id) for other in others)


def number(id: str) -> int:
    """N of TRADE/xN."""
    return int(id.rpartition("/x")[2])
