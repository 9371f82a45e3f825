"""Owns what keeps a live feed from entries that nothing else shows, for ``health``.

A stream that tells trades and no candles is ill; a market without trades has no candles either,
and is not. So is a strategy that raises, and a window that lacks candles it starts with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from core.market.pairs import is_pattern
from messages.config import Config
from messages.runtime_stats import HealthIssue

CANDLES, LEAST_SECONDS = 3, 600.0  # so many candles, and no less time, before it is ill
LONGEST = 200  # characters of what a strategy raised


class Known(Struct, frozen=True):
    """How many closed candles of a pair there are, and whether more are on their way."""

    candles: int
    waits: bool


@dataclass
class FeedHealth:
    """Moments on the bot's clock; written by the feed, read by any thread."""

    traded: float = 0.0
    candled: float = 0.0
    raised: str = ""  # what the strategy did at the newest candle, "" when it answered
    known: dict[str, Known] = field(default_factory=dict)  # of the traded pairs; replaced whole
    config: Config = field(default_factory=Config)  # by which the feed goes

    def trade(self, at: float) -> None:
        """A pair that is traded has a new price; of the first one a candle has time from now."""
        self.traded = at
        self.candled = self.candled or at

    def candle(self, at: float) -> None:
        """A candle of one was told."""
        self.candled = at


def health_issues(talk: FeedHealth) -> tuple[HealthIssue, ...]:
    """What is wrong, the gravest first; nothing while no pair is followed."""
    return tuple(_ails(talk, talk.config))


def _ails(talk: FeedHealth, config: Config) -> Iterator[HealthIssue]:
    if talk.raised:
        yield HealthIssue("raises", {"text": talk.raised})
    if lacks_candles(talk.traded, talk.candled, config.seconds):
        yield HealthIssue("no_candles", {"lasting": str(talk.traded - talk.candled)})
    need = config.startup_candle_count
    if short := _short(talk.known, need, config.pair_whitelist):
        pair, have = min(short.items(), key=lambda item: item[1])
        facts = {"pair": pair, "have": f"{have:,}", "need": f"{need:,}"}
        if more := len(short) - 1:
            yield HealthIssue("startup_more", facts | {"count": f"{more:,}"})
        else:
            yield HealthIssue("startup", facts)


def _short(known: dict[str, Known], need: int, listed: str | tuple[str, ...]) -> dict[str, int]:
    """Pairs whose window is too short, and how long it is.

    Where nobody named the pairs, one that is younger than the window is no fault beside others.
    """
    named = isinstance(listed, tuple) and not any(map(is_pattern, listed))
    short = {pair: one for pair, one in known.items() if one.candles < need}
    some = named or len(short) == len(known)
    return {pair: one.candles for pair, one in short.items() if some or one.waits}


def lacks_candles(traded: float, candled: float, seconds: int) -> bool:
    """Whether trades go on and candles do not; ``seconds``: a candle's length."""
    return traded - candled > max(CANDLES * seconds, LEAST_SECONDS)
