"""Owns how a verb asks Upbit: one call at a time, within the limits, again after a failure.

Only for what may be asked twice. Calls of a group go out evenly spaced: a burst that fills a
second exactly is over the limit as soon as the network bunches it. ``Remaining-Req`` slows down
whoever shares the address or the account with others. Facts: docs/reference/upbit.md 5.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import ORDER, ORDER_TEST, Group
from adapters.upbit.hosts import rest_host
from adapters.upbit.replies import NoData, Refused, Reply, ban_seconds
from adapters.upbit.secrets import Keys
from adapters.upbit.session import Session, Waits
from adapters.upbit.tokens import Signer
from i18n.errors import UserError
from messages.config import Exchange

T = TypeVar("T")

PATIENT = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each further try
BRISK = (0.5, 1.0)
BAN_LEAST = 60.0  # seconds that a 418 lasts when it does not say (5.3)
SECOND = 1.0
SPACING_MAX = 4.0  # seconds between two calls, however often we are told to slow down
NO_PACES: Mapping[str, int] = MappingProxyType({})
HOPELESS = frozenset({"certificate", "tls"})  # asking again meets the same host


class Banned(Exception):
    """A 418: nothing more may be asked for ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"shut out for {seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Clock:
    """Seconds on a clock that only goes forward, and how to let some pass."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], object] = threading.Event().wait


class PacedRequester:
    """Asks, waits its turn, asks again. Used by one thread.

    ``paces``: calls a second by group, where a bot was told that its own were too many.
    """

    def __init__(
        self,
        limits: Exchange,
        waits: tuple[float, ...] = PATIENT,
        clock: Clock = Clock(),
        paces: Mapping[str, int] = NO_PACES,
    ) -> None:
        self._limits, self._waits, self._clock, self._paces = limits, waits, clock, paces
        self._next: dict[str, float] = {}  # by group: not before
        self._slower: dict[str, float] = {}  # by group: times the usual spacing

    def ask(self, group: Group, call: Callable[[], Reply[T]]) -> Reply[T]:
        """The reply of the first try that brought one, or of the last try. Raises ShutOut."""
        for wait in self._waits:
            reply = self.once(group, call)
            if not _again(reply):
                return reply
            self._clock.wait(max(wait, SECOND) if _throttled(reply) else wait)
        return self.once(group, call)

    def once(self, group: Group, call: Callable[[], Reply[T]]) -> Reply[T]:
        """One try, in its turn: for what must not be sent twice. Raises ShutOut."""
        self._take_turn(group)
        reply = call()
        self._settle(group, reply)
        return reply

    def rest(self) -> None:
        """Wait until nothing of this counts any more: whoever asks next begins anew."""
        begun = [at for at in self._next.values() if at > self._clock.now() - SECOND]
        if begun:
            self._clock.wait(max(begun) + SECOND - self._clock.now())

    def now(self) -> float:
        """Seconds on this reading's clock."""
        return self._clock.now()

    def wait(self, seconds: float) -> None:
        """Let so much pass."""
        self._clock.wait(seconds)

    def _take_turn(self, group: Group) -> None:
        rest = self._next.get(group.name, 0.0) - self._clock.now()
        if rest > 0:
            self._clock.wait(rest)

    def _settle(self, group: Group, reply: Reply[T]) -> None:
        """When the group may be asked next. Raises ShutOut."""
        answer = reply.answer
        if isinstance(answer, Answer) and answer.status == 418:
            raise Banned(ban_seconds(answer) or BAN_LEAST)
        slower = self._slower.get(group.name, 1.0)
        slower = slower * 2 if _throttled(reply) else max(1.0, slower * 0.9)
        self._slower[group.name] = slower
        spacing = min(SPACING_MAX, slower / self._per_second(group))
        if isinstance(answer, Answer) and answer.remaining == 0:
            spacing = max(spacing, SECOND)
        self._next[group.name] = self._clock.now() + spacing

    def _per_second(self, group: Group) -> float:
        """What the configuration allows, and never more than the group has."""
        allowed = self._limits.quotation_per_second
        if not group.public:
            orders = group in (ORDER, ORDER_TEST)
            allowed = self._limits.order_per_second if orders else self._limits.default_per_second
        known = self._paces.get(group.name, group.per_second)
        return min(float(allowed), float(group.per_second), float(known))


def client_of(exchange: Exchange, keys: Keys | None = None) -> Client:
    """Upbit as the configuration names it. Raises UserError for an address that will not do."""
    try:
        rest_host(exchange.rest_url)
    except ValueError as error:
        raise UserError(
            str(error),
            f"exchange.rest_url: {exchange.rest_url}"[:200],
            "https://api.upbit.com, or this very machine",
            "correct exchange.rest_url",
        ) from None
    waits = Waits(
        float(exchange.connect_seconds), float(exchange.read_seconds), float(exchange.call_seconds)
    )
    return Client(Session(exchange.rest_url, Signer(keys) if keys else None, waits))


def _throttled(reply: Reply[T]) -> bool:
    return isinstance(reply.answer, Answer) and reply.answer.status == 429


def _again(reply: Reply[T]) -> bool:
    """Whether the same question may get a better answer."""
    value = reply.value
    if isinstance(value, Failure):
        return value.reason not in HOPELESS
    if isinstance(value, Refused):
        return value.status >= 500 or value.status == 429
    return isinstance(value, NoData)
