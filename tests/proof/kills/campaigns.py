"""kill -9, again and again: the real bot, live, trading with a sandbox over real HTTP and sockets.

    python -m tests.proof.kills --kills 2000 --jobs 2 --minutes 35

A campaign is one seed: its own sandbox, market, faults and bot. Each life of the bot is ended by
SIGKILL to its whole process group at a random instant: while it starts, while it recovers, or
after some decision of its trading. After the last life it is let come to its end, and its journal
and the sandbox's books have to agree. A violation names its seed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Timer

import requests

from core.market.synthetic import synthetic_market
from core.orders.intents import GatewayState
from persistence.reader import Reader
from sandbox.faults import Fault
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import SECONDS, Bot, books_of, check_agree

START = Decimal(1_000_000)
KILLS = 50  # of a campaign
SPEED = 40.0  # the market's seconds in a real one; a busy machine must keep up with it
DAYS = 2  # of the market, of which ``SPEED`` uses 40 minutes in one
PHASES = ("start", "start", "recovery", "trading", "trading", "trading", "trading")
ORDERS_MOST = 4  # a life in "trading" ends after up to so many decisions to buy or sell,
LINES_MOST = 40  # or after so many lines in which there were fewer
DECIDED = (": entry signal ", ": selling ")
MOST_LATER = 0.3  # seconds after that, and the sooner the likelier: an order is over soon
UNDER_WAY = ("sending", "uncertain", "open")
QUIET_LIVES = 20  # the last ones, each longer, in which whatever is under way has to end
EAGER = """
import numpy as np
from msgspec import Struct
from core.strategy import Signals

class Params(Struct, frozen=True):
    pass

class Eager:
    Params = Params

    @staticmethod
    def signals(candles, params):
        return Signals(np.ones(len(candles.time), dtype=np.bool_), candles.time // 60 % 3 == 0)
"""
HURRIED = {  # a quarantine that ends within a minute of the market
    "JANGBU__STRATEGY": "eager.py:Eager",
    "JANGBU__GATEWAY__QUARANTINE_MINUTES": "1",
    "JANGBU__GATEWAY__QUARANTINE_ANSWERS": "3",
    "JANGBU__EXCHANGE__CONNECT_SECONDS": "20",  # a busy machine is no fault of the venue's
    "JANGBU__EXCHANGE__CALL_SECONDS": "30",
    "JANGBU__EXCHANGE__READ_SECONDS": "20",
}
RESTING = {"JANGBU__ORDER_TYPES__ENTRY": "limit", "JANGBU__UNFILLEDTIMEOUT__ENTRY": "1"}
FAULTS = (
    Fault("lost_after", "POST /v1/orders", times=0, chance=0.1),
    Fault("lost_before", "POST /v1/orders", times=0, chance=0.1),
    Fault("error_after", "POST /v1/orders", times=0, chance=0.05),
    Fault("error_before", "GET /v1/order", times=0, chance=0.05),
    Fault("lag", "GET /v1/order", times=0, chance=0.1, seconds=20.0),
    Fault("dropped", "WS myOrder", times=0, chance=0.2),
)


@dataclass
class Tally:
    """What came of some campaigns."""

    kills: int = 0
    alive: int = 0  # of them left an order between its intent and its end
    orders: int = 0  # that the venue saw
    phases: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)  # in which a kill left an order

    def add(self, other: Tally) -> None:
        """Both together."""
        self.kills, self.alive = self.kills + other.kills, self.alive + other.alive
        self.orders += other.orders
        self.phases += other.phases
        self.stages += other.stages

    def __str__(self) -> str:
        share = 100 * self.alive // max(self.kills, 1)
        phases, stages = (", ".join(f"{k} {v}" for k, v in c.items()) for c in self._counts())
        return (
            f"{self.kills} kills ({phases}), {self.alive} of them ({share} %) with an order "
            f"between intent and end ({stages}); {self.orders} orders at the venue"
        )

    def _counts(self) -> tuple[Counter[str], Counter[str]]:
        return self.phases, self.stages


def campaign(seed: int, kills: int = KILLS) -> Tally:
    """One bot, killed so often; AssertionError on a violation, with the folder kept."""
    chance, folder = Random(seed), Path(tempfile.mkdtemp(prefix="killed-"))
    with at_sandbox(seed, folder) as (bot, url):
        tally, took = Tally(), 1.0
        for _ in range(kills):
            took = lived(bot, chance, took, tally)
        come_to_an_end(bot, url)
        tally.orders = agreed(bot, url)
    shutil.rmtree(folder)
    return tally


@contextmanager
def at_sandbox(seed: int, folder: Path) -> Iterator[tuple[Bot, str]]:
    """The seed's market at an exchange of its own, and a bot that enters wherever it may."""
    (folder / "eager.py").write_text(EAGER)
    market = tuple(synthetic_market(seed=seed, days=DAYS, timeframe="1m"))
    faults = FAULTS if seed % 4 else ()
    sandbox = Sandbox(
        SandboxConfig(market, folder / "venue", speed=SPEED, faults=faults, sync=False)
    )
    url = sandbox.start()
    try:
        bot = Bot(url, folder, **HURRIED, **(RESTING if seed % 2 else {}))
        for name in ("RSI_OVERSOLD", "CONDITIONS_REQUIRED"):  # Eager has no such keys
            del bot.environ[f"JANGBU__{name}"]
        yield bot, url
    finally:
        sandbox.stop()


def lived(bot: Bot, chance: Random, took: float, tally: Tally) -> float:
    """One life and its end; how many seconds its start took, or the last one that was seen."""
    phase = chance.choice(PHASES)
    told, born = frozenset(bot.lines), time.monotonic()
    bot.start()
    with guarded(bot):
        if phase == "start":
            pause(bot, chance.uniform(0, took))
        else:
            bot.read_until(lambda lines: " LIVE, " in lines[-1])
            took = time.monotonic() - born
            if phase == "trading":
                goal, first = 1 + chance.randrange(ORDERS_MOST), len(bot.lines)
                bot.read_until(lambda lines: decided(lines[first:], told, goal))
            pause(bot, MOST_LATER * chance.random() ** 3)
    assert bot.process.poll() is None, "it ended by itself\n" + "\n".join(bot.lines[-20:])
    bot.kill()
    stages = under_way(bot.state)
    tally.kills += 1
    tally.alive += bool(stages)
    tally.phases[phase] += 1
    tally.stages.update(set(stages))
    return took


def decided(lines: Sequence[str], told: Set[str], times: int) -> bool:
    """Whether so many decisions of this life were told, or too many lines.

    What a life told before its end may be told again by the next: that is no decision of its own.
    """
    own = [line for line in lines if line not in told]
    count = sum(any(words in line for words in DECIDED) for line in own)
    return count >= times or len(own) >= LINES_MOST


@contextmanager
def guarded(bot: Bot) -> Iterator[None]:
    """A bot that says nothing for long enough to be hung is ended, which whoever reads it sees."""
    timer = Timer(SECONDS, os.killpg, (bot.process.pid, signal.SIGKILL))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def pause(bot: Bot, seconds: float) -> None:
    """Let it live for so long."""
    with suppress(subprocess.TimeoutExpired):
        bot.process.wait(seconds)


def under_way(state: Path) -> list[str]:
    """The stages of the intents that have neither ended nor been given up."""
    if not (state / "data.mdb").exists():
        return []
    with Reader.open(state) as reader:
        kept = reader.load("gateway", GatewayState)
    lives = kept.state.live.values() if kept else ()
    return [live.stage for live in lives if live.stage in UNDER_WAY]


def come_to_an_end(bot: Bot, url: str) -> None:
    """No faults and no entries any more: whatever is under way ends."""
    requests.delete(f"{url}/sandbox/faults", timeout=30).raise_for_status()
    bot.environ["JANGBU__EXCHANGE__MAX_DAILY_KRW"] = "1"
    for number in range(2, 2 + QUIET_LIVES):  # a busy machine answers late
        bot.start()
        with guarded(bot):
            bot.read_until(lambda lines: "entries may begin" in lines[-1])
            pause(bot, number * MOST_LATER)
        bot.end()
        if not under_way(bot.state):
            return
    raise AssertionError(f"still under way: {under_way(bot.state)}")


def agreed(bot: Bot, url: str) -> int:
    """No identifier twice, none missing, the books equal, the ledger sound; how many orders."""
    names = [order["identifier"] for order in books_of(url)["orders"]]
    assert len(names) == len(set(names)), "an identifier twice"
    assert all(names), "an order without an identifier"
    orders = check_agree(url, bot, START)
    assert bot.said("verify") == []
    return orders


def campaigns(
    seeds: Sequence[int], kills: int, jobs: int, minutes: float = 1e9
) -> tuple[Tally, int]:
    """Run them, print what came of it; all together, and how many violations."""
    total, violations, until = Tally(), 0, time.monotonic() + minutes * 60
    left = kills

    def one(seed: int) -> None:
        nonlocal violations, left
        if time.monotonic() > until or left <= 0:
            return
        left -= KILLS
        try:
            done = campaign(seed, min(KILLS, kills))
        except BaseException:
            violations += 1
            print(f"seed {seed}: a violation\n{traceback.format_exc()}", flush=True)
            return
        total.add(done)
        print(f"seed {seed}: {done}", flush=True)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, seeds))
    print(f"{total}; {violations} violations", flush=True)
    return total, violations


def main() -> int:
    """0 when nothing was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e9, help="no new campaign after these")
    parser.add_argument("--seed", type=int, default=1, help="the first campaign's")
    own = parser.parse_args()
    count = 2 * -(-own.kills // KILLS)  # as many again, should some be violated
    _, violations = campaigns(range(own.seed, own.seed + count), own.kills, own.jobs, own.minutes)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
