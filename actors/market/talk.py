"""Owns what the live stream speaks of: trades of the pairs that are traded, and their candles.

A stream that tells trades and no candles is ill: no entry would ever be made, and nothing else
shows it. A market without trades has no candles either, and is not.
"""

from __future__ import annotations

from dataclasses import dataclass

CANDLES, LEAST_SECONDS = 3, 600.0  # so many candles, and no less time, before it is ill


@dataclass
class Talk:
    """Moments on the bot's clock; written by the feed, read by any thread."""

    traded: float = 0.0
    candled: float = 0.0

    def trade(self, at: float) -> None:
        """A pair that is traded has a new price; of the first one a candle has time from now."""
        self.traded = at
        self.candled = self.candled or at

    def candle(self, at: float) -> None:
        """A candle of one was told."""
        self.candled = at


def is_ill(traded: float, candled: float, seconds: int) -> bool:
    """Whether trades go on and candles do not; ``seconds``: a candle's length."""
    return traded - candled > max(CANDLES * seconds, LEAST_SECONDS)
