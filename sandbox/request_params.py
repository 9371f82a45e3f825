"""Owns what a client asked with: its parameters, and the values that may be made of them.

Everything here refuses with ``validation_error`` or ``invalid_parameter``:
docs/reference/upbit.md 3.3, 3.9 and 4.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, cast
from urllib.parse import parse_qsl

from msgspec import Struct

from core.money import money
from messages.orders import Order, OrdType, Side
from sandbox.exchange import OrderRequest
from sandbox.rejections import Rejected
from sandbox.tokens import Key

LONGEST_IDENTIFIER = 64
KINDS = ("limit", "price", "market", "best")
MODES = ("", "none", "cancel_maker", "cancel_taker", "reduce")


class RequestParams(Struct, frozen=True):
    """A request that has passed the gate: its parameters by name, and whose it is."""

    params: dict[str, list[str]]
    key: Key = Key()

    def one(self, name: str, default: str = "") -> str:
        """A parameter that is given once at most."""
        return self.params.get(name, [default])[-1]

    def many(self, name: str) -> list[str]:
        """A parameter that may be repeated, with or without brackets."""
        return [*self.params.get(f"{name}[]", []), *self.params.get(name, [])]

    def listed(self, name: str) -> list[str]:
        """A list parted by commas."""
        return [part for part in self.one(name).split(",") if part]

    def count(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to ``most``."""
        text = self.one(name, str(default))
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
            raise Rejected("invalid_parameter")
        return int(text)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of these words; the first when it is left out."""
        text = self.one(name, choices[0])
        if text not in choices:
            raise Rejected("invalid_parameter")
        return text

    def moment(self, name: str) -> float | None:
        """Epoch seconds, from ISO 8601 with a zone or from ms."""
        text = self.one(name)
        if not text:
            return None
        if text.isascii() and text.isdigit():
            return int(text[:18]) / 1000
        try:
            found = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError as error:
            raise Rejected("invalid_parameter") from error
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def params_of(query: bytes, members: Mapping[str, Any]) -> dict[str, list[str]]:
    """Parameters of a query string and of a JSON body."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        found.setdefault(name, []).append(value)
    for name, value in members.items():
        if value is not None:
            items = value if isinstance(value, list) else [value]
            found.setdefault(name, []).extend(str(item) for item in items)
    return found


def order_request_of(ask: RequestParams) -> OrderRequest:
    """The order of POST /orders. Raises Rejected."""
    order = Order(
        id="",
        trade="",
        pair=ask.one("market"),
        side=cast(Side, ask.one("side")),
        ord_type=cast(OrdType, ask.one("ord_type")),
        price=_amount(ask, "price"),
        volume=_amount(ask, "volume"),
        time_in_force=ask.one("time_in_force"),
    )
    _demand("market", bool(order.pair))
    _demand("side", order.side in ("bid", "ask"))
    _demand("ord_type", order.ord_type in KINDS)
    return OrderRequest(order, _identifier(ask, "identifier"), _mode(ask, "smp_type"))


def replacement_of(
    ask: RequestParams, pair: str, side: Literal["bid", "ask"], left: Decimal
) -> OrderRequest:
    """The new order of POST /orders/cancel_and_new; ``left`` is the old one's remaining volume."""
    remain = ask.one("new_volume") == "remain_only"
    order = Order(
        id="",
        trade="",
        pair=pair,
        side=side,
        ord_type=cast(OrdType, ask.one("new_ord_type")),
        price=_amount(ask, "new_price"),
        volume=left if remain else _amount(ask, "new_volume"),
        time_in_force=ask.one("new_time_in_force"),
    )
    _demand("new_ord_type", order.ord_type in KINDS)
    return OrderRequest(order, _identifier(ask, "new_identifier"), _mode(ask, "new_smp_type"))


def _amount(ask: RequestParams, name: str) -> Decimal | None:
    text = ask.one(name)
    try:
        return money(text) if text else None
    except ValueError:
        _demand(name, False)
        raise


def _identifier(ask: RequestParams, name: str) -> str:
    text = ask.one(name)
    _demand(name, len(text) <= LONGEST_IDENTIFIER)
    return text


def _mode(ask: RequestParams, name: str) -> str:
    text = ask.one(name)
    _demand(name, text in MODES)
    return text


def _demand(name: str, holds: bool) -> None:
    if not holds:
        raise Rejected("validation_error", f"{name} is missing, {name} does not have a valid value")
