"""Owns what the owner's contract test saw of Upbit, kept in the state directory as capabilities.

Reliability 2.1: what Upbit's documentation leaves open, and what sending again rests on.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from app.state_directory import PROBE

NAME, PART = PROBE


class ProbeResult(Struct, frozen=True):
    """What was seen; None is what could not be told. ``at`` is in epoch seconds.

    The letters are those of docs/reference/reliability.md 2.1; ``*_name`` is Upbit's own name of
    the refusal.
    """

    at: float
    host: str
    pair: str
    twice_refused: bool | None = None  # (a) an identifier of a living order, sent again
    twice_name: str = ""
    refusal_burns: bool | None = None  # (b) whether an order that was refused used up its own
    refusal_name: str = ""
    after_cancel_refused: bool | None = None  # (c) an identifier of a cancelled order
    after_cancel_name: str = ""
    lags_ms: tuple[int, ...] = ()  # (d) from the reply to the first look-up that found the order
    not_found: int = 0  # (d) look-ups that did not find it
    fills_have_ids: bool | None = None  # (e) each its own, the same at every look-up
    left_behind: tuple[str, ...] = ()  # identifiers of orders that were not seen to have ended

    @property
    def resend_safe(self) -> bool:
        """Whether an order may be sent again with its identifier: (a) and (c) are proven."""
        return self.twice_refused is True and self.after_cancel_refused is True


def store(state: Path, seen: ProbeResult) -> Path:
    """Keep it; whole or not at all."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    part, path = state / PART, state / NAME
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with open(os.open(part, flags, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(seen)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    return path


def load(state: Path, host: str) -> ProbeResult | None:
    """What was seen of this very host; None when nothing was, or it cannot be read."""
    try:
        seen = msgspec.json.decode((state / NAME).read_bytes(), type=ProbeResult)
    except (OSError, msgspec.MsgspecError):
        return None
    return seen if seen.host == host else None
