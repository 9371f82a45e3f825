"""Owns what places orders, and what only tries to: docs/reference/upbit.md 3.3, 3.8, 3.11."""

from __future__ import annotations

import uuid
from decimal import Decimal

from sandbox.context import Answer, Desk, Endpoint
from sandbox.rejections import Rejected
from sandbox.request_params import Ask, next_wish_of, wish_of
from sandbox.schemas import order_shape


def place(desk: Desk, ask: Ask) -> Answer:
    """The order as it was taken: without fills, whatever it met."""
    return Answer(order_shape(desk.exchange.place(wish_of(ask))), 201)


def test(desk: Desk, ask: Ask) -> Answer:
    """The same checks, and an order that does not exist."""
    return Answer(order_shape(desk.exchange.imagine(wish_of(ask))), 201)


def cancel_and_new(desk: Desk, ask: Ask) -> Answer:
    """The old order as it stood, and the name of the new one."""
    names = ask.one("prev_order_uuid"), ask.one("prev_order_identifier")
    if not any(names):
        raise Rejected("invalid_parameter")
    old = desk.exchange.books.find(*names)
    if old is None or not old.alive:
        raise Rejected("order_not_found")
    wish = next_wish_of(ask, old.order.pair, old.order.side, old.remaining or Decimal(0))
    name = str(uuid.uuid4())
    shape = order_shape(desk.exchange.replace(old, wish, name)) | {"new_order_uuid": name}
    if wish.identifier:
        shape["new_order_identifier"] = wish.identifier
    return Answer(shape)


ENDPOINTS = (
    Endpoint("POST", "/v1/orders", "order", place),
    Endpoint("POST", "/v1/orders/test", "order", test),
    Endpoint("POST", "/v1/orders/cancel_and_new", "order", cancel_and_new),
)
