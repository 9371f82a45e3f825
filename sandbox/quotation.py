"""Owns the quotation endpoints of Upbit's REST API over the sandbox's market.

Sources: docs/reference/upbit.md 2, errors observed on its service. Where Upbit is not
known (a count below 1, a day that is out of reach) the answer is its "Invalid parameter".
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.market import Listing, Market
from sandbox.quotes.depth import ROWS
from sandbox.quotes.spans import MINUTES
from sandbox.wire.numbers import encode, whole
from sandbox.wire.requests import QueryParams, Refused
from sandbox.wire.rows import (
    Row,
    book_row,
    candle_row,
    day_row,
    instrument_row,
    market_row,
    ticker_row,
    trade_row,
)

JSON = "application/json;charset=UTF-8"
CANDLES_MOST, TRADES_MOST = 200, 500
DAY = 86400
SECONDS_KEPT = 90 * DAY  # candles of a second are known for about three months

Answer = Callable[[Market, QueryParams], object]


def routes(market: Market) -> list[Route]:
    """Every quotation endpoint, with its whole path."""
    answers: dict[str, Answer] = {
        "/v1/market/all": _markets,
        "/v1/ticker": _tickers,
        "/v1/ticker/all": _all_tickers,
        "/v1/candles/seconds": _seconds,
        "/v1/candles/minutes": _one_minutes,
        "/v1/candles/minutes/{unit}": _minutes,
        "/v1/candles/days": _days,
        "/v1/candles/weeks": _weeks,
        "/v1/candles/months": _months,
        "/v1/candles/years": _years,
        "/v1/trades/ticks": _trades,
        "/v1/orderbook": _books,
        "/v1/orderbook/instruments": _instruments,
        "/v1/orderbook/supported_levels": _levels,
    }
    return [Route(path, _endpoint(market, answer)) for path, answer in answers.items()]


def _endpoint(market: Market, answer: Answer) -> Callable[[Request], Response]:
    async def endpoint(request: Request) -> Response:
        try:
            body = encode(answer(market, QueryParams(request)))
        except Refused as refused:
            error = {"name": refused.status, "message": refused.message}
            return Response(encode({"error": error}), refused.status, media_type=JSON)
        return Response(body, media_type=JSON)

    return endpoint  # type: ignore[return-value]


def _markets(market: Market, asked: QueryParams) -> list[Row]:
    details = asked.flag("is_details") or asked.flag("isDetails")
    return [market_row(listing, details) for listing in market.listings()]


def _tickers(market: Market, asked: QueryParams) -> list[Row]:
    return _ticker_rows(asked.listings(market))


def _all_tickers(market: Market, asked: QueryParams) -> list[Row]:
    quotes = asked.needed("quote_currencies").split(",")
    return _ticker_rows([x for x in market.listings() if x.pair.split("-")[0] in quotes])


def _ticker_rows(listings: list[Listing]) -> list[Row]:
    known = ((listing.pair, listing.facts()) for listing in listings)
    return [ticker_row(pair, facts) for pair, facts in known if facts is not None]


# --- candles
def _seconds(market: Market, asked: QueryParams) -> list[Row]:
    listing, to = asked.listing(market), asked.moment("to")
    if to is not None and to < market.clock.now() - SECONDS_KEPT:
        return []
    return [
        candle_row(listing.pair, span)
        for span in listing.spans.newest("1s", asked.count(CANDLES_MOST), to)
    ]


def _one_minutes(market: Market, asked: QueryParams) -> list[Row]:
    return _minute_rows(market, asked, 1)


def _minutes(market: Market, asked: QueryParams) -> list[Row]:
    return _minute_rows(market, asked, asked.number(asked.path("unit")))


def _minute_rows(market: Market, asked: QueryParams, unit: int) -> list[Row]:
    if unit not in MINUTES:
        raise Refused(400, "specified unit is not valid.")
    return [row | {"unit": unit} for row in _candles(market, asked, f"{unit}m")]


def _candles(market: Market, asked: QueryParams, unit: str) -> list[Row]:
    listing = asked.listing(market)
    spans = listing.spans.newest(unit, asked.count(CANDLES_MOST), asked.moment("to"))
    return [candle_row(listing.pair, span) for span in spans]


def _days(market: Market, asked: QueryParams) -> list[Row]:
    listing = asked.listing(market)
    converted = asked.text("converting_price_unit")
    if converted not in ("", "KRW"):
        raise Refused(400, "Invalid parameter. Check the given value!")
    spans = listing.spans.newest("days", asked.count(CANDLES_MOST), asked.moment("to"))
    return [day_row(listing.pair, span, bool(converted)) for span in spans]


def _weeks(market: Market, asked: QueryParams) -> list[Row]:
    return _periods(market, asked, "weeks")


def _months(market: Market, asked: QueryParams) -> list[Row]:
    return _periods(market, asked, "months")


def _years(market: Market, asked: QueryParams) -> list[Row]:
    return _periods(market, asked, "years")


def _periods(market: Market, asked: QueryParams, unit: str) -> list[Row]:
    rows = _candles(market, asked, unit)
    return [row | {"first_day_of_period": str(row["candle_date_time_utc"])[:10]} for row in rows]


# --- trades and books
def _trades(market: Market, asked: QueryParams) -> list[Row]:
    """Of one UTC day, today's or up to seven days ago, newest first."""
    listing = asked.listing(market)
    count, ago = asked.count(TRADES_MOST), asked.days_ago()
    today = int(market.clock.now()) // DAY * DAY
    start = today - ago * DAY
    before = (start + asked.time_of_day(DAY)) * 1000
    cursor = asked.cursor()
    if cursor is not None:
        before = min(before, cursor // 10_000)
    trades = islice(listing.track.past(before, start * 1000), count)
    closed = listing.spans.newest("days", 1, start + 1)
    base = closed[0].before if closed and closed[0].start == start else None
    return [trade_row(listing.pair, trade, base or trade.price) for trade in trades]


def _books(market: Market, asked: QueryParams) -> list[Row]:
    """An unsupported level gives an empty list."""
    level, count = asked.level(), asked.count(ROWS, ROWS)
    books = ((listing.pair, listing.book(level)) for listing in asked.listings(market))
    return [book_row(pair, book, count) for pair, book in books if book and book.units]


def _instruments(market: Market, asked: QueryParams) -> list[Row]:
    known = ((listing, listing.facts()) for listing in asked.listings(market))
    return [instrument_row(listing, facts) for listing, facts in known if facts is not None]


def _levels(market: Market, asked: QueryParams) -> list[Row]:
    return [
        {
            "market": row["market"],
            "supported_levels": [whole(Decimal(level)) for level in _texts(row)],
        }
        for row in _instruments(market, asked)
    ]


def _texts(row: Row) -> list[str]:
    levels = row["supported_levels"]
    assert isinstance(levels, list)
    return levels
