"""The edge to the venue's orders: one call at a time, and a report of whatever comes of it."""

from __future__ import annotations

from collections.abc import Callable

from actors.orders.rate_limited_edge import RateLimitedEdge
from actors.runtime.edge import Outputs
from messages.orders import Call, CallReport, Dispatch, OrderReport

# What performs a call; it never raises for what a venue or a network may do.
Exchange = Callable[[Call], tuple[OrderReport, CallReport]]


class Venue(RateLimitedEdge):
    """Takes the paper venue's place when the bot trades live."""

    name = "venue"
    accepts = (Dispatch,)

    def perform(self, message: Dispatch) -> Outputs:
        """Touch the venue once."""
        exchange: Exchange = self.system.tools["exchange"]
        return self.ended(exchange(message.call))
