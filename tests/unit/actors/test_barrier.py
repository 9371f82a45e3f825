"""The barrier before entries, in a system on a real store: no word of a former life lifts it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from actors.account import Account
from actors.budget import Budget, BudgetState
from actors.entries.strategist import Strategist
from actors.orders.gateway import Gateway
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import System
from actors.trading_state import TradingStateOwner
from messages.account import EntriesAllowed, EntriesBarred
from messages.base import Envelope
from messages.budget import BudgetReserved
from messages.config import Config
from messages.control import AdoptConfig
from messages.orders import OrderIntended, OrderRefused
from messages.trading import LockTaken
from messages.venue_queries import AccountReport, Balance
from persistence.store import Identity, Store

D = Decimal
CAST = (TradingStateOwner, Budget, Account, Gateway, Strategist)
LIVE = Config(dry_run=False)
GOOD = AccountReport(Balance(D(10**6)), asked=0.0)
RESERVED = BudgetReserved("KRW-A@0", "KRW-A", D(10000), D(5), D(100), 1e12)


def life(store: Store, seed: int) -> System:
    """One life of those who hold entries back, up to where it waits for the account."""
    system = System(DeterministicRuntime(0.0, seed), store, CAST)
    system.start([AdoptConfig(LIVE, "b")])
    return stepped(system)


def stepped(system: System) -> System:
    assert isinstance(system.runtime, DeterministicRuntime)
    system.runtime.run_until(0.0)
    assert system.failed is None
    return system


def looked(system: System) -> None:
    """The account comes back."""
    system.send(GOOD, source="fetcher")
    stepped(system)


def stated(store: Store, *kinds: type) -> list[Envelope]:
    return [e for e in store.events() if isinstance(e.body, kinds)]


@pytest.mark.parametrize("seed", range(8))
def test_no_entry_of_a_former_life_is_intended_before_this_one_has_seen_the_account(
    tmp_path: Path, seed: int
) -> None:
    store = Store.create(tmp_path / "state", Identity("b", "live", "upbit", ""), sync=False)
    first = life(store, seed)
    assert stated(store, EntriesAllowed) == []
    assert stated(store, LockTaken)[-1].body.until > 1e17
    looked(first)
    assert len(stated(store, EntriesAllowed)) == 1
    assert stated(store, LockTaken)[-1].body == LockTaken("*", 0.0, "not_reconciled")
    # The power goes with a reservation on its way to the gateway.
    kept = store.load("budget", BudgetState)
    assert kept is not None
    store.commit("budget", kept, [Envelope(RESERVED, 0.0, "budget")])
    second = life(store, seed)
    (barred,), (refused,) = stated(store, EntriesBarred), stated(store, OrderRefused)
    assert barred.number < refused.number
    assert refused.body.reason == "not_reconciled"
    looked(second)
    assert len(stated(store, EntriesAllowed)) == 2
    assert stated(store, OrderIntended) == []
    store.close()
