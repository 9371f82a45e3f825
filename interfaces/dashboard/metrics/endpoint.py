"""``/metrics``: a scrape, in Prometheus' text."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from interfaces.dashboard.guard import METRICS
from interfaces.dashboard.metrics.collector import Bot
from interfaces.dashboard.picture import Picture
from interfaces.dashboard.watch import Watch


def endpoint(watch: Watch, picture: Callable[[], Picture]) -> Route:
    """The route; its registry is its own, so that nothing of this process gets in."""
    registry = CollectorRegistry()
    registry.register(Bot(picture))

    async def scrape(request: Request) -> Response:
        if watch.trouble:
            return PlainTextResponse(f"{watch.trouble.what}\n", 503)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Route(METRICS, scrape, methods=["GET"])
