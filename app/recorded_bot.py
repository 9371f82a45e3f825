"""The life of a bot on a recording: with paper money, on the recording's clock."""

from __future__ import annotations

import os
from collections.abc import Callable

from app import logs
from app.composition import build
from app.config.config_file import Loaded
from app.config.layers import placed
from app.disk_monitor import DiskMonitor
from app.notice_printer import notice_printer, packed
from app.notifications.config import messengers
from app.processes.launch_options import LaunchOptions
from app.processes.worker import attend, headline, put_line
from app.processes.worker_lifecycle import ExitOutcome, prepare
from app.recordings import Source, require_startup, source_of
from app.replay import Replay, entered, scheduled
from app.state_directory import open_for_trading
from core.replay.schedule import Schedule, span
from i18n import configured_language, say
from i18n.errors import UserError
from i18n.formatting import krw, kst
from messages.config import Config
from messages.plain_values import plain
from persistence.store import Store

# Of a recording that was traded up to a moment, in a language.
Summary = Callable[[Store, Schedule, float, str], str]


def run(order: LaunchOptions, loaded: Loaded, summary: Summary) -> int:
    """The child's whole life; gives its exit code. All input is checked before anything starts."""
    pipe = prepare()
    language = configured_language(loaded.config, os.environ)
    source = source_of(order.recording, loaded.config)
    fast = order.speed is None
    replay = _replay(source, loaded, fast)
    schedule, posts = scheduled(replay, loaded), messengers(loaded.config, os.environ, language)
    lock, store, warnings = open_for_trading(order.state, loaded.config, source.digest)
    logs.set_up(order.state, loaded.config.logs)
    _banner(order, loaded.config, source, schedule, store, language)
    told = [say("post_max" if fast else "post_lanes", language, names=", ".join(posts))]
    for line in (*(told if posts else ()), *(say("warning", language, text=w) for w in warnings)):
        put_line(line)
    speed = None if order.speed is None else float(order.speed)
    bot = build(
        loaded.config,
        replay,
        store,
        speed=speed,
        voice=notice_printer(language, put_line, packed),
        room=DiskMonitor(store, speed),
        reread=_rereading(order, loaded, source),
        posts=None if fast else posts,
    )

    def farewell(ending: ExitOutcome) -> str:
        until = span(schedule)[1] if ending.reason == "finished" else bot.system.now()
        return summary(store, schedule, until, language)

    try:
        return attend(bot, order, pipe, language, farewell)
    finally:
        lock.release()


def _replay(source: Source, loaded: Loaded, fast: bool) -> Replay:
    keep, rule = loaded.config.startup_candle_count, loaded.strategy.strategy
    return Replay(source.candle_series, rule, bulk=fast, keep=keep, flush=0 if fast else 1)


def _banner(
    order: LaunchOptions,
    config: Config,
    source: Source,
    schedule: Schedule,
    store: Store,
    language: str,
) -> None:
    begin, end = span(schedule)
    last = store.last()
    speed = (
        say("banner_speed_max", language)
        if order.speed is None
        else say("banner_speed", language, speed=plain(order.speed))
    )
    amounts = {"wallet": krw(config.dry_run_wallet), "amount": krw(config.stake_amount)}
    lines = [
        source.title(language),
        say("banner_days", language, begin=kst(begin, False), end=kst(end, False)),
        say("banner_pairs", language, names=", ".join(schedule.places)),
        speed,
        say("banner_wallet", language, **amounts),
        say("banner_state", language, path=str(order.state)),
    ]
    if last:
        lines.append(say("banner_again", language, begin=kst(last.at, False)))
    if order.stays:
        lines.append(say("banner_console", language))
    put_line(headline(lines[0], language))
    for line in lines[1:]:
        put_line(line)


def _rereading(order: LaunchOptions, before: Loaded, source: Source) -> Callable[[], Config]:
    """How ``reload_config`` reads again; what it refuses changes nothing."""

    def reread() -> Config:
        again = order.load()
        config = again.config
        old = before.config
        if (config.strategy, config.strategy_hash) != (old.strategy, old.strategy_hash):
            raise UserError(
                what="the strategy can change at a start only",
                where="strategy",
                allowed=old.strategy,
                todo="shut the bot down and start it again",
            )
        with placed(again.origin):
            require_startup(entered(source.candle_series, config), config)
        return config

    return reread
