"""The life of a bot on Upbit's prices: with paper money, or with the account's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from actors.actor_sets import LIVE_ACTORS, LIVE_PRICE_ACTORS
from actors.message_sender import SendPart
from actors.orders.order_history import past_of
from actors.runtime.clocks import Clock
from actors.runtime.system import System
from actors.runtime.threaded import ThreadedRuntime
from adapters.upbit.socket.hints import Hints
from adapters.upbit.socket.market_stream import MarketStream
from app import logs
from app.at_stake import at_stake
from app.composition import Bot, posting
from app.config.config_file import Loaded
from app.disk_monitor import DiskMonitor
from app.live.preflight import retried
from app.live.start import Start
from app.maintenance.trim import JournalTrim
from app.market_list import MarketList
from app.notice_printer import notice_printer, packed
from app.notifications.config import messengers
from app.processes.launch_options import LaunchOptions
from app.processes.worker import attend, headline, put_line
from app.processes.worker_lifecycle import prepare
from app.state_directory import PULSE, open_for_trading
from app.venue.connection import VenueConnection
from i18n import configured_language, say
from i18n.errors import UserError
from i18n.formatting import krw
from messages.base import After
from messages.config import Config
from messages.market_status import WatchPairs
from messages.orders import CheckOrders
from messages.trading import EnableBook
from persistence.store import Store

HINT_SECONDS = 1.0
BOOK_SECONDS = 2.0  # that an entry waits for the order book


def run(order: LaunchOptions, loaded: Loaded) -> int:
    """The child's whole life on live prices; gives its exit code."""
    pipe = prepare()
    config = loaded.config
    language = configured_language(config, os.environ)
    stake = at_stake(order.state)
    start = Start(config, order.state, stake, language)
    posts = messengers(config, os.environ, language)
    connection = start.connection
    worth_a_word, pairs = (
        retried(start.begin, pipe, language, put_line) if start.traded else (start.begin())
    )
    clock = connection.clock
    digest = PULSE if config.dry_run else ""
    lock, store, warnings = open_for_trading(order.state, config, digest, start.account)
    logs.set_up(order.state, config.logs)
    for line in (
        *_banner(order, config, pairs, language),
        *([say("post_lanes", language, names=", ".join(posts))] if posts else []),
        *_warned([*warnings, *worth_a_word], language),
    ):
        put_line(line)
    hearing = MarketStream(config.exchange.ws_url)
    edges = (store, connection, hearing, pairs, clock, language, posts, start.account)
    bot = compose(loaded, order, *edges)
    hints = _hinting(bot, connection, config)
    try:
        return attend(bot, order, pipe, language, lambda _: say("ended_live", language))
    finally:
        hearing.stop()
        if hints:
            hints.stop()
        lock.release()


def compose(
    loaded: Loaded,
    order: LaunchOptions,
    store: Store,
    connection: VenueConnection,
    hearing: MarketStream,
    pairs: tuple[str, ...],
    clock: Clock,
    language: str,
    posts: Mapping[str, SendPart] | None = None,
    account: str = "",
) -> Bot:
    """Put it together: the same owners, other edges; ``posts`` to each messenger, by its name.

    ``account``: of the API key.
    """
    config, markets = loaded.config, MarketList()
    tools: dict[str, Any] = {
        "config": config,
        "bounds": config.bounds,
        "voice": notice_printer(language, put_line, packed),
        "room": DiskMonitor(store),
        "trim": JournalTrim(store, days) if (days := config.journal_keep_days) else None,
        "stream": hearing,
        "pairs": pairs,
        "strategy": loaded.strategy.strategy,
        "exchange": connection.perform,
        "archive": markets.heard(connection.fetch),
        "markets": markets,
        "left_out": lambda: {**connection.left_out, **hearing.left_out},
    }
    pace = tools["pace"] = 1.0 / clock.real(1.0)
    cast, first = posting(LIVE_PRICE_ACTORS if config.dry_run else LIVE_ACTORS, tools, posts, pace)
    watched = (WatchPairs(pairs), EnableBook(BOOK_SECONDS * pace))
    system = System(ThreadedRuntime(clock=clock), store, cast, tools)
    past = [] if config.dry_run else [past_of(store, clock.now(), account, pace)]
    return Bot(config, system, _rereading(order, loaded), [*past, *watched, *first])


def _hinting(bot: Bot, connection: VenueConnection, config: Config) -> Hints | None:
    """With the account's own orders its private socket is listened to."""
    if connection.signer is None:
        return None

    def hint() -> None:
        """Look now, and once more when the answer to the order itself is sure to be there."""
        bot.system.send(CheckOrders(), source="hints")
        bot.system.send(After(HINT_SECONDS, CheckOrders()), source="hints")

    hints = Hints(config.exchange.ws_url, connection.signer, hint)
    hints.start()
    return hints


def _banner(
    order: LaunchOptions, config: Config, pairs: tuple[str, ...], language: str
) -> list[str]:
    key = "banner_prices" if config.dry_run else "banner_live"
    shown = ", ".join(pairs[:8]) + (" ..." if len(pairs) > 8 else "")
    amounts = {"wallet": krw(config.capital), "amount": krw(config.stake_amount)}
    lines = [
        headline(say(key, language, host=config.exchange.rest_url), language),
        say("banner_pairs", language, names=f"{len(pairs)}: {shown}"),
        say("banner_wallet", language, **amounts),
        say("banner_state", language, path=str(order.state)),
    ]
    return [*lines, say("banner_console", language)] if order.stays else lines


def _warned(warnings: list[str], language: str) -> list[str]:
    return [say("warning", language, text=warning) for warning in warnings]


def _rereading(order: LaunchOptions, before: Loaded) -> Callable[[], Config]:
    """How ``reload_config`` reads again."""

    def reread() -> Config:
        config = order.load().config
        if config.strategy_hash != before.config.strategy_hash:
            raise UserError(
                what="the strategy can change at a start only",
                where="strategy",
                allowed=before.config.strategy,
                todo="shut the bot down and start it again",
            )
        return config

    return reread
