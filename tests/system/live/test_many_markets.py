"""288 markets watched and traded at once: the venue counts, and not one request is too many."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import requests
from msgspec import structs

from core.market.candles import CandleSeries
from core.market.synthetic import synthetic_market
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import START, Bot, check_agree, settled

MARKETS = 288
SPEED = 4.0  # the venue's limits hold for the market's seconds: so many more in a real one
MANY = {
    "JANGBU__MAX_OPEN_TRADES": "12",
    "JANGBU__STAKE_AMOUNT": "12000",
    "JANGBU__EXCHANGE__MAX_ORDERS_PER_MINUTE": "600",
    "JANGBU__STARTUP_CANDLE_COUNT": "60",
}


def markets() -> tuple[CandleSeries, ...]:
    """The built-in market's five, under so many names; KRW-BTC trades every second."""
    five = synthetic_market(seed=3, days=1)
    names = [five[0].pair, *(f"KRW-A{number}" for number in range(1, MARKETS))]
    return tuple(structs.replace(five[i % 5], pair=name) for i, name in enumerate(names))


def counts(url: str) -> Any:
    """What the venue has counted."""
    return requests.get(f"{url}/sandbox/counts", timeout=30).json()


def asked(url: str, group: str) -> int:
    """Requests of a group so far."""
    found: int = counts(url)["groups"][group]["requests"]
    return found


def has_bought(lines: list[str], times: int) -> bool:
    return sum(bool(re.search(r": bought ", line)) for line in lines) >= times


def test_not_one_request_is_beyond_the_limits(tmp_path: Path) -> None:
    venue = Sandbox(SandboxConfig(markets(), tmp_path / "venue", SPEED, sync=False))
    url = venue.start()
    bot = Bot(url, tmp_path, **MANY)
    bot.start()
    bot.read_until(lambda lines: has_bought(lines, 8) and asked(url, "candles") >= MARKETS)
    bot.end()
    settled(bot)
    agreed = check_agree(url, bot, START)
    assert any(f"{MARKETS}: KRW-" in line for line in bot.lines), "they are all traded"
    assert asked(url, "default") >= MARKETS, "each has its terms, as it has its history"
    assert agreed >= 8
    assert counts(url)["exceeded"] == 0
    venue.stop()
