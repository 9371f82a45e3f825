"""Owns the texts that ask a socket for data (docs/reference/upbit.md 6.2).

A new request on the same socket replaces the former one whole. Codes that Upbit does not know are
silently ignored, so silence proves nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

PING = "PING"


class Topic(Struct, frozen=True):
    """One kind of frames: "ticker", "trade", "orderbook", "candle.1m", "myOrder", "myAsset".

    codes: pairs; none for myAsset, none = all for myOrder. fresh: no snapshot first.
    """

    type: str
    codes: Sequence[str] = ()
    fresh: bool = False


def request_text(topics: Sequence[Topic], simple: bool = False, ticket: str = "") -> str:
    """The request for these topics; SIMPLE frames are a third of the size."""
    parts: list[dict[str, Any]] = [{"ticket": ticket or str(uuid.uuid4())}]
    for topic in topics:
        part: dict[str, Any] = {"type": topic.type}
        if topic.codes and topic.type != "myAsset":
            part["codes"] = [code.upper() for code in topic.codes]
        if topic.fresh:
            part["is_only_realtime"] = True
        parts.append(part)
    parts.append({"format": "SIMPLE" if simple else "DEFAULT"})
    return msgspec.json.encode(parts).decode()


def listing_text(ticket: str = "") -> str:
    """Asks what the socket is subscribed to."""
    parts = [{"ticket": ticket or str(uuid.uuid4())}, {"method": "LIST_SUBSCRIPTIONS"}]
    return msgspec.json.encode(parts).decode()
