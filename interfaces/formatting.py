"""How figures and moments look: Korean time and grouped won for people, plain and UTC for files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec

from core.market.pairs import pair_name as pair_name
from core.market.ticks import decimals
from core.money import half_even

KST = timezone(timedelta(hours=9), "KST")
FOREVER = datetime(9999, 12, 30, tzinfo=UTC)  # room for every time zone
ENDLESS = "∞"
DASH = "-"
_UNITS = {"en": ("d", "h", "m", "s"), "ko": ("일", "시간", "분", "초")}
_LENGTHS = (86400, 3600, 60, 1)


def moment(at: float) -> datetime:
    """A moment of epoch seconds, UTC; what lies beyond the calendar is its end."""
    return datetime.fromtimestamp(at, UTC) if at < FOREVER.timestamp() else FOREVER


def kst(at: float | datetime, seconds: bool = True) -> str:
    """Korean wall time: 2025-09-01 09:00:00."""
    when = at if isinstance(at, datetime) else moment(at)
    if when >= FOREVER:
        return ENDLESS
    return when.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


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


def krw(amount: Decimal, signed: bool = False) -> str:
    """An amount to the nearest won: ₩1,234,567."""
    whole = half_even(amount, 0)
    return f"{_sign(whole, signed)}₩{abs(whole):,f}"


def price(figure: Decimal) -> str:
    """A price in the precision of its tick, an average too: ₩128,768,335, ₩0.0123."""
    size = abs(figure)
    rounded = half_even(size, decimals(size)) if size else size
    return f"{_sign(figure, False)}₩{rounded:,f}"


def volume(coins: Decimal) -> str:
    """Coins, grouped, at most 8 decimals."""
    return _sign(coins, False) + _grouped(abs(half_even(coins, 8)))


def percent(ratio: Decimal | float, signed: bool = False, places: int = 2) -> str:
    """A ratio as per cent: 1.23%."""
    exact = ratio if isinstance(ratio, Decimal) else Decimal(repr(ratio))
    rounded = half_even(exact * 100, places)
    return f"{_sign(rounded, signed)}{abs(rounded):,f}%"


def duration(seconds: float, language: str = "en") -> str:
    """The two largest units: 1d 2h, 3분 4초."""
    rest, parts = max(0, round(seconds)), []
    for length, unit in zip(_LENGTHS, _UNITS.get(language, _UNITS["en"]), strict=True):
        count, rest = divmod(rest, length)
        parts.append((count, unit))
    first = next((i for i, (count, _) in enumerate(parts) if count), len(parts) - 1)
    shown = [f"{count}{unit}" for count, unit in parts[first : first + 2] if count]
    return " ".join(shown) or f"0{parts[-1][1]}"


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


def _grouped(figure: Decimal) -> str:
    text = f"{figure:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sign(figure: Decimal, signed: bool) -> str:
    if figure < 0:
        return "-"
    return "+" if signed and figure > 0 else ""


def _thousandths(when: datetime) -> str:
    return f".{when.microsecond // 1000:03d}"
