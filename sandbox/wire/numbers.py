"""Owns how Upbit spells numbers, which is not the same everywhere; never a digit is lost.

Seen on its wire (recorded replies and frames): ``103460000.0`` in tickers, candles and trades;
``103460000`` in books and best prices; ``0.00077720`` and ``1.16539E8`` in frames of books;
``91180000.00000000`` in frames of candles. All of them are numbers of JSON.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_LARGE, _SMALL = Decimal(10_000_000), Decimal("0.001")


def encode(value: object) -> bytes:
    """JSON of rows whose numbers are spelled already (Raw) or may be as they are."""
    return _ENCODER.encode(value)


def plain(number: Decimal) -> msgspec.Raw:
    """``103460000.0``: no exponent, at least one decimal."""
    text = _short(number)
    return msgspec.Raw((text if "." in text else text + ".0").encode())


def whole(number: Decimal) -> msgspec.Raw:
    """``103460000``: no decimal where there is none."""
    return msgspec.Raw(_short(number).encode())


def eight(number: Decimal) -> msgspec.Raw:
    """``91180000.00000000``: eight decimals; finer ones, of a turnover, are rounded."""
    return msgspec.Raw(f"{number:.8f}".encode())


def java(number: Decimal) -> msgspec.Raw:
    """``1.16539E8``, ``7.9276E-4``, ``0.05``: the Double.toString of Upbit's language."""
    if not number or _SMALL <= abs(number) < _LARGE:
        return plain(number)
    head, _, exponent = f"{number:E}".partition("E")
    whole_part, _, decimals = head.partition(".")
    text = f"{whole_part}.{decimals.rstrip('0') or '0'}E{int(exponent)}"
    return msgspec.Raw(text.encode())


def _short(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
