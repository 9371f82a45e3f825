"""Owns what the live feed believes of what it hears: beliefs by pair, leaps that wait, counts.

Nothing that was refused goes on from here: neither to stops and paper orders, nor to candles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from msgspec import structs

from core.market.price_filter import (
    NOTHING,
    SURE_SECONDS,
    WAIT_SECONDS,
    ClockLead,
    FilterResult,
    KnownPrice,
    Why,
    dated,
    expired,
    judged,
    near,
    possible,
    witnessed,
)
from core.market.prices import Quote
from messages.base import After
from messages.market import Candle, EndWait, PricesReport
from messages.venue_queries import FetchTicker, TickerReport

ASK_SECONDS = 1.0  # from one question for a pair's ticker to the next
SAID_SECONDS = 3600.0  # from one report of what was refused to the next
Said = Quote | After | FetchTicker | PricesReport
Recall = Callable[[str, int], Sequence[Candle]]


class TrustedPrices:
    """Kept in the system's tools: who follows a failed tenant believes what that one did.

    ``recall`` gives the newest closed candles of a pair, for the first price of a life.
    """

    def __init__(self, recall: Recall) -> None:
        self._recall = recall
        self._beliefs: dict[str, KnownPrice] = {}
        self._lead = ClockLead()
        self._asked: dict[str, float] = {}  # when a ticker was, by pair
        self._refused: Counter[str] = Counter()
        self._unsaid = 0
        self._said_at: float | None = None

    def refused(self) -> dict[str, int]:
        """How many did not count, and why. May be asked by any thread."""
        return dict(self._refused.copy())

    # --- prices
    def price(self, heard: Quote, now: float) -> Iterator[Said]:
        """What counts of a frame, now; and what a leap that has just begun waits for."""
        self._lead, quote = dated(self._lead, heard, now)
        pair, before = quote.pair, self._belief(quote.pair)
        found = judged(before, quote)
        if found.belief is before and not found.why:
            yield from found.counts
            return
        yield from self._found(pair, before, found, quote.last, now)
        number = found.belief.number
        if number > before.number:
            yield After(WAIT_SECONDS, EndWait(pair, number), real=True)
            yield After(SURE_SECONDS, EndWait(pair, number, asks=True), real=True)
            if not 0 <= now - self._asked.get(pair, -ASK_SECONDS) < ASK_SECONDS:
                self._asked[pair] = now
                yield FetchTicker(pair, number)

    def waited(self, alarm: EndWait, now: float) -> Iterator[Said]:
        """A leap has waited for a while, or for long enough."""
        pair, before = alarm.pair, self._belief(alarm.pair)
        if before.doubt is None or alarm.number != before.number:
            return
        if alarm.asks:
            yield FetchTicker(pair, alarm.number, sure=True)
            return
        found = expired(before, alarm.number)
        yield from self._found(pair, before, found, before.doubt.last, now)

    def ticker(self, report: TickerReport, now: float) -> Iterator[Said]:
        """The witness that was asked for has answered."""
        pair, before = report.pair, self._belief(report.pair)
        if before.doubt is None or report.number != before.number:
            return
        found = witnessed(before, report.price, report.moment, report.sure)
        yield from self._found(pair, before, found, before.doubt.last, now)

    def forget_leaps(self) -> None:
        """Prices went unwatched for a while: what waited is past, what comes now is judged anew."""
        for pair, belief in self._beliefs.items():
            self._beliefs[pair] = structs.replace(belief, doubt=None)

    def _belief(self, pair: str) -> KnownPrice:
        """What is known of a pair; at first the close of its newest candle, of a life before."""
        known = self._beliefs.get(pair)
        if known is None:
            kept = self._recall(pair, 1)
            known = KnownPrice(kept[-1].close, float(kept[-1].time)) if kept else NOTHING
            self._beliefs[pair] = known
        return known

    def _found(
        self, pair: str, before: KnownPrice, found: FilterResult, price: Decimal, now: float
    ) -> Iterator[Said]:
        self._beliefs[pair] = found.belief
        yield from found.counts
        if found.why:
            shown = before.doubt.last if found.why == "step" and before.doubt else price
            yield from self._counted(pair, found.why, shown, before.price, now)

    # --- candles
    def candle(self, pair: str, candle: Candle, before: Candle | None, now: float) -> bool:
        """Whether a candle may be as it is told; ``before``: as it stood."""
        return possible(self._belief(pair), candle, before, now)

    def spoilt(self, pair: str, candle: Candle, now: float) -> Iterator[Said]:
        """One may not."""
        last = self._belief(pair).price
        yield from self._counted(pair, "candle", candle.close, last, now)

    # --- what is said of it
    def _counted(
        self, pair: str, why: Why, price: Decimal, last: Decimal, now: float
    ) -> Iterator[PricesReport]:
        """Told to people once an hour at most; a late price that would change nothing is not."""
        self._refused[why] += 1
        if why == "old" and near(price, last):
            return
        self._unsaid += 1
        if self._said_at is not None and 0 <= now - self._said_at < SAID_SECONDS:
            return
        count, self._unsaid, self._said_at = self._unsaid, 0, now
        yield PricesReport(pair, f"frame_{why}", price, last, count)
