"""Standard streams whose encoding knows fewer characters than we print.

A terminal of EUC-KR, cp949 or latin-1 has no won sign, and a file name may hold bytes that are no
text at all: neither may end a process that trades. A stream may have been closed before it began.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

ERRORS = "jangbu.spelled"
SPELLED = {"₩": "W", "∞": "inf", "…": "...", "–": "-", "—": "-", "→": "->", "≤": "<=", "≥": ">="}
CHILD = "--child"
STREAMS = ("stdin", "stdout", "stderr")  # in the order of their numbers


def fit(words: Sequence[str]) -> None:
    """Make the standard streams take any character; call it before anything is printed.

    A child process writes UTF-8 to its parent, which knows the terminal. ASCII is what a machine
    says that knows no locale: UTF-8 is right there, as Python (PEP 538) and click take it.
    """
    codecs.register_error(ERRORS, spelled)
    _open()
    child = any(word.partition("=")[0] == CHILD for word in words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            unknown = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if child or unknown else None, errors=ERRORS)
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")


class Spelled:
    """A standard stream for prompt_toolkit, which writes bytes where it can and "?" for what an
    encoding lacks: without a side for bytes it leaves that to the stream, which spells it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding
        self.write, self.flush = stream.write, stream.flush
        self.fileno, self.isatty = stream.fileno, stream.isatty


def _open() -> None:
    """Open what was closed, on nothing: else the next file of ours takes its number."""
    for number, name in enumerate(STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+" if number else "r"))  # noqa: SIM115


def flush() -> None:
    """Write what waits; a stream that has gone, or has no room, would make the end itself fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def spelled(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that an encoding does not have: plain letters, else "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(SPELLED.get(character, "?") for character in missing), error.end
