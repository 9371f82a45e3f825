"""The child's main thread: it starts the bot, waits for its end, and heeds its parent's pipe."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from io import FileIO
from typing import Protocol

from messages.control import Changes, OperatorReply, Shutdown
from messages.previews import ChangePreview

ORPHAN_SECONDS = 5.0  # an orphan that does not end by itself ends anyway
LOOK_SECONDS = 1.0


class ExitOutcome(Protocol):
    """Why a bot has ended."""

    @property
    def reason(self) -> str: ...
    @property
    def text(self) -> str: ...


class LiveBot(Protocol):
    """A composed bot, as the process sees it."""

    def start(self) -> None: ...
    def ask(self, command: Changes, timeout: float = 5.0) -> OperatorReply: ...
    def preview(self, command: Changes) -> ChangePreview: ...
    def wait(self, timeout: float | None) -> ExitOutcome | None: ...
    def stop(self) -> None: ...


class WorkerLifecycle:
    """Stays with one bot from its start to its end.

    ``stays``: with somebody at the console the bot stays up when its recording is used up.
    """

    def __init__(self, bot: LiveBot, *, stays: bool) -> None:
        self._bot = bot
        self._stays = stays
        self._over = threading.Event()  # nobody wants it to stay up any longer

    def ask(self, change: Changes) -> OperatorReply:
        """What the control socket asks; a shutdown also ends the waiting here."""
        reply = self._bot.ask(change)
        if isinstance(change, Shutdown) and reply.done:
            self._over.set()
        return reply

    def preview(self, change: Changes) -> ChangePreview:
        """What would become of a change now."""
        return self._bot.preview(change)

    def heed(self, pipe: FileIO) -> None:
        """Listen to the parent: its word "headless", and the closing of the pipe."""
        threading.Thread(target=self._listen, args=(pipe,), name="parent", daemon=True).start()

    def watch(self, finished: Callable[[], None]) -> ExitOutcome:
        """Wait for the end. ``finished`` is called when the recording is used up but we stay."""
        ending = self._bot.wait(None)
        assert ending is not None
        if ending.reason == "finished" and self._stays and not self._over.is_set():
            finished()
            while not self._over.wait(LOOK_SECONDS):
                later = self._bot.wait(0)
                if later and later.reason in ("failed", "again"):
                    return later
        return self._bot.wait(0) or ending

    def shut_down(self, *_: object) -> None:
        """End in good order."""
        self.ask(Shutdown())

    def _listen(self, pipe: FileIO) -> None:
        for line in pipe:
            if line.strip() == b"headless":
                self._stays = False
                self._over.set()
        timer = threading.Timer(ORPHAN_SECONDS, os._exit, (0,))
        timer.daemon = True
        timer.start()
        self.shut_down()


def prepare() -> FileIO:
    """Make this process a child: deaf to the terminal's signals. Returns the parent's pipe.

    Unbuffered: a thread that waits in a buffered stdin aborts the interpreter at its end.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return FileIO(0, "rb", closefd=False)
