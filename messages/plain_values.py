"""Plain values: decimals, moments and structs as JSON and files have them, times in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec

KST = timezone(timedelta(hours=9), "KST")
FOREVER = datetime(9999, 12, 30, tzinfo=UTC)  # room for every time zone


def moment(at: float) -> datetime:
    """A moment of epoch seconds, UTC; what lies beyond the calendar is its end."""
    return datetime.fromtimestamp(at, UTC) if at < FOREVER.timestamp() else FOREVER


def iso(at: float | datetime) -> str:
    """UTC for files: 2025-09-01T00:00:00Z, with milliseconds only where there are any."""
    when = at if isinstance(at, datetime) else moment(at)
    exact = when.astimezone(UTC)
    whole = exact.microsecond // 1000 == 0
    return exact.strftime("%Y-%m-%dT%H:%M:%S") + ("" if whole else _thousandths(exact)) + "Z"


def plain(figure: Decimal) -> str:
    """A decimal without exponent and without zeros at its end, for files."""
    text = format(figure, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def to_plain(value: Any) -> Any:
    """Anything of ours as JSON has it: decimals as plain text, moments as ISO UTC."""
    kept = msgspec.to_builtins(value, builtin_types=(Decimal, datetime), enc_hook=str)
    return _plained(kept)


def _plained(value: Any) -> Any:
    match value:
        case Decimal():
            return plain(value)
        case datetime():
            return iso(value)
        case dict():
            return {key: _plained(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plained(inner) for inner in value]
    return value


def _thousandths(when: datetime) -> str:
    return f".{when.microsecond // 1000:03d}"
