"""The bot, live against a sandbox over real HTTP and sockets: their books agree in the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from core.market.synthetic import synthetic_market
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import START, Bot, check_agree, settled

SPEED = 120.0  # the market's seconds in a real one


def sold(times: int) -> Callable[[list[str]], bool]:
    """Whether so many sales were told."""
    return lambda lines: sum(bool(re.search(r": sold ", line)) for line in lines) >= times


def test_its_journal_and_the_venues_books_agree_to_the_last_won_and_satoshi(
    tmp_path: Path,
) -> None:
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    venue = Sandbox(SandboxConfig(market, tmp_path / "venue", speed=SPEED, sync=False))
    url = venue.start()
    bot = Bot(url, tmp_path)
    bot.start()
    bot.read_until(sold(6))
    bot.end()
    settled(bot)
    assert check_agree(url, bot, START) >= 12
    assert bot.said("verify") == []
    venue.stop()
