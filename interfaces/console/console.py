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

from interfaces.console.doubts import Confirm, needs_yes, question, spends
from interfaces.console.grammar import LEAVE, LINE_MAX, VERBS, parse, unknown, words
from interfaces.errors import UserError
from messages.control import Change, Changes, OperatorReply, Questions, Shutdown

OK, REFUSED, BAD = 0, 1, 2


class Desk(Protocol):
    """Who answers the console: it renders for the reader's language, as text or as JSON."""

    def look(self, question: Questions) -> str: ...
    def ask(self, change: Changes) -> OperatorReply: ...
    def reply(self, reply: OperatorReply) -> str: ...
    def say(self, key: str, **facts: str) -> str: ...
    def complain(self, error: UserError) -> str: ...
    def framed(self, text: str) -> str: ...
    def held(self) -> tuple[str, ...]: ...
    def live(self) -> bool: ...
    def pairs(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Spoken:
    """What became of one line."""

    text: str = ""
    code: int = OK
    leave: bool = False


class Console:
    """One reader at one desk. ``confirm`` asks a person at a terminal; None where there is none.

    ``yes`` answers every question beforehand.
    """

    def __init__(self, desk: Desk, confirm: Confirm | None = None, *, yes: bool = False) -> None:
        self._desk, self._confirm, self._yes = desk, confirm, yes

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

    def agreed(self, change: Changes) -> bool:
        """Whether a change may go on. Raises UserError where its question cannot be asked."""
        if self._yes:
            return True
        if self._confirm is None:
            if spends(change, self._desk):
                raise needs_yes(str(change.__struct_config__.tag))
            return True
        asked = question(change, self._desk)
        return not asked or self._confirm(asked)

    def _perform(self, message: Questions | Changes) -> Spoken:
        if not isinstance(message, Change):
            return Spoken(self._desk.look(message))
        if not self.agreed(message):
            return Spoken(self._desk.say("not_done"), REFUSED)
        unasked = isinstance(message, Shutdown) and (self._yes or self._confirm is None)
        held = self._desk.held() if unasked else ()
        reply = self._desk.ask(message)
        if held and reply.done:
            facts = {"trades": str(len(held)), "pairs": " ".join(held)}
            reply = OperatorReply(True, "shutting_down_trades", facts)
        return Spoken(self._desk.reply(reply), OK if reply.done else REFUSED)


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
