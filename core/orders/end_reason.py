"""Why an order ended, or stands, as it does: one answer for every door, from the order's events.

An ``EndReason`` is the name of a reason and the figures behind it: the limit and how far it lay
from the price of the decision, the best ask and the depth of the book then, what cut the order and
by how much: that is told of every order which was cut, whatever became of it.
Doors write it in the reader's language and add nothing of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct

from core.money import half_even, quotient
from core.orders.risk_limits import worth
from messages.base import Message
from messages.orders import CancelIntended, Order, OrderClosed, OrderIntended
from messages.trading import ExitFailed

OF_CANCEL = "cancel:"  # before the id of an order whose cancel the gateway's index keeps
UNFILLED, PART_FILLED = "unfilled", "part_filled"
POST_ONLY, OUTSIDE = "post_only", "cancelled_outside"
TEXT = " text="


class EndReason(Struct, frozen=True):
    """``reason``: a name of ours or of the venue's; "" where the order went as it was sent."""

    reason: str = ""
    facts: dict[str, str] = {}

    @property
    def written(self) -> str:
        """As a fact of a notice: ``reason name=figure ...``, the venue's own words last."""
        figures = [f"{name}={fact}" for name, fact in self.facts.items() if name != "text"]
        words = self.facts.get("text", "")
        return " ".join([self.reason, *figures]) + (TEXT + words if words else "")


class OrderOutcome(Struct, frozen=True):
    """What is known of one order. ``cancel``: why this bot asked for its cancel, "" if it did not.

    ``said``: why it was refused or is disputed, or what of it is in doubt, with the venue's
    ``text``.
    """

    order: Order | None = None
    cut_by: str = ""  # what made it smaller: a cap, or ``free_cash``
    cancel: str = ""
    said: str = ""
    text: str = ""
    end: str = ""  # done | cancel, "" while it lives
    volume: Decimal = Decimal(0)
    wanted: Decimal = Decimal(0)  # KRW that it would have been for, where it was cut; 0 = not known


def read(written: str) -> EndReason:
    """The ending that was written so."""
    head, _, text = written.partition(TEXT)
    reason, *figures = head.split(" ")
    facts = dict(figure.split("=", 1) for figure in figures if "=" in figure)
    return EndReason(reason, facts | ({"text": text} if text else {}))


def ending(course: OrderOutcome) -> EndReason:
    """The one place that says why."""
    cut = cut_facts(course.order, course.cut_by, course.wanted)
    if course.said:
        return EndReason(course.said, cut | ({"text": course.text} if course.text else {}))
    if not course.end or _whole(course):
        return EndReason(course.cancel, cut)
    reason = course.cancel or _of_venue(course)
    return EndReason(reason, (_figures(course) if reason else {}) | cut)


def cut_facts(order: Order | None, cut_by: str, wanted: Decimal) -> dict[str, str]:
    """What made an entry smaller (``cut``), the KRW it is for and those wanted, where known."""
    if not cut_by:
        return {}
    amounts = {"krw": worth(order), "stake": wanted} if order and wanted else {}
    return {"cut": cut_by} | {name: format(krw, "f") for name, krw in amounts.items()}


def of_event(event: Message, kept: Callable[[str], Message | None]) -> EndReason | None:
    """Of the order whose end an event tells; None where it tells of none."""
    if isinstance(event, ExitFailed) and event.reason == UNFILLED:
        zero = Decimal(0)
        event = OrderClosed(event.id, "", event.pair, "ask", "cancel", zero, zero, zero, 0.0)
    return closed(event, kept) if isinstance(event, OrderClosed) else None


def closed(event: OrderClosed, kept: Callable[[str], Message | None]) -> EndReason:
    """Of an order that has ended; ``kept`` gives what the gateway's index has under a key."""
    found, cancel = kept(event.id), kept(OF_CANCEL + event.id)
    intended = found if isinstance(found, OrderIntended) else None
    course = OrderOutcome(
        intended.order if intended else None,
        intended.cut_by if intended else "",
        cancel.reason if isinstance(cancel, CancelIntended) else "",
        end=event.state,
        volume=event.volume,
        wanted=intended.wanted if intended else Decimal(0),
    )
    return ending(course)


def _whole(course: OrderOutcome) -> bool:
    """Whether all that was ordered was done; a total in KRW leaves less than a unit of coin."""
    order = course.order
    if not course.volume:
        return False
    return order is None or order.volume is None or course.volume >= order.volume


def _of_venue(course: OrderOutcome) -> str:
    """Why the venue ended it, where this bot did not ask for that."""
    order = course.order
    force = order.time_in_force if order else ""
    if course.volume and (order is None or force == "ioc"):
        return PART_FILLED
    if order and order.ord_type == "limit" and course.end == "cancel":
        return {"": OUTSIDE, "post_only": POST_ONLY}.get(force, UNFILLED)
    return PART_FILLED if course.volume else UNFILLED


def _figures(course: OrderOutcome) -> dict[str, str]:
    """What was ordered and seen when it was; what is not known is left out."""
    order = course.order
    if order is None:
        return {}
    facts: dict[str, Decimal | str] = {}
    if order.ord_type == "limit" and order.price is not None:
        facts["limit"] = order.price
        if order.reference:
            above = quotient((order.price - order.reference) * 100, order.reference)
            facts |= {"price": order.reference, "above": half_even(above, 2)}
    if order.ask:
        facts |= {"ask": order.ask, "depth": order.depth}
    if course.volume and order.volume is not None:
        facts |= {"filled": course.volume, "asked": order.volume}
    return {name: f if isinstance(f, str) else format(f, "f") for name, f in facts.items()}
