"""Loading strategies: built in, somebody's own, and every way to get one wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from adapters.strategies import StrategyError, load
from core.market.candles import columns
from core.market.synthetic import synthetic_market
from core.strategy import params_of, signals_of

GOOD = """
from __future__ import annotations
from typing import Annotated
from msgspec import Meta, Struct
import numpy as np
from core.strategy import Signals

class MyStrategy:
    class Params(Struct, frozen=True):
        drop: Annotated[float, Meta(gt=0, lt=1)] = 0.001

    def signals(self, candles, params):
        fell = np.zeros(len(candles.close), dtype=bool)
        fell[1:] = candles.close[1:] < candles.close[:-1] * (1 - params.drop)
        return Signals(fell, ~fell, {"fell": fell})
"""


def written(folder: Path, source: str) -> str:
    (folder / "my.py").write_text(source)
    return "my.py:MyStrategy"


def test_the_built_in_strategy_is_found_by_its_name() -> None:
    loaded = load("rsi_macd_bollinger", Path())
    assert loaded.strategy.Params() is not None
    assert len(loaded.source_hash) == 64


def test_ones_own_strategy_is_loaded_and_hashed_and_trades(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, GOOD), tmp_path)
    assert loaded.source_hash == hashlib.sha256(GOOD.encode()).hexdigest()
    params = params_of(loaded.strategy, {"drop": 0.002})
    signals = signals_of(loaded.strategy, params, columns(synthetic_market(1, days=1)[1]), 400)
    assert signals.entry.any()
    assert list(signals.conditions) == ["fell"]
    with pytest.raises(ValueError, match="drop"):
        params_of(loaded.strategy, {"drop": 1.5})


def test_an_edited_strategy_is_loaded_anew(tmp_path: Path) -> None:
    first = load(written(tmp_path, GOOD), tmp_path)
    second = load(written(tmp_path, GOOD.replace("0.001", "0.5")), tmp_path)
    assert first.source_hash != second.source_hash
    assert first.strategy.Params() != second.strategy.Params()


def test_a_strategy_in_a_folder_may_be_named_absolutely(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    assert load(f"{tmp_path}/my.py:MyStrategy", Path("/")).source_hash


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(StrategyError, match=r"no built-in 'nonsense'.*rsi_macd_bollinger"):
        load("nonsense", Path())


@pytest.mark.parametrize("spec", ["my.py", "my.py:", ":MyStrategy", "my:MyStrategy"])
def test_half_a_name_is_told_the_form(tmp_path: Path, spec: str) -> None:
    with pytest.raises(StrategyError, match=r"file\.py:Name"):
        load(spec, tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StrategyError, match=r"cannot read .*gone\.py.*folder"):
        load("gone.py:MyStrategy", tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("class MyStrategy", "class Yours", r"has no 'MyStrategy'; it has .*Yours"),
        ("import numpy", "import nothing_such; import numpy", r"imported: ModuleNotFoundError"),
        ("import numpy", "raise SystemExit(3); import numpy", r"imported: SystemExit"),
        ("import numpy", "def def", r"imported: SyntaxError.*line 5"),
        ("import numpy", "1 / 0; import numpy", r"ZeroDivisionError.*my\.py:5"),
        ("class Params(Struct, frozen=True)", "class Params", r"no Params that is a msgspec"),
        (" = 0.001", "", r"Params\.drop has no default"),
        ("def signals", "def signal", r"has no signals"),
        ("def signals", "def __init__(self, x): pass\n    def signals", r"cannot be made"),
        ("fell = np", "1 / 0; fell = np", r"signals raised ZeroDivisionError.*my\.py:13"),
        ("return Signals(fell, ~fell, {", "return (fell, {", r"returned tuple, not .*Signals"),
        ("Signals(fell,", "Signals(fell[1:],", r"entry has shape \(499,\), not \(500,\)"),
        ("Signals(fell,", "Signals(fell * 1.0,", r"entry has dtype float64, not bool"),
        ("Signals(fell, ~fell", "Signals(fell, [False]", r"exit is a list, not a numpy array"),
        ('{"fell": fell}', '{"fell": fell[:2]}', r"conditions\['fell'\] has shape"),
        ('{"fell": fell}', "{1: fell}", r"name must be text"),
        ('{"fell": fell}', "[fell]", r"conditions must be a dict"),
    ],
)
def test_what_is_wrong_is_said_and_where(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(StrategyError, match=told) as caught:
        load(written(tmp_path, GOOD.replace(old, new, 1)), tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_a_strategy_that_goes_wrong_later_is_caught_at_that_call(tmp_path: Path) -> None:
    late = GOOD.replace("Signals(fell,", "Signals(fell if len(fell) < 900 else fell[1:],", 1)
    loaded = load(written(tmp_path, late), tmp_path)
    candles = columns(synthetic_market(1, days=1)[0])
    with pytest.raises(StrategyError, match="entry has shape"):
        loaded.strategy.signals(candles, loaded.strategy.Params())
