"""What an order book means for an entry, and how its numbers are told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.book import BookRequest, excess, judged, limit_of
from core.market.tick_size import korean_day, on_grid, price_up, tick_size
from interfaces.views import lines
from messages.base import Envelope
from messages.config import Config
from messages.trading import EntryVetoed
from messages.venue_queries import BookReport, Level

D = Decimal
DAY = 1_774_148_400.0
PAIR = "KRW-DOGE"


@given(
    st.decimals("0.0002", "200000000", places=4),
    st.integers(0, 3),
    st.decimals("0", "0.05", places=4),
)
def test_a_limit_is_on_the_grid_and_never_above_band_and_next_price(
    height: Decimal, ticks: int, slippage: Decimal
) -> None:
    day = korean_day(DAY)
    close = price_up(height, day, PAIR)
    ask = close
    for _ in range(ticks):
        ask += tick_size(ask, day, PAIR)
    limit = limit_of(PAIR, close, ask, slippage, DAY)
    assert on_grid(limit, day, PAIR)
    assert limit <= max(close * (1 + slippage), close + tick_size(close, day, PAIR))
    assert limit >= ask or ask > close + tick_size(close, day, PAIR)


@pytest.mark.parametrize(
    ("ask", "close", "allowed", "above", "most"),
    [
        ("323", "321", "0.003", "0.6", "0.3"),
        ("102", "100", "0.003", "2", "0.3"),
        ("1003100", "1000000", "0.003", "0.31", "0.3"),  # seen to be more
        ("101", "100", "0", "1", "0"),
        ("100000", "99999", "0", "0.001", "0"),
        ("100.1", "100", "0.0005", "0.1", "0.05"),
    ],
)
def test_shares_are_told_with_as_few_decimals_as_show_the_difference(
    ask: str, close: str, allowed: str, above: str, most: str
) -> None:
    assert excess(D(ask), D(close), D(allowed)) == (above, most)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", "the book asks ₩323, 0.6 % above ₩321; max_slippage allows 0.3 %"),
        ("ko", "최우선 매도 호가 ₩323가 ₩321보다 0.6 % 높음. max_slippage 허용 범위 0.3 %"),
    ],
)
def test_why_tells_the_numbers_in_both_languages(language: str, parts: str) -> None:
    veto = EntryVetoed(PAIR, 60, "ask_above_band", ("rsi",), D(323), D(321), D("0.003"))
    assert parts in lines.text(Envelope(veto, DAY, "strategist"), language)


def test_depth_is_what_is_offered_up_to_the_limit_in_whatever_order_it_is_told() -> None:
    asks = tuple(Level(D(price), D(100)) for price in (324, 322, 323))
    book = BookReport("i", PAIR, asks, D(321), DAY)
    found = judged(book, BookRequest(PAIR, D(321), DAY - 60), Config(), DAY)
    assert (found.reason, found.ask, found.limit, found.depth) == ("", D(322), D(322), D(100))


def made(**changes: Any) -> Any:
    from msgspec import structs

    book = BookReport("i", PAIR, (Level(D(322), D(100)),), D(321), DAY)
    return judged(
        structs.replace(book, **changes), BookRequest(PAIR, D(321), DAY - 60), Config(), DAY
    ).reason


def test_a_quiet_book_is_good_while_it_is_no_older_than_the_signals_trades() -> None:
    assert made(moment=DAY - 60) == ""
    assert made(moment=DAY - 61) == "stale_book"
