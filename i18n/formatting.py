"""How figures and moments look to people: Korean time, grouped won, per cent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from core.market.pairs import pair_name as pair_name
from core.market.tick_size import decimals
from core.money import half_even
from messages.plain_values import FOREVER, KST, moment

ENDLESS = "∞"
DASH = "-"
_UNITS = {"en": ("d", "h", "m", "s"), "ko": ("일", "시간", "분", "초")}
_LENGTHS = (86400, 3600, 60, 1)


def kst(at: float | datetime, seconds: bool = True) -> str:
    """Korean wall time: 2025-09-01 09:00:00."""
    when = at if isinstance(at, datetime) else moment(at)
    if when >= FOREVER:
        return ENDLESS
    return when.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def krw(amount: Decimal, signed: bool = False) -> str:
    """An amount to the nearest won: ₩1,234,567."""
    whole = half_even(amount, 0)
    return f"{_sign(whole, signed)}₩{abs(whole):,f}"


def price(figure: Decimal) -> str:
    """A price in the precision of its tick, an average too: ₩128,768,335, ₩0.0123."""
    size = abs(figure)
    rounded = half_even(size, decimals(size)) if size else Decimal(0)
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


def _grouped(figure: Decimal) -> str:
    text = f"{figure:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sign(figure: Decimal, signed: bool) -> str:
    if figure < 0:
        return "-"
    return "+" if signed and figure > 0 else ""
