"""The console at a terminal: prompt_toolkit's line, over which log lines scroll untorn."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO, cast

from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.application.current import get_app_session
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.output.plain_text import PlainTextOutput
from prompt_toolkit.patch_stdout import StdoutProxy, patch_stdout
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import is_dumb_terminal

from interfaces.console.console import REFUSED, Console, LineResult, Session, open_history, yes
from interfaces.console.grammar import completions
from interfaces.console.status_bar import EVERY, StatusBar, styles
from interfaces.terminal import Spelled
from messages.control import Shutdown

AGAIN_SECONDS = 2.0  # within which a second Ctrl-C asks whether to shut down


class CommandCompleter(Completer):
    """Completes verbs, and the pairs of this bot."""

    def __init__(self, pairs: Callable[[], tuple[str, ...]]) -> None:
        self._pairs = pairs

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        """What fits the word at the cursor."""
        before = document.text_before_cursor
        start = len(document.get_word_before_cursor(WORD=True))
        for word in completions(before, self._pairs()):
            yield Completion(word, start_position=-start)


class Prompt:
    """A person at a terminal. Ctrl-C clears the line; a second one soon after it asks whether to
    shut the bot down.

    ``shut_down`` ends the bot after that yes; None: the command of that name does.
    """

    def __init__(
        self,
        session: Session,
        state: Path,
        shut_down: Callable[[], None] | None = None,
        *,
        yes: bool = False,
        bar: StatusBar | None = None,
    ) -> None:
        self._desk, self._shut_down = session, shut_down
        self._console = Console(session, self._confirm, yes=yes)
        self._left = threading.Event()
        self._between = threading.Event()  # Ctrl-C came while no line was being read
        self._last = -AGAIN_SECONDS  # when Ctrl-C last cleared a line
        self._answer = ""  # to the last line, until the next prompt stands
        history = FileHistory(str(open_history(state)))
        with self._screen():  # where it draws is settled here
            self._session: PromptSession[str] = PromptSession(
                history=history,
                completer=CommandCompleter(session.pairs),
                complete_while_typing=False,
                bottom_toolbar=bar,
                refresh_interval=EVERY if bar else 0,
                style=Style.from_dict(styles(bar.look)) if bar else None,
            )
        self._current = self._session  # the prompt that is, or was last, on the screen

    def run(self) -> None:
        """Until it is left: by exit, by Ctrl-D, or by ``leave`` from another thread."""
        before = signal.signal(signal.SIGINT, lambda *_: self._between.set())
        try:
            with self._screen(), patch_stdout(raw=True):
                while not self._left.is_set():
                    spoken = self._line()
                    self._answer = self._desk.framed(spoken.text) if spoken.text else ""
                    if spoken.leave or is_dumb_terminal():
                        self._print_answer()
                    if spoken.leave:
                        return
                self._print_answer()
        finally:
            signal.signal(signal.SIGINT, before)

    def _line(self) -> LineResult:
        """Read one line and do what it says."""
        try:
            if self._between.is_set():
                raise KeyboardInterrupt
            return self._console.take(self._session.prompt("jangbu> ", pre_run=self._begin))
        except EOFError:
            return LineResult(leave=True)
        except KeyboardInterrupt:
            self._between.clear()
            return self._interrupted()

    def _interrupted(self) -> LineResult:
        now = time.monotonic()
        again = now - self._last < AGAIN_SECONDS
        self._last = -AGAIN_SECONDS if again else now
        if not again:
            return LineResult(self._desk.say("ctrl_c", seconds=f"{AGAIN_SECONDS:g}"))
        if self._shut_down is None:
            return self._console.take("shutdown")
        if not self._console.agreed(Shutdown()):
            return LineResult(self._desk.say("not_done"), REFUSED)
        self._shut_down()
        return LineResult(self._desk.say("shutting_down"))

    @staticmethod
    def _screen() -> contextlib.AbstractContextManager[object]:
        """Where it draws, in characters that the terminal has; a dumb one gets no codes.

        Elsewhere lines of other threads need the one session: its output is made when it is first
        asked for, of the standard output that there is then.
        """
        stream = cast(TextIO, Spelled(sys.stdout))
        if is_dumb_terminal():
            return create_app_session(output=PlainTextOutput(stream))
        if not isinstance(sys.stdout, StdoutProxy):
            with contextlib.redirect_stdout(stream):
                get_app_session().output  # noqa: B018
        return contextlib.nullcontext()

    def leave(self) -> None:
        """End the prompt, from any thread."""
        self._left.set()
        app = self._current.app
        if (loop := app.loop) is not None:
            with contextlib.suppress(RuntimeError):  # the loop closed meanwhile: it sees the flag
                loop.call_soon_threadsafe(self._check)

    def _begin(self) -> None:
        # Printed between two prompts, an answer could meet the next prompt's first drawing and
        # stand behind its "jangbu>"; while a prompt is on the screen, patch_stdout lifts it away.
        self._print_answer()
        self._check()

    def _print_answer(self) -> None:
        answer, self._answer = self._answer, ""
        if answer:
            print(answer)

    def _check(self) -> None:
        app = self._current.app
        if self._left.is_set() and app.future is not None and not app.future.done():
            app.exit(exception=EOFError())

    def _confirm(self, question: str) -> bool:
        self._current = PromptSession()  # one without history
        try:
            asked = self._desk.framed(f"{question} [y/N]")
            return yes(self._current.prompt(f"{asked} ", pre_run=self._check))
        except (EOFError, KeyboardInterrupt):
            return False
        finally:
            self._current = self._session
