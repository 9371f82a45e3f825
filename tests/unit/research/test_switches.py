"""Every switch of the configuration that trades may hang on, turned: still the same trades."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from core.market.candles import CandleSeries, between
from core.market.synthetic import START, synthetic_market
from messages.config import Config, Protection
from simulation.leaver import Leaver
from tests.support.simulation import TIGHT
from tests.unit.research.engines import by_actors, by_kernel

HOURS = 14


def guard(**more: Any) -> Protection:
    return Protection("StoplossGuard", **{"stop_duration": 60, "trade_limit": 2, **more})


def drawdown(allowed: str, **more: Any) -> Protection:
    given = {"stop_duration": 30, "trade_limit": 3, "lookback_period": 240, **more}
    return Protection("MaxDrawdown", max_allowed_drawdown=D(allowed), **given)


SWITCHES: dict[str, dict[str, Any]] = {
    "fee": {"fee_rate": D("0.00139")},
    "no fee": {"fee_rate": D(0)},
    "no slippage": {"slippage_rate": D(0)},
    "much slippage": {"slippage_rate": D("0.0123")},
    "one slot": {"max_open_trades": 1},
    "many slots": {"max_open_trades": 50, "dry_run_wallet": D(10**9)},
    "no cooldown": {"cooldown_minutes": 0},
    "long cooldown": {"cooldown_minutes": 90},
    "wide stop": {"stoploss": D("-0.05")},
    "small gain": {"minimal_roi": D("0.009"), "partial_exit_profit": D("0.004")},
    "trailing at once": {
        "trailing_stop_positive": D("0.0011"),
        "trailing_stop_positive_offset": D("0.0012"),
    },
    "a small part": {"partial_exit_ratio": D("0.07"), "partial_exit_profit": D("0.002")},
    "a part that leaves too little": {
        "partial_exit_ratio": D("0.97"),
        "partial_exit_profit": D("0.002"),
        "stake_amount": D(100000),
    },
    "the whole as a part": {"partial_exit_ratio": D(1), "partial_exit_profit": D("0.002")},
    "a stake of pennies": {"stake_amount": D("5777.12345678"), "stoploss": D("-0.01")},
    "cash exhausted": {"dry_run_wallet": D("1000000.55"), "stake_amount": D("600000.5")},
    "less capital than the wallet": {"available_capital": D(450000)},
    "dust": {"stake_amount": D(5420), "partial_exit_profit": D("0.001"), "stoploss": D("-0.03")},
    "greater orders": {"min_order_krw": D("300000.5")},
    "blacklist": {"pair_blacklist": ("KRW-BTC", "KRW-SHIB")},
    "whitelist in its own order": {"pair_whitelist": ("KRW-XRP", "KRW-BTC", "KRW-DOGE")},
    "startup": {"startup_candle_count": 200},
    "guard": {"protections": (guard(lookback_period=120),)},
    "guard in candles": {
        "protections": (guard(lookback_period_candles=120, stop_duration_candles=60),)
    },
    "guard of each pair": {"protections": (guard(only_per_pair=True, lookback_period=600),)},
    "two guards": {
        "protections": (
            guard(lookback_period=120, stop_duration=200),
            guard(lookback_period=60, trade_limit=1, stop_duration=10),
        )
    },
    "drawdown": {"protections": (drawdown("0.004"),)},
    "guard and drawdown": {
        "protections": (drawdown("0.006"), guard(lookback_period=180, trade_limit=3))
    },
    "daily loss": {"max_daily_loss_krw": D("9000.5"), "day_starts_at": "05:30"},
}


@pytest.fixture(scope="module")
def candle_series() -> list[CandleSeries]:
    made = synthetic_market(7, days=1)
    return [between(series, START, START + HOURS * 3600) for series in made]


@pytest.fixture(scope="module")
def plain(candle_series: list[CandleSeries]) -> Any:
    return by_kernel(candle_series, TIGHT, Leaver())


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_turned(
    name: str, candle_series: list[CandleSeries], plain: Any, tmp_path: Path
) -> None:
    config: Config = structs.replace(TIGHT, **SWITCHES[name])
    found = by_kernel(candle_series, config, Leaver())
    assert found == by_actors(candle_series, config, tmp_path / "state", Leaver())
    assert found != plain, "a switch that changes nothing proves nothing"
