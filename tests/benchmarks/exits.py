"""An exit at Upbit: from the price that triggers it to its order's bytes on the wire."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path
from statistics import median

import requests

from adapters.upbit.secrets import Keys, Secret
from app.config.config_file import load
from app.live.bot import compose
from app.processes.launch_options import LaunchOptions
from app.venue.connection import VenueConnection
from core.market.prices import Quote
from core.trading.trades import HoldingsState
from messages.account import AccountReconciled
from messages.control import ForceEnter
from persistence.record import Identity
from persistence.store import Store
from tests.benchmarks.disk import Commits
from tests.benchmarks.sockets import heard, venue
from tests.benchmarks.venue import SALE
from tests.support.live_streams import Told

PAIR, ROUNDS = "KRW-BTC", 15
FALLEN = Decimal("0.9")  # of what was paid: below the stop, and worth an order yet
ENDED, LOOK = 60.0, 0.02  # s: against a hang; between two looks
BODY = b'{"market":"KRW-BTC",' + SALE + b',"ord_type":"market","volume":"0.00033333"}'
FREELY = {
    "JANGBU__DRY_RUN": "false",
    "JANGBU__PAIR_WHITELIST": f'["{PAIR}"]',
    "JANGBU__COOLDOWN_MINUTES": "0",
    "JANGBU__PROTECTIONS": "[]",
    "JANGBU__MAX_DAILY_LOSS_KRW": "1000000",
    "JANGBU__STAKE_AMOUNT": "10000",
    "JANGBU__EXCHANGE__MAX_DAILY_KRW": "100000000",
    "JANGBU__EXCHANGE__MAX_ORDERS_PER_MINUTE": "6000",
    "JANGBU__EXCHANGE__STALE_SECONDS": "3600",
    "JANGBU__BREAKER__FAILURES": "1000",
    "JANGBU__GATEWAY__OPEN_SECONDS": "1",
}


def _until(true: Callable[[], bool], what: str) -> None:
    """Look again and again."""
    end = time.monotonic() + ENDED
    while not true():
        assert time.monotonic() < end, what
        time.sleep(LOOK)


class Trading:
    """A live bot on a sandbox, with prices that the bench tells."""

    def __init__(self, folder: Path, url: str, child: subprocess.Popen[str]) -> None:
        self.child = child
        loaded = load(None, FREELY | {"JANGBU__EXCHANGE__REST_URL": url})
        keys = Keys(Secret("sandbox-access-key"), Secret("sandbox-secret-key"))
        connection = VenueConnection(loaded.config.exchange, keys)
        self.clock, self.prices = connection.clock, Told()
        self.store = Store.create(folder, Identity("bench", "live", "upbit", "sandbox"))
        order = LaunchOptions(folder, None, {}, (), None, False)
        self.bot = compose(
            loaded, order, self.store, connection, self.prices, (PAIR,), self.clock, "en"
        )
        self.bot.start()
        _until(self._reconciled, "the account was not seen")

    def _reconciled(self) -> bool:
        return any(isinstance(letter.body, AccountReconciled) for letter in self.store.events())

    def tell(self, price: Decimal) -> None:
        """A price of now."""
        moment = self.clock.now()
        self.prices.tell(Quote(PAIR, price, price, price, price, moment, moment))

    def trades(self) -> list[Decimal]:
        """The prices of the trades whose exits are watched."""
        kept = self.store.load("holdings", HoldingsState)
        watched = PAIR in self.bot.system.tools["bands"].pairs()
        found = kept.state.trades.values() if kept else ()
        return [trade.price for trade in found if watched or not trade.ended]

    def enter(self, number: int, price: Decimal) -> Decimal:
        """Buy; the price that was paid."""
        self.tell(price)
        bands = self.bot.system.tools["bands"]
        _until(lambda: bands.last(PAIR) == price, "the price was not heard")

        def taken() -> bool:
            return self.bot.ask(ForceEnter(PAIR, id=f"bench-{number}")).done

        _until(taken, "no entry was taken")
        _until(lambda: bool(self.trades()), "no trade was opened")
        return self.trades()[0]

    def leave(self, paid: Decimal) -> float:
        """Seconds from a price at which all is sold to its order on the wire."""
        begun = time.monotonic_ns()
        self.tell(paid * FALLEN)
        seconds = (int(heard(self.child)) - begun) / 1e9
        _until(lambda: not self.trades(), "the trade was not closed")
        return seconds


def measure(folder: Path) -> tuple[float, float]:
    """Medians: ours, and three bare synced commits with one bare POST; taken in turn."""
    with redirect_stdout(StringIO()):  # of all that it says
        return _measured(folder)


def _measured(folder: Path) -> tuple[float, float]:
    folder.mkdir()
    commits = Commits(folder)
    ours, bare = [], []
    with venue("exchange", str(folder / "venue")) as (child, url), requests.Session() as session:
        bot = Trading(folder / "live", url, child)
        found = session.get(f"{url}/v1/ticker?markets={PAIR}").json()[0]
        price = Decimal(str(found["trade_price"]))
        for number in range(ROUNDS):
            ours.append(bot.leave(bot.enter(number, price)))
            begun = time.monotonic_ns()
            for _ in range(3):
                commits.plain()
            session.post(f"{url}/v1/orders", data=BODY)
            bare.append((int(heard(child)) - begun) / 1e9)
        bot.bot.stop()
    return median(ours), median(bare)
