"""Owns a frame of a socket: its fields in Upbit's long names, written in any of its formats.

Keys, their short forms and their order: docs/reference/upbit.md 6.3 to 6.8. The spelling of numbers
differs by type, stream and format, and follows the frames that were recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from sandbox.wire.numbers import eight, encode, java, plain, whole
from sandbox.wire.short import SHORT

FORMATS = ("DEFAULT", "SIMPLE", "JSON_LIST", "SIMPLE_LIST")
BEST = ("best_ask_price", "best_bid_price")
PRICES = ("ask_price", "bid_price", "level")

Spelling = Callable[[str, Decimal], object]


class Frame:
    """One message about one thing; written once a format, however many read it."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields
        self.kind = str(fields["type"])
        self.code = str(fields.get("code", ""))
        self._written: dict[str, bytes] = {}

    def written(self, form: str) -> bytes:
        """The bytes in one of FORMATS."""
        found = self._written.get(form)
        if found is None:
            body = self.body(form.startswith("SIMPLE"))
            found = encode([body] if form.endswith("_LIST") else body)
            self._written[form] = found
        return found

    def body(self, simple: bool) -> dict[str, object]:
        """The fields with numbers spelled out, under long or short names."""
        names = SHORT[self.kind.partition(".")[0]] if simple else {}
        spelling = _spelling(self.kind, str(self.fields.get("stream_type", "")), simple)
        return _renamed(self.fields, names, spelling)


def listed(frames: Iterable[Frame], form: str) -> bytes:
    """Several frames as one message of a list format."""
    return encode([frame.body(form.startswith("SIMPLE")) for frame in frames])


def _renamed(
    fields: Mapping[str, Any], names: Mapping[str, str], spelling: Spelling
) -> dict[str, object]:
    return {names.get(k, k): _written(k, value, names, spelling) for k, value in fields.items()}


def _written(key: str, value: Any, names: Mapping[str, str], spelling: Spelling) -> object:
    if isinstance(value, Decimal):
        return spelling(key, value)
    if isinstance(value, list):
        return [_renamed(item, names, spelling) for item in value]
    return value


def _spelling(kind: str, stream: str, simple: bool) -> Spelling:
    """How numbers look in frames of this type, stream and format."""
    if kind == "orderbook":
        return _simple_book if simple else _book
    if kind == "trade":
        return _trade_snapshot if stream == "SNAPSHOT" else _trade
    if kind.startswith("candle.") and stream == "REALTIME":
        return lambda key, number: eight(number)
    return lambda key, number: plain(number)


def _book(key: str, number: Decimal) -> object:
    if key == "level":
        return whole(number)
    return java(number) if key in PRICES else eight(number)


def _simple_book(key: str, number: Decimal) -> object:
    return whole(number) if key in PRICES else java(number)


def _trade(key: str, number: Decimal) -> object:
    return whole(number) if key in BEST else plain(number)


def _trade_snapshot(key: str, number: Decimal) -> object:
    return whole(number) if key in BEST else eight(number)
