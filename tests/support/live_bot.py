"""A real bot, trading live against a real sandbox; and whether their books agree."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
ACCESS, SECRET = "sandbox-access-key", "sandbox-secret-key"
SECONDS = 280.0  # a guard against a hang
START = Decimal(1_000_000)  # KRW of a new sandbox
LIVELY = {
    "JANGBU__DRY_RUN": "false",
    "JANGBU__MIN_TURNOVER_KRW": "0",
    "JANGBU__MIN_DAYS_LISTED": "0",
    "JANGBU__RSI_OVERSOLD": "45",
    "JANGBU__CONDITIONS_REQUIRED": "1",
    "JANGBU__STOPLOSS": "-0.005",
    "JANGBU__MINIMAL_ROI": "0.012",
    "JANGBU__TRAILING_STOP_POSITIVE": "0.002",
    "JANGBU__TRAILING_STOP_POSITIVE_OFFSET": "0.004",
    "JANGBU__PARTIAL_EXIT_PROFIT": "0.006",
    "JANGBU__COOLDOWN_MINUTES": "1",
    "JANGBU__MAX_OPEN_TRADES": "5",
    "JANGBU__STAKE_AMOUNT": "30000",
    "JANGBU__PROTECTIONS": "[]",
    "JANGBU__MAX_DAILY_LOSS_KRW": "1000000",
    "JANGBU__EXCHANGE__MAX_DAILY_KRW": "100000000",
    "JANGBU__EXCHANGE__CANDLE_GRACE_SECONDS": "10",
    "JANGBU__EXCHANGE__STALE_SECONDS": "600",
    "JANGBU__EXCHANGE__CALL_SECONDS": "2",
    "JANGBU__EXCHANGE__READ_SECONDS": "1",
}


class Bot:
    """``run.py trade`` on a sandbox, live."""

    def __init__(self, url: str, folder: Path, **more: str) -> None:
        self.state, self._url = folder / "live", url
        kept = {name: value for name, value in os.environ.items() if "JANGBU" not in name}
        kept.pop("COLUMNS", None)  # of the terminal that runs the tests, and not of the bot's
        urls = {
            "JANGBU__EXCHANGE__REST_URL": url,
            "JANGBU__EXCHANGE__WS_URL": url.replace("http", "ws", 1),
        }
        keys = {"UPBIT_ACCESS_KEY": ACCESS, "UPBIT_SECRET_KEY": SECRET}
        self.environ = {**kept, "LANG": "C.UTF-8", **LIVELY, **urls, **keys, **more}
        self.folder = folder
        self.lines: list[str] = []

    def start(self) -> None:
        """In a session of its own, so that all of it can be killed."""
        words = (
            "trade",
            "--headless",
            "--confirm-live",
            "--state-dir",
            str(self.state),
        )
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "run.py"), *words],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def read_until(self, enough: Callable[[list[str]], bool]) -> None:
        """Its lines, until there are enough; AssertionError when it ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if enough(self.lines):
                return
        raise AssertionError("\n".join(self.lines[-30:]))

    def kill(self) -> None:
        """-9, parent and child."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def end(self) -> str:
        """In good order; what it still said."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=SECONDS)
        assert self.process.returncode == 0, rest
        return rest

    def said(self, *words: str) -> Any:
        """What a verb says of its state."""
        asked = (*words, "--json", "--state-dir", str(self.state))
        done = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), *asked],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


def books_of(url: str) -> Any:
    """Everything that the sandbox knows."""
    return requests.get(f"{url}/sandbox/books", timeout=30).json()


def check_agree(url: str, bot: Bot, start: Decimal) -> int:
    """The bot's journal and the venue's books, to the last won and satoshi; how many orders.

    ``start`` is the KRW that there was, and that came in from outside. Orders without an
    identifier were placed by hand: they move the account, and the bot has none of them.
    """
    assert bot.said("status")["broken"] == [], "the auditor found something"
    books = books_of(url)
    named = {order["identifier"]: order for order in books["orders"] if order.get("identifier")}
    ours = {order["identifier"]: order for order in bot.said("show-orders")}
    unsent = {name for name, order in ours.items() if order["state"] in ("refused", "absent")}
    assert set(named) <= set(ours), "an order that nobody intended"
    assert set(ours) - unsent <= set(named), "an intent that the venue never saw"
    assert not unsent & set(named), "an order that was given up exists"
    assert len(set(books["identifiers"])) == len(books["identifiers"])
    for name, order in named.items():
        mine = ours[name]
        volume, fee = Decimal(order["executed_volume"]), Decimal(order["paid_fee"])
        assert (Decimal(mine["executed_volume"]), Decimal(mine["paid_fee"])) == (volume, fee)
    spent = Decimal(0)
    coins: dict[str, Decimal] = {}
    for order in books["orders"]:
        assert order["state"] in ("done", "cancel"), "nothing is left open"
        funds = sum((Decimal(t["funds"]) for t in order["trades"]), Decimal(0))
        sign = 1 if order["side"] == "bid" else -1
        spent += sign * funds + Decimal(order["paid_fee"])
        volume = sign * Decimal(order["executed_volume"])
        coins[order["market"]] = coins.get(order["market"], Decimal(0)) + volume
    accounts = {account["currency"]: account for account in books["accounts"]}
    assert Decimal(accounts["KRW"]["balance"]) == start - spent
    assert Decimal(accounts["KRW"]["locked"]) == 0
    held = {pair: volume for pair, volume in coins.items() if volume}
    for pair, volume in held.items():
        assert Decimal(accounts[pair.removeprefix("KRW-")]["balance"]) == volume
    return len(named)


def settled(bot: Bot) -> None:
    """A last life without entries, in which whatever was under way comes to its end."""
    while any(not order["ended_at"] for order in bot.said("show-orders")):
        bot.environ["JANGBU__MAX_OPEN_TRADES"] = "1"
        bot.start()
        bot.read_until(lambda lines: "entries may begin" in lines[-1])
        bot.end()
