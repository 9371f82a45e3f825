"""kill -9 of a live bot at each named point of an order's way, and its next life after that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import requests

from adapters.sandbox.faults import Fault
from adapters.sandbox.server import Sandbox, Setting
from core.made_up import made_up_market
from tests.dying_live_script import NOWHERE, POINTS
from tests.trading_live import ROOT, SECONDS, START, Bot, books_of, check_agree, settled

SPEED = 150.0
SLOW = Fault("slow", "POST /v1/orders", times=0, seconds=0.5)


def born(bot: Bot, point: str, side: str) -> subprocess.Popen[str]:
    """A life that is to end at this point."""
    words = ("-m", "tests.dying_live_script", point, side, str(bot.state))
    around = {**bot.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=bot.folder,
        env=around,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def dies(bot: Bot, point: str, side: str) -> None:
    """It has come to the point, and did not get past it."""
    life = born(bot, point, side)
    assert life.wait(SECONDS) == -signal.SIGKILL, point


def dies_when_accepted(url: str, bot: Bot, side: str) -> None:
    """Killed by us while the answer to an order that is in the books crawls towards it."""
    requests.post(f"{url}/sandbox/faults", data=msgspec.json.encode(SLOW), timeout=30)
    before = len([o for o in books_of(url)["orders"] if o["side"] == side])
    life = born(bot, *NOWHERE)
    until = time.monotonic() + SECONDS
    while len([o for o in books_of(url)["orders"] if o["side"] == side]) == before:
        assert time.monotonic() < until
        assert life.poll() is None
    os.killpg(life.pid, signal.SIGKILL)
    life.wait(SECONDS)
    requests.delete(f"{url}/sandbox/faults", timeout=30)


def test_wherever_it_dies_the_books_agree_in_the_end(tmp_path: Path) -> None:
    market = tuple(made_up_market(seed=3, days=2, timeframe="1m"))
    venue = Sandbox(Setting(market, tmp_path / "venue", SPEED, sync=False))
    url = venue.start()
    bot = Bot(url, tmp_path)
    for point, side in POINTS:
        dies(bot, point, side)
    for side in ("bid", "ask"):
        dies_when_accepted(url, bot, side)
    settled(bot)
    assert check_agree(url, bot, START) >= len(POINTS) // 2
    assert bot.said("verify") == []
    venue.stop()
