"""Owns which live prices matter to whom: bands of holdings, and every price for paper orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.market.prices import Quote, behind, candle_of, reached, together
from messages.market import CandleReport, OpeningReport, Watch


class PriceTriggers:
    """Watches, and of each pair the prices that mattered to nobody yet.

    A price within its band changes nothing, so it is not told. It is kept with those after it:
    a band that has just moved may have left it outside.
    """

    def __init__(self) -> None:
        self._watches: dict[str, dict[str, Watch]] = {}  # by pair and watcher
        self._untold: dict[str, Quote] = {}
        self._known: dict[str, Quote] = {}

    def pairs(self) -> frozenset[str]:
        """Those that somebody watches."""
        return frozenset(self._watches)

    def watch(self, watch: Watch) -> Iterator[CandleReport]:
        """Take a watch in; what is known may matter to it already."""
        watches = self._watches.setdefault(watch.pair, {})
        if watch.every or watch.below is not None or watch.above is not None:
            watches[watch.watcher] = watch
        else:
            watches.pop(watch.watcher, None)
        if not watches:
            del self._watches[watch.pair]
        known = self._known.get(watch.pair)
        quote = self._untold.get(watch.pair) or (known and _last(known))
        if quote and reached(quote, [watch]):
            yield from self._tell(quote)

    def price(self, heard: Quote) -> Iterable[OpeningReport | CandleReport]:
        """New prices; the same trade told again is looked at by the bands alone."""
        pair = heard.pair
        new = behind(self._known.get(pair), heard)
        quote = together(self._untold.get(pair), new or heard)
        if new:
            self._known[pair] = new
        self._untold[pair] = quote
        watches = self._watches.get(pair)
        return self._mattering(watches, new, quote) if watches else ()

    def _mattering(
        self, watches: dict[str, Watch], new: Quote | None, quote: Quote
    ) -> Iterator[OpeningReport | CandleReport]:
        pair = quote.pair
        every = any(watch.every for watch in watches.values())
        if every and new:
            yield OpeningReport(pair, candle_of(new), 0, new.since, new.moment)
        if (every and new) or reached(quote, watches.values()):
            yield from self._tell(quote)

    def _tell(self, quote: Quote) -> Iterator[CandleReport]:
        self._untold.pop(quote.pair, None)
        facts = (quote.since, quote.moment)
        yield CandleReport(quote.pair, candle_of(quote), 0, since=facts[0], moment=facts[1])

    def last(self, pair: str) -> Decimal | None:
        """The newest price of a pair, KRW; None when none was heard. May be asked by any thread."""
        known = self._known.get(pair)
        return None if known is None else known.last

    def prices(self) -> tuple[dict[str, Decimal], float]:
        """The newest price (KRW) of each watched pair, and when the newest of all was traded.

        0 = none was heard. May be asked by any thread.
        """
        known = self._known.copy()
        moment = max((quote.moment for quote in known.values()), default=0.0)
        return {pair: known[pair].last for pair in self.pairs() if pair in known}, moment

    def forget(self) -> None:
        """What was not told is past: after a gap only fresh prices count."""
        self._untold.clear()


def _last(quote: Quote) -> Quote:
    last = quote.last
    return Quote(quote.pair, last, last, last, last, quote.moment, quote.moment)
