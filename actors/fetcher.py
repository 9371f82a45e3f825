"""The edge to what a venue can tell beside orders: past candles, and the account.

Apart from the orders' edge, so that no exit waits behind a page of candles.
"""

from __future__ import annotations

from collections.abc import Callable

from actors.machinery.edge import Edge, Outcome
from messages.fetching import AccountReport, CandlesReport, DispatchFetch, Fetch
from messages.orders import CallReport

# What performs a fetch; it never raises for what a venue or a network may do.
Archive = Callable[[Fetch], tuple[CandlesReport | AccountReport, CallReport]]


class Fetcher(Edge):
    """One page, or one look at the account, at a time."""

    name = "fetcher"
    accepts = (DispatchFetch,)

    def perform(self, message: DispatchFetch) -> Outcome:
        """Ask once."""
        archive: Archive = self.system.tools["archive"]
        return archive(message.call)
