"""Command lines at terminals of every kind: one process that forks for each, which is cheap.

Reads one visit a line (JSON) from standard input, and writes what came of it, one a line.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import select
import signal
import sys
import termios
import time
from contextlib import suppress
from importlib import import_module

import msgspec

from interfaces.cli import MODULES
from run import main

COLUMNS = 40
PATIENCE = 0.8  # seconds, after which Ctrl-C is pressed; thrice that, and it is terminated
TICK = 0.05
LEAVE = b"\x04"  # Ctrl-D
HANG = 120.0  # a guard against a hang, no figure: a busy machine is slow
ENDS = "closed", "gone", "pipe", "full", "terminal"  # of the standard streams


class Visit(msgspec.Struct):
    """A command line, where it is typed, and the kind of its standard streams."""

    words: list[bytes]
    folder: str
    environ: dict[str, str]
    ends: str = "pipe"
    encoding: str = "utf-8"


class Seen(msgspec.Struct):
    """The exit code (None: it hung), all that was printed, and whether Ctrl-C ended it."""

    code: int | None
    text: bytes
    interrupted: bool = False


def visited(visit: Visit) -> Seen:
    """Run it in a process of its own."""
    leader, follower = pty.openpty() if visit.ends == "terminal" else os.pipe()
    if visit.ends == "terminal":
        termios.tcsetwinsize(follower, (24, COLUMNS))
        os.write(leader, LEAVE)
    pid = os.fork()
    if not pid:
        os.close(leader)
        _exit_as(visit, follower)
    os.close(follower)
    text, interrupted, hung = _read(leader, pid)
    _, status = os.waitpid(pid, 0)
    os.close(leader)
    return Seen(None if hung else os.waitstatus_to_exitcode(status), text, interrupted)


def _read(leader: int, pid: int) -> tuple[bytes, bool, bool]:
    text, begun = b"", time.monotonic()
    wishes = [(PATIENCE, signal.SIGINT), (3 * PATIENCE, signal.SIGTERM), (HANG, signal.SIGKILL)]
    while True:
        ready, _, _ = select.select([leader], [], [], TICK)
        if ready:
            piece = b""
            with suppress(OSError):  # a terminal ends with its last process
                piece = os.read(leader, 65536)
            if not piece:
                return text, len(wishes) < 3, not wishes
            text += piece
        if wishes and time.monotonic() - begun > wishes[0][0]:
            os.kill(pid, wishes.pop(0)[1])
            if os.isatty(leader):
                os.write(leader, LEAVE)


def _exit_as(visit: Visit, follower: int) -> None:
    """Be what the interpreter makes of that command line."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.chdir(visit.folder)
    os.environ.clear()
    os.environ.update(visit.environ)
    _streams(visit, follower)
    code: object = 1
    sys.argv = ["run.py", *map(os.fsdecode, visit.words)]
    try:
        code = main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        code = 120  # as the interpreter does
    os._exit(code if isinstance(code, int) else 1)


def _streams(visit: Visit, follower: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    if visit.ends == "terminal":
        fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
    source = follower if visit.ends == "terminal" else null
    sink = follower
    if visit.ends == "full":
        sink = os.open("/dev/full", os.O_WRONLY)
    elif visit.ends == "gone":
        gone, sink = os.pipe()
        os.close(gone)
    held = os.dup(follower)  # its end is the end of this process
    for fd, where in ((0, source), (1, sink), (2, sink)):
        os.dup2(where, fd)
    os.closerange(3, held)
    if visit.ends == "closed":
        for fd in (0, 1):
            os.close(fd)
    names = ("stdin", "stdout", "stderr")
    for fd, name in enumerate(names):
        stream = None
        if visit.ends != "closed" or fd == 2:
            raw = open(fd, "rb" if fd == 0 else "wb")  # noqa: SIM115
            errors = "backslashreplace" if fd == 2 else "strict"
            stream = io.TextIOWrapper(raw, visit.encoding, errors, line_buffering=os.isatty(fd))
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def serve() -> None:
    """Until standard input ends."""
    for module in set(MODULES.values()):
        import_module(module)
    for line in sys.stdin.buffer:
        seen = visited(msgspec.json.decode(line, type=Visit))
        sys.stdout.buffer.write(msgspec.json.encode(seen) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
