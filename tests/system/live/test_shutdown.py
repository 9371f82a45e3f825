"""SIGTERM of the real bot, live against a sandbox: how fast it ends, and what it keeps."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.market.synthetic import synthetic_market
from sandbox.faults import Fault
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import START, Bot, check_agree, settled

SPEED = 120.0  # the market's seconds in a real one
ENDS = 5.0  # seconds that a service manager's request to end may take
FAR = 3600.0  # seconds: an answer that never comes within the test
PATIENT = {"JANGBU__EXCHANGE__CALL_SECONDS": "100", "JANGBU__EXCHANGE__READ_SECONDS": "50"}

BRISK = {"JANGBU__EXCHANGE__CALL_SECONDS": "2", "JANGBU__EXCHANGE__READ_SECONDS": "1"}


@contextmanager
def trading(folder: Path, *faults: Fault, **more: str) -> Iterator[tuple[Bot, str]]:
    """A bot, not started yet, and the address of a sandbox that it trades with."""
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    setting = SandboxConfig(market, folder / "venue", speed=SPEED, sync=False, faults=faults)
    venue = Sandbox(setting)
    url = venue.start()
    try:
        yield Bot(url, folder, **more), url
    finally:
        venue.stop()


def terminated(bot: Bot) -> float:
    """End it as a service manager does; how long that took."""
    began = time.monotonic()
    bot.process.send_signal(signal.SIGTERM)
    rest, _ = bot.process.communicate(timeout=60)
    assert bot.process.returncode == 0, rest
    return time.monotonic() - began


def sending(bot: Bot) -> bool:
    """Whether the journal has an order of which nothing is known but that it was sent."""
    return any(order["state"] == "sending" for order in bot.said("show-orders"))


def test_sigterm_ends_a_trading_bot_within_five_seconds(tmp_path: Path) -> None:
    with trading(tmp_path) as (bot, url):
        bot.start()
        bot.read_until(lambda lines: any(": bought " in line for line in lines))
        assert terminated(bot) <= ENDS
        settled(bot)
        assert check_agree(url, bot, START) >= 1


def test_sigterm_while_an_order_is_under_way_is_as_quick_and_loses_nothing(tmp_path: Path) -> None:
    late = Fault("late", "POST /v1/orders", times=1, seconds=FAR)
    with trading(tmp_path, late, **PATIENT) as (bot, url):
        bot.start()
        bot.read_until(lambda lines: any(": entry signal " in line for line in lines))
        while not sending(bot):
            pass
        assert terminated(bot) <= ENDS
        bot.environ |= BRISK
        settled(bot)
        assert check_agree(url, bot, START) >= 0
        assert bot.said("verify") == []
