"""Owns the look-ups of orders: docs/reference/upbit.md 3.9."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.context import Answer, Endpoint, SandboxContext
from sandbox.records import StoredOrder
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams
from sandbox.schemas import order_shape

WINDOW = 7 * 86400.0  # s, of closed orders
IDS_MOST = 100
ORDER_BY = ("desc", "asc")


def order(context: SandboxContext, ask: RequestParams) -> Answer:
    """One order with its fills."""
    uuid, identifier = ask.one("uuid"), ask.one("identifier")
    if not (uuid or identifier):
        raise Rejected("invalid_parameter")
    found = context.exchange.books.find(uuid, identifier)
    if found is None or not list(_seen(context, [found], "GET /v1/order")):
        raise Rejected("order_not_found")
    return Answer(order_shape(found, trades=True))


def by_ids(context: SandboxContext, ask: RequestParams) -> Answer:
    """Those of up to a hundred orders that are known."""
    found = named(context, ask, IDS_MOST)
    return _listed(context, ask, found, "GET /v1/orders/uuids")


def open_orders(context: SandboxContext, ask: RequestParams) -> Answer:
    """Orders that wait."""
    states = _states(ask, ("wait", "watch"), ("wait",))
    page, limit = ask.count("page", 1, 10**6), ask.count("limit", 100, 100)
    resting = (o for o in context.exchange.books.resting() if o.state in states)
    return _listed(context, ask, resting, "GET /v1/orders/open", (page - 1) * limit, limit)


def closed_orders(context: SandboxContext, ask: RequestParams) -> Answer:
    """Orders that have ended, made within seven days at most."""
    states = _states(ask, ("done", "cancel"), ("done", "cancel"))
    limit, (start, end) = ask.count("limit", 100, 1000), _window(ask, context.exchange.now())
    every = context.exchange.books.orders.values()
    found = (o for o in every if o.state in states and start <= o.created_at <= end)
    return _listed(context, ask, found, "GET /v1/orders/closed", 0, limit)


def all_orders(context: SandboxContext, ask: RequestParams) -> Answer:
    """The list of before 2024-06-27, which may still answer at Upbit."""
    if not context.exchange.switches.old_list:
        raise Rejected("not_found", "no Route matched with those values", 404)
    states = _states(ask, ("wait", "watch", "done", "cancel"), ("wait",))
    page, limit = ask.count("page", 1, 10**6), ask.count("limit", 100, 100)
    found = (o for o in context.exchange.books.orders.values() if o.state in states)
    return _listed(context, ask, found, "GET /v1/orders", (page - 1) * limit, limit)


def named(context: SandboxContext, ask: RequestParams, most: int) -> list[StoredOrder]:
    """The known orders among those that a request names; by either kind of name, not both."""
    uuids, identifiers = ask.many("uuids"), ask.many("identifiers")
    if bool(uuids) == bool(identifiers) or len(uuids) + len(identifiers) > most:
        raise Rejected("invalid_parameter")
    find = context.exchange.books.find
    found = [*map(find, uuids), *(find(identifier=name) for name in identifiers)]
    return list({o.uuid: o for o in found if o is not None}.values())


def _states(ask: RequestParams, known: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    given = [*ask.many("states"), *ask.many("state")]
    if not set(given) <= set(known):
        raise Rejected("invalid_parameter")
    return tuple(given) or usual


def _window(ask: RequestParams, now: float) -> tuple[float, float]:
    """From when to when; one end alone gives seven days, none the last seven."""
    start, end = ask.moment("start_time"), ask.moment("end_time")
    if start is None:
        end = now if end is None else end
        start = end - WINDOW
    elif end is None:
        end = start + WINDOW
    if not 0 <= end - start <= WINDOW:
        raise Rejected("invalid_parameter")
    return start, end


def _listed(
    context: SandboxContext,
    ask: RequestParams,
    orders: Iterable[StoredOrder],
    endpoint: str,
    skip: int = 0,
    limit: int = IDS_MOST,
) -> Answer:
    """Orders of the market that was asked for, in the order that was asked for."""
    market, newest_first = ask.one("market"), ask.choice("order_by", ORDER_BY) == "desc"
    found = [o for o in _seen(context, orders, endpoint) if market in ("", o.order.pair)]
    found.sort(key=lambda o: o.number, reverse=newest_first)
    return Answer([order_shape(o, listed=True) for o in found[skip : skip + limit]])


def _seen(
    context: SandboxContext, orders: Iterable[StoredOrder], endpoint: str
) -> Iterable[StoredOrder]:
    """Without those that a lag of the look-up hides yet."""
    lag = context.faults.seconds("lag", endpoint)
    now = context.exchange.now()
    return (o for o in orders if not lag or now - o.created_at >= lag)


ENDPOINTS = (
    Endpoint("GET", "/v1/order", "order_view", order),
    Endpoint("GET", "/v1/orders/uuids", "order_view", by_ids),
    Endpoint("GET", "/v1/orders/open", "order_view", open_orders),
    Endpoint("GET", "/v1/orders/closed", "order_view", closed_orders),
    Endpoint("GET", "/v1/orders", "order_view", all_orders),
)
