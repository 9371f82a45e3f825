"""Owns the cancellations: docs/reference/upbit.md 3.10."""

from __future__ import annotations

from sandbox.context import Answer, Endpoint, SandboxContext
from sandbox.endpoints.orders import ORDER_BY, named
from sandbox.records import StoredOrder
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams
from sandbox.schemas import batch_shape, order_shape

IDS_MOST, PAIRS_MOST, COUNT_MOST = 20, 20, 300
SIDES = {"all": ("bid", "ask"), "bid": ("bid",), "ask": ("ask",)}


def cancel(context: SandboxContext, ask: RequestParams) -> Answer:
    """One order, as it stood before: usually ``wait``."""
    uuid, identifier = ask.one("uuid"), ask.one("identifier")
    if not (uuid or identifier):
        raise Rejected("bad_request")
    found = context.exchange.books.find(uuid, identifier)
    if found is None:
        raise Rejected("order_not_found")
    return Answer(order_shape(context.exchange.cancel(found)))


def cancel_by_ids(context: SandboxContext, ask: RequestParams) -> Answer:
    """Up to twenty orders."""
    return _batch(context, named(context, ask, IDS_MOST))


def cancel_open(context: SandboxContext, ask: RequestParams) -> Answer:
    """Waiting orders of a side, of pairs or quotes; the twenty newest unless told otherwise."""
    sides = SIDES[ask.choice("cancel_side", tuple(SIDES))]
    pairs, quotes = ask.listed("pairs"), ask.listed("quote_currencies")
    excluded = ask.listed("excluded_pairs")
    if (pairs and quotes) or max(len(pairs), len(excluded)) > PAIRS_MOST:
        raise Rejected("invalid_parameter")
    found = [
        order
        for order in context.exchange.books.resting()
        if order.state == "wait"
        and order.order.side in sides
        and order.order.pair not in excluded
        and (not pairs or order.order.pair in pairs)
        and (not quotes or order.order.pair.partition("-")[0] in quotes)
    ]
    found.sort(key=lambda o: o.number, reverse=ask.choice("order_by", ORDER_BY) == "desc")
    return _batch(context, found[: ask.count("count", 20, COUNT_MOST)])


def _batch(context: SandboxContext, orders: list[StoredOrder]) -> Answer:
    """Newest first, as recorded; one that has ended fails."""
    orders = sorted(orders, key=lambda o: -o.number)
    done = [context.exchange.cancel(order) for order in orders if order.alive]
    return Answer(batch_shape(done, [order for order in orders if not order.alive]))


ENDPOINTS = (
    Endpoint("DELETE", "/v1/order", "order", cancel),
    Endpoint("DELETE", "/v1/orders/uuids", "order", cancel_by_ids),
    Endpoint("DELETE", "/v1/orders/open", "order", cancel_open),
)
