"""Owns how the orders of ours since a moment are listed: the open ones, then the closed ones.

The closed ones come in windows of at most seven days and a thousand orders, newest first, without
pages: a window whose answer is full is asked for again in two halves. All of it, or nothing. Of a
row only its name is needed, whatever else of it cannot be read; a row without a name that can be
read is looked up by its uuid, and counted when that tells no name either: it makes the list no
whole one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import UNSET, structs

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.client import CLOSED_MAX, CLOSED_SECONDS
from adapters.upbit.fetches.account import PAGE, Came
from adapters.upbit.fetches.request import Requester, again, reason_of
from adapters.upbit.replies import NoData, Refused, Reply, Trouble
from adapters.upbit.rows import UNTOLD
from adapters.upbit.schemas.accounts import Id, Market, Moment, Named, legible
from core.orders.payload import is_of
from messages.base import After
from messages.orders import Side
from messages.venue_queries import FetchPast, PastOrder, PastReport

MARGIN = 3600.0  # seconds after now, as the venue tells it: a clock may be wrong there too
CALLS_MAX = 400  # years of slices; what needs more is told as a failure
WINDOW = CLOSED_SECONDS - 1.0  # a rounded sum must not exceed the longest
LEAST = 0.002  # seconds of a window that can still be halved: Upbit counts milliseconds
LOOKS_MAX = 50  # rows that are looked up by their uuid


def past(reading: Requester, call: FetchPast) -> Came:
    """One request, whatever comes of it."""
    if call.calls >= CALLS_MAX:
        return (_failed(call, "too_many_orders"),)
    if call.page:
        return _open(reading, call)
    return _closed(reading, call) if call.windows else _looked_up(reading, call)


def _open(reading: Requester, call: FetchPast) -> Came:
    """First: one that ends in between is then among the closed ones."""
    client = reading.client
    reply, went = reading.ask("/v1/orders/open", lambda: client.open_names(call.page))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _later(call, value), went
    call = _with(call, value, reply.odd)
    if len(value) + len(reply.odd) == PAGE:
        return structs.replace(call, page=call.page + 1), went
    until = max(call.until, _told(reply) + MARGIN)
    return structs.replace(call, page=0, windows=tuple(_slices(call.since, until))), went


def _told(reply: Reply[tuple[Named, ...]]) -> float:
    """Which time it is there: our own clock may be hours behind, and the newest orders matter."""
    return reply.answer.date if isinstance(reply.answer, Answer) else 0.0


def _closed(reading: Requester, call: FetchPast) -> Came:
    (start, end), rest = call.windows[0], call.windows[1:]
    client = reading.client
    reply: Reply[tuple[Named, ...]]
    reply, went = reading.ask("/v1/orders/closed", lambda: client.closed_names(start, end))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _later(call, value), went
    if len(value) + len(reply.odd) < CLOSED_MAX:
        call = _with(call, value, reply.odd)
        if not rest and not call.uuids:
            return _report(call), went
        return structs.replace(call, windows=rest), went
    if end - start < LEAST:
        return _failed(call, "too_many_orders"), went
    middle = (start + end) / 2
    halves = ((start, middle), (middle, end))
    return structs.replace(call, windows=(*halves, *rest), tries=0, calls=call.calls + 1), went


def _slices(since: float, until: float) -> Iterator[tuple[float, float]]:
    """Windows that touch: what lies on the seam is in both."""
    start = since
    while True:
        end = min(start + WINDOW, until)
        yield start, end
        if end >= until:
            return
        start = end


def _looked_up(reading: Requester, call: FetchPast) -> Came:
    """A row that does not say its name, by its uuid: alone it may be whole."""
    uuid, rest = call.uuids[0], call.uuids[1:]
    reply, went = reading.ask("/v1/order", lambda: reading.client.name_of(uuid))
    value = reply.value
    wait = again(value, call.tries) if isinstance(value, NoData | Refused | Failure) else None
    if wait is not None:
        return After(wait, structs.replace(call, tries=call.tries + 1), real=True), went
    call = structs.replace(call, uuids=rest, tries=0)
    if isinstance(value, Named) and _name(value) is not None:
        call = _with(call, (value,), ())
    else:
        call = structs.replace(call, odd=call.odd + 1, rows=(*call.rows, uuid))
    return (call if rest else _report(call)), went


def _name(order: Named) -> str | None:
    """Its name, "" where it has none; None when that cannot be read."""
    name: str | None = "" if order.identifier is UNSET else legible(Id, order.identifier)
    return name


def _with(call: FetchPast, orders: Iterable[Named], odd: tuple[str, ...]) -> FetchPast:
    """``odd``: what rows are about that are no orders at all."""
    found = {order.identifier: order for order in call.found}
    uuids, rows = dict.fromkeys(call.uuids), [row or UNTOLD for row in odd]
    for order in orders:
        name, uuid = _name(order), legible(Id, order.uuid)
        if name is None and uuid is not None and len(uuids) < LOOKS_MAX:
            uuids[uuid] = None
        elif name is None:
            rows.append(uuid or legible(Market, order.market) or UNTOLD)
        elif name and name not in call.known and _ours(call, name):
            found.setdefault(name, _named(name, order))
    return structs.replace(
        call,
        found=tuple(found.values()),
        uuids=tuple(uuids),
        odd=call.odd + len(rows),
        rows=(*call.rows, *(row for row in rows if row)),
        tries=0,
        calls=call.calls + 1,
    )


def _named(name: str, order: Named) -> PastOrder:
    """What else it says of itself, as far as that can be read."""
    side: Side | None = legible(Side, order.side)
    made = legible(Moment, order.created_at)
    return PastOrder(
        name, legible(Market, order.market) or "", side or "", made.timestamp() if made else 0.0
    )


def _ours(call: FetchPast, identifier: str) -> bool:
    return any(is_of(birth, identifier) for birth in call.births)


def _report(call: FetchPast) -> PastReport:
    return PastReport(_anew(call), call.found, odd=call.odd, rows=call.rows)


def _anew(call: FetchPast) -> FetchPast:
    return FetchPast(call.births, call.since, call.until, call.known, chain=call.chain)


def _failed(call: FetchPast, reason: str) -> PastReport:
    return PastReport(_anew(call), failed=reason)


def _later(call: FetchPast, trouble: Trouble) -> PastReport | After:
    """The same step again after a while, if it may still help."""
    wait = again(trouble, call.tries)
    if wait is None:
        return _failed(call, reason_of(trouble))
    return After(wait, structs.replace(call, tries=call.tries + 1), real=True)
