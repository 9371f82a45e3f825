"""The console: a prompt over the grammar. Questions are read here; changes go to the bot."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from interfaces.console.grammar import EVERY, LEAVE, LINE_MAX, VERBS, parse, unknown, words
from interfaces.errors import UserError
from messages.control import (
    Change,
    Changes,
    ForceExit,
    Kill,
    OperatorReply,
    Questions,
    Shutdown,
)

OK, REFUSED, BAD = 0, 1, 2

Confirm = Callable[[str], bool]


class Desk(Protocol):
    """Who answers the console: it renders for the reader's language, as text or as JSON."""

    def look(self, question: Questions) -> str: ...
    def ask(self, change: Changes) -> OperatorReply: ...
    def reply(self, reply: OperatorReply) -> str: ...
    def say(self, key: str, **facts: str) -> str: ...
    def complain(self, error: UserError) -> str: ...
    def framed(self, text: str) -> str: ...
    def open_trades(self) -> int: ...
    def pairs(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Spoken:
    """What became of one line."""

    text: str = ""
    code: int = OK
    leave: bool = False


class Console:
    """One reader at one desk. ``confirm`` asks a person at a terminal; None takes their word."""

    def __init__(self, desk: Desk, confirm: Confirm | None = None) -> None:
        self._desk, self._confirm = desk, confirm

    def take(self, line: str | bytes) -> Spoken:
        """Do what one line says. Whatever it is, the console lives on."""
        try:
            typed = words(line)
            if typed and typed[0].lower() in LEAVE:
                return Spoken(leave=True)
            if typed and typed[0].lower() == "help":
                return Spoken(self.help(typed[1] if typed[1:] else ""))
            message = parse(line, lambda: uuid.uuid4().hex)
            return Spoken() if message is None else self._perform(message)
        except UserError as error:
            return Spoken(self._desk.complain(error), BAD)

    def help(self, name: str = "") -> str:
        """Every verb with its help, or one."""
        if name and name.lower() not in VERBS:
            raise unknown(name)
        chosen = [VERBS[name.lower()]] if name else list(VERBS.values())
        wide = max(len(verb.usage) for verb in chosen)
        lines = [f"{verb.usage:<{wide}}  {self._help_line(verb.name)}" for verb in chosen]
        return "\n".join(lines if name else [*lines, self._desk.say("console_leave")])

    def read(self, lines: BinaryIO, out: Callable[[str], None]) -> int:
        """Take lines that do not come from a terminal. Returns the worst code."""
        worst = OK
        while line := lines.readline(LINE_MAX + 2):
            whole = line.endswith(b"\n")
            while not whole and (rest := lines.readline(LINE_MAX)):
                whole = rest.endswith(b"\n")  # the rest of a line that is refused for its length
            spoken = self.take(line.removesuffix(b"\n"))
            if spoken.text:
                out(spoken.text)
            worst = max(worst, spoken.code)
            if spoken.leave:
                break
        return worst

    def _help_line(self, name: str) -> str:
        text = self._desk.say(f"help_{name}")
        return VERBS[name].help if text in {"", f"help_{name}"} else text

    def _perform(self, message: Questions | Changes) -> Spoken:
        if not isinstance(message, Change):
            return Spoken(self._desk.look(message))
        if self._confirm and (question := self._doubt(message)) and not self._confirm(question):
            return Spoken(self._desk.say("not_done"), REFUSED)
        untold = isinstance(message, Shutdown) and self._confirm is None
        count = self._desk.open_trades() if untold else 0
        reply = self._desk.ask(message)
        if count and reply.done:
            reply = OperatorReply(True, "shutting_down_trades", {"trades": str(count)})
        return Spoken(self._desk.reply(reply), OK if reply.done else REFUSED)

    def _doubt(self, change: Changes) -> str:
        """The question to put before a change that cannot be taken back; "" for others."""
        match change:
            case Shutdown():
                count = self._desk.open_trades()
                key = "confirm_shutdown_trades" if count else "confirm_shutdown"
                return self._desk.say(key, trades=str(count))
            case Kill():
                return self._desk.say("confirm_kill")
            case ForceExit(pair=pair) if pair == EVERY:
                count = self._desk.open_trades()
                return self._desk.say("confirm_forceexit_all", trades=str(count))
        return ""


def open_history(state: Path) -> Path:
    """The file of typed lines, for our eyes only."""
    path = state / "console_history"
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600))
        path.chmod(0o600)
    return path


def at_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def yes(answer: str) -> bool:
    """Whether an answer to a question means yes."""
    return answer.strip().lower() in {"y", "yes", "예", "네", "ㅇ"}
