"""Live where a tick is wider than max_slippage: real HTTP, a real book, entries that are filled."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import requests

from core.market.synthetic import synthetic_market
from core.market.tick_size import korean_day, on_grid, tick_size
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import START, Bot, books_of, check_agree, settled

SPEED = 60.0
DOGE = "KRW-DOGE"
MARKET = tuple(
    series for series in synthetic_market(seed=3, days=2, timeframe="1m") if series.pair == DOGE
)
ONLY = {"JANGBU__PAIR_WHITELIST": f'["{DOGE}"]', "JANGBU__EXCHANGE__MAX_DAILY_KRW": "200000"}


def bids(url: str) -> list[dict[str, object]]:
    return [order for order in books_of(url)["orders"] if order["side"] == "bid"]


def test_doge_is_bought_at_its_ask_and_the_day_counts_what_was_spent(tmp_path: Path) -> None:
    venue = Sandbox(SandboxConfig(MARKET, tmp_path / "venue", speed=SPEED, sync=False))
    url = venue.start()
    bot = Bot(url, tmp_path, **ONLY)
    bot.start()
    bot.read_until(lambda lines: any(": bought " in line for line in lines))
    bot.end()
    settled(bot)
    assert check_agree(url, bot, START) >= 1
    sent = bids(url)
    filled = [order for order in sent if Decimal(str(order["executed_volume"])) > 0]
    assert filled, "bought often, filled never"
    assert all(order["ord_type"] == "limit" for order in sent)
    told = [decision["text"]["en"] for decision in bot.said("why", DOGE)["decisions"]]
    assert any("entry decided at" in line for line in told)
    venue.stop()


@pytest.mark.parametrize("count", [1, 15, 30])
def test_the_sandboxs_book_is_on_the_grid_with_a_tick_between_bid_and_ask(
    tmp_path: Path, count: int
) -> None:
    venue = Sandbox(SandboxConfig(MARKET, tmp_path / "venue", speed=SPEED, sync=False))
    url = venue.start()
    asked = {"markets": DOGE, "count": str(count)}
    (book,) = requests.get(f"{url}/v1/orderbook", asked, timeout=30).json(parse_float=Decimal)
    assert set(book) >= {"market", "timestamp", "total_ask_size", "total_bid_size", "level"}
    rows = book["orderbook_units"]
    assert len(rows) == count
    day = korean_day(book["timestamp"] / 1000)
    prices = [Decimal(str(row[side])) for row in rows for side in ("ask_price", "bid_price")]
    assert all(on_grid(price, day, DOGE) for price in prices)
    ask, bid = prices[:2]
    assert ask - bid >= tick_size(bid, day, DOGE)
    assert prices[::2] == sorted(prices[::2])
    assert prices[1::2] == sorted(prices[1::2], reverse=True)
    venue.stop()
