"""Owns which reading answers which fetch."""

from __future__ import annotations

from typing import assert_never

from adapters.upbit.fetches import market
from adapters.upbit.fetches.account import Came, looked
from adapters.upbit.fetches.past import past
from adapters.upbit.fetches.request import Requester
from adapters.upbit.fetches.snapshot import snapshot
from adapters.upbit.fetches.wallets import wallets
from adapters.upbit.secrets import Secret
from messages.venue_queries import (
    Fetch,
    FetchAccount,
    FetchBook,
    FetchCandles,
    FetchKey,
    FetchMarkets,
    FetchPast,
    FetchSnapshot,
    FetchTerms,
    FetchTicker,
    FetchWallets,
)


def fetch(reading: Requester, call: Fetch, access: Secret | None = None) -> Came:
    """One request at most, whatever comes of it. ``access``: the key that signs."""
    match call:
        case FetchCandles():
            return market.candles(reading, call)
        case FetchBook():
            return market.book(reading, call)
        case FetchAccount():
            return looked(reading, call)
        case FetchPast():
            return past(reading, call)
        case FetchTerms():
            return market.terms(reading, call)
        case FetchMarkets():
            return market.markets(reading, call)
        case FetchKey():
            return market.key(reading, access)
        case FetchTicker():
            return market.ticker(reading, call)
        case FetchWallets():
            return wallets(reading, call)
        case FetchSnapshot():
            return snapshot(reading, call)
        case _:
            assert_never(call)
