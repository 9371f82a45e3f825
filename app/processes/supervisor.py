"""Parent and child: the parent starts the bot again after a failure, and ends it on request."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from app.processes.launch_options import SIGNS

LAST_LINES = 10
NEVER_AGAIN = frozenset({0, 2, -signal.SIGBUS})  # done, bad input, a truncated state
PATIENCE = 15.0  # seconds the child has to end after it was asked to

Say = Callable[[str], None]


@dataclass(frozen=True)
class ExitStatus:
    """How it ended: the last exit code (negative: a signal), and why it stays down."""

    code: int
    why: str = ""  # "", or one of: exit, restarts
    lines: tuple[str, ...] = ()  # the last that it said
    starts: int = 1


class WorkerProcess:
    """One process of the bot. It ends when its standard input closes."""

    def __init__(
        self, command: Sequence[str], say: Say, complain: Say, around: Mapping[str, str]
    ) -> None:
        self.lines: deque[str] = deque(maxlen=LAST_LINES)
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, **around}
        )
        self._pumps = [
            threading.Thread(target=self._pump, args=(stream, voice), daemon=True)
            for stream, voice in ((self.process.stdout, say), (self.process.stderr, complain))
        ]
        for pump in self._pumps:
            pump.start()

    def wait(self) -> int:
        """Its exit code, after all that it said has been passed on."""
        code = self.process.wait()
        for pump in self._pumps:
            pump.join(2.0)
        self.close()
        return code

    def tell(self, word: str) -> None:
        """Write a line to its standard input."""
        if stream := self.process.stdin:
            with contextlib.suppress(OSError, ValueError):
                stream.write(word.encode() + b"\n")
                stream.flush()

    def close(self) -> None:
        """Close its standard input: it ends."""
        if stream := self.process.stdin:
            with contextlib.suppress(OSError, ValueError):
                stream.close()

    def _pump(self, stream: IO[bytes], say: Say) -> None:
        with stream:
            for raw in stream:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                if line not in SIGNS:  # they would leave no room for what it said last
                    self.lines.append(line)
                with contextlib.suppress(OSError, ValueError):
                    say(line)  # a terminal that has gone does not end the bot


class ProcessSupervisor:
    """Keeps one child running, within a bound of starts."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        restarts: int,
        window: float,
        say: Say,
        complain: Say,
        shut_down: Callable[[], None],
        restarted: Callable[[int, int], None] = lambda code, count: None,
        around: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._command, self._say, self._complain = tuple(command), say, complain
        self._restarts, self._window = restarts, window
        self._shut_down, self._restarted, self._around = shut_down, restarted, around
        self._changed = threading.Condition()
        self._child: WorkerProcess | None = None
        self._asked = 0  # how often somebody asked for the end
        self._headless = False

    def run(self) -> ExitStatus:
        """Until the child has ended for good."""
        falls: list[float] = []
        starts = 0
        while True:
            with self._changed:
                if self._asked:
                    return ExitStatus(0, starts=starts)
                self._child = child = WorkerProcess(
                    self._command, self._say, self._complain, self._around()
                )
                starts += 1
                if self._headless:
                    child.tell("headless")
            code = child.wait()
            lines = tuple(child.lines)
            if self._asked or code in NEVER_AGAIN:
                return ExitStatus(code, "" if self._asked or not code else "exit", lines, starts)
            falls = [*recent(falls, time.monotonic(), self._window), time.monotonic()]
            if len(falls) > self._restarts:
                return ExitStatus(code, "restarts", lines, starts)
            self._restarted(code, len(falls))

    def interrupt(self) -> None:
        """Asked once, the bot is told to end; asked again, it is ended at once."""
        with self._changed:
            self._asked += 1
            child, again = self._child, self._asked > 1
        if child is None:
            return
        if again:
            child.process.kill()  # starting is recovery: an end at once is as safe as any
        else:
            threading.Thread(target=self._end, args=(child,), daemon=True).start()

    def go_headless(self) -> None:
        """Nobody is at the console any more: the bot ends when its candles end."""
        with self._changed:
            self._headless = True
            if self._child:
                self._child.tell("headless")

    @property
    def pid(self) -> int:
        """The child's process id, 0 when there is none."""
        return self._child.process.pid if self._child else 0

    def _end(self, child: WorkerProcess) -> None:
        with contextlib.suppress(Exception):  # no bot, or a deaf one: the pipe is left to try
            self._shut_down()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(PATIENCE / 3)
            return
        child.close()
        try:
            child.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.process.kill()


def recent(falls: Sequence[float], now: float, window: float) -> list[float]:
    """Those of the moments that lie within the window."""
    return [moment for moment in falls if now - moment < window]
