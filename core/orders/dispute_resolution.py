"""Owns how a disputed order ends once a person has looked: by what the venue shows of it."""

from __future__ import annotations

from collections.abc import Iterator

from core.orders.lifecycle import OrderEvent, TrackedOrder
from messages.account import DisputeSettled
from messages.orders import OrderClosed, OrderFilled, OrderReport


def settled(live: TrackedOrder, report: OrderReport) -> Iterator[OrderEvent]:
    """The end, if this report shows one: never less than is known, and nothing of another pair.

    While the order still rests it is cancelled (the gateway sees to that) and looked at again.
    What the venue does not have ends with what is known; no tombstone is kept of it, for that
    would only find the same contradiction again.
    """
    if report.call == "cancel":  # its answer proves nothing: the look-up beside it tells
        return
    order = live.order
    facts = (order.id, order.trade, order.pair, order.side)
    known = (live.volume, live.funds, live.fee)
    ours = (report.pair, report.side) == (order.pair, order.side)
    if report.outcome == "snapshot" and ours:
        if report.state not in ("done", "cancel"):
            return
        told = (report.volume, report.funds, report.fee)
        totals = (max(known[0], told[0]), max(known[1], told[1]), max(known[2], told[2]))
        filled_at = max(live.filled_at, report.filled_at)
        yield DisputeSettled(order.id, order.pair)
        if totals != known:
            yield OrderFilled(*facts, *totals, filled_at, order.tag)
        yield OrderClosed(*facts, report.state, *totals, filled_at)
    elif report.outcome == "snapshot" or (report.outcome, report.call) == ("absent", "query"):
        yield DisputeSettled(order.id, order.pair)
        yield OrderClosed(*facts, "cancel", *known, live.filled_at)
