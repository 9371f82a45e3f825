"""Moments as tables write them, as a recording's: UTC to the second, with a Z."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

UTC_TIMES = ("timestamp_utc", "candle_date_time_utc")
KST_TIMES = ("candle_date_time_kst", "timestamp_kst", "", "unnamed: 0")  # pandas' index: pyupbit's
OTHER_TIMES = ("date", "datetime", "time", "open_time", "timestamp", "index")
TIMES = (*UTC_TIMES, *KST_TIMES, *OTHER_TIMES)  # in the order in which they are looked for
KST = timezone(timedelta(hours=9))
UNITS_OF_EPOCH = {10: 1, 13: 1000, 16: 10**6, 19: 10**9}  # by the number of figures


def zone_of(column: str) -> timezone | None:
    """The zone that a column's name tells for times which say none."""
    if column in UTC_TIMES:
        return UTC
    return KST if column in KST_TIMES else None


def iso(text: str, zone: timezone | None) -> str:
    """A moment as ``2025-09-01T00:00:00Z``; ValueError says what is wrong with it."""
    if text.isascii() and text.isdigit() and len(text) in UNITS_OF_EPOCH:
        moment = datetime.fromtimestamp(int(text) / UNITS_OF_EPOCH[len(text)], UTC)
    else:
        moment = _parsed(text)
        if moment.tzinfo is None and zone is None:
            raise ValueError(
                f"{text!r} says no time zone; name the column timestamp_utc or timestamp_kst"
            )
        moment = moment.replace(tzinfo=moment.tzinfo or zone).astimezone(UTC)
    if moment.microsecond:
        raise ValueError(f"{text!r} is no whole second")
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no time like 2025-09-01T00:00:00Z") from None
