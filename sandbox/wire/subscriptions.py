"""Owns what a socket's client may ask for, and Upbit's refusal of what it cannot mean.

Sources: docs/reference/upbit.md 6.2, 6.9 and 6.10; texts of errors as far as they were recorded.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from msgspec import Struct

from sandbox.quotes.depth import ROWS
from sandbox.quotes.spans import MINUTES
from sandbox.quotes.track import ZERO
from sandbox.wire.frames import FORMATS

CANDLES = frozenset({"candle.1s", *(f"candle.{count}m" for count in MINUTES)})
PUBLIC = frozenset({"ticker", "trade", "orderbook"}) | CANDLES
PRIVATE = frozenset({"myOrder", "myAsset", "announcement"})
LISTING = "LIST_SUBSCRIPTIONS"
TEXTS = {
    "INVALID_AUTH": "인증 정보가 올바르지 않습니다.",
    "WRONG_FORMAT": "Format 이 맞지 않습니다.",
    "NO_TICKET": "티켓이 존재하지 않거나, 유효하지 않습니다.",
    "NO_TYPE": "타입이 존재하지 않거나, 유효하지 않습니다.",
    "NO_CODES": "코드가 존재하지 않거나, 유효하지 않습니다.",
    "INVALID_PARAM": "파라미터가 올바르지 않습니다.",
    "TOO_MANY_REQUEST": "요청 수 제한을 초과했습니다.",
}


class BadMessage(Exception):
    """A message that Upbit answers with an error: its name and text."""

    def __init__(self, name: str, message: str = "") -> None:
        super().__init__(name)
        self.name, self.message = name, message or TEXTS[name]


class Topic(Struct, frozen=True):
    """One stream of one pair; "" is all pairs, of the private types."""

    kind: str
    code: str = ""
    level: Decimal = ZERO
    rows: int = ROWS


class Subscription(Struct, frozen=True):
    """One type that is asked for, its topics and its codes as they were written."""

    kind: str
    topics: tuple[Topic, ...]
    codes: tuple[str, ...] | None
    snapshot: bool
    realtime: bool
    level: Decimal = ZERO


class Message(Struct, frozen=True):
    """A client's message; without ``form`` the format stays as it is."""

    ticket: str
    wishes: tuple[Subscription, ...]
    form: str
    listing: bool


def read(data: str | bytes, private: bool) -> Message:
    """What a client's message asks for; raises Unwelcome."""
    try:
        parts = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadMessage("WRONG_FORMAT") from None
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise BadMessage("WRONG_FORMAT")
    ticket = parts[0].get("ticket") if parts else None
    if not isinstance(ticket, str) or not ticket:
        raise BadMessage("NO_TICKET")
    form, wishes, listing = "", [], False
    for part in parts[1:]:
        if "type" in part:
            wishes.append(_wish(part, private))
        elif "method" in part:
            listing = _listing(part)
        elif "format" in part:
            form = _form(part)
        else:
            raise BadMessage("NO_TYPE")
    if not wishes and not listing:
        raise BadMessage("NO_TYPE")
    return Message(ticket, tuple(wishes), form or ("" if listing else "DEFAULT"), listing)


def _wish(part: dict[str, Any], private: bool) -> Subscription:
    kind, codes = part["type"], part.get("codes")
    if not isinstance(kind, str) or not kind:
        raise BadMessage("NO_TYPE")
    if kind not in (PRIVATE if private else PUBLIC):
        if kind in PRIVATE:
            raise BadMessage("INVALID_AUTH")  # of the private address
        raise BadMessage("INVALID_PARAM", f"{kind} 은 지원하지 않는 타입입니다.")
    if codes is not None and not _texts(codes):
        raise BadMessage("WRONG_FORMAT")
    if kind == "myAsset" and codes is not None:
        raise BadMessage("WRONG_FORMAT")
    if not private and not codes:
        raise BadMessage("NO_CODES")
    level = _level(part) if kind == "orderbook" else ZERO
    topics = tuple(_topic(kind, code, level) for code in codes or ("",))
    only_snapshot = _flag(part, "is_only_snapshot", "isOnlySnapshot")
    only_realtime = _flag(part, "is_only_realtime", "isOnlyRealtime")
    return Subscription(
        kind,
        topics,
        None if codes is None else tuple(codes),
        snapshot=only_snapshot or not only_realtime,
        realtime=only_realtime or not only_snapshot,
        level=level,
    )


def _topic(kind: str, code: str, level: Decimal) -> Topic:
    pair, dot, rows = code.partition(".")
    if kind != "orderbook" or not dot or not rows.isdecimal():
        return Topic(kind, code, level)
    return Topic(kind, pair, level, min(max(int(rows[:3]), 1), ROWS))


def _texts(codes: object) -> bool:
    return isinstance(codes, list) and all(isinstance(code, str) for code in codes)


def _flag(part: dict[str, Any], *names: str) -> bool:
    return any(part.get(name) in (True, "true") for name in names)


def _level(part: dict[str, Any]) -> Decimal:
    try:
        level = Decimal(str(part.get("level") or 0))
    except InvalidOperation:
        level = Decimal(-1)
    if not level.is_finite() or level < 0:
        raise BadMessage("INVALID_PARAM")
    return level.normalize() + ZERO


def _listing(part: dict[str, Any]) -> bool:
    if part["method"] != LISTING:
        raise BadMessage("INVALID_PARAM")
    return True


def _form(part: dict[str, Any]) -> str:
    form = part["format"]
    if form not in FORMATS:
        raise BadMessage("WRONG_FORMAT")
    return str(form)
