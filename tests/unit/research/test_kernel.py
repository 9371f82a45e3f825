"""The kernel against the actors: the same trades, to the last digit of every figure."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from adapters.archive.columns import tapes_in
from adapters.archive.writer import add
from adapters.recording import read, within
from core.market.candles import columns
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from core.strategy import Strategy, params_of, signals_of
from messages.config import Config
from research.kernel import layout as at
from research.markets import markets_of
from research.rules import number, rules_of
from research.runner import played
from research.to_events import events_of
from simulation.leaver import Leaver
from tests.support.dense_config import TIGHTEST, check_tight
from tests.support.recorded import SEPTEMBER, needed
from tests.support.simulation import TIGHT
from tests.unit.app.test_reference import expected
from tests.unit.research.engines import by_actors, by_kernel

STRATEGIES: dict[str, Strategy] = {**BUILT_IN, "leaver": Leaver()}


@needed
def test_the_default_configuration_on_twenty_recorded_days(tmp_path: Path) -> None:
    candle_series = read(SEPTEMBER)
    found = by_kernel(candle_series, Config())
    assert found == by_actors(candle_series, Config(), tmp_path / "state")
    assert len(found.rows) >= 15


@needed
def test_the_tightest_configuration_on_recorded_days(tmp_path: Path) -> None:
    candle_series = within(read(SEPTEMBER), "20250901-20250908", TIGHTEST.startup_candle_count - 1)
    found = by_kernel(candle_series, TIGHTEST, Leaver())
    assert found == by_actors(candle_series, TIGHTEST, tmp_path / "state", Leaver())
    check_tight([structs.asdict(row) for row in found.rows])


def test_tapes_of_an_archive_are_let_go_on_the_way_and_play_alike(tmp_path: Path) -> None:
    candle_series = synthetic_market(1, days=3)
    for series in candle_series:
        add(tmp_path, series)
    mapped = tapes_in(tmp_path)
    plain = sorted(candle_series, key=lambda series: series.pair)
    judge, startup = BUILT_IN[TIGHT.strategy], TIGHT.startup_candle_count
    params = params_of(judge, TIGHT.strategy_params)
    signals = [signals_of(judge, params, columns(series), startup) for series in plain]
    whole = played(markets_of(plain, startup), signals, rules_of(TIGHT))
    for stride in (5, 500, 4000):
        parted = played(markets_of(mapped, startup), signals, rules_of(TIGHT), stride)
        assert np.array_equal(parted.actions, whole.actions)
        assert (parted.cash, parted.reserved) == (whole.cash, whole.reserved)
    assert len(whole.actions) > 100


@pytest.mark.parametrize("seed", [1, 2])
def test_the_built_in_market_under_the_tight_configuration(seed: int, tmp_path: Path) -> None:
    candle_series = synthetic_market(seed, days=1)
    found = by_kernel(candle_series, TIGHT)
    assert found == by_actors(candle_series, TIGHT, tmp_path / "state")
    assert len(found.rows) >= 50


@pytest.mark.parametrize("seed", range(3, 23))
def test_the_built_in_market_for_many_seeds_against_the_plain_loop(seed: int) -> None:
    """The plain loop agrees with the actors (tests/unit/app/test_reference.py) and is faster."""
    candle_series = sorted(synthetic_market(seed, days=1), key=lambda series: series.pair)
    for config, strategy in ((TIGHT, None), (TIGHTEST, Leaver())):
        rows = by_kernel(candle_series, config, strategy).rows
        found = [{k: v for k, v in structs.asdict(row).items() if k != "trade"} for row in rows]
        assert found == expected(candle_series, config)
        assert len(found) >= 20


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_of_the_tree(name: str, tmp_path: Path) -> None:
    candle_series, strategy = synthetic_market(31, days=1), STRATEGIES[name]
    found = by_kernel(candle_series, TIGHT, strategy)
    assert found == by_actors(candle_series, TIGHT, tmp_path / "state", strategy)
    assert found.rows


def test_the_kernels_own_profits_and_cash_are_those_of_the_rows() -> None:
    """They decide protections there, and are all that a sweep looks at."""
    candle_series = sorted(synthetic_market(33, days=1), key=lambda series: series.pair)
    startup, config = TIGHTEST.startup_candle_count, TIGHTEST
    params = params_of(Leaver(), config.strategy_params)
    signals = [signals_of(Leaver(), params, columns(series), startup) for series in candle_series]
    rules = rules_of(config)
    run = played(markets_of(candle_series, startup), signals, rules)
    rows = [e.row for e in events_of(run, candle_series, signals, config) if hasattr(e, "row")]
    unit = Decimal(rules.unit)
    ended = run.actions[run.actions[:, at.KIND] != at.BOUGHT]
    profits = [number(row[at.PROFIT], row[at.PROFIT_LOW]) / unit for row in ended]
    assert profits == [row.profit_abs for row in rows]
    assert sum(profit < 0 for profit in profits) >= 10
