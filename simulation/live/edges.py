"""Owns the edges to a far venue: the real ones, whose calls take time, and that may fail.

An answer to who has died, or to an edge that has failed since, is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from actors.market.live_feed import LiveFeed
from actors.orders.fetcher import Fetcher
from actors.orders.rate_limited_edge import RateLimitedEdge
from actors.orders.venue import Venue
from adapters.upbit import venue
from adapters.upbit.client import Client
from adapters.upbit.fetches.dispatch import fetch
from adapters.upbit.fetches.request import Requester
from adapters.upbit.session import Session
from messages.base import After, Envelope, Message
from messages.orders import Call, QueryOrder, SubmitOrder
from messages.venue_queries import Fetch, FetchBook, TickerReport
from simulation.calls import did
from simulation.live.network import Came, NetworkSession

Perform = Callable[[Client], Iterable[Message | After]]
EDGE_FAILS = 0.004  # of a call, or of a turn of the feed


class EdgeFailed(Exception):
    """An edge breaks on what no one expected."""


def asked_far(
    edge: RateLimitedEdge, envelope: Envelope, did: str, rarely: bool, perform: Perform
) -> None:
    """Let the call of a letter travel; what comes back is reported by the edge that asked."""
    world = edge.system.tools["world"]
    system, post = edge.system, NetworkSession()
    said = tuple(perform(Client(cast(Session, post))))
    fails = world.fault_plan.strikes(f"{edge.name} failed", EDGE_FAILS, world.queue.now)
    if fails and world.fault_plan.random.random() < 0.5:
        raise EdgeFailed

    def hear(came: Came) -> None:
        if fails or world.system is not system:
            world.laws.unheard()
            return
        found = (
            tuple(perform(Client(cast(Session, NetworkSession(came))))) if post.request else said
        )
        for message in edge.ended(found):
            if isinstance(message, TickerReport) and message.sure and message.price:
                world.pricing.answered(message.pair)
            system.send(message, source=edge.name, cause=envelope)

    if post.request:
        world.line.ask(post.request, did, rarely, hear)
    else:
        world.queue.after(0.0, lambda: hear(NetworkSession().call("", "")))
    if fails:
        raise EdgeFailed


class FarVenue(Venue):
    """Orders, look-ups and cancels."""

    def take(self, envelope: Envelope) -> None:
        """One call sets out."""
        call: Call = envelope.body.call
        known = isinstance(call, QueryOrder) and bool(call.uuid)
        try:
            asked_far(self, envelope, did(call), known, lambda client: venue.perform(client, call))
        except EdgeFailed:
            if isinstance(call, SubmitOrder):  # it is looked up now: an edge forgets what it held
                self.system.tools["world"].laws.promises.left(call.identifier)
            raise


class FarFetcher(Fetcher):
    """Pages of candles, looks at the account."""

    def take(self, envelope: Envelope) -> None:
        """One call sets out; nothing is remembered from one to the next."""
        call: Fetch = envelope.body.call
        now, book = self.system.now, isinstance(call, FetchBook)
        did = "book" if book else "fetch"
        asked_far(self, envelope, did, not book, lambda client: fetch(Requester(client, now), call))


class FailingFeed(LiveFeed):
    """The feed, which may fail."""

    def take(self, envelope: Envelope) -> None:
        """One turn."""
        world: Any = self.system.tools["world"]
        if world.fault_plan.strikes("feed failed", EDGE_FAILS, world.queue.now):
            raise EdgeFailed
        super().take(envelope)
