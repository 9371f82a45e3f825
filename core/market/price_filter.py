"""Owns which live prices count: what is known of a pair and a frame in, a verdict out.

A venue's frames may be late, doubled, garbled or of another time. A price of 0 or below never
counts, nor one that was traded before the newest known. A leap waits for a witness: another trade
near it, or the venue's ticker asked over REST. A later trade (or that ticker) near the price from
before the leap ends it; one neither confirmed nor denied counts after 5 s, for a crash must sell.
After a jump of more than three times the first price never counts, whoever confirms it: what is
ordered goes by the second one. Until then no candle is closed to a decision either.
All figures are KRW, moments epoch seconds of trades at the venue.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct, structs

from core.market.jumps import jumped
from core.market.prices import Quote
from messages.market import Candle

STEP, LONG_STEP = Decimal("0.1"), Decimal("0.3")  # of the last price; a greater change is a leap
LONG_SECONDS = 60.0  # age of the last price beyond which the wider step holds
NEAR = Decimal("0.05")  # how close a witness has to be
WAIT_SECONDS = 5.0  # for a witness
SURE_SECONDS = 2.0  # after which a ticker that shows no leap is believed to have none to show
LEAD_SECONDS = 5.0  # by which clocks may differ
ZERO = Decimal(0)

# Why a frame did not count: no price; older than what is known; a leap that was not confirmed; a
# candle that cannot be. "unwitnessed" is a leap that counted, neither confirmed nor denied; "jump"
# the first price after one of more than three times, known by now.
Why = Literal["", "zero", "old", "step", "candle", "unwitnessed", "jump"]


class KnownPrice(Struct, frozen=True):
    """What is known of a pair: its last price (0 = none) and when it was traded.

    ``doubt``: the leap that waits, ``number`` of all leaps; an alarm of another one is nothing.
    """

    price: Decimal = ZERO
    moment: float = 0.0
    doubt: Quote | None = None
    number: int = 0
    first: bool = False  # the price is the first one after a jump, and nothing followed it yet


class FilterResult(Struct, frozen=True):
    """What is known after a frame, what counts now, and why something of it does not."""

    belief: KnownPrice
    counts: tuple[Quote, ...] = ()
    why: Why = ""


class ClockLead(Struct, frozen=True):
    """By how much the venue's moments are ahead of our clock, as two frames have agreed."""

    seconds: float = 0.0
    hint: tuple[str, float, float] | None = None  # a frame's pair, moment, and how far ahead


NOTHING = KnownPrice()


# --- prices
def judged(belief: KnownPrice, heard: Quote) -> FilterResult:
    """One frame, or a stretch of several put together."""
    quote, why = _sound(belief, heard)
    if quote is None:
        return FilterResult(belief, why=why)
    doubt = belief.doubt
    if _same(quote, belief.moment, belief.price):  # the same trade told again: nothing new
        return FilterResult(belief, () if belief.first else (quote,), why)
    if doubt is None:
        leaps = belief.price > 0 and not _step(belief, quote.first, quote.moment)
        return (
            _leapt(belief, quote, why)
            if leaps
            else FilterResult(_known(belief, quote), (quote,), why)
        )
    if _same(quote, doubt.moment, doubt.last):
        return FilterResult(belief, why=why)
    if near(quote.last, doubt.last):
        both = sorted((doubt, quote), key=lambda one: one.moment)
        if jumped(belief.price, doubt.last):
            return FilterResult(_known(belief, both[-1]), (both[-1],), "jump")
        return FilterResult(_known(belief, both[-1]), tuple(both), why)
    if not _step(belief, quote.first, quote.moment):
        return _leapt(belief, quote, why)
    if quote.moment < doubt.moment:  # it tells of what was before the leap
        return FilterResult(structs.replace(_known(belief, quote), doubt=doubt), (quote,), why)
    return FilterResult(_known(belief, quote), (quote,), "step")


def _sound(belief: KnownPrice, heard: Quote) -> tuple[Quote | None, Why]:
    """What of a frame can count at all; of a stretch that is spoilt in its midst its last price."""
    spoilt: Why = ""
    if min(heard.first, heard.low) <= 0:
        spoilt = "zero"
    elif heard.since < belief.moment:
        spoilt = "old"
    elif heard.low < heard.high * (1 - STEP):
        spoilt = "step"
    if not spoilt:
        return heard, ""
    if heard.last <= 0:
        return None, "zero"
    if heard.moment < belief.moment:
        return None, "old"
    return _last(heard), spoilt


def _leapt(belief: KnownPrice, quote: Quote, why: Why) -> FilterResult:
    """It is its own witness, or its end is no leap, or it waits; the wait of a leap goes on."""
    if not _alone(quote):
        if near(quote.last, quote.first):
            if jumped(belief.price, quote.first):
                end = _last(quote)
                return FilterResult(_known(belief, end), (end,), "jump")
            return FilterResult(_known(belief, quote), (quote,), why)
        if _step(belief, quote.last, quote.moment):
            end = _last(quote)
            return FilterResult(_known(belief, end), (end,), "step")
    if belief.doubt is None:
        begun = structs.replace(belief, doubt=quote, number=belief.number + 1)
        return FilterResult(begun, why=why)
    if quote.moment < belief.doubt.moment:
        return FilterResult(belief, why="old")
    return FilterResult(structs.replace(belief, doubt=quote), why="step")


def witnessed(belief: KnownPrice, price: Decimal, moment: float, sure: bool) -> FilterResult:
    """The venue's ticker shows this last trade; ``sure``: it was asked long enough after the leap.

    A ticker may lag behind the socket: what it shows denies a leap only where it knows of trades
    as late as that, or has had time enough to.
    """
    doubt = belief.doubt
    if doubt is None or price <= 0:
        return FilterResult(belief)
    if near(price, doubt.last):
        return _alone_known(belief, doubt, "")
    if _step(belief, price, doubt.moment) and (sure or moment >= doubt.moment):
        return FilterResult(structs.replace(belief, doubt=None), why="step")
    return FilterResult(belief)


def expired(belief: KnownPrice, number: int) -> FilterResult:
    """The wait of a leap is over: it is neither confirmed nor denied."""
    doubt = belief.doubt
    if doubt is None or number != belief.number:
        return FilterResult(belief)
    return _alone_known(belief, doubt, "unwitnessed")


def _alone_known(belief: KnownPrice, doubt: Quote, why: Why) -> FilterResult:
    """A leap that counts without a second trade; a jump is known by it, and nothing more."""
    known = _known(belief, doubt)
    if jumped(belief.price, doubt.last):
        return FilterResult(structs.replace(known, first=True), (), "jump")
    return FilterResult(known, (doubt,), why)


def near(price: Decimal, other: Decimal) -> bool:
    """Whether one is a witness of the other."""
    return abs(price - other) <= NEAR * other


def _step(belief: KnownPrice, price: Decimal, moment: float) -> bool:
    """Whether a price traded then is near enough to the last one to need no witness."""
    most = LONG_STEP if moment - belief.moment > LONG_SECONDS else STEP
    return abs(price - belief.price) <= most * belief.price


def _known(belief: KnownPrice, quote: Quote) -> KnownPrice:
    return KnownPrice(quote.last, max(belief.moment, quote.moment), None, belief.number)


def _alone(quote: Quote) -> bool:
    return quote.since == quote.moment and quote.low == quote.high


def _same(quote: Quote, moment: float, price: Decimal) -> bool:
    return quote.moment == moment and quote.last == price and _alone(quote)


def _last(quote: Quote) -> Quote:
    last = quote.last
    return Quote(quote.pair, last, last, last, last, quote.moment, quote.moment)


# --- moments
def dated(lead: ClockLead, quote: Quote, now: float) -> tuple[ClockLead, Quote]:
    """A moment ahead of our clock counts as now, unless two frames agree that the clock is late.

    So one frame from the far future makes none after it old, and a clock that was set back makes
    no price of the venue's one from before a trade's entry.
    """
    ahead = quote.moment - now
    if ahead <= lead.seconds + LEAD_SECONDS:
        return lead, quote
    hint = lead.hint
    another = hint is not None and hint[:2] != (quote.pair, quote.moment)
    if hint and another and abs(hint[2] - ahead) <= LEAD_SECONDS:
        return ClockLead(ahead), quote
    lead = structs.replace(lead, hint=(quote.pair, quote.moment, ahead))
    moment = now + lead.seconds
    return lead, structs.replace(quote, since=min(quote.since, moment), moment=moment)


# --- candles
def shaped(candle: Candle) -> bool:
    """Whether its prices are some, and its open and close lie between its low and its high."""
    inner = (candle.open, candle.close)
    return 0 < candle.low <= min(inner) and max(inner) <= candle.high


def possible(belief: KnownPrice, candle: Candle, before: Candle | None, now: float) -> bool:
    """Whether a candle as it stands now may be so; ``before``: as it stood, if that is known.

    Its close is a price like any other, and so is a high or a low that it has newly reached.
    """
    inner = (candle.open, candle.close)
    if belief.first or not shaped(candle):
        return False
    if belief.price > 0 and not _step(belief, candle.close, now):
        return False
    least, most = (before.low, before.high) if before else (min(inner), max(inner))
    step = STEP if before else LONG_STEP
    if belief.price > 0:
        least, most = min(least, belief.price), max(most, belief.price)
    return candle.low >= least * (1 - step) and candle.high <= most * (1 + step)
