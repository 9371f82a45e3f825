"""The edge to what a venue can tell beside orders: past candles, the account, the market.

Apart from the orders' edge, so that no exit waits behind a page of candles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actors.orders.rate_limited_edge import RateLimitedEdge
from actors.runtime.edge import Outputs
from messages.base import After, Message
from messages.venue_queries import DispatchFetch, Fetch

# What performs a fetch, one request at most; it never raises for what a venue or a network may do.
# It gives what is known now (a report, or the fetch that goes on from here) and how the call went.
Archive = Callable[[Fetch], Sequence[Message | After]]


class Fetcher(RateLimitedEdge):
    """One page, one step of a look at the account, at a time."""

    name = "fetcher"
    accepts = (DispatchFetch,)

    def perform(self, message: DispatchFetch) -> Outputs:
        """Ask once."""
        archive: Archive = self.system.tools["archive"]
        return self.ended(archive(message.call))
