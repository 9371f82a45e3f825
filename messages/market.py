"""What the feed says of the market, and what may be asked of it.

A replay tells each candle in three stages. A live feed tells prices in the first two and closed
candles in the third. A price is a candle of ``seconds`` 0: several prices that came at once, as
first, high, low and last, dated by the second of the last.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from messages.base import Command, Event, Report


class Candle(Struct, frozen=True, gc=False):
    """One interval of trading; ``time`` is its start in epoch seconds (UTC), prices are KRW."""

    time: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


class Verdict(Struct, frozen=True):
    """What the strategy says at a candle's close; ``conditions`` are those that are recent."""

    entry: bool = False
    exit: bool = False
    conditions: tuple[str, ...] = ()


class OpeningReport(Report):
    """Stage 1, to the paper venue: a candle's prices, at which resting orders may fill."""

    pair: str
    candle: Candle
    seconds: int  # the candle's length; 0 = a price
    since: float = 0.0  # of a price: when its first was traded at the venue, epoch seconds,
    moment: float = 0.0  # and when its last was


class CandleReport(Report):
    """Stage 2, to holdings: exits are decided, then ``max_price`` rises."""

    pair: str
    candle: Candle
    seconds: int
    verdict: Verdict = Verdict()
    since: float = 0.0  # as in an OpeningReport
    moment: float = 0.0


class ClosingReport(Report):
    """Stage 3, to the strategist: an entry may be decided at the close."""

    pair: str
    candle: Candle
    seconds: int
    verdict: Verdict = Verdict()


class TakeCandle(Command):
    """The feed's own alarm: take the next candle of the plan, at one of its stages."""

    plan: int
    stage: int = 0


class Watch(Command):
    """Tell the feed which candles of a pair matter to an owner; the others may be skipped.

    A candle matters when ``every`` is set, when its low reaches ``below`` or its high exceeds
    ``above``. A watch replaces the same watcher's former one; one without content ends it.
    """

    watcher: str
    pair: str
    below: Decimal | None = None
    above: Decimal | None = None
    every: bool = False


class TakePrices(Command):
    """From the live stream's thread: there is something to take from it."""


class CloseCandles(Command):
    """The live feed's own alarm, a little after the candles of an interval have closed.

    ``at`` is the moment of their close; an alarm of another moment is a twin, and nothing.
    """

    at: float


class CheckFeed(Command):
    """The live feed's own alarm: is the stream silent, has the machine slept, what is unanswered?

    ``number`` counts the alarms; one out of turn is a twin, and nothing.
    """

    number: int


class EndWait(Command):
    """The live feed's own alarm: a leap of the pair's price has waited long enough.

    ``number`` is the leap's; ``asks``: its witness is only asked for once more.
    """

    pair: str
    number: int
    asks: bool = False


class PricesReport(Report):
    """A live price that did not count, or counted without a witness; ``reason``: "frame_" and why.

    ``count`` of them since the last report; ``last`` is what was known (KRW, 0 = nothing).
    """

    pair: str
    reason: str
    price: Decimal
    last: Decimal
    count: int = 1


class PricesRefused(Event):
    """The warden has heard of it: once an hour at most."""

    pair: str
    reason: str
    price: Decimal
    last: Decimal
    count: int = 1


class FeedReport(Report):
    """Whether live prices come; ``silent_seconds`` is how long there were none."""

    fresh: bool
    silent_seconds: float = 0.0


class FeedTaken(Event):
    """The strategist has heard of it: while prices are stale there is no entry."""

    fresh: bool
    silent_seconds: float = 0.0


class ReplayEnded(Report):
    """The recording is used up; the clock stops here."""
