"""Owns the record of a sweep: a file of lines, the first what it is about, then each result.

Appended as results come, so whatever ends the process, all that was finished is there; a last line
that was cut off is left out. A record of something else is refused.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from research.sweep.space import InvalidSpace
from research.sweep.trial import Result

_DECODER = msgspec.json.Decoder(Result)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
SAME = "a record of the same strategy, configuration, candles and spaces, or a new file"


class ResultLog:
    """Append with ``add``; what was found when it was opened is in ``results``."""

    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        """Open it, or begin it. Raises Unfit for one of something else or in use; OSError."""
        self.path, self.results = path, list[Result]()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._begin(about)
        except BaseException:
            self.close()
            raise

    def _begin(self, about: Mapping[str, str]) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidSpace(
                "another sweep writes to it", str(self.path), "a file of its own"
            ) from None
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        lines = whole.splitlines()
        if lines:
            self._same(lines[0], about)
            self.results = [self._read(line, place) for place, line in enumerate(lines[1:], 2)]
        os.ftruncate(self._file, len(whole))
        os.lseek(self._file, 0, os.SEEK_END)
        if not lines:
            self._write(dict(about))

    def add(self, results: Sequence[Result]) -> None:
        """Keep some."""
        self.results += results
        self._write(*results)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _write(self, *lines: object) -> None:
        os.write(self._file, _ENCODER.encode_lines(lines))

    def _same(self, line: bytes, about: Mapping[str, str]) -> None:
        try:
            found = msgspec.json.decode(line, type=dict[str, str])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise InvalidSpace("it is no record of a sweep", str(self.path), SAME) from None
        for name, value in about.items():
            if found.get(name) != value:
                what = f"it is a record of another {name}: {found.get(name)}, not {value}"
                raise InvalidSpace(what, str(self.path), SAME)

    def _read(self, line: bytes, place: int) -> Result:
        try:
            return _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise InvalidSpace(f"line {place} is no result", str(self.path), SAME) from None
