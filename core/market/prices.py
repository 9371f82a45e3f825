"""Owns what a live market tells, and how several prices of a pair become one candle.

Prices that could not be looked at one by one are put together as first, high, low and last, so
that no low that hits a stop is lost (settled 33). All figures are KRW.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct, structs

from messages.market import Candle, Watch

STEP = 1e-6  # seconds between two prices of one moment


class Quote(Struct, frozen=True, gc=False):
    """What a pair's price did from ``since`` to ``moment``: epoch seconds of trades at the venue.

    One price alone has first = high = low = last and since = moment.
    """

    pair: str
    first: Decimal
    high: Decimal
    low: Decimal
    last: Decimal
    since: float
    moment: float


class Update(Struct, frozen=True, gc=False):
    """A candle as it stands now: it may be forming still, and be told again."""

    pair: str
    candle: Candle


class InstrumentStatus(Struct, frozen=True):
    """How a market stands: Upbit's word for it, and the day of its delisting ("" = none)."""

    pair: str
    state: str
    delisting: str


class StreamConnected(Struct, frozen=True):
    """A connection stands: what was told before it is past, and something may be missing."""


class StreamLost(Struct, frozen=True):
    """The connection is lost."""


Heard = Quote | Update | InstrumentStatus | StreamConnected | StreamLost


def together(old: Quote | None, new: Quote) -> Quote:
    """Two stretches of one pair as one, the later last."""
    if old is None:
        return new
    return Quote(
        old.pair,
        old.first,
        max(old.high, new.high),
        min(old.low, new.low),
        new.last,
        old.since,
        max(old.moment, new.moment),
    )


def behind(known: Quote | None, new: Quote) -> Quote | None:
    """The stretch, dated behind what is known already; None when it tells the same trade again.

    The trades of one sweep through a book bear one moment, and all of them count. A venue repeats
    a price while its day's sums change, and that is no new price.
    """
    if known is None or new.since > known.moment:
        return new
    alone = new.first == new.high == new.low == new.last
    if alone and new.moment <= known.moment and new.last == known.last:
        return None
    since = known.moment + STEP
    return structs.replace(new, since=since, moment=max(new.moment, since))


def candle_of(quote: Quote) -> Candle:
    """The stretch as a candle of no length, dated by the second of its last price."""
    prices = (quote.first, quote.high, quote.low, quote.last)
    return Candle(int(quote.moment), *prices, Decimal(0))


def narrowed(candle: Candle) -> Candle:
    """Its last price alone: what remains of it when something happened in its midst."""
    close = candle.close
    return structs.replace(candle, open=close, high=close, low=close)


def reached(quote: Quote, watches: Iterable[Watch]) -> bool:
    """Whether one of the bands says that these prices matter."""
    return any(
        (watch.below is not None and quote.low <= watch.below)
        or (watch.above is not None and quote.high > watch.above)
        for watch in watches
    )
