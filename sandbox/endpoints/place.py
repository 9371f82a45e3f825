"""Owns what places orders, and what only tries to: docs/reference/upbit.md 3.3, 3.8, 3.11."""

from __future__ import annotations

import uuid
from decimal import Decimal

from sandbox.context import Answer, Endpoint, SandboxContext
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams, order_request_of, replacement_of
from sandbox.schemas import order_shape


def place(context: SandboxContext, ask: RequestParams) -> Answer:
    """The order as it was taken: without fills, whatever it met."""
    return Answer(order_shape(context.exchange.place(order_request_of(ask))), 201)


def test(context: SandboxContext, ask: RequestParams) -> Answer:
    """The same checks, and an order that does not exist."""
    return Answer(order_shape(context.exchange.imagine(order_request_of(ask))), 201)


def cancel_and_new(context: SandboxContext, ask: RequestParams) -> Answer:
    """The old order as it stood, and the name of the new one."""
    names = ask.one("prev_order_uuid"), ask.one("prev_order_identifier")
    if not any(names):
        raise Rejected("invalid_parameter")
    old = context.exchange.books.find(*names)
    if old is None or not old.alive:
        raise Rejected("order_not_found")
    wish = replacement_of(ask, old.order.pair, old.order.side, old.remaining or Decimal(0))
    name = str(uuid.uuid4())
    shape = order_shape(context.exchange.replace(old, wish, name)) | {"new_order_uuid": name}
    if wish.identifier:
        shape["new_order_identifier"] = wish.identifier
    return Answer(shape)


ENDPOINTS = (
    Endpoint("POST", "/v1/orders", "order", place),
    Endpoint("POST", "/v1/orders/test", "order", test),
    Endpoint("POST", "/v1/orders/cancel_and_new", "order", cancel_and_new),
)
