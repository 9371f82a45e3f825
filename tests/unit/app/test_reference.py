"""The actors against a plain loop of the same rules: every row, every digit."""

from __future__ import annotations

from decimal import localcontext
from pathlib import Path

import pytest
from msgspec import structs

from adapters.recording import read
from app.composition import build
from app.replay import Replay
from core.market.candles import CandleSeries, columns
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from core.strategy import Strategy, params_of, signals_of
from messages.config import Config
from messages.trading import DustKept, TradeClosed, TradeReduced
from persistence.store import Store
from tests.support.dense_config import TIGHTEST, check_tight
from tests.support.recorded import SEPTEMBER, needed
from tests.support.reference import DOWN, replay
from tests.support.simulation import BIRTH, TIGHT
from tests.support.strategies import Leaver

CONFIGS = {"default": Config(), "tight": TIGHT, "tightest": TIGHTEST}


def strategy_of(config: Config) -> Strategy:
    """The tightest one needs a strategy that leaves on its own."""
    return Leaver() if config is TIGHTEST else BUILT_IN[config.strategy]


def rows(
    candle_series: list[CandleSeries], config: Config, folder: Path
) -> list[dict[str, object]]:
    """What the actors' rows say, without the trade's id."""
    store = Store.create(folder, BIRTH, sync=False)
    bot = build(
        config, Replay(candle_series, strategy_of(config), bulk=True), store, runtime="steps"
    )
    bot.start()
    assert bot.run().reason == "finished"
    ends = TradeClosed | TradeReduced | DustKept
    events = [e.body for e in store.events() if isinstance(e.body, ends)]
    bot.stop()
    return [{k: v for k, v in structs.asdict(e.row).items() if k != "trade"} for e in events]


def expected(candle_series: list[CandleSeries], config: Config) -> list[dict[str, object]]:
    strategy, startup = strategy_of(config), config.startup_candle_count
    params = params_of(strategy, config.strategy_params)
    signals = [signals_of(strategy, params, columns(t), startup) for t in candle_series]
    with localcontext(DOWN):
        return replay(candle_series, signals, config)


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_actors_agree_with_the_plain_loop_on_the_made_up_market(
    name: str, seed: int, tmp_path: Path
) -> None:
    config = CONFIGS[name]
    made = synthetic_market(seed, days={"default": 7, "tight": 1, "tightest": 2}[name])
    candle_series = sorted(made, key=lambda series: series.pair)
    found = rows(candle_series, config, tmp_path / "state")
    assert found == expected(candle_series, config)
    assert len(found) >= 5
    if config is TIGHTEST:
        check_tight(found)


@needed
@pytest.mark.parametrize("name", ["default", "tightest"])
def test_the_actors_agree_with_the_plain_loop_on_recorded_days(name: str, tmp_path: Path) -> None:
    config = CONFIGS[name]
    candle_series = sorted(read(SEPTEMBER), key=lambda series: series.pair)
    found = rows(candle_series, config, tmp_path / "state")
    assert found == expected(candle_series, config)
    assert len(found) >= 15
    if config is TIGHTEST:
        check_tight(found)
