"""The Korean year: which one a moment lies in, and when it began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

KST = timedelta(hours=9)


def korean_year(at: float) -> int:
    """The year of a moment (epoch seconds) in Korea."""
    return (datetime.fromtimestamp(at, UTC) + KST).year


def new_year(year: int) -> float:
    """00:00 KST of its January 1, in epoch seconds."""
    return (datetime(year, 1, 1, tzinfo=UTC) - KST).timestamp()
