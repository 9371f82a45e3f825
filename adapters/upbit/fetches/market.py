"""Owns how the market is asked for: past candles, books, what is listed, terms, our key's end."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import structs

from adapters.upbit.answers import Failure
from adapters.upbit.client import candle_path
from adapters.upbit.fetches.account import EVERY, Came
from adapters.upbit.fetches.request import Requester, again, reason_of
from adapters.upbit.replies import NoData, Refused
from adapters.upbit.schemas.accounts import ApiKey, Chance
from adapters.upbit.schemas.quotes import Candle, market_candle
from adapters.upbit.secrets import Secret
from messages.base import After
from messages.market import Candle as MarketCandle
from messages.venue_queries import (
    BookReport,
    CandlesReport,
    FetchBook,
    FetchCandles,
    FetchMarkets,
    FetchTerms,
    FetchTicker,
    KeyReport,
    Level,
    MarketsReport,
    Terms,
    TermsReport,
    TickerReport,
)

ZERO = Decimal(0)
BOOK_ROWS = 15
UNTRADED = ("market_offline", "notfoundmarket")  # under maintenance; delisted


def candles(reading: Requester, call: FetchCandles) -> Came:
    """A candle that is still forming at ``until`` is left out: it is no history yet."""
    to = int(call.until) if call.until else None
    client = reading.client
    reply, went = reading.ask(
        candle_path(call.seconds), lambda: client.candles(call.pair, call.seconds, to, call.count)
    )
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        failed = reason_of(value)
        return CandlesReport(call.pair, call.seconds, failed=failed, until=call.until), went
    found = _ordered(value, call)
    closed = [c for c in found if c.time + call.seconds <= to] if to else found[:-1]
    return CandlesReport(call.pair, call.seconds, tuple(closed), until=call.until), went


def book(reading: Requester, call: FetchBook) -> Came:
    """One pair's order book: no second try, for an entry does not wait so long."""
    client, pair = reading.client, call.pair
    reply, went = reading.ask("/v1/orderbook", lambda: client.orderbooks([pair], BOOK_ROWS))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return BookReport(call.id, pair, failed=reason_of(value)), went
    found = next((book for book in value if book.market == pair), None)
    if found is None:
        return BookReport(call.id, pair, failed="no_book"), went
    rows = found.orderbook_units
    asks = tuple(Level(r.ask_price, r.ask_size) for r in rows if r.ask_price and r.ask_size)
    bid = max((r.bid_price for r in rows if r.bid_size), default=ZERO)
    return BookReport(call.id, pair, asks, bid, found.timestamp / 1000), went


def ticker(reading: Requester, call: FetchTicker) -> Came:
    """The last trade of one pair; who waits for it waits not long, so it is not tried again."""
    reply, went = reading.ask("/v1/ticker", lambda: reading.client.tickers((call.pair,)))
    value = reply.value
    nothing = TickerReport(call.pair, call.number, call.sure)
    if isinstance(value, NoData | Refused | Failure):
        return nothing, went
    found = next((one for one in value if one.market == call.pair), None)
    if found is None:
        return nothing, went
    moment = found.trade_timestamp / 1000
    return structs.replace(nothing, price=found.trade_price, moment=moment), went


def _ordered(candles: Iterable[Candle], call: FetchCandles) -> list[MarketCandle]:
    """Oldest first, each moment once; what is of another pair or interval is none of these."""
    mine = (market_candle(candle) for candle in candles if candle.market == call.pair)
    found = {candle.time: candle for candle in mine if candle.time % call.seconds == 0}
    return [found[time] for time in sorted(found)]


def markets(reading: Requester, _call: FetchMarkets) -> Came:
    """Every KRW market. A list that cannot be had says nothing of any of them."""
    reply, went = reading.ask("/v1/market/all", reading.client.markets)
    value = reply.value
    skew = reading.skew()
    if isinstance(value, NoData | Refused | Failure):
        return MarketsReport(skew=skew, failed=reason_of(value)), went
    warned = [p.market for p in value if p.market_event is not None and p.market_event.warning]
    unread = tuple(sorted({name or EVERY for name in reply.odd}))
    listed = tuple(p.market for p in value)
    return MarketsReport(listed, tuple(warned), skew, unread=unread), went


def terms(reading: Requester, call: FetchTerms) -> Came:
    """Those of the first pair; then the next. An offline or delisted pair has some."""
    if not call.pairs:
        return (TermsReport(call.found),)
    pair, rest = call.pairs[0], call.pairs[1:]
    reply, went = reading.ask("/v1/orders/chance", lambda: reading.client.chance(pair))
    value = reply.value
    found = call.found
    if isinstance(value, Refused) and value.name in UNTRADED:
        found = {**found, pair: Terms(state=value.name)}
    elif isinstance(value, NoData | Refused | Failure):
        wait = again(value, call.tries)
        if wait is not None:
            return After(wait, structs.replace(call, tries=call.tries + 1), real=True), went
        if not isinstance(value, Refused):
            return TermsReport(found), went  # nobody answers: the rest would not either
    else:
        found = {**found, pair: terms_of(value)}
    return FetchTerms(rest, found) if rest else TermsReport(found), went


def terms_of(chance: Chance) -> Terms:
    """Upbit's answer in the bot's own terms."""
    least = max(chance.market.bid.min_total, chance.market.ask.min_total)
    return Terms(max(chance.bid_fee, chance.ask_fee), least, chance.market.state)


def key(reading: Requester, access: Secret | None) -> Came:
    """Until when the key that signs is good."""
    reply, went = reading.ask("/v1/api_keys", reading.client.api_keys)
    value = reply.value
    if isinstance(value, NoData | Refused | Failure) or access is None:
        return KeyReport(), went
    return KeyReport(ends_of(value, access)), went


def ends_of(listed: tuple[ApiKey, ...], access: Secret) -> float:
    """Epoch seconds; 0 when ours is not among them."""
    own = access.reveal()
    ends = [key.expire_at.timestamp() for key in listed if key.access_key.reveal() == own]
    return ends[0] if ends else 0.0
