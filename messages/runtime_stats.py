"""The numbers of a running bot that no journal has: how it breathes, not what it did.

They are measured by the shells of the actors, each cell by the one thread that owns it, and
begin at 0 with every process.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

# Upper ends of the buckets of a span, in seconds; behind them one more for what took longer.
BUCKETS: tuple[float, ...] = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5)
BUCKETS += (1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class HistogramCounts(Struct, frozen=True):
    """How long something took: how often in each of ``BUCKETS`` and beyond, and all of it (s)."""

    counts: tuple[int, ...] = (0,) * (len(BUCKETS) + 1)
    seconds: float = 0.0


class HealthIssue(Struct, frozen=True):
    """What keeps a running bot from trading as it should: ``raises``, ``no_candles``, ``startup``.

    ``facts`` are those of the catalogue's text ``ail_NAME``.
    """

    name: str
    facts: dict[str, str] = {}


class RuntimeStats(Struct, frozen=True, omit_defaults=True):
    """One look at a running process. Moments are epoch seconds on the bot's clock."""

    at: float
    uptime: float = 0.0  # real seconds since the process was put together
    memory: int = 0  # bytes that are resident; 0 = this system does not tell
    mailboxes: dict[str, int] = {}  # letters that wait, by actor
    handled: dict[str, int] = {}  # letters taken, by actor
    commits: dict[str, HistogramCounts] = {}  # by owner: real seconds of its transactions
    waits: dict[str, HistogramCounts] = {}  # by rate group: how long calls waited at the limiter
    waiting: int = 0  # calls that wait there now
    sent: dict[str, float] = {}  # the newest orders: when each was handed to the venue's edge
    prices: dict[str, Decimal] = {}  # of pairs that somebody watches live, KRW
    left_out: dict[str, int] = {}  # rows and frames that could not be read, by what was asked
    traded: float = 0.0  # when a followed pair was last traded, and
    candled: float = 0.0  # when a candle of one was last told; 0 = never in this life
    ails: tuple[HealthIssue, ...] = ()  # none while it trades as it should
    heard: float = 0.0  # when the newest of these was traded; 0 = no live prices
    refused: dict[str, int] = {}  # live prices that did not count, by why (price_filter)
