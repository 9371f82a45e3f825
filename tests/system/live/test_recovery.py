"""A ledger that is older than its account, live against a real sandbox: nothing is sold twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from websockets.sync.client import connect

from actors.budget import BudgetState
from core.market.synthetic import synthetic_market
from core.orders.payload import identifier
from messages.recovery import ExitsAllowed, PastSought
from persistence.maintenance.backup import read_seal, unpack
from persistence.reader import Reader
from sandbox.server import Sandbox, SandboxConfig
from tests.support.damages import flip
from tests.support.live_bot import ROOT, SECONDS, Bot, books_of

OWN = Decimal("0.5")  # BTC of the owner's own
NEVER = """
import numpy as np
from msgspec import Struct
from core.strategy import Signals

class Params(Struct, frozen=True):
    pass

class Never:
    Params = Params

    @staticmethod
    def signals(candles, params):
        no = np.zeros(len(candles.close), bool)
        return Signals(entry=no, exit=no)
"""
QUIET = {
    "JANGBU__STRATEGY": "never.py:Never",
    "JANGBU__STOPLOSS": "-0.2",
    "JANGBU__MINIMAL_ROI": "0.9",
    "JANGBU__TRAILING_STOP_POSITIVE_OFFSET": "0.8",
    "JANGBU__PARTIAL_EXIT_PROFIT": "0.7",
    "JANGBU__EXCHANGE__ACCOUNT_SECONDS": "10",
    "JANGBU__EXCHANGE__MAX_SLIPPAGE": "0.05",
}
FALLING = "-0.0005"  # a stop so near that the next minutes of the market reach it
BOUGHT, SOLD, READY = "KRW-BTC): bought ", "KRW-BTC): sold ", "entries may begin"
MINUTES = 40.0  # of the market that a life goes on for
SPEED = 120.0


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """On a sandbox whose account holds the owner's own coins too."""
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    own = {"KRW": Decimal(1_000_000), "BTC": OWN}
    server = Sandbox(
        SandboxConfig(market, tmp_path / "venue", speed=SPEED, sync=False, balances=own)
    )
    (tmp_path / "never.py").write_text(NEVER)
    found = Bot(server.start(), tmp_path, **QUIET)
    for name in ("RSI_OVERSOLD", "CONDITIONS_REQUIRED"):  # of another strategy
        del found.environ[f"JANGBU__{name}"]
    yield found
    if found.process.poll() is None:
        found.kill()
    server.stop()


# --- what is done
def run(bot: Bot, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words, "--state-dir", str(bot.state)],
        cwd=bot.folder,
        env=bot.environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def begun(bot: Bot) -> None:
    bot.lines.clear()
    bot.start()
    bot.read_until(lambda lines: any(READY in line for line in lines))


def heard(bot: Bot, *words: str) -> None:
    bot.read_until(lambda lines: all(any(word in line for line in lines) for word in words))


def told(bot: Bot, command: str, *words: str) -> None:
    run(bot, "console", "--yes", "-c", command)
    heard(bot, *words)


def lived(bot: Bot, minutes: float = MINUTES) -> list[str]:
    """So many minutes of the market go by on the socket; what it said until its end."""
    url = bot._url.replace("http", "ws", 1) + "/websocket/v1"
    moments: list[float] = []
    with connect(url, proxy=None) as market:
        market.send(json.dumps([{"ticket": "t"}, {"type": "ticker", "codes": ["KRW-BTC"]}]))
        while not moments or moments[-1] - moments[0] < minutes * 60_000:
            moments.append(json.loads(market.recv(timeout=SECONDS))["timestamp"])
    bot.lines += bot.end().splitlines()
    return bot.lines


def bought(bot: Bot) -> None:
    begun(bot)
    told(bot, "forceenter BTC 30000", BOUGHT)


def older(bot: Bot, how: str) -> None:
    """The ledger is that of before again: put back, copied, or its file rolled back."""
    if how == "restored":
        run(bot, "restore", str(bot.folder / "then.backup"))
        run(bot, "console", "-c", "status")
        return
    file = bot.folder / "then.backup"
    (bot.state / "data.mdb").unlink()
    (bot.state / "lock.mdb").unlink(missing_ok=True)
    unpack(file, read_seal(file), bot.state / "data.mdb")


def kept(bot: Bot) -> None:
    """What an older ledger is put back from."""
    run(bot, "backup", str(bot.folder / "then.backup"))


# --- what must hold
def volumes(bot: Bot) -> tuple[Decimal, Decimal]:
    """BTC that the bot's orders bought, and sold."""
    sums = {"bid": Decimal(0), "ask": Decimal(0)}
    for order in books_of(bot._url)["orders"]:
        assert order["identifier"]
        sums[order["side"]] += Decimal(order["executed_volume"])
    return sums["bid"], sums["ask"]


def btc(bot: Bot) -> Decimal:
    accounts = books_of(bot._url)["accounts"]
    return next(Decimal(a["balance"]) for a in accounts if a["currency"] == "BTC")


def krw(bot: Bot) -> Decimal:
    accounts = books_of(bot._url)["accounts"]
    return next(Decimal(a["balance"]) for a in accounts if a["currency"] == "KRW")


def rows(bot: Bot) -> list[dict[str, Any]]:
    """Closed trades; why, and how high the price went meanwhile, is lost with the ledger."""
    found = bot.said("show-trades")
    return [{k: v for k, v in row.items() if k not in ("exit_reason", "max_rate")} for row in found]


def cash(bot: Bot) -> Decimal:
    with Reader.open(bot.state) as reader:
        record = reader.load("budget", BudgetState)
    assert record is not None
    return record.state.cash


def sold_world(bot: Bot) -> tuple[list[dict[str, Any]], Decimal]:
    return rows(bot), cash(bot)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["restored", "rolled back"])
def test_what_was_sold_since_is_booked_and_not_sold_again(bot: Bot, how: str) -> None:
    bought(bot)
    kept(bot)
    told(bot, "forceexit BTC", SOLD)
    bot.kill()
    world = sold_world(bot)
    assert len(world[0]) == 1
    older(bot, how)
    bot.environ["JANGBU__STOPLOSS"] = FALLING
    begun(bot)
    said = "\n".join(lived(bot))
    assert "does not know" in said
    assert "not sold again" in said
    in_all, out = volumes(bot)
    assert in_all == out
    assert btc(bot) == OWN
    assert sold_world(bot) == world
    assert bot.said("status")["broken"] == []
    assert bot.said("verify") == []
    assert bot.said("replay")["differences"] == 0


def moved(bot: Bot, factor: str) -> None:
    """From its next minute on the market is so many times as high."""
    body = {"market": "KRW-BTC", "factor": factor}
    requests.post(f"{bot._url}/sandbox/move", json=body, timeout=30).raise_for_status()


@pytest.mark.timeout(300)
def test_a_copy_sells_only_what_the_original_has_left_and_its_books_agree(bot: Bot) -> None:
    """The original sold half of the position after it was copied; both bear the same birth."""
    bought(bot)
    bot.kill()
    copy = bot.folder / "copy"
    shutil.copytree(bot.state, copy, ignore=shutil.ignore_patterns("*.sock"))
    bot.environ |= {"JANGBU__PARTIAL_EXIT_PROFIT": "0.01", "JANGBU__STOPLOSS": "-0.02"}
    begun(bot)
    moved(bot, "1.03")
    heard(bot, "sold a part")
    bot.kill()
    in_all, half = volumes(bot)
    assert 0 < half < in_all
    mine = rows(bot)

    bot.state = copy
    begun(bot)
    assert volumes(bot) == (in_all, half)
    moved(bot, "0.93")
    bot.read_until(lambda lines: SOLD in lines[-1] and "sold a part" not in lines[-1])
    bot.lines += bot.end().splitlines()
    assert any("not sold again" in line for line in bot.lines)
    assert volumes(bot) == (in_all, in_all)
    assert [order["side"] for order in books_of(bot._url)["orders"]] == ["bid", "ask", "ask"]
    assert btc(bot) == OWN
    first, second = rows(bot)
    assert first == mine[0]
    assert Decimal(first["amount"]) + Decimal(second["amount"]) == in_all
    earned = sum((Decimal(row["profit_abs"]) for row in (first, second)), Decimal(0))
    assert krw(bot) == Decimal(1_000_000) + earned
    assert bot.said("status")["broken"] == []
    assert bot.said("verify") == []
    assert bot.said("replay")["differences"] == 0


@pytest.mark.timeout(300)
def test_what_was_bought_since_is_shown_with_its_price_and_left_to_its_owner(bot: Bot) -> None:
    begun(bot)
    kept(bot)
    told(bot, "forceenter BTC 30000", BOUGHT)
    bot.kill()
    (order,) = books_of(bot._url)["orders"]
    volume = Decimal(order["executed_volume"])
    older(bot, "restored")
    begun(bot)
    said = "\n".join(lived(bot, 10.0))
    assert "does not know the trade" in said
    assert f"bought {volume}" in said
    assert len(books_of(bot._url)["orders"]) == 1
    assert btc(bot) == OWN + volume
    assert bot.said("status")["trades"] == []


@pytest.mark.timeout(300)
def test_after_a_rebuild_what_was_bought_is_shown_and_nothing_is_sold(bot: Bot) -> None:
    bought(bot)
    bot.kill()
    flip("states", b"steward")(bot.state)
    run(bot, "rebuild", "--from-exchange")
    bot.environ["JANGBU__STOPLOSS"] = FALLING
    begun(bot)
    assert "does not know the trade" in "\n".join(lived(bot, 10.0))
    assert [order["side"] for order in books_of(bot._url)["orders"]] == ["bid"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("birth", ["0therb1rthid", ""], ids=["another", "a copy"])
def test_a_second_bot_stops_entries_by_name_and_exits_go_on(bot: Bot, birth: str) -> None:
    """What the account shows of another state directory is its orders' names alone.

    A copy of ours bears our own birth.
    """
    bought(bot)
    with Reader.open(bot.state) as reader:
        name = identifier(birth or reader.birth.id, "KRW-ETH@1")
    body = {"market": "KRW-ETH", "side": "bid", "ord_type": "price", "price": "20000"}
    placed = requests.post(
        f"{bot._url}/sandbox/order", json=body | {"identifier": name}, timeout=30
    )
    placed.raise_for_status()
    heard(bot, "Two bots run on this account", name)
    assert bot.said("status")["second_birth"]["identifier"] == name
    told(bot, "forceexit BTC", SOLD)
    assert lived(bot, 1.0)


@pytest.mark.timeout(300)
def test_a_usual_start_needs_one_listing_and_sells_within_seconds(bot: Bot) -> None:
    bought(bot)
    bot.kill()
    begun(bot)
    told(bot, "forceexit BTC", SOLD)
    lived(bot, 1.0)
    with Reader.open(bot.state) as reader:
        events = list(reader.events())
    begins = [e.at for e in events if isinstance(e.body, PastSought)]
    reads = [e.at for e in events if isinstance(e.body, ExitsAllowed)]
    assert len(begins) == len(reads) == 2
    waits = [(b - a) / SPEED for a, b in zip(begins, reads, strict=True)]
    assert max(waits) < 5.0, waits  # of a real second each on a machine that is not busy
