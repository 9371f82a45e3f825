"""Wallets as Upbit lists them: coin by coin over its networks, and each row by itself."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.upbit.fetches.wallets import states_of
from messages.venue_queries import WalletsReport


def row(coin: Any, state: Any, **more: Any) -> dict[str, Any]:
    return {"currency": coin, "wallet_state": state, **more}


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["working"], "working"),
        (["paused"], "paused"),
        (["deposit_only"], "deposit_only"),
        (["withdraw_only", "paused"], "withdraw_only"),
        (["paused", "working"], "working"),
        (["deposit_only", "withdraw_only"], "working"),
        (["unsupported"], "unsupported"),
        (["another_word"], "another_word"),
    ],
)
def test_what_works_on_any_network_of_a_coin_works(states: list[str], told: str) -> None:
    assert states_of([row("BTC", state) for state in states]).states == {"BTC": told}


@pytest.mark.parametrize("bad", [None, "x", 7, [], {}, row(None, "paused"), row(7, "paused")])
def test_a_row_that_names_no_coin_costs_no_other(bad: Any) -> None:
    assert states_of([bad, row("XRP", "paused")]) == WalletsReport({"XRP": "paused"})


@pytest.mark.parametrize("state", [None, 7, {}, "", "a\x1b[2J", "x" * 65])
def test_a_coin_whose_row_cannot_be_read_is_told_apart_from_one_that_works(state: Any) -> None:
    found = states_of([row("BTC", state), row("BTC", "working"), row("XRP", "working")])
    assert found == WalletsReport({"XRP": "working"}, ("BTC",))
