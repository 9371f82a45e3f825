"""Wallet states by coin: of a coin on several networks, what works on any of them works."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.upbit.answers import Failure
from adapters.upbit.fetches.account import Came
from adapters.upbit.fetches.request import Requester, reason_of
from adapters.upbit.replies import NoData, Refused
from messages.venue_queries import FetchWallets, WalletsReport

WORKING, DEPOSITS, WITHDRAWALS = "working", "deposit_only", "withdraw_only"
NAME_MAX = 64  # characters of a coin's or a state's name


def wallets(reading: Requester, _call: FetchWallets) -> Came:
    """Every coin. A list that cannot be had says nothing of any of them."""
    reply, went = reading.ask("/v1/status/wallet", reading.client.wallet_rows)
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        return WalletsReport(failed=reason_of(value)), went
    return states_of(value), went


def states_of(rows: Iterable[Any]) -> WalletsReport:
    """The list row by row; one that cannot be read leaves its coin as it was."""
    found: dict[str, set[str]] = {}
    unread: set[str] = set()
    for row in rows:
        coin, state = _named(row, "currency"), _named(row, "wallet_state")
        if coin and state:
            found.setdefault(coin, set()).add(state)
        elif coin:
            unread.add(coin)
    states = {coin: _merged(states) for coin, states in sorted(found.items()) if coin not in unread}
    return WalletsReport(states, tuple(sorted(unread)))


def _named(row: Any, name: str) -> str:
    """A row's text under this name; "" when there is none."""
    text = row.get(name) if isinstance(row, dict) else None
    return text if isinstance(text, str) and text.isprintable() and len(text) <= NAME_MAX else ""


def _merged(states: set[str]) -> str:
    """What all networks of a coin come to."""
    if WORKING in states or {DEPOSITS, WITHDRAWALS} <= states:
        return WORKING
    return next((some for some in (DEPOSITS, WITHDRAWALS) if some in states), min(states))
