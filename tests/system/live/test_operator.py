"""An operator's orders, live against a sandbox: typed in another terminal, filled at the venue."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.market.synthetic import synthetic_market
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import ROOT, SECONDS, START, Bot, books_of, check_agree, settled

PAIR = "KRW-ETH"
QUIET = {  # the strategy wishes nothing, and no level is reached: only the operator orders
    "JANGBU__RSI_OVERSOLD": "1",
    "JANGBU__CONDITIONS_REQUIRED": "3",
    "JANGBU__STOPLOSS": "-0.5",
    "JANGBU__MINIMAL_ROI": "5",
    "JANGBU__TRAILING_STOP_POSITIVE_OFFSET": "0.6",
    "JANGBU__PARTIAL_EXIT_PROFIT": "4",
}


def typed(bot: Bot, line: str) -> Any:
    """What ``console -c`` answers."""
    words = ("console", "--yes", "-c", line, "--json", "--state-dir", str(bot.state))
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words],
        cwd=bot.folder,
        env=bot.environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_an_entry_and_an_exit_by_hand_are_orders_like_any_other(tmp_path: Path) -> None:
    market = tuple(synthetic_market(seed=3, days=1, timeframe="1m"))
    venue = Sandbox(SandboxConfig(market, tmp_path / "venue", speed=60.0, sync=False))
    url = venue.start()
    bot = Bot(url, tmp_path, **QUIET)
    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    assert typed(bot, f"forceenter {PAIR}")["done"]
    bot.read_until(lambda lines: ": bought " in lines[-1])
    assert [trade["pair"] for trade in typed(bot, "status")["trades"]] == [PAIR]
    assert typed(bot, f"forceexit {PAIR}")["done"]
    bot.read_until(lambda lines: ": sold " in lines[-1])
    assert typed(bot, "kill")["done"]
    refused = typed(bot, f"forceenter {PAIR}")
    assert not refused["done"]
    bot.end()
    settled(bot)
    assert check_agree(url, bot, START) == 2
    assert [order["side"] for order in books_of(url)["orders"]] == ["bid", "ask"]
    venue.stop()
