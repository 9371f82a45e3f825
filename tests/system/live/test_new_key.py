"""A new API key, live against real sandboxes: of the same account, or of another one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.market.synthetic import synthetic_market
from messages.orders import OrderIntended
from messages.recovery import AccountDenied, AccountTaken
from persistence.reader import Reader
from sandbox.server import Sandbox, SandboxConfig
from sandbox.tokens import Key
from tests.support.live_bot import ROOT, SECONDS, Bot, books_of
from tests.system.live.test_operator import typed
from tests.system.live.test_recovery import BOUGHT, NEVER, OWN, QUIET, SOLD, begun, heard, told

RENEWED = Key("renewed-access-key", "renewed-secret-key")
SPEED = 60.0


def account(folder: Path) -> Sandbox:
    """A venue with one account, its owner's coins in it, that knows both keys."""
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    own = {"KRW": Decimal(1_000_000), "BTC": OWN}
    keys = (Key(), RENEWED)
    return Sandbox(SandboxConfig(market, folder, speed=SPEED, sync=False, balances=own, keys=keys))


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    server = account(tmp_path / "venue")
    (tmp_path / "never.py").write_text(NEVER)
    found = Bot(server.start(), tmp_path, **QUIET)
    for name in ("RSI_OVERSOLD", "CONDITIONS_REQUIRED"):
        del found.environ[f"JANGBU__{name}"]
    yield found
    if found.process.poll() is None:
        found.kill()
    server.stop()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[str]:
    """Where another account is; it has coins of its owner's too."""
    server = account(tmp_path / "other")
    yield server.start()
    server.stop()


def renewed(bot: Bot) -> None:
    bot.kill()
    bot.lines.clear()
    bot.environ |= {"UPBIT_ACCESS_KEY": RENEWED.access, "UPBIT_SECRET_KEY": RENEWED.secret}


def health(bot: Bot) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "health", "--json", "--state-dir", str(bot.state)],
        cwd=bot.folder, env=bot.environ, capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)["state"]


@pytest.mark.timeout(300)
def test_a_renewed_key_of_the_same_account_goes_on_with_the_open_trade(bot: Bot) -> None:
    begun(bot)
    told(bot, "forceenter BTC 30000", BOUGHT)
    renewed(bot)
    begun(bot)
    assert any("It is of the same account" in line for line in bot.lines)
    told(bot, "forceexit BTC", SOLD)
    bot.kill()
    begun(bot)
    assert not any("API key" in line for line in bot.lines), "once is enough"
    bot.end()
    sides = [order["side"] for order in books_of(bot._url)["orders"]]
    assert sides == ["bid", "ask"]
    assert bot.said("verify") == []
    assert bot.said("replay")["differences"] == 0


@pytest.mark.timeout(300)
def test_a_key_that_shows_none_of_our_orders_sells_nothing_before_its_owner_says_so(
    bot: Bot, other: str
) -> None:
    begun(bot)
    told(bot, "forceenter BTC 30000", BOUGHT)
    renewed(bot)
    bot.environ["JANGBU__EXCHANGE__REST_URL"] = other
    bot.environ["JANGBU__EXCHANGE__WS_URL"] = other.replace("http", "ws", 1)
    bot.start()
    heard(bot, "NOTHING IS BOUGHT OR SOLD")
    (line,) = [line for line in bot.lines if "NOTHING IS BOUGHT OR SOLD" in line]
    assert "KRW-BTC" in line
    assert "accept_key" in line
    code, seen = health(bot)
    assert (code, seen["recovery"]) == (1, "denied")
    assert typed(bot, "forceexit KRW-BTC")["done"]
    assert books_of(other)["orders"] == []
    assert typed(bot, "accept_key")["done"]
    heard(bot, SOLD)
    assert [order["side"] for order in books_of(other)["orders"]] == ["ask"]
    assert not typed(bot, "accept_key")["done"]
    bot.end()
    with Reader.open(bot.state) as reader:
        kinds = (AccountDenied, AccountTaken, OrderIntended)
        newest = [type(e.body) for e in reader.events() if isinstance(e.body, kinds)]
    assert newest == [OrderIntended, AccountDenied, AccountTaken, OrderIntended]
