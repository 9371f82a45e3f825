"""Owns the exchange's routes: which handler answers what, and who may ask.

A request is refused before its handler sees it: doubled headers, a body where none may be, a
token, a scope. docs/reference/upbit.md 1.1, 1.5 and 1.6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.context import Answer, Endpoint, SandboxContext
from sandbox.endpoints import cancel, funding, orders, place, wallets
from sandbox.rejections import Rejected
from sandbox.request_params import RequestParams, params_of
from sandbox.tokens import body_members, body_text, query_text

JSON = "application/json;charset=UTF-8"
ENDPOINTS = (
    *place.ENDPOINTS,
    *orders.ENDPOINTS,
    *cancel.ENDPOINTS,
    *wallets.ENDPOINTS,
    *funding.ENDPOINTS,
)


def routes(context: SandboxContext) -> list[Route]:
    """Every exchange endpoint, with its whole path."""
    return [Route(e.path, handler(context, e), methods=[e.method]) for e in ENDPOINTS]


def handler(
    context: SandboxContext, endpoint: Endpoint
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint behind its checks."""

    async def handle(request: Request) -> Response:
        try:
            body = await request.body()
            return response(endpoint.answer(context, _asked(context, endpoint, request, body)))
        except Rejected as no:
            return response(Answer(no.body(), no.status))

    return handle


def response(answer: Answer) -> Response:
    """As JSON, without escapes."""
    return Response(msgspec.json.encode(answer.body), answer.status, media_type=JSON)


def _asked(
    context: SandboxContext, endpoint: Endpoint, request: Request, body: bytes
) -> RequestParams:
    """What is asked, by a key that may. Raises Rejected."""
    if max(Counter(name for name, _ in request.headers.items()).values()) > 1:
        raise Rejected("bad_request", "duplicated header")
    query, posts = request.scope["query_string"], endpoint.method == "POST"
    on = context.exchange.switches
    members = body_members(body, on.numbers) if posts and _is_json(request, body) else {}
    texts = [body_text(members) if members else query_text(query)]
    if on.encoded_hash and not members:
        texts.append(query.decode("latin-1"))
    key = context.tokens.verify(request.headers, *texts)
    if endpoint.scope and endpoint.scope not in key.scopes:
        raise Rejected("out_of_scope")
    if body.strip() and endpoint.method == "DELETE":
        raise Rejected("QUERY_PARAMETER_NOT_SUPPORTED")
    return RequestParams(params_of(query, members), key)


def _is_json(request: Request, body: bytes) -> bool:
    """Bodies are JSON; a form has been refused since 2022-03-01."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body.strip() and kind != "application/json":
        raise Rejected("invalid_parameter", "Content-Type: application/json; charset=utf-8")
    return True
