"""Owns how a life on real money begins: the orders since the journal's end are read, then it sells.

One listing is all that a usual start needs; one with rows that cannot be read is not whole, and
sales of the open trades are looked up by the names that they would have. Where the venue shows an
order of ours that we do not know, each is looked up until its fate is known, and nothing is ordered
meanwhile.

A list that cannot be had bars exits only where there is a reason to suspect that the ledger is
older than the account: it bears a new birth, or its last entry lies in the future. Elsewhere they
go on after ``GRACE_SECONDS``: while the venue is down nothing can be sold anyhow, and of a ledger
that was rolled back unseen the next sale has the name of the lost one, which the venue takes once.

Rows that cannot be read bar exits for ``ROWS_LOOKS`` looks at the list, an order for so many looks
at it: then all goes on but what may have been sold already. Those waits are for a venue's answer,
so they are as long on a market that runs faster than the wall. One chain of calls asks for the
list: where one has to be begun anew, what the former one brings is not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from typing import assert_never

from msgspec import structs

from actors.runtime.owner import Outputs
from core.orders import order_history
from core.orders.intents import GatewayState
from core.orders.order_history import OF_PAST, OrderHistory, asked
from core.orders.payload import identifier
from core.trading.trades import HoldingsState
from messages.base import After
from messages.orders import OrderAccepted, OrderClosed, OrderFilled, OrderIntended, OrderReport
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    CheckPast,
    ExitsAllowed,
    GuessedSale,
    LookUnread,
    PastAnswered,
    PastAsked,
    PastShut,
    PastSought,
    ReadPast,
    RecoveryBegun,
    RowsUnread,
    SaleFound,
    SaleTaken,
    SoughtOrder,
    StrayFound,
)
from messages.venue_queries import FetchPast, PastReport
from persistence.store import Store, StoreFull

MARGIN = 3600.0  # before the journal's last entry, and after now: clocks differ
KNOWN_SECONDS = 86400.0  # before that, of the journal: its clock may have been another
KNOWN_MAX = 200_000  # entries that are looked at for names of ours
STRIDE = 5_000
WEEK = 7 * 86400.0
AHEAD = 60.0  # a last entry so much later than now was stated by a clock that was wrong
SALES = 8  # exits of a trade that are guessed: the first, and those after its newest
GRACE_SECONDS = 30.0
LOST_SECONDS = 60.0  # after which a list without an answer is asked for again; grows
LOST_DOUBLED = 6  # times at most: a list of years takes its while
AGAIN_SECONDS = 5.0  # until a list that could not be had is asked for again
LOOK_SECONDS = 2.0  # until what is still sought is asked for again
SLOW_SECONDS = 60.0  # the same of what was looked at often enough
ROWS_LOOKS = 6  # at a list with rows that cannot be read
UNREAD = "unread_rows"  # the reason of a list with rows that cannot be read
PROOFS = 8  # orders that are looked for under a new key
NOTE = "past"  # how far back the list of the newest life goes
Answer = SaleFound | StrayFound | PastAnswered | LookUnread


# --- decide
def learnt(
    state: GatewayState, message: ReadPast | PastReport | CheckPast | SaleTaken, at: float
) -> Outputs:
    """One step from a life's beginning to where sales may go out."""
    match message:
        case ReadPast():
            yield from sought(state.past, message, at)
        case PastReport():
            yield from listed(state, message, at)
        case CheckPast(call=FetchPast() as call):
            yield from unanswered(state, call)
        case CheckPast():
            yield from checked(state)
        case SaleTaken(identifier=name):
            yield from booked(state, name)
        case _:
            assert_never(message)


def sought(past: OrderHistory, message: ReadPast, at: float) -> Outputs:
    """A life begins: ask. A new key is first to show that it is of the account of our orders."""
    call = FetchPast(message.births, message.since, at + MARGIN, message.known)
    facts = (message.since, at, message.sales, message.suspect, message.births)
    if message.account and (message.proofs or message.sales):
        doubted = PastSought(*facts, message.account, message.proofs, call, message.pace)
        yield doubted
        yield from _proving(order_history.evolve(past, doubted))
        return
    if message.account:  # there is nothing that it could be mistaken for
        yield AccountTaken(message.account)
    begun = PastSought(*facts, pace=message.pace)
    yield begun
    yield from _listing(order_history.evolve(past, begun), call)


def _listing(now: OrderHistory, call: FetchPast) -> Outputs:
    yield call
    seconds = LOST_SECONDS * 2 ** min(call.chain, LOST_DOUBLED)
    yield After(seconds, CheckPast(call), real=True)
    if now.unread and not call.chain:
        yield After(LOOK_SECONDS, CheckPast(), real=True)


def _proving(now: OrderHistory) -> Outputs:
    """One order after the other is looked up; where there is none, nothing can be proved."""
    if now.proofs:
        yield asked(now.proofs[0])
        yield After(LOOK_SECONDS, CheckPast(), real=True)
    else:
        yield AccountDenied(now.account, "", 0, _pairs(now))


def _pairs(now: OrderHistory) -> tuple[str, ...]:
    return tuple(dict.fromkeys(guess.pair for guess in now.sales))


def accepted(now: OrderHistory, identifier: str = "") -> Outputs:
    """The new key is ours: the orders since the last entry can be asked for."""
    yield AccountTaken(now.account, identifier)
    if now.call is not None:
        yield from _listing(now, now.call)


def _proved(now: OrderHistory, report: OrderReport) -> Outputs:
    """What the account of a new key says of an order of ours."""
    name = report.id.removeprefix(OF_PAST)
    one = next((one for one in now.proofs if one.identifier == name), None)
    if one is None or report.call != "query":
        return
    if report.outcome == "snapshot" and (report.pair, report.side) == (one.pair, one.side):
        yield from accepted(now, name)
    elif report.outcome == "absent":
        left = tuple(other for other in now.proofs if other != one)
        yield AccountDenied(now.account, name, len(left), () if left else _pairs(now))
        if left:
            yield asked(left[0])


def listed(state: GatewayState, report: PastReport, at: float) -> Outputs:
    """The list has come, or cannot be had."""
    now = state.past
    if not now.reading or (now.sought and now.listed):
        return
    again = After(AGAIN_SECONDS, report.call, real=True)
    follows = [again] if report.call.chain == now.chain else []  # else another asks
    if now.sought:
        yield from follows
        return
    ours = frozenset((*now.intended, *(live.identifier for live in state.live.values())))
    anew = bool(report.odd) and now.shut != UNREAD
    found = () if report.failed else order_history.sought(now, report.orders, ours, anew)
    failed = report.failed or (UNREAD if report.odd else "")
    if found:
        yield RecoveryBegun(now.since, sum(one.listed for one in found), found)
        if failed:
            yield PastShut(failed, now.since)
        yield from map(asked, found)
        if not now.unread:  # or they are looked at already
            yield After(LOOK_SECONDS, CheckPast(), real=True)
        yield from follows if failed else ()
    elif failed:
        yield from _unlisted(now, report, failed, at)
        looks = now.odd_looks + 1
        if failed != UNREAD or looks < ROWS_LOOKS or now.owed:
            yield from follows
    elif now.owed:  # a former life found them, and holdings have not booked all of them yet
        yield from follows
    else:
        yield ExitsAllowed(True, now.since, now.found)


def _unlisted(now: OrderHistory, report: PastReport, failed: str, at: float) -> Outputs:
    """There is no whole list: exits wait, or go on where nothing speaks against it.

    What could not be read in so many looks will not be in the next: it is stated, and let be.
    """
    if now.shut != failed and (failed == UNREAD or not now.shut):
        yield PastShut(failed, now.since)
    looks = now.odd_looks + 1
    over = failed == UNREAD and looks >= ROWS_LOOKS and not now.owed
    if over or (failed == UNREAD and looks < ROWS_LOOKS):
        yield RowsUnread(report.odd, report.rows, now.since, looks, over)
    if over:
        yield ExitsAllowed(True, now.since, now.found)
    elif now.barred and not (now.suspect or 0 <= at - now.begun_at < GRACE_SECONDS * now.pace):
        yield ExitsAllowed(False, now.since)


def answered(state: GatewayState, report: OrderReport) -> Outputs:
    """One of those that were looked up."""
    if state.past.account:
        yield from _proved(state.past, report)
        return
    entries = (live for live in state.live.values() if live.order.purpose == "entry")
    entering = frozenset(live.order.trade for live in entries if live.stage != "absent")
    said = tuple(order_history.answered(state.past, report, entering))
    yield from said
    events = [one for one in said if isinstance(one, Answer)]
    if events:
        yield from _over(state.past, reduce(order_history.evolve, events, state.past))


def booked(state: GatewayState, name: str) -> Outputs:
    """Holdings have booked a found sale."""
    if name in state.past.owed:
        answer = PastAnswered(name)
        yield answer
        yield from _over(state.past, order_history.evolve(state.past, answer))


def checked(state: GatewayState) -> Outputs:
    """Whatever is not known yet is asked for again."""
    now = state.past
    if now.account and now.proofs:
        yield from _proving(now)
    elif now.sought or now.unread:
        yield from map(asked, (now.sought or now.unread).values())
        yield After(LOOK_SECONDS if now.sought else SLOW_SECONDS, CheckPast(), real=True)


def unanswered(state: GatewayState, call: FetchPast) -> Outputs:
    """No list has come for so long: it is asked for once more, and exits go on if they may."""
    now = state.past
    if not now.reading or (now.sought and now.listed) or now.since != call.since:
        return
    if call.chain != now.chain:
        return
    if now.barred and not now.suspect and not now.sought:
        yield ExitsAllowed(False, now.since)
    anew = PastAsked(now.chain + 1)
    yield anew
    now = order_history.evolve(now, anew)
    yield from _listing(now, structs.replace(call, chain=now.chain))


def _over(before: OrderHistory, now: OrderHistory) -> Iterator[ExitsAllowed]:
    """Once all is booked that this life's list showed; before it comes there may be more.

    What could not be read and is known at last frees the exits of its trade.
    """
    late = not now.reading and bool(before.owed or len(now.unread) < len(before.unread))
    if ((now.reading and now.listed) or late) and not now.sought and not now.owed:
        yield ExitsAllowed(True, now.since, now.found)


# --- at a start, before any actor runs
def past_of(store: Store, now: float, account: str = "", pace: float = 1.0) -> ReadPast:
    """What has to be read: since when, under which names, and what of it the ledger knows.

    ``account``: of the API key that is used now, "" where there is none; ``pace``: seconds of our
    clock in a real one.
    What an earlier life began to read and did not end counts on: it is noted beside the ledger.
    """
    record = store.load("gateway", GatewayState)
    state = record.state if record else GatewayState()
    last = store.last()
    since = min(last.at, now) - MARGIN if last else now - MARGIN
    ahead = last is not None and last.at > now + AHEAD
    if ahead:
        since = min(since, now - WEEK)
    pending = float(kept) if (kept := store.noted(NOTE)) else 0.0
    if pending and state.past.read_since != pending:
        since = min(since, pending)
    with suppress(StoreFull):  # nothing can be ordered then either
        store.note(NOTE, repr(since).encode())
    births = (store.birth.id, *store.birth.former)
    sales, known = _guessed(store, state, births)
    known += tuple(live.identifier for live in state.live.values())
    moved = bool(state.birth) and state.birth != store.birth.id
    suspect = moved or ahead or (state.past.reading and state.past.suspect)
    found = ReadPast(since, births, (*known, *_known(store, since)), sales, suspect, pace=pace)
    if account in ("", store.birth.account, *state.accounts):
        return found
    return structs.replace(found, account=account, proofs=_proofs(store, state))


def _proofs(store: Store, state: GatewayState) -> tuple[SoughtOrder, ...]:
    """Orders that the account of our trades must have: of those that are open, then the newest."""
    record = store.load("holdings", HoldingsState)
    ids = [*(record.state.trades if record else ())]
    ids += [live.order.id for live in state.live.values() if live.stage == "open"]
    newest = store.events(max(store.base().number, store.count() - STRIDE))
    ids += reversed([e.body.id for e in newest if isinstance(e.body, OrderAccepted)])
    kept = (store.kept("gateway", id) for id in dict.fromkeys(ids))
    intents = [one for one in kept if isinstance(one, OrderIntended)][:PROOFS]
    return tuple(SoughtOrder(one.identifier, one.order.pair, one.order.side) for one in intents)


def _open(store: Store, state: GatewayState) -> dict[str, tuple[str, int]]:
    """Pair and newest exit of each trade that is open, or that an entry under way opens."""
    entries = [live.order for live in state.live.values() if live.order.purpose == "entry"]
    trades = {order.trade: (order.pair, 0) for order in entries}
    for letter in store.events(store.settled()):
        if isinstance(letter.body, OrderFilled | OrderClosed) and letter.body.side == "bid":
            trades[letter.body.trade] = (letter.body.pair, 0)
    if record := store.load("holdings", HoldingsState):
        held = record.state.trades.values()
        trades |= {trade.trade: (trade.pair, trade.attempt) for trade in held}
    return trades


def _guessed(
    store: Store, state: GatewayState, births: tuple[str, ...]
) -> tuple[tuple[GuessedSale, ...], tuple[str, ...]]:
    """Names that sales of the open trades may have, and those of the ones that are known."""
    guesses: list[GuessedSale] = []
    known: list[str] = []
    for trade, (pair, newest) in _open(store, state).items():
        for n in sorted({*range(1, SALES + 1), *range(newest + 1, newest + SALES + 1)}):
            id = f"{trade}/x{n}"
            kept = store.kept("gateway", id)
            intended = kept.identifier if isinstance(kept, OrderIntended) else ""
            for birth in births:
                name = identifier(birth, id)
                if name == intended or store.kept("gateway", OF_PAST + name) is not None:
                    known.append(name)
                else:
                    guesses.append(GuessedSale(name, id, trade, pair))
    return tuple(guesses), tuple(known)


def _known(store: Store, since: float) -> Iterator[str]:
    """Names of ours in the newest part of the journal."""
    end, least = store.count(), store.base().number
    least = max(least, end - KNOWN_MAX)
    while end > least:
        start = max(least, end - STRIDE)
        oldest = None
        for letter in store.events(start, end):
            oldest = letter.at if oldest is None else oldest
            match letter.body:
                case OrderIntended(identifier=name) | SaleFound(identifier=name):
                    yield name
                case StrayFound(identifier=name) | PastAnswered(identifier=name):
                    yield name
        if oldest is not None and oldest < since - KNOWN_SECONDS:
            return
        end = start
