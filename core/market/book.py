"""Order book of one pair: whether an entry may take its best ask, and up to which price.

The book is judged by what a market can show: a side may be empty or padded with zeros, it may be
crossed, or older than the trades that led to the signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from core.market.tick_size import korean_day, price_down, tick_size
from core.money import half_even, quotient
from core.trading.position_size import least_entry
from messages.config import Config
from messages.venue_queries import BookReport, Level

ZERO = Decimal(0)
NO_BOOK, ABOVE_BAND = "no_book", "ask_above_band"


class BookRequest(Struct, frozen=True):
    """The entry that waits for the book: decided at ``close``, by trades after ``since``."""

    pair: str
    close: Decimal
    since: float


class BookVerdict(Struct, frozen=True):
    """Why the book forbids the entry (``reason``), or else its limit and what is offered up to it.

    ``ask`` is the best one, 0 where there is none.
    """

    reason: str = ""
    ask: Decimal = ZERO
    limit: Decimal = ZERO
    depth: Decimal = ZERO


def judged(book: BookReport, asked: BookRequest, config: Config, at: float) -> BookVerdict:
    """What the book means for the entry."""
    asks = sorted(_offered(book.asks), key=lambda level: level.price)
    reason = _unusable(book, asks, asked)
    if reason:
        return BookVerdict(reason)
    ask = asks[0].price
    limit = limit_of(asked.pair, asked.close, ask, config.exchange.max_slippage, at)
    if limit < ask:
        return BookVerdict(ABOVE_BAND, ask)
    within = [level for level in asks if level.price <= limit]
    worth = sum((level.price * level.size for level in within), ZERO)
    if worth < least_entry(config.min_order_krw, config.stoploss):
        return BookVerdict("thin_book", ask)
    return BookVerdict("", ask, limit, sum((level.size for level in within), ZERO))


def limit_of(pair: str, close: Decimal, ask: Decimal, slippage: Decimal, at: float) -> Decimal:
    """The most that an entry pays: its band, or the ask where that is one tick above at most.

    The band ends on the grid. Where a tick is wider than the slippage it ends at the close, and
    no order sells there: the next price is what a market costs that has no finer ones.
    """
    day = korean_day(at)
    band = price_down(close * (1 + slippage), day, pair)
    return max(band, ask) if ask <= close + tick_size(close, day, pair) else band


def excess(ask: Decimal, close: Decimal, allowed: Decimal) -> tuple[str, str]:
    """How far the ask is above the close, and how far it may be: per cent, for people.

    The first has as many decimals as it takes to be seen to be more than the second.
    """
    most, above = allowed * 100, quotient((ask - close) * 100, close)
    short = next((s for n in range(1, 8) if (s := half_even(above, n)) > most), above)
    return (_short(short), _short(most))


def _short(figure: Decimal) -> str:
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _offered(levels: Sequence[Level]) -> list[Level]:
    return [level for level in levels if level.price > 0 and level.size > 0]


def _unusable(book: BookReport, asks: Sequence[Level], asked: BookRequest) -> str:
    """Why nothing can be read off the book; "" when it can."""
    if book.failed:
        return NO_BOOK
    if book.moment < asked.since:
        return "stale_book"
    if not asks:
        return "no_asks"
    if book.bid <= 0:
        return "no_bids"  # the coins could not be sold again
    return "crossed_book" if book.bid >= asks[0].price else ""
