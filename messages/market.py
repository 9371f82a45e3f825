"""What the feed says of the market, one candle in three stages, and what may be asked of it."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from messages.base import Command, Report


class Candle(Struct, frozen=True):
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
    seconds: int  # the candle's length


class CandleReport(Report):
    """Stage 2, to holdings: exits are decided, then ``max_price`` rises."""

    pair: str
    candle: Candle
    seconds: int
    verdict: Verdict = Verdict()


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


class ReplayEnded(Report):
    """The recording is used up; the clock stops here."""
