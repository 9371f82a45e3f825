"""Owns when each order passed each of its stages, and how long the stages took.

A stage is dated by the turn that stated it. When an order was handed to the venue's edge is in no
journal: the running bot tells it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from messages.budget import BudgetReserved
from messages.orders import (
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
)
from messages.runtime_stats import BUCKETS
from messages.trading import EntryWanted, ExitWanted

KEEP = 5000  # orders
STAGES = {  # name: from, to
    "decided_reserved": ("decided", "reserved"),
    "decided_durable": ("decided", "durable"),
    "durable_sent": ("durable", "sent"),
    "sent_answered": ("sent", "answered"),
    "sent_filled": ("sent", "filled"),
    "durable_filled": ("durable", "filled"),
    "decided_ended": ("decided", "ended"),
}
LATER = tuple(name for name, ends in STAGES.items() if "sent" in ends)


class OrderTimeline(Struct):
    """Moments (epoch seconds) of one order; 0 = not passed, or not known."""

    decided: float = 0.0
    reserved: float = 0.0
    durable: float = 0.0  # intended, that is
    sent: float = 0.0
    answered: float = 0.0
    uncertain: float = 0.0  # since when its fate is not known
    filled: float = 0.0  # for the first time
    ended: float = 0.0
    told: bool = False  # it has been counted


@dataclass
class StageLatency:
    """How long one stage took: by bucket, and in all (s)."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """Once more; a clock that was set back took no time."""
        seconds = max(seconds, 0.0)
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds


@dataclass
class OrderLatency:
    """A fold of the journal: the newest courses by order, and spans of all of them."""

    rows: OrderedDict[str, OrderTimeline] = field(default_factory=OrderedDict)
    stages: dict[str, StageLatency] = field(
        default_factory=lambda: {name: StageLatency() for name in STAGES}
    )

    def take(self, event: Any, at: float) -> None:
        """One event, and when it was stated."""
        match event:
            case EntryWanted(id=id) | ExitWanted(id=id):
                self._begun(id).decided = at
            case BudgetReserved(id=id):
                self._begun(id).reserved = at
            case OrderIntended(order=order):
                self._begun(order.id).durable = at
            case OrderAccepted() | OrderUncertain() | OrderFilled():
                if course := self.rows.get(event.id):
                    _lived(course, event, at)
            case OrderClosed() | OrderRefused() | OrderAbsent():
                if course := self.rows.get(event.id):
                    course.ended, course.uncertain = at, 0.0
                    self._tell(course)

    def left(self, sent: Mapping[str, float]) -> None:
        """The bot tells when orders left; one that the journal has not told of comes again."""
        for id, at in sent.items():
            course = self.rows.get(id)
            if course and not course.sent:
                course.sent = at
                if course.told:
                    self._note(course, LATER)

    def _begun(self, id: str) -> OrderTimeline:
        course = self.rows.get(id)
        if course is None:
            course = self.rows[id] = OrderTimeline()
            if len(self.rows) > KEEP:
                self.rows.popitem(last=False)
        return course

    def _tell(self, course: OrderTimeline) -> None:
        if not course.told:
            course.told = True
            self._note(course, tuple(STAGES))

    def _note(self, course: OrderTimeline, names: tuple[str, ...]) -> None:
        for name in names:
            begin, end = (getattr(course, side) for side in STAGES[name])
            if begin and end:
                self.stages[name].note(end - begin)


def _lived(
    course: OrderTimeline, event: OrderAccepted | OrderUncertain | OrderFilled, at: float
) -> None:
    match event:
        case OrderUncertain():
            course.uncertain = course.uncertain or at
        case OrderAccepted():
            course.answered, course.uncertain = course.answered or at, 0.0
        case OrderFilled():
            course.filled = course.filled or at
            course.answered = course.answered or at
