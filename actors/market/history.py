"""Owns the closed candles that the live feed knows of each pair, and which are still to be had.

What a socket missed is asked for page by page, backwards, a bounded number of pages at a time.
A page that fails, or that nobody answers, is asked for again, the waits growing. Nothing here
is worth keeping: it can all be asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs

from core.market.candles import Candles, candles_of, merged
from core.market.price_filter import shaped
from messages.market import Candle
from messages.venue_queries import CandlesReport, FetchCandles

PAGE = 200  # candles that the venue gives in one answer (docs/reference/upbit.md 2.3)
ASKED_MAX = 20  # pages under way at once: others wait for the limiter too
ANSWER_SECONDS = 60.0  # after so long a page is believed lost
LONGEST_WAIT = 60.0
NOTHING = candles_of(())


class MissingCandles(Struct, frozen=True):
    """Candles of a pair from ``floor`` to ``until`` (epoch seconds) that are not known."""

    floor: int
    until: int
    next_at: float  # when it may be asked for
    asked: bool = False
    failures: int = 0
    found: tuple[Candle, ...] = ()  # oldest first, all of them before the first ``until``


class History:
    """The last ``keep`` closed candles of each pair, as columns.

    ``pace``: seconds of the market's clock in a real one, in which pages come.
    """

    def __init__(self, seconds: int, keep: int, pace: float = 1.0) -> None:
        self.seconds, self.keep, self._pace = seconds, keep, pace
        self._known: dict[str, Candles] = {}
        self._holes: dict[str, MissingCandles] = {}

    def window(self, pair: str) -> Candles:
        """What is known of a pair, oldest first."""
        return self._known.get(pair, NOTHING)

    def whole(self, pair: str) -> bool:
        """Whether nothing of a pair's window is missing."""
        return pair in self._known and pair not in self._holes

    def add(self, pair: str, candles: Sequence[Candle]) -> None:
        """Closed candles, oldest first; one that is known already is told anew."""
        self._known[pair] = merged(self.window(pair), candles, self.keep)

    def missed(self, pairs: Iterable[str], since: float, until: int, ask_at: float) -> None:
        """What began between these moments was not heard; of a new pair, nothing ever was."""
        for pair in pairs:
            floor = int(since // self.seconds) * self.seconds if pair in self._known else 0
            old = self._holes.get(pair)
            floor = min(floor, old.floor) if old else floor
            if floor < until:
                self._holes[pair] = MissingCandles(floor, until, ask_at)

    def due(self, now: float) -> Iterator[FetchCandles]:
        """The pages to ask for now."""
        holes = self._holes
        room = ASKED_MAX - sum(hole.asked and now < hole.next_at for hole in holes.values())
        for pair in [pair for pair, hole in holes.items() if hole.next_at <= now][: max(0, room)]:
            until = now + ANSWER_SECONDS * self._pace
            hole = structs.replace(holes[pair], asked=True, next_at=until)
            holes[pair] = hole
            yield FetchCandles(pair, self.seconds, float(hole.until), self._count(hole))

    def _count(self, hole: MissingCandles) -> int:
        span = (hole.until - hole.floor) // self.seconds
        return max(1, min(PAGE, span, self.keep - len(hole.found)))

    def take(self, report: CandlesReport, now: float) -> Sequence[Candle]:
        """One page; the candles of a hole once it is closed, and before that nothing."""
        hole = self._holes.get(report.pair)
        if hole is None or report.until != hole.until or report.seconds != self.seconds:
            return ()
        if report.failed:
            wait = min(LONGEST_WAIT, 2.0 ** min(hole.failures, 6))
            next_at = now + wait * self._pace
            again = {"asked": False, "failures": hole.failures + 1, "next_at": next_at}
            self._holes[report.pair] = structs.replace(hole, **again)
            return ()
        page = tuple(c for c in report.candles if c.time < hole.until and shaped(c))
        found = page + hole.found
        if page and page[0].time > hole.floor and len(found) < self.keep:
            self._holes[report.pair] = MissingCandles(hole.floor, page[0].time, now, found=found)
            return ()
        del self._holes[report.pair]
        self.add(report.pair, found)
        return found
