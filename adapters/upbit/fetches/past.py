"""Owns how the orders of ours since a moment are listed: the open ones, then the closed ones.

The closed ones come in windows of at most seven days and a thousand orders, newest first, without
pages: a window whose answer is full is asked for again in two halves. All of it, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import structs

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.client import CLOSED_MAX, CLOSED_SECONDS
from adapters.upbit.fetches.account import PAGE, Came
from adapters.upbit.fetches.reading import Reading, again, reason_of
from adapters.upbit.replies import NoData, Refused, Reply, Trouble
from adapters.upbit.shapes.accounts import Order
from core.orders.bodies import is_of
from messages.base import After
from messages.fetching import FetchPast, PastOrder, PastReport

MARGIN = 3600.0  # seconds after now, as the venue tells it: a clock may be wrong there too
CALLS_MAX = 400  # years of slices; what needs more is told as a failure
WINDOW = CLOSED_SECONDS - 1.0  # a rounded sum must not exceed the longest
LEAST = 0.002  # seconds of a window that can still be halved: Upbit counts milliseconds


def past(reading: Reading, call: FetchPast) -> Came:
    """One request, whatever comes of it."""
    if call.calls >= CALLS_MAX:
        return (_failed(call, "too_many_orders"),)
    if call.page:
        return _open(reading, call)
    return _closed(reading, call)


def _open(reading: Reading, call: FetchPast) -> Came:
    """First: one that ends in between is then among the closed ones."""
    client = reading.client
    reply, went = reading.ask("/v1/orders/open", lambda: client.open_orders(call.page))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _later(call, value), went
    call = _with(call, value)
    if len(value) == PAGE:
        return structs.replace(call, page=call.page + 1), went
    until = max(call.until, _told(reply) + MARGIN)
    return structs.replace(call, page=0, windows=tuple(_slices(call.since, until))), went


def _told(reply: Reply[tuple[Order, ...]]) -> float:
    """Which time it is there: our own clock may be hours behind, and the newest orders matter."""
    return reply.answer.date if isinstance(reply.answer, Answer) else 0.0


def _closed(reading: Reading, call: FetchPast) -> Came:
    (start, end), rest = call.windows[0], call.windows[1:]
    client = reading.client
    reply: Reply[tuple[Order, ...]]
    reply, went = reading.ask("/v1/orders/closed", lambda: client.closed_orders(start, end))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return _later(call, value), went
    if len(value) < CLOSED_MAX:
        call = _with(call, value)
        if not rest:
            return PastReport(_anew(call), call.found), went
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


def _with(call: FetchPast, orders: Iterable[Order]) -> FetchPast:
    known = {*call.known, *(order.identifier for order in call.found)}
    found = {
        o.identifier: PastOrder(o.identifier, o.market, o.side, o.created_at.timestamp())
        for o in orders
        if o.identifier and o.identifier not in known and _ours(call, o.identifier)
    }
    every = (*call.found, *found.values())
    return structs.replace(call, found=every, tries=0, calls=call.calls + 1)


def _ours(call: FetchPast, identifier: str) -> bool:
    return any(is_of(birth, identifier) for birth in call.births)


def _anew(call: FetchPast) -> FetchPast:
    return FetchPast(call.births, call.since, call.until, call.known)


def _failed(call: FetchPast, reason: str) -> PastReport:
    return PastReport(_anew(call), failed=reason)


def _later(call: FetchPast, trouble: Trouble) -> PastReport | After:
    """The same step again after a while, if it may still help."""
    wait = again(trouble, call.tries)
    if wait is None:
        return _failed(call, reason_of(trouble))
    return After(wait, structs.replace(call, tries=call.tries + 1))
