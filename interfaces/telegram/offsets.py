"""Owns up to which update everything was taken in, in a small file of the state directory."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import msgspec
from msgspec import Struct

NAME = "telegram.json"
FORGOTTEN_SECONDS = 6 * 86400.0  # after a week without updates Telegram numbers them anew


class _Kept(Struct):
    next: int
    at: float


class Offset:
    """``next`` is the first update that was not taken in; 0 = whatever there is."""

    def __init__(self, state: Path) -> None:
        self._path = state / NAME
        self.next = 0
        with contextlib.suppress(OSError, msgspec.MsgspecError, ValueError):
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
            if 0 <= time.time() - kept.at < FORGOTTEN_SECONDS:
                self.next = kept.next

    def keep(self, following: int) -> None:
        """On the disk when this returns. Raises OSError."""
        part = self._path.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, msgspec.json.encode(_Kept(following, time.time())))
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(self._path)
        self.next = following
