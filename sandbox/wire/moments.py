"""Owns how Upbit spells moments: UTC and KST, with and without separators."""

from __future__ import annotations

from datetime import UTC, datetime

KOREA = 9 * 3600


def dated(at: float, pattern: str = "%Y-%m-%d") -> str:
    """A UTC moment (epoch seconds) by a pattern of strftime."""
    return datetime.fromtimestamp(at, UTC).strftime(pattern)


def label(start: int) -> str:
    """A candle's start: ``2026-08-03T10:45:00``."""
    return dated(start, "%Y-%m-%dT%H:%M:%S")


def moment(text: str) -> float:
    """Epoch seconds of a time as Upbit takes it; UTC where no zone is named. Raises ValueError."""
    found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
