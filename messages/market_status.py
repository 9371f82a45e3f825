"""The market, our key and our clock as they stand: what bars entries, and what people must know."""

from __future__ import annotations

from typing import Literal

from messages.base import Command, Event, Report

# Why a pair may not be entered: Upbit's warning; a date of its delisting; it is listed no more;
# nothing may be ordered in it; Upbit's fee, or its least order, is above what is configured;
# deposits or withdrawals of its coin are paused; what Upbit tells of it cannot be read.
Bar = Literal[
    "warned",
    "delisting",
    "gone",
    "halted",
    "fee_differs",
    "least_differs",
    "wallet_suspended",
    "unread",
]


# --- commands
class WatchPairs(Command):
    """At each start, to the warden: these are traded."""

    pairs: tuple[str, ...]


class CheckMarkets(Command):
    """The warden's alarm: which markets are listed and warned, and what time is it there?"""


class CheckTerms(Command):
    """The warden's alarm: what holds for orders, in every pair that is traded?"""


class CheckKey(Command):
    """The warden's alarm: until when is our key good?"""


class CheckWallets(Command):
    """The warden's alarm: of which coins do deposits and withdrawals work?"""


class StandingReport(Report):
    """What a ticker says of its market, when it has changed.

    ``state`` is Upbit's word (ACTIVE, PREVIEW, DELISTED), ``delisting`` a day (2026-12-01) or "".
    """

    pair: str
    state: str
    delisting: str = ""


# --- events of the warden
class PairsWatched(Event):
    """These pairs are traded."""

    pairs: tuple[str, ...]


class HoldingNoted(Event):
    """A trade holds coins of this pair; "" = it is over."""

    trade: str
    pair: str


class TermsAwaited(Event):
    """A life has begun: no entry before the terms of every pair were seen."""


class TermsSeen(Event):
    """They were seen."""


class PairBarred(Event):
    """No entry in this pair; ``detail`` is a day, a rate, an amount or Upbit's own word."""

    pair: str
    reason: Bar
    detail: str
    held: bool
    at: float = 0.0


class PairFreed(Event):
    """This reason is over."""

    pair: str
    reason: Bar


class PairReminded(Event):
    """We still hold coins of a pair that is warned or to be delisted: said once a day."""

    pair: str
    reason: Bar
    detail: str
    at: float


class KeyEnding(Event):
    """Our key ends in so many days: said at 30, 14, 7 and 1 (``due`` is which of them)."""

    ends: float
    days: int
    due: int


class ClockDiffered(Event):
    """Our clock is so many seconds ahead of the venue's (below 0: behind): no entries."""

    seconds: float


class ClockAgreed(Event):
    """It is right again."""
