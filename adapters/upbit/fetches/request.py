"""Owns one request of a fetch: its answer, how it went, which time it told, and whether again.

Balances and prices of the last two seconds are not asked for again; what fails on the way is
tried three times, the waits growing. Each try is a call of its own, which waits for its share of
the rate limit.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from adapters.upbit.answers import Answer
from adapters.upbit.client import Client
from adapters.upbit.groups import group_of
from adapters.upbit.outcomes import call_report
from adapters.upbit.replies import Refused, Reply, Trouble
from core.market.clock_skew import Sample, skew
from messages.orders import CallReport

T = TypeVar("T")
RECENT_SECONDS = 2.0
TRIES = 3
WAITS = (0.5, 1.0)  # seconds before the second try, and before the third
SAMPLES_MAX, SAMPLES_SECONDS = 30, 600.0  # answers whose Date is remembered


class Requester:
    """One thread's way of asking. ``now``: epoch seconds, ``rate`` of them in a real second."""

    def __init__(
        self, client: Client, now: Callable[[], float] = time.time, rate: float = 1.0
    ) -> None:
        self.client, self._now, self._rate = client, now, rate
        self._kept: dict[str, tuple[float, Any]] = {}
        self._samples: deque[Sample] = deque(maxlen=SAMPLES_MAX)
        self.left_out: dict[str, int] = {}  # rows of replies, by what was asked

    def ask(self, path: str, call: Callable[[], Reply[T]]) -> tuple[Reply[T], CallReport]:
        """One GET: its reply, and how it went."""
        asked = self._now()
        reply = call()
        if isinstance(reply.answer, Answer) and reply.answer.date:
            self._samples.append(Sample(asked, self._now(), reply.answer.date))
        if reply.odd:
            self.left_out[path] = self.left_out.get(path, 0) + len(reply.odd)
        return reply, call_report(group_of("GET", path), reply)

    def keep(self, what: str, value: Any) -> None:
        """For who asks the same in the next two seconds."""
        self._kept[what] = time.monotonic() + RECENT_SECONDS, value

    def recent(self, what: str) -> Any | None:
        """What was kept of late."""
        until, value = self._kept.get(what, (0.0, None))
        return value if time.monotonic() < until else None

    def now(self) -> float:
        """Epoch seconds by the bot's clock."""
        return self._now()

    def skew(self) -> float:
        """Real seconds that our clock is ahead of the venue's, by the answers of late."""
        since = self._now() - SAMPLES_SECONDS
        ahead = skew([sample for sample in self._samples if sample.asked >= since])
        return (ahead or 0.0) / self._rate


def again(trouble: Trouble, tries: int) -> float | None:
    """Seconds until what has failed so often is tried again; None when it is not."""
    answered = isinstance(trouble, Refused) and trouble.status < 500 and trouble.status != 429
    return None if answered or tries + 1 >= TRIES else WAITS[tries]


def reason_of(trouble: Trouble) -> str:
    """Why there is nothing: Upbit's name of the error, or what went wrong on the way."""
    if isinstance(trouble, Refused):
        return trouble.name or f"status {trouble.status}"
    return trouble.reason
