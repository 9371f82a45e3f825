"""A real bot beside its owner: his hands, his wallets, his key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from core.market.synthetic import synthetic_market
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import ACCESS, ROOT, SECONDS, Bot, books_of, settled
from tests.system.live.test_operator import PAIR, QUIET, typed

OWNED = {"KRW": Decimal(1_000_000), "ETH": Decimal("0.5"), "XRP": Decimal(40)}
COIN = PAIR.removeprefix("KRW-")


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """A quiet one, on an account with coins of its owner's."""
    market = tuple(synthetic_market(seed=3, days=1, timeframe="1m"))
    venue = Sandbox(
        SandboxConfig(market, tmp_path / "venue", speed=60.0, sync=False, balances=OWNED)
    )
    yield Bot(venue.start(), tmp_path, **{**QUIET, "JANGBU__EXCHANGE__ACCOUNT_SECONDS": "60"})
    venue.stop()


def by_hand(bot: Bot, **members: str) -> Any:
    done = requests.post(f"{bot._url}/sandbox/order", json={"market": PAIR, **members}, timeout=30)
    assert done.status_code == 200, done.text
    return done.json()


def asked(bot: Bot, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words, "--state-dir", str(bot.state)],
        cwd=bot.folder, env=bot.environ, capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip


def test_the_owner_trades_by_hand_while_the_bot_enters_and_leaves(bot: Bot) -> None:
    """His orders of the very pair stop nothing, and no coin or won of his is the bot's."""
    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    by_hand(bot, side="bid", ord_type="price", price="50000")
    assert typed(bot, f"forceenter {PAIR}")["done"]
    bot.read_until(lambda lines: ": bought " in lines[-1])
    by_hand(bot, side="bid", ord_type="price", price="20000")
    resting = by_hand(bot, side="bid", ord_type="limit", price="1000", volume="10")
    by_hand(bot, side="ask", ord_type="market", volume="0.01")
    assert typed(bot, f"forceexit {PAIR}")["done"]
    bot.read_until(lambda lines: ": sold " in lines[-1])
    assert typed(bot, "forceenter KRW-XRP")["done"]
    bot.read_until(lambda lines: ": bought " in lines[-1])
    assert typed(bot, "forceexit KRW-XRP")["done"]
    bot.read_until(lambda lines: ": sold " in lines[-1])
    bot.end()
    settled(bot)

    orders = books_of(bot._url)["orders"]
    named = [order for order in orders if order.get("identifier")]
    assert [order["side"] for order in named] == ["bid", "ask", "bid", "ask"]
    assert [o["uuid"] for o in orders if o["state"] == "wait"] == [resting["uuid"]], "left alone"
    moved = sum(Decimal(side(o)) for o in named)
    balance = bot.said("console", "-c", "balance")
    assert Decimal(balance["cash"]) == Decimal(200_000) + moved, "its own orders alone move it"
    assert balance["coins"] == []
    for name, owned in {COIN: OWNED[COIN], "XRP": OWNED["XRP"]}.items():
        hand = sum(volume(o) for o in orders if o not in named and o["market"] == f"KRW-{name}")
        accounts = {a["currency"]: a for a in books_of(bot._url)["accounts"]}
        assert Decimal(accounts[name]["balance"]) == owned + hand
    assert not any("no entries" in line for line in bot.lines if "KRW-" in line)


def side(order: Any) -> Decimal:
    """KRW that an order brought."""
    funds = sum((Decimal(trade["funds"]) for trade in order["trades"]), Decimal(0))
    fee = Decimal(order["paid_fee"])
    return -funds - fee if order["side"] == "bid" else funds - fee


def volume(order: Any) -> Decimal:
    """Coin that an order brought."""
    executed = Decimal(order["executed_volume"])
    return executed if order["side"] == "bid" else -executed


def test_a_coin_whose_wallet_rests_is_not_entered_by_a_signal(bot: Bot) -> None:
    requests.post(f"{bot._url}/sandbox/switches", json={"wallets": {COIN: "paused"}}, timeout=30)
    bot.start()
    bot.read_until(lambda lines: any("paused deposits or withdrawals" in x for x in lines))
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    refused = typed(bot, f"forceenter {PAIR}")
    assert (refused["done"], refused["facts"]["reason"]) == (False, "wallet_suspended")
    requests.post(f"{bot._url}/sandbox/switches", json={"wallets": {}}, timeout=30)
    bot.read_until(lambda lines: "entries may go on; this is over" in lines[-1])
    assert typed(bot, f"forceenter {PAIR}")["done"]
    bot.end()


def test_a_key_that_is_refused_with_a_trade_open_is_shown_everywhere(bot: Bot) -> None:
    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    assert typed(bot, f"forceenter {PAIR}")["done"]
    bot.read_until(lambda lines: ": bought " in lines[-1])
    key = f"{bot._url}/sandbox/key"
    requests.post(key, json={"access_key": ACCESS, "barred": True}, timeout=30)
    bot.read_until(lambda lines: "NO STOP WORKS" in lines[-1])
    for word in (COIN, "stop ", "Open API", "not allowed from this address"):
        assert word in bot.lines[-1]
    ill = asked(bot, "health", "--json")
    assert ill.returncode == 1
    assert json.loads(ill.stdout)["state"]["disabled"]["trades"][0]["pair"] == PAIR
    assert bot.said("status")["disabled"]["reason"] == "no_authorization_ip"
    assert "NO STOP WORKS" in asked(bot, "status").stdout
    found = asked(bot, "doctor")
    assert "No stop works since" in found.stdout
    assert "Open API" in found.stdout
    requests.post(key, json={"access_key": ACCESS}, timeout=30)
    bot.read_until(lambda lines: "stops work" in lines[-1])
    assert typed(bot, f"forceexit {PAIR}")["done"]
    bot.read_until(lambda lines: ": sold " in lines[-1])
    assert bot.said("status")["disabled"] is None
    bot.end()
