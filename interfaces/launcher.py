"""Parent, child and console of one run of ``trade``: who starts whom, and who ends whom."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.config_file import Loaded
from app.control import client
from app.notice_printer import line as in_words
from app.notice_printer import unpacked
from app.notifications.config import access_of, checked_url
from app.processes.heartbeat import Heartbeat
from app.processes.launch_options import AILS, BEAT, READY, SIGNS, WAITS, LaunchOptions
from app.processes.sd_notify import service_manager
from app.processes.supervisor import ExitStatus, ProcessSupervisor
from app.state_directory import set_aside
from i18n import configured_language, say
from i18n.errors import EXIT_CODE, UserError
from i18n.styles import FORCED, OutputStyle
from interfaces.console.notices import NoticePrinter
from messages.config import Config
from messages.control import ReloadConfig, Shutdown

if TYPE_CHECKING:
    from interfaces.telegram.telegram_supervisor import TelegramSupervisor

PROGRAM = Path(__file__).parents[1] / "run.py"
LINES_OF_AN_ERROR = 4  # what, where, what is allowed, what to do
KILLED = 128  # what a shell adds to the signal that ended a process


class Launcher:
    """One run. With a console the prompt is on the main thread, the child's keeper on another."""

    def __init__(self, order: LaunchOptions, loaded: Loaded, speed: str | None) -> None:
        config = loaded.config
        self._order, self._loaded, self._bounds = order, loaded, config.bounds
        self._words = configured_language(config, os.environ)
        self._telegram = _door(config, self._words)
        self._look = OutputStyle.of(sys.stdout, self._words, os.environ)
        self._printer = NoticePrinter(self._look, _put)
        self._ready = threading.Event()  # the bot is up, or has ended for good
        self._fate: ExitStatus | None = None
        self._leave: Callable[[], None] = lambda: None
        self._up = False  # the child of now is
        self._ails = ""  # what keeps it from trading as it should
        self._manager = service_manager()
        self._heartbeat = Heartbeat(config.heartbeat_url, self._unheard)
        self._parent = ProcessSupervisor(
            command(order, speed),
            restarts=self._bounds.process_restarts,
            window=self._bounds.restart_window_seconds,
            say=self._hear,
            complain=_complain,
            shut_down=self._shut_down,
            restarted=self._restarted,
            around=self._around,
        )

    def run(self, fresh: bool) -> int:
        """Until the bot has ended for good; gives the exit code."""
        if fresh and (aside := set_aside(self._order.state)):
            print(say("fresh_moved", self._words, path=str(aside)), flush=True)
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: self._interrupt())
        signal.signal(signal.SIGHUP, lambda *_: self._reload())
        keeper = threading.Thread(target=self._keep, name="keeper")
        keeper.start()
        if self._order.stays:
            self._converse()
        keeper.join()
        self._heartbeat.stop()
        if self._telegram:
            self._telegram.close()
        assert self._fate is not None
        return self._end(self._fate)

    def _keep(self) -> None:
        try:
            self._fate = self._parent.run()
        finally:
            self._ready.set()
            self._leave()

    def _converse(self) -> None:
        from interfaces.console.prompt import Prompt
        from interfaces.console.session import (
            StateSession,
        )  # imported late, while the bot starts: only a person needs them
        from interfaces.console.status_bar import StatusBar

        self._ready.wait()
        if self._fate is not None:
            return
        session = StateSession(self._order.state, self._words, look=self._look)
        bar = StatusBar(self._order.state, self._look)
        prompt = Prompt(session, self._order.state, self._interrupt, bar=bar)
        self._leave = prompt.leave
        if self._fate is not None:  # it ended before the keeper could know of the prompt
            return
        bar.start()
        prompt.run()
        bar.stop()
        if self._fate is None:
            self._parent.go_headless()
            print(say("console_left", self._words), flush=True)

    def _interrupt(self) -> None:
        self._manager.stopping()
        self._parent.interrupt()

    def _hear(self, line: str) -> None:
        """A line of the child's: a sign to us, or a word to people."""
        if line == READY:
            self._up = True
            self._ready.set()
            self._manager.ready()
            if self._telegram:
                self._telegram.open(self._order.state, self._loaded)
        elif line == BEAT:
            self._manager.alive()
            if self._ails:
                self._ails = ""
                self._manager.status(say("health_well", self._words))
            if self._up:
                self._heartbeat.alive()
        elif line.startswith(AILS):  # alive, so it is not ended; nor well, so no heartbeat
            self._manager.alive()
            if (told := line.removeprefix(AILS)) != self._ails:
                self._ails = told
                self._manager.status(told)
        elif line == WAITS or not self._up:
            self._manager.waits()
        if notice := unpacked(line):
            self._printer.show(notice)
        elif line not in SIGNS and not line.startswith(AILS):
            self._printer.put(line)

    def _around(self) -> dict[str, str]:
        """What the bot's own process cannot know of the terminal, for the tables that it draws."""
        known = {"COLUMNS": str(shutil.get_terminal_size((100, 24)).columns)}
        return known | ({FORCED: "1"} if self._look.colours else {})

    def _unheard(self, reason: str) -> None:
        """The address of the heartbeat does not answer: said once, and nothing hangs on it."""
        print(say("heartbeat_failed", self._words, reason=reason), file=sys.stderr, flush=True)

    def _shut_down(self) -> None:
        client.ask(self._order.state, Shutdown(uuid.uuid4().hex))

    def _reload(self) -> None:
        threading.Thread(target=self._reloaded, daemon=True).start()

    def _reloaded(self) -> None:
        try:
            reply = client.ask(self._order.state, ReloadConfig(uuid.uuid4().hex))
            if reply.done:  # before it is told: whoever hears of it may write the file again
                self._heartbeat.url = self._order.load().config.heartbeat_url
            said = say(reply.key, self._words, **reply.facts)
            print(said, flush=True)
            self._manager.status(said)
        except UserError as error:
            print(error.block(self._words), file=sys.stderr, flush=True)
            self._manager.status(error.what)

    def _restarted(self, code: int, count: int) -> None:
        self._up = False
        facts = {"code": str(code), "count": str(count), "most": str(self._bounds.process_restarts)}
        print(say("restarting", self._words, **facts), file=sys.stderr, flush=True)
        if self._telegram:
            self._telegram.announce("tg_bot_fell", **facts)

    def _end(self, fate: ExitStatus) -> int:
        """Say why it stays down; bad input has already said so itself, on this terminal."""
        if fate.code == EXIT_CODE and fate.why:
            self._say_last(" ".join(line.strip() for line in fate.lines[-LINES_OF_AN_ERROR:]))
        if not fate.why or fate.code == EXIT_CODE:
            return fate.code if fate.code >= 0 else KILLED - fate.code
        facts = {
            "code": str(fate.code),
            "count": str(self._bounds.process_restarts + 1),
            "seconds": str(self._bounds.restart_window_seconds),
        }
        key = "stays_down" if fate.why == "restarts" else "ended_badly"
        told = self._say_last(say(key, self._words, **facts))
        if self._telegram and not told:
            self._telegram.last_words("tg_bot_down", **facts)
        lines = [say(key, self._words, **facts), *self._readable(fate)]
        if fate.code == -signal.SIGBUS:
            lines.append(say("sigbus", self._words))
        print("\n".join(lines), file=sys.stderr, flush=True)
        return 1

    def _readable(self, fate: ExitStatus) -> list[str]:
        """The last lines of the bot's own process, as people read them."""
        found = [(line, unpacked(line)) for line in fate.lines]
        return [f"  {in_words(note, self._words) if note else line}" for line, note in found]

    def _say_last(self, text: str) -> bool:
        """To every messenger, if a trade or an order is open; whether it was said."""
        from app.notifications.farewell import send_last_words  # imported late: few ends need it

        return send_last_words(self._order.state, self._loaded.config, os.environ, text)


def _door(config: Config, language: str) -> TelegramSupervisor | None:
    """The way in from Telegram, None where it is not set up. Raises UserError."""
    access = access_of(dict(os.environ), language)  # of a copy: the child needs them as well
    if access is None:
        return None
    from interfaces.telegram.telegram_supervisor import (
        TelegramSupervisor,  # imported late: few need a network here
    )

    return TelegramSupervisor(config.telegram, checked_url(config), access, language, _complain)


def _put(line: str) -> None:
    print(line, flush=True)


def _complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def command(order: LaunchOptions, speed: str | None) -> list[str]:
    """The child's command line: the same interpreter, the same options."""
    words = [sys.executable, str(PROGRAM), "trade"]
    words += ["--child", "stays" if order.stays else "leaves", "--state-dir", str(order.state)]
    words += ["--config", str(order.config)] if order.config else []
    words += ["--speed", speed] if speed else []
    words += ["--strategy", named] if (named := order.overrides.get("strategy")) else []
    return words + [word for file in order.recording for word in ("--recording", str(file))]
