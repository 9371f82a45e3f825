"""Owns how a frame's bytes become a value, in one pass, in DEFAULT or in SIMPLE spelling.

What is no frame of the known ones is Unreadable, never a guess. A decoded frame is of a class
below the one in frames.py, so it is matched by kind, not compared for equality. Upbit's data
frames are binary, its other ones may be text: both come here as bytes.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any

import msgspec
from msgspec import Struct, defstruct
from msgspec.json import Decoder
from msgspec.structs import fields

from adapters.upbit.schemas.figures import decoder
from adapters.upbit.socket.frames import (
    Asset,
    Book,
    Candle,
    Error,
    Frame,
    Level,
    MyAsset,
    MyOrder,
    Status,
    Subscriptions,
    Ticker,
    Trade,
    Unreadable,
)
from core.plain import plain

FRAME_MAX = 1024 * 1024  # bytes
TEXT_MAX = 500  # characters of a message or of a reason that are kept
UNITS = {"1s": 1, "1m": 60, "3m": 180, "5m": 300, "10m": 600, "15m": 900}
UNITS |= {"30m": 1800, "60m": 3600, "240m": 14400}

_TAGS: list[tuple[str, type[Struct], int]] = [
    ("ticker", Ticker, 0),
    ("trade", Trade, 0),
    ("orderbook", Book, 0),
    ("myOrder", MyOrder, 0),
    ("myAsset", MyAsset, 0),
    *((f"candle.{unit}", Candle, seconds) for unit, seconds in UNITS.items()),
]
_SHORT = {
    **{"code": "cd", "timestamp": "tms", "trade_timestamp": "ttms", "stream_type": "st"},
    **{"trade_price": "tp", "trade_volume": "tv", "ask_bid": "ab", "sequential_id": "sid"},
    **{
        "delisting_date": "dd",
        "market_state": "ms",
        "opening_price": "op",
        "high_price": "hp",
        "low_price": "lp",
    },
    **{"candle_date_time_utc": "cdttmu", "candle_acc_trade_volume": "catv", "level": "lv"},
    **{"total_ask_size": "tas", "total_bid_size": "tbs", "orderbook_units": "obu"},
    **{"ask_price": "ap", "bid_price": "bp", "ask_size": "as", "bid_size": "bs"},
    **{"uuid": "uid", "state": "s", "identifier": "id", "trade_uuid": "tuid", "price": "p"},
    **{"volume": "v", "executed_volume": "ev", "executed_funds": "ef", "paid_fee": "pf"},
    **{"assets": "ast", "asset_timestamp": "asttms", "currency": "cu"},
    **{"balance": "b", "locked": "l"},
}
_QUOTE = ord('"')


class _Words(Struct):
    name: str
    message: str = ""


class _Listed(Struct):
    type: str
    codes: tuple[str, ...] = ()


class _ListedShort(Struct, rename={"type": "ty", "codes": "cds"}):
    type: str
    codes: tuple[str, ...] = ()


class _Other(Struct):
    """Frames that have no type."""

    type: str | None = None
    ty: str | None = None
    status: str | None = None
    error: _Words | None = None
    result: tuple[_Listed, ...] | None = None
    rslt: tuple[_ListedShort, ...] | None = None


def _spelled(kind: type[Struct], names: dict[str, str], **options: Any) -> type[Struct]:
    """The same shape under other member names, the shapes inside of it too."""
    members: list[Any] = []
    for field in fields(kind):
        shape = field.type
        for inner in (Level, Asset):
            if shape == GenericAlias(tuple, (inner, ...)):
                shape = GenericAlias(tuple, (_spelled(inner, names), ...))
        has_default = field.default is not msgspec.NODEFAULT
        members.append((field.name, shape, field.default) if has_default else (field.name, shape))
    return defstruct(kind.__name__, members, bases=(kind,), rename=names, frozen=True, **options)


def _decoder(tag_field: str, names: dict[str, str]) -> Decoder[Any]:
    """All kinds in one spelling: which one it is, is told by their first member."""
    kinds = [
        _spelled(kind, names, tag_field=tag_field, tag=tag, namespace={"seconds": seconds})
        if kind is Candle
        else _spelled(kind, names, tag_field=tag_field, tag=tag)
        for tag, kind, seconds in _TAGS
    ]
    union: Any = kinds[0]
    for kind in kinds[1:]:
        union |= kind
    return decoder(union)


_LONG_FRAMES, _SHORT_FRAMES = _decoder("type", {}), _decoder("ty", _SHORT)
_OTHERS = Decoder(_Other)
_NO = (msgspec.MsgspecError, ValueError, RecursionError)


def frame_of(data: bytes) -> Frame:
    """The frame; SIMPLE ones begin with {"ty": and DEFAULT ones with {"type":."""
    short = len(data) > 4 and data[4] == _QUOTE
    try:
        frame: Frame = (_SHORT_FRAMES if short else _LONG_FRAMES).decode(data)
    except _NO as error:
        return _odd(data, short, error)
    return frame


def _odd(data: bytes, short: bool, first: Exception) -> Frame:
    """A frame that did not begin like a known one."""
    if len(data) > FRAME_MAX:
        return Unreadable("too large")
    try:
        other = _OTHERS.decode(data)
    except _NO:
        return Unreadable(plain(str(first))[:TEXT_MAX])
    if other.type is not None or other.ty is not None:
        return _turned(data, short, first)
    if other.error:
        return Error(plain(other.error.name)[:TEXT_MAX], plain(other.error.message)[:TEXT_MAX])
    if other.status is not None:
        return Status(other.status[:TEXT_MAX])
    listed = other.result if other.result is not None else other.rslt
    if listed is not None:
        return Subscriptions(tuple((item.type, item.codes) for item in listed))
    return Unreadable(plain(str(first))[:TEXT_MAX])


def _turned(data: bytes, short: bool, first: Exception) -> Frame:
    """Perhaps in the other spelling, with its type somewhere behind the first member."""
    try:
        frame: Frame = (_LONG_FRAMES if short else _SHORT_FRAMES).decode(data)
    except _NO:
        return Unreadable(plain(str(first))[:TEXT_MAX])
    return frame
