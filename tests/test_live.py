"""The bot, live against a sandbox over real HTTP and sockets: their books agree in the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.sandbox.faults import Fault
from adapters.sandbox.server import Sandbox, Setting
from core.made_up import made_up_market
from tests.trading_live import Bot, check_agree

SPEED = 120.0  # the market's seconds in a real one
START = Decimal(1_000_000)
TROUBLED = (
    Fault("lost_after", "POST /v1/orders", times=2, skip=1),
    Fault("error_after", "POST /v1/orders", times=2, skip=2),
    Fault("malformed", "POST /v1/orders", times=1, skip=3),
    Fault("truncated", "POST /v1/orders", times=1, skip=4),
    Fault("error_before", "GET /v1/order", times=4, skip=2),
    Fault("lag", "GET /v1/order", times=6, seconds=60.0),
    Fault("dropped", "WS myOrder", times=4),
    Fault("doubled", "WS *", times=50, chance=0.1),
    Fault("reordered", "WS *", times=50, chance=0.1),
    Fault("closed", "WS ticker", times=1, skip=400),
)


@contextmanager
def sandbox(folder: Path, *faults: Fault) -> Iterator[str]:
    """The built-in market, and its exchange."""
    market = tuple(made_up_market(seed=3, days=2, timeframe="1m"))
    setting = Setting(market, folder / "venue", speed=SPEED, faults=faults, sync=False)
    server = Sandbox(setting)
    yield server.start()
    server.stop()


def sold(times: int) -> Callable[[list[str]], bool]:
    """Whether so many sales were told."""
    return lambda lines: sum(bool(re.search(r": sold ", line)) for line in lines) >= times


@pytest.mark.parametrize("faults", [(), TROUBLED], ids=["a good line", "faults on every side"])
def test_its_journal_and_the_venues_books_agree_to_the_last_won_and_satoshi(
    tmp_path: Path, faults: tuple[Fault, ...]
) -> None:
    with sandbox(tmp_path, *faults) as url:
        bot = Bot(url, tmp_path)
        bot.start()
        bot.read_until(sold(6))
        bot.end()
        settled(bot)
        assert check_agree(url, bot, START) >= 12
        assert bot.said("verify") == []


def test_killed_while_it_trades_it_ends_the_same(tmp_path: Path) -> None:
    with sandbox(tmp_path, Fault("lost_after", "POST /v1/orders", times=3, skip=1)) as url:
        bot = Bot(url, tmp_path)
        for sales in range(1, 4):
            bot.start()
            bot.read_until(sold(2 * sales))
            bot.kill()
        settled(bot)
        assert check_agree(url, bot, START) >= 8
        assert bot.said("verify") == []


def settled(bot: Bot) -> None:
    """A last life without entries, in which whatever was under way comes to its end."""
    while any(not order["ended_at"] for order in bot.said("show-orders")):
        bot.environ["JANGBU__MAX_OPEN_TRADES"] = "1"
        bot.start()
        bot.read_until(lambda lines: "entries may begin" in lines[-1])
        bot.end()
