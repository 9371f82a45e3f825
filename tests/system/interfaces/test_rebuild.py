"""A damaged live ledger is made anew from the exchange: coins external, entries paused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from app.maintenance.folds import folds
from core.market.synthetic import synthetic_market
from core.orders.payload import identifier
from interfaces.views import account
from messages.account import AccountSeen
from messages.base import Envelope
from messages.venue_queries import Balance, OpenOrder
from persistence.reader import Reader
from persistence.record import Identity
from persistence.store import Store
from persistence.verify import verify
from projections.ledger import Ledger
from sandbox.server import Sandbox, SandboxConfig
from tests.support.damages import flip
from tests.support.live_bot import ROOT, SECONDS, Bot

COINS = {"KRW": Decimal(500000), "ETH": Decimal(2)}


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """On a sandbox whose account holds coins, with a ledger whose steward's state is damaged."""
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    setting = SandboxConfig(
        market, tmp_path / "venue", speed=120.0, sync=False,
        balances=COINS,
    )  # fmt: skip
    server = Sandbox(setting)
    yield Bot(server.start(), tmp_path)
    server.stop()


def asked(bot: Bot, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words, "--json", "--state-dir", str(bot.state)],
        cwd=bot.folder, env=bot.environ, capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip


def test_a_damaged_ledger_is_made_anew_and_the_bot_goes_on_without_entries(bot: Bot) -> None:
    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    bot.end()
    with Reader.open(bot.state) as reader:
        former, owner = reader.birth.id, reader.birth.account
    assert asked(bot, "rebuild", "--from-exchange").returncode == 2  # it is sound
    flip("states", b"steward")(bot.state)
    assert asked(bot, "verify").returncode == 1
    assert asked(bot, "rebuild").returncode == 2

    orders = len(requests.get(f"{bot._url}/sandbox/books", timeout=30).json()["orders"])
    done = asked(bot, "rebuild", "--from-exchange")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert verify(bot.state, folds()) == []
    assert verify(Path(told["aside"]), folds()) != []
    pockets = {pocket["pair"]: pocket for pocket in told["account"]["pockets"]}
    assert pockets["KRW-ETH"]["external"] == "2"
    with Reader.open(bot.state) as reader:
        assert reader.birth.former == (former,)
        assert (reader.birth.id, reader.birth.account) == (told["birth"], owner)
        ledger = Ledger()
        ledger.catch_up(reader)
    assert ledger.mode == "stopentry"
    assert bot.said("replay")["differences"] == 0

    bot.lines.clear()
    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    bot.end()
    assert bot.said("verify") == []
    now = requests.get(f"{bot._url}/sandbox/books", timeout=30).json()["orders"]
    assert len(now) == orders


def test_without_an_exchange_that_answers_nothing_is_changed(bot: Bot, tmp_path: Path) -> None:
    assert asked(bot, "rebuild", "--from-exchange").returncode == 2  # there is nothing yet
    assert not bot.state.exists()
    born = Identity("old", "live", "upbit", "another")
    Store.create(bot.state, born, sync=False).close()
    flip("meta", b"birth")(bot.state)
    before = (bot.state / "data.mdb").read_bytes()
    assert asked(bot, "rebuild", "--from-exchange").returncode == 2  # another account's
    for name, value in (("EXCHANGE__REST_URL", "http://127.0.0.1:9"), ("DRY_RUN", "true")):
        kept = dict(bot.environ)
        bot.environ[f"JANGBU__{name}"] = value
        (bot.state / "birth.json").unlink(missing_ok=True)
        assert asked(bot, "rebuild", "--from-exchange").returncode == 2, name
        bot.environ = kept
    assert (bot.state / "data.mdb").read_bytes() == before
    assert not list(bot.state.glob("before-*"))


def test_orders_of_the_ledger_before_are_recognised() -> None:
    ledger = Ledger()
    orders = tuple(
        OpenOrder(f"u{i}", "KRW-BTC", "bid", name)
        for i, name in enumerate([identifier("older", "x"), identifier("other", "x"), "mine", ""])
    )
    ledger.take([Envelope(AccountSeen(Balance(), {}, orders), 1.0, "account", number=1)])
    for births, count in (((), 0), (("older",), 1), (("older", "other"), 2), (("old",), 0)):
        view = account.look(ledger, births)
        assert view
        assert (view.orders, view.former) == (4, count)
