"""Owns what goes over the wire for an order: its body, and the name it has at the venue."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b32encode

from messages.orders import Order

_BIRTH_MAX, _DIGEST_BYTES = 12, 16  # 12 + 1 + 26 characters: at most 40, Upbit takes 64
_SCHEME = re.compile(r"[A-Za-z0-9]{12}-[a-z2-7]{26}")


def order_body(order: Order, identifier: str) -> str:
    """The JSON of POST /v1/orders (docs/reference/upbit.md 3.3), for ever the same.

    Members in one order, for the hash is taken over them as they stand (1.3); figures as
    strings in plain decimal notation; what does not belong to the order's type is left out.
    """
    members = {
        "market": order.pair,
        "side": order.side,
        "volume": None if order.volume is None else format(order.volume, "f"),
        "price": None if order.price is None else format(order.price, "f"),
        "ord_type": order.ord_type,
        "time_in_force": order.time_in_force or None,
        "identifier": identifier,
    }
    given = {key: value for key, value in members.items() if value is not None}
    return json.dumps(given, separators=(",", ":"))


def identifier(birth: str, id: str) -> str:
    """The venue's name for an intent: which state directory it is from, and which intent.

    At most 40 characters of [A-Za-z0-9-]. The hash covers the whole birth id too, so two births
    that begin alike never meet.
    """
    prefix = _prefix(birth)
    digest = hashlib.sha256(f"{birth}\0{id}".encode()).digest()[:_DIGEST_BYTES]
    return f"{prefix}-{b32encode(digest).decode().rstrip('=').lower()}"


def is_of(birth: str, identifier: str) -> bool:
    """Whether an order bears a name that a state directory of this birth id gave it."""
    return identifier.startswith(f"{_prefix(birth)}-")


def is_ours(identifier: str) -> bool:
    """Whether an order bears a name that some state directory of this bot gave it."""
    return _SCHEME.fullmatch(identifier) is not None


def _prefix(birth: str) -> str:
    return "".join(c for c in birth if c.isascii() and c.isalnum())[:_BIRTH_MAX]
