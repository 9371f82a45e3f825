"""What is folded from the journal of a real run is what its owners remember."""

from __future__ import annotations

from pathlib import Path

import pytest

from actors.budget import BudgetState
from app.composition import build
from app.config.config_file import load
from app.replay import Replay
from core.market.synthetic import synthetic_market
from core.trading.trades import HoldingsState
from interfaces.views import Ledger
from persistence.record import Identity
from persistence.store import Store
from projections.trades import exported

TIGHT = {
    "JANGBU__STOPLOSS": "-0.01",
    "JANGBU__PARTIAL_EXIT_PROFIT": "0.01",
    "JANGBU__COOLDOWN_MINUTES": "30",
    "JANGBU__AVAILABLE_CAPITAL": "150000",
}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_ledger_agrees_with_the_owners_to_the_last_digit(tmp_path: Path, seed: int) -> None:
    loaded = load(None, TIGHT)
    with Store.create(tmp_path / "state", Identity("b", "paper", "upbit", ""), sync=False) as store:
        candle_series = synthetic_market(seed=seed, days=1)
        replay = Replay(candle_series, loaded.strategy.strategy, bulk=True)
        bot = build(loaded.config, replay, store, runtime="steps")
        bot.start()
        bot.run()
        ledger = Ledger()
        ledger.catch_up(store)
        budget = store.load("budget", BudgetState)
        holdings = store.load("holdings", HoldingsState)
        assert budget
        assert holdings
        assert ledger.trades.closed
        assert ledger.cash.now == budget.state.cash
        assert sum(ledger.cash.reserved.values()) == budget.state.cash - budget.state.free
        assert set(ledger.trades.open) == set(holdings.state.trades)
        for name, trade in holdings.state.trades.items():
            seen = ledger.trades.open[name]
            assert (seen.volume, seen.stake, seen.fee) == (trade.volume, trade.funds, trade.fee)
            assert (seen.price, seen.max_price) == (trade.price, trade.max_price)
        rows = exported(ledger.trades)
        assert sum(row["is_open"] for row in rows) == len(holdings.state.trades)
