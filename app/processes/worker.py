"""The bot's own process: composed, started, attended to its end, summed up."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from app import runtime_stats
from app.composition import Bot
from app.control.place import socket_path
from app.control.server import ControlServer
from app.notice_printer import notice_printer
from app.processes.launch_options import AILS, BEAT, READY, LaunchOptions
from app.processes.liveness import PATIENCE, Pulse
from app.processes.worker_lifecycle import ExitOutcome, WorkerLifecycle
from i18n import say
from i18n.styles import OutputStyle
from messages.control import Changes, OperatorReply, ShowVitals
from messages.notices import ShowNotice
from persistence.store import StoreFull, free_disk

FAILED, AGAIN = 1, 75  # exit codes; the second is EX_TEMPFAIL of sysexits.h
LEAST_FREE = 1_000_000  # bytes of the disk


def attend(
    bot: Bot, order: LaunchOptions, pipe: Any, language: str, farewell: Callable[[ExitOutcome], str]
) -> int:
    """From its start to its end, at its socket; ``farewell`` is what is said of a good one."""
    lifecycle = WorkerLifecycle(bot, stays=order.stays)
    patience = max(PATIENCE, 3.0 * float(bot.config.exchange.call_seconds))

    def beat() -> None:
        told = runtime_stats.described(runtime_stats.current_issues(bot.system), language)
        put_line(AILS + "; ".join(": ".join(line) for line in told) if told else BEAT)

    pulse = Pulse(bot.system, beat, patience)

    def ask(change: Changes) -> OperatorReply:
        reply = lifecycle.ask(change)
        return pulse.signed(reply) if isinstance(change, ShowVitals) else reply

    server = ControlServer(socket_path(order.state), ask, lifecycle.preview, language=language)
    signal.signal(signal.SIGTERM, lifecycle.shut_down)
    bot.start()
    gc.freeze()  # what lives as long as the bot is never searched for garbage between two orders
    lifecycle.heed(pipe)
    put_line(READY)
    ending = lifecycle.watch(lambda: put_line(say("finished_fresh", language)))
    server.close()
    pulse.stop()
    code = last_words(bot, language, put_line)
    if not code:
        if ending.reason == "finished":
            put_line(say("finished_fresh", language))
        put_line(farewell(ending))
    bot.stop()
    return code


def last_words(bot: Bot, language: str, out: Callable[[str], None]) -> int:
    """Say, on the terminal and in the log, why the bot is to be started again; the exit code.

    The herald may have stopped with the rest, so this is said without it.
    """
    failed = bot.system.failed
    if failed is None:
        return 0
    if failed.wanted:
        out(say("starts_again", language, reason=failed.reason))
        return AGAIN
    facts = {"name": failed.name, "reason": failed.reason}
    notice_printer(language, out)(ShowNotice("critical", "actor_failed", facts, bot.system.now()))
    path = bot.system.store.path
    # LMDB calls a write that was cut short by a full disk an input/output error.
    if failed.reason.startswith(StoreFull.__name__) or free_disk(path) < LEAST_FREE:
        out(say("no_room_left", language, path=str(path)))
    return FAILED


def headline(text: str, language: str) -> str:
    """The line that says with whose money it trades, to be seen before the others."""
    look = OutputStyle.of(sys.stdout, language, os.environ)
    return look.styled(text, "heading")


def put_line(text: str) -> None:
    """A line for whoever watches, at once, and in one piece: print would write its end apart."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
