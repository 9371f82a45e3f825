"""``run.py snapshot`` beside a real sandbox: by the bot, without it, late, and for taxes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from actors.snapshots import Snapshots, SnapshotsState, evolve
from app.maintenance.folds import folds
from app.maintenance.snapshot import record
from core.market.synthetic import synthetic_market
from core.performance.year_end import new_year
from messages.base import Envelope
from messages.snapshots import SnapshotsBegun
from messages.venue_queries import HeldCurrency, SnapshotReport
from persistence.store import Identity, Record, Store
from persistence.verify import verify
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import ROOT, SECONDS, Bot
from tests.system.live.test_operator import QUIET

COINS = {"KRW": Decimal(500000), "ETH": Decimal(2), "NOWHERE": Decimal("3.5")}


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """On a sandbox whose account holds coins, one of them without a market."""
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    setting = SandboxConfig(market, tmp_path / "venue", speed=60.0, sync=False, balances=COINS)
    server = Sandbox(setting)
    yield Bot(server.start(), tmp_path, **QUIET)
    server.stop()


def asked(bot: Bot, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words, "--state-dir", str(bot.state)],
        cwd=bot.folder, env=bot.environ | more, capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip


def test_a_snapshot_is_taken_by_the_bot_and_without_it_and_shown(bot: Bot) -> None:
    bot.start()
    bot.read_until(lambda lines: any("Year-end snapshot of 2026 was missed" in x for x in lines))
    while_running = bot.said("snapshot")
    bot.end()
    late, mine = while_running[-1], while_running[0]
    assert [one["year"] for one in while_running] == [0, 2026]
    assert late["late_seconds"] > 4 * 86400, "a made-up market begins on January 5"
    found = {one["currency"]: one for one in mine["currencies"]}
    assert {name: one["amount"] for name, one in found.items()}["NOWHERE"] == "3.5"
    assert found["NOWHERE"]["price"] is None
    assert found["NOWHERE"]["worth"] is None
    assert Decimal(found["ETH"]["price"]) > 0
    moments = (found["ETH"]["price_at"], mine["taken_at"])
    priced, taken = map(datetime.fromisoformat, moments)
    assert abs((priced - taken).total_seconds()) < 600, "asked for next, sixty times as fast"
    worth = Decimal(found["ETH"]["worth"]) + Decimal(found["KRW"]["worth"])
    assert Decimal(mine["worth"]) == worth
    assert mine["without_price"] == 1

    stopped = bot.said("snapshot")
    assert [one["year"] for one in stopped] == [0, 0, 2026]
    assert stopped[1:] == while_running
    assert bot.said("snapshot", "--list") == stopped
    assert verify(bot.state, folds()) == []
    for words, title in (
        ("C.UTF-8", "Snapshot of 2026-01-01"),
        ("ko_KR.UTF-8", "2026-01-01 00:00"),
    ):
        text = asked(bot, "snapshot", "--list", LANG=words).stdout
        assert title in text
        assert "NOWHERE" in text

    told = asked(bot, "report", "--tax", "2026", str(bot.folder / "tax.csv"))
    assert told.returncode == 0, told.stderr
    assert "Snapshot of 2026-01-01" in told.stdout
    assert "NOWHERE" in told.stdout
    told = asked(bot, "report", "--tax", "2027", str(bot.folder / "tax.csv"))
    assert "No snapshot of 2027-01-01" in told.stdout

    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    bot.end()
    assert bot.said("snapshot", "--list") == stopped, "once a year, however often it starts"


@pytest.mark.parametrize(
    ("language", "said"), [("C.UTF-8", "INCOMPLETE"), ("ko_KR.UTF-8", "불완전")]
)
def test_a_snapshot_without_a_coin_says_so_wherever_it_is_shown(
    tmp_path: Path, language: str, said: str
) -> None:
    bot = Bot("http://127.0.0.1:9", tmp_path)
    with Store.create(bot.state, Identity("b", "live", "upbit", "key")) as store:
        at = new_year(2027) + 600.0
        held = (HeldCurrency("KRW", Decimal(7)),)
        for event in Snapshots.resume(SnapshotsState(), at - 86400.0):
            if isinstance(event, SnapshotsBegun):
                state = evolve(SnapshotsState(), event)
                store.commit("snapshots", Record(state), [Envelope(event, at - 86400.0, "x")])
        record(store, SnapshotReport("year 2027", at, held, unread=("BTC", "*")))
    for verb in (("snapshot", "--list"), ("report", "--tax", "2026", str(tmp_path / "tax.csv"))):
        text = asked(bot, *verb, LANG=language).stdout
        assert said in text
        assert "BTC, *" in text
    (shown,) = json.loads(asked(bot, "snapshot", "--list", "--json").stdout)
    assert shown["unread"] == ["BTC", "*"]


def test_where_there_is_no_account_a_snapshot_is_refused(tmp_path: Path) -> None:
    bot = Bot("http://127.0.0.1:9", tmp_path)
    Store.create(bot.state, Identity("b", "paper", "upbit", "paper")).close()
    refused = asked(bot, "snapshot")
    assert refused.returncode == 2
    assert "Paper money" in refused.stderr
    assert json.loads(asked(bot, "snapshot", "--list", "--json").stdout) == []


def test_a_venue_that_does_not_answer_is_told_and_nothing_recorded(bot: Bot) -> None:
    bot.start()
    bot.read_until(lambda lines: any("Year-end snapshot of 2026" in x for x in lines))
    bot.end()
    refused = asked(bot, "snapshot", UPBIT_SECRET_KEY="wrong")
    assert refused.returncode == 2
    assert "nothing was recorded" in refused.stderr
    assert len(bot.said("snapshot", "--list")) == 1
