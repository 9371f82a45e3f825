"""The bot's own process: composed, started, attended to its end, summed up."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from core.market.candles import candle_at
from core.market.schedule import Schedule, span
from interfaces import logs, vitals
from interfaces.catalogue import language, say
from interfaces.composition import Bot, build
from interfaces.console.desk import shown
from interfaces.control.place import socket_path
from interfaces.control.server import ControlServer
from interfaces.errors import UserError
from interfaces.formatting import krw, kst, plain
from interfaces.look import Look
from interfaces.posting.messengers import messengers
from interfaces.processes.attendance import Attendance, Ending, prepare
from interfaces.processes.launch import AILS, BEAT, READY, Order
from interfaces.processes.liveness import PATIENCE, Pulse
from interfaces.replay import Replay, chosen, scheduled
from interfaces.reports.shapes import stacked
from interfaces.reports.summary import summarise
from interfaces.reports.summary_table import tables
from interfaces.room import DiskRoom
from interfaces.settings.config_file import Loaded
from interfaces.settings.sources import placed
from interfaces.sources import Source, require_startup, source_of
from interfaces.states import open_for_trading
from interfaces.views import Ledger
from interfaces.views.health import ailing
from interfaces.voice import packed, voice
from messages.config import Config
from messages.control import Changes, OperatorReply, ShowVitals
from messages.notices import ShowNotice
from persistence.store import Store, StoreFull, free_disk

FAILED, AGAIN = 1, 75  # exit codes; the second is EX_TEMPFAIL of sysexits.h
LEAST_FREE = 1_000_000  # bytes of the disk


def run(order: Order) -> int:
    """The child's whole life; gives its exit code. All input is checked before anything starts."""
    loaded = order.load()
    if loaded.config.lives:
        from interfaces.live import bot as live  # imported late: a replay needs no network

        return live.run(order, loaded)
    pipe = prepare()
    words = language(loaded.config, os.environ)
    source = source_of(order.recording, loaded.config)
    fast = order.speed is None
    replay = _replay(source, loaded, fast)
    schedule = scheduled(replay, loaded)
    posts = messengers(loaded.config, os.environ, words)
    lock, store, warnings = open_for_trading(order.state, loaded.config, source.digest)
    logs.set_up(order.state, loaded.config.logs)
    _banner(order, loaded.config, source, schedule, store, words)
    told = [say("post_max" if fast else "post_lanes", words, names=", ".join(posts))]
    for line in (*(told if posts else ()), *(say("warning", words, text=w) for w in warnings)):
        put_line(line)
    speed = None if order.speed is None else float(order.speed)
    bot = build(
        loaded.config,
        replay,
        store,
        speed=speed,
        voice=voice(words, put_line, packed),
        room=DiskRoom(store, speed),
        reread=_rereading(order, loaded, source),
        posts=None if fast else posts,
    )

    def farewell(ending: Ending) -> str:
        until = span(schedule)[1] if ending.reason == "finished" else bot.system.now()
        return summary(store, schedule, until, words)

    try:
        return attend(bot, order, pipe, words, farewell)
    finally:
        lock.release()


def _replay(source: Source, loaded: Loaded, fast: bool) -> Replay:
    keep, rule = loaded.config.startup_candle_count, loaded.strategy.strategy
    return Replay(source.tapes, rule, bulk=fast, keep=keep, flush=0 if fast else 1)


def attend(bot: Bot, order: Order, pipe: Any, words: str, farewell: Callable[[Ending], str]) -> int:
    """From its start to its end, at its socket; ``farewell`` is what is said of a good one."""
    attendance = Attendance(bot, stays=order.stays)
    patience = max(PATIENCE, 3.0 * float(bot.config.exchange.call_seconds))

    def beat() -> None:
        told = ailing(vitals.ailing(bot.system), words)
        put_line(AILS + "; ".join(": ".join(line) for line in told) if told else BEAT)

    pulse = Pulse(bot.system, beat, patience)

    def ask(change: Changes) -> OperatorReply:
        reply = attendance.ask(change)
        return pulse.signed(reply) if isinstance(change, ShowVitals) else reply

    server = ControlServer(socket_path(order.state), ask, language=words)
    signal.signal(signal.SIGTERM, attendance.shut_down)
    bot.start()
    gc.freeze()  # what lives as long as the bot is never searched for garbage between two orders
    attendance.heed(pipe)
    put_line(READY)
    ending = attendance.watch(lambda: put_line(say("finished_fresh", words)))
    server.close()
    pulse.stop()
    code = last_words(bot, words, put_line)
    if not code:
        if ending.reason == "finished":
            put_line(say("finished_fresh", words))
        put_line(farewell(ending))
    bot.stop()
    return code


def last_words(bot: Bot, words: str, out: Callable[[str], None]) -> int:
    """Say, on the terminal and in the log, why the bot is to be started again; the exit code.

    The herald may have stopped with the rest, so this is said without it.
    """
    failed = bot.system.failed
    if failed is None:
        return 0
    if failed.wanted:
        out(say("starts_again", words, reason=failed.reason))
        return AGAIN
    facts = {"name": failed.name, "reason": failed.reason}
    voice(words, out)(ShowNotice("critical", "actor_failed", facts, bot.system.now()))
    path = bot.system.store.path
    # LMDB calls a write that was cut short by a full disk an input/output error.
    if failed.reason.startswith(StoreFull.__name__) or free_disk(path) < LEAST_FREE:
        out(say("no_room_left", words, path=str(path)))
    return FAILED


def summary(store: Store, schedule: Schedule, until: float, words: str) -> str:
    """What the journal earned, beside what the market did up to this moment, as tables."""
    ledger = Ledger()
    ledger.catch_up(store)
    done = summarise(
        ledger.trades.sorted_rows,
        ledger.config.dry_run_wallet,
        len(ledger.trades.open),
        market_of(schedule, until),
        ledger.trades.open_fees,
    )
    return shown(stacked(*tables(done, words)), words)


def market_of(schedule: Schedule, until: float) -> dict[str, tuple[Decimal, Decimal]]:
    """Per pair the first open traded at, and the last close up to a moment."""
    market = {}
    for track in schedule.tracks:
        times = track.tape.time
        last = int(times.searchsorted(until - schedule.seconds, side="right")) - 1
        if last >= track.first:
            opened, closed = candle_at(track.tape, track.first), candle_at(track.tape, last)
            market[track.tape.pair] = (opened.open, closed.close)
    return market


def _banner(
    order: Order, config: Config, source: Source, schedule: Schedule, store: Store, words: str
) -> None:
    begin, end = span(schedule)
    last = store.last()
    speed = (
        say("banner_speed_max", words)
        if order.speed is None
        else say("banner_speed", words, speed=plain(order.speed))
    )
    amounts = {"wallet": krw(config.dry_run_wallet), "amount": krw(config.stake_amount)}
    lines = [
        source.title(words),
        say("banner_days", words, begin=kst(begin, False), end=kst(end, False)),
        say("banner_pairs", words, names=", ".join(schedule.places)),
        speed,
        say("banner_wallet", words, **amounts),
        say("banner_state", words, path=str(order.state)),
    ]
    if last:
        lines.append(say("banner_again", words, begin=kst(last.at, False)))
    if order.stays:
        lines.append(say("banner_console", words))
    put_line(headline(lines[0], words))
    for line in lines[1:]:
        put_line(line)


def headline(text: str, words: str) -> str:
    """The line that says with whose money it trades, to be seen before the others."""
    look = Look.of(sys.stdout, words, os.environ)
    return look.styled(text, "heading")


def _rereading(order: Order, before: Loaded, source: Source) -> Callable[[], Config]:
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
            require_startup(chosen(source.tapes, config), config)
        return config

    return reread


def put_line(text: str) -> None:
    """A line for whoever watches, at once, and in one piece: print would write its end apart."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
