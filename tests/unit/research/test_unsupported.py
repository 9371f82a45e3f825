"""What the kernel cannot play exactly it refuses, by name; it never plays it nearly."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from core.market.candles import CandleSeries
from core.strategy import Signals
from messages.config import Config, OrderTypes, Paper, Protection
from research.markets import columns_of, markets_of
from research.rules import rules_of
from research.unsupported import Unsupported
from tests.unit.research.engines import Written, by_kernel

CONFIG = Config(startup_candle_count=2, slippage_rate=D(0))


def series(*prices: int, said: int = 1, places: int = 8) -> CandleSeries:
    count = len(prices)
    row = np.array(prices, dtype=np.int64)
    time = 1_760_000_040 + 60 * np.arange(count)
    return CandleSeries("KRW-X", 60, places, 0, time, row, row, row, row, np.full(count, said))


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"order_types": OrderTypes(entry="limit")}, "order_types.entry"),
        ({"paper": Paper(fill_share=D("0.5"))}, "paper.fill_share"),
        ({"dry_run": False}, "dry_run"),
        ({"min_order_krw": D(0)}, "min_order_krw"),
        ({"available_capital": D(2_000_000)}, "available_capital"),
        ({"fee_rate": D("0.000000001")}, "fee_rate"),
        ({"stoploss": D("-0.0300000000001")}, "stoploss"),
        ({"stake_amount": D("9999.000000001")}, "stake_amount"),
        ({"protections": (Protection("LowProfitPairs"),)}, "protections"),
        ({"protections": (Protection("CooldownPeriod"),)}, "protections"),
        ({"protections": (Protection("StoplossGuard", unlock_at="01:00"),)}, "protections"),
        ({"protections": (Protection("StoplossGuard", required_profit=D(1)),)}, "protections"),
    ],
)
def test_a_switch_that_only_the_actors_play(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(Unsupported) as found:
        rules_of(structs.replace(CONFIG, **changes))
    assert found.value.problem.where == where


@pytest.mark.parametrize(
    ("history", "changes"),
    [
        (series(10**9, 10**9, 10**9, places=9), {}),
        (series(2**61, 2**61, 2**61), {}),
        (series(10**8, 0, 10**8), {}),
        (series(10**8, 10**8, 31), {"stake_amount": D(10**9)}),
        (series(10**8, 10**8, 2**60), {"min_order_krw": D(1), "dry_run_wallet": D(50)}),
    ],
    ids=["decimals", "height", "nothing", "too much coin", "no coin"],
)
def test_a_history_that_64_bits_do_not_hold(history: CandleSeries, changes: dict[str, Any]) -> None:
    config = structs.replace(CONFIG, **{"dry_run_wallet": D(10**12), **changes})
    with pytest.raises(Unsupported):
        by_kernel([history], config, Written())


def test_an_order_that_the_venue_refuses_for_its_size() -> None:
    config = structs.replace(CONFIG, stake_amount=D(9 * 10**8), dry_run_wallet=D(10**12))
    rising = series(10**8, 10**8, 10**8, 15 * 10**7, 15 * 10**7, said=1)
    with pytest.raises(Unsupported):
        by_kernel([rising], config, Written())


def test_more_orders_at_one_moment_than_the_venue_takes_in_time() -> None:
    exchange = structs.replace(CONFIG.exchange, order_per_minute=4)
    config = structs.replace(CONFIG, exchange=exchange, max_open_trades=9)
    crowd = [structs.replace(series(10**8, 10**8, 10**8), pair=f"KRW-{n}") for n in range(4)]
    assert len(by_kernel(crowd[:2], config, Written()).open) == 2
    with pytest.raises(Unsupported):
        by_kernel(crowd, config, Written())


@pytest.mark.parametrize("entry", [np.ones(2, np.bool_), np.ones(3, np.float64)])
def test_signals_that_are_not_one_truth_a_candle(entry: Any) -> None:
    history = series(10**8, 10**8, 10**8)
    with pytest.raises(ValueError, match="KRW-X"):
        columns_of(markets_of([history], 2), [Signals(entry, np.zeros(3, np.bool_))])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_history_of_hardly_a_candle_has_no_trades(count: int) -> None:
    found = by_kernel([series(*[10**8] * count)], CONFIG, Written())
    assert (found.rows, found.open, found.cash) == ([], [], CONFIG.dry_run_wallet)
