"""A bot on threads whose clock stands, and many threads that talk to it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import structs

from actors.actor_sets import REPLAY_ACTORS
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import BaseActor
from actors.runtime.threaded import ThreadedRuntime
from app.composition import Bot, build
from app.replay import Replay
from core.market.candles import part
from core.market.synthetic import synthetic_market
from messages.account import CompareCash
from messages.audit import CheckBooks
from messages.base import Envelope, Message
from messages.config import Config
from messages.market import Candle, CandleReport, ClosingReport, OpeningReport, Verdict, Watch
from messages.notices import ShowNotice
from messages.orders import CallReport, OrderReport, QueryOrder
from messages.storage import MeasureSpace, SpaceReport
from messages.trading import EntryVetoed
from persistence.record import Identity
from persistence.store import Store
from tests.support.dense_config import TIGHTEST
from tests.support.strategies import Leaver

THREADS = 10
STANDING = 1e-6  # candle seconds in a real one
PATIENCE = 300.0  # real seconds: guards against a hang
QUIET = Candle(0, *[TIGHTEST.dry_run_wallet] * 5)
CALM = Verdict(False, False, ())

# One message that each actor takes and that changes nothing: what floods it.
FLOOD: dict[str, Message] = {
    "steward": SpaceReport(0.1, 10**12),
    "budget": CompareCash(TIGHTEST.capital),
    "holdings": CandleReport("KRW-BTC", QUIET, 60, CALM),
    "gateway": OrderReport("nobody's", "unknown"),
    "limiter": QueryOrder("nobody's", "KRW-BTC", "n", "exit"),
    "breaker": CallReport("order", "ok"),
    "paper": OpeningReport("KRW-BTC", QUIET, 60),
    "strategist": ClosingReport("KRW-BTC", QUIET, 60, CALM),
    "auditor": CheckBooks(),
    "notifier": EntryVetoed("KRW-BTC", 0, "cooldown"),
    "herald": ShowNotice("info", "feed_fresh", {"lasting": "1"}),
    "feed": Watch("holdings", "KRW-BTC"),
    "gauge": MeasureSpace(),
}


def standing(folder: Path, config: Config = TIGHTEST, *, threads: bool = True, **more: Any) -> Bot:
    """A bot at the first minute of a recording, in which nothing moves but what it is told."""
    candle_series = [part(series, 0, 120) for series in synthetic_market(5, days=1)[:1]]
    store = Store.create(folder, Identity("crowd", "paper", "upbit", "paper"), sync=False)
    config = structs.replace(config, pair_whitelist="KRW-*")

    def machine(start: float) -> Any:
        return ThreadedRuntime(start, STANDING) if threads else DeterministicRuntime(start)

    replay = Replay(candle_series, Leaver(), bulk=True)
    cast: Sequence[type[BaseActor]] = more.pop("cast", REPLAY_ACTORS)
    bot = build(config, replay, store, runtime=machine, cast=cast, **more)
    bot.start()
    if isinstance(bot.system.runtime, ThreadedRuntime):
        assert bot.system.runtime.drain(PATIENCE)
    else:
        bot.system.runtime.run_until(bot.system.now())  # type: ignore[attr-defined]
    return bot


def tell(bot: Bot, message: Message) -> None:
    """Into the mailbox of whoever accepts it; an event as its owner would deliver it."""
    if isinstance(message, EntryVetoed):
        bot.system.deliver(Envelope(message, bot.system.now(), "strategist"))
    else:
        bot.system.send(message, source="crowd")


def together(work: Callable[[int], None], threads: int = THREADS) -> None:
    """Do this on so many threads, which begin at one moment; the first error is raised."""
    gate, errors = threading.Barrier(threads), []

    def one(number: int) -> None:
        try:
            gate.wait(PATIENCE)
            work(number)
        except BaseException as error:
            errors.append(error)

    crowd = [threading.Thread(target=one, args=(n,), daemon=True) for n in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "it hangs"
    if errors:
        raise errors[0]
