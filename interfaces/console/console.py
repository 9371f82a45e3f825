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

from i18n.errors import UserError
from interfaces.console.doubts import ORDERING, Confirm, doubtful, needs_yes, question, spends
from interfaces.console.grammar import CONSOLE_COMMANDS, LEAVE, LINE_MAX, parse, unknown, words
from messages.control import Change, Changes, OperatorReply, Questions, Shutdown
from messages.previews import ChangePreview

OK, REFUSED, BAD = 0, 1, 2


class Session(Protocol):
    """Who answers the console: it renders for the reader's language, as text or as JSON."""

    def look(self, question: Questions) -> str: ...
    def ask(self, change: Changes) -> OperatorReply: ...
    def preview(self, change: Changes) -> ChangePreview | None: ...
    def reply(self, reply: OperatorReply) -> str: ...
    def say(self, key: str, **facts: str) -> str: ...
    def complain(self, error: UserError) -> str: ...
    def framed(self, text: str) -> str: ...
    def held(self) -> tuple[str, ...]: ...
    def live(self) -> bool: ...
    def pairs(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class LineResult:
    """What became of one line."""

    text: str = ""
    code: int = OK
    leave: bool = False


class Console:
    """One reader at one desk. ``confirm`` asks a person at a terminal; None where there is none.

    ``yes`` answers every question beforehand.
    """

    def __init__(
        self, session: Session, confirm: Confirm | None = None, *, yes: bool = False
    ) -> None:
        self._desk, self._confirm, self._yes = session, confirm, yes

    def take(self, line: str | bytes) -> LineResult:
        """Do what one line says. Whatever it is, the console lives on."""
        try:
            typed = words(line)
            if typed and typed[0].lower() in LEAVE:
                return LineResult(leave=True)
            if typed and typed[0].lower() == "help":
                return LineResult(self.help(typed[1] if typed[1:] else ""))
            message = parse(line, lambda: uuid.uuid4().hex)
            return LineResult() if message is None else self._perform(message)
        except UserError as error:
            return LineResult(self._desk.complain(error), BAD)

    def help(self, name: str = "") -> str:
        """Every verb with its help, or one."""
        if name and name.lower() not in CONSOLE_COMMANDS:
            raise unknown(name)
        chosen = [CONSOLE_COMMANDS[name.lower()]] if name else list(CONSOLE_COMMANDS.values())
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
        return CONSOLE_COMMANDS[name].help if text in {"", f"help_{name}"} else text

    def agreed(self, change: Changes, preview: ChangePreview | None = None) -> bool:
        """Whether a change may go on. Raises UserError where its question cannot be asked.

        ``preview``: what would come of it, as the bot says.
        """
        if self._yes:
            return True
        if self._confirm is None:
            if spends(change, self._desk):
                raise needs_yes(str(change.__struct_config__.tag))
            if isinstance(change, Shutdown) and self._desk.live():
                raise _leaves_unwatched(self._desk.held())
            return True
        asked = question(change, self._desk, preview)
        return not asked or self._confirm(asked)

    def _preview(self, change: Changes) -> ChangePreview | None:
        """What would come of a change that is asked about, or that orders without being asked."""
        if self._confirm is not None and not self._yes:
            wanted = doubtful(change, self._desk)
        else:
            wanted = self._yes and isinstance(change, ORDERING) and spends(change, self._desk)
        return self._desk.preview(change) if wanted else None

    def _perform(self, message: Questions | Changes) -> LineResult:
        if not isinstance(message, Change):
            return LineResult(self._desk.look(message))
        preview = self._preview(message)
        if preview and not preview.reply.done:
            return LineResult(self._desk.reply(preview.reply), REFUSED)
        if not self.agreed(message, preview):
            return LineResult(self._desk.say("not_done"), REFUSED)
        unasked = isinstance(message, Shutdown) and (self._yes or self._confirm is None)
        held = self._desk.held() if unasked else ()
        reply = self._desk.ask(message)
        if held and reply.done:
            facts = {"trades": str(len(held)), "pairs": " ".join(held)}
            reply = OperatorReply(True, "shutting_down_trades", facts)
        return LineResult(self._desk.reply(reply), OK if reply.done else REFUSED)


def _leaves_unwatched(held: tuple[str, ...]) -> UserError:
    """What a shutdown of a live bot is told that came through a pipe."""
    what = "shutdown leaves real money without a stop, and there is no terminal to ask at"
    if held:
        pairs = ", ".join(held)
        what = f"shutdown leaves {pairs} without a stop, and there is no terminal to ask at"
    return UserError(
        what=what,
        where="console",
        allowed="--yes, which answers the question beforehand",
        todo="give console --yes, use console -c COMMAND, or type it at a terminal",
    )


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
