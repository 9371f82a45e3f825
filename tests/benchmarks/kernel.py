"""The kernel: candles a second with the signals made anew, and the start of a process that has it.

Beside it stand the three TA-Lib calls of the default strategy alone, the least that any engine
for it must do.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import talib

from core.market.candles import CandleSeries, columns
from core.strategies import BUILT_IN
from core.strategy import params_of, signals_of
from messages.config import Config
from research.markets import markets_of
from research.rules import rules_of
from research.runner import played
from tests.benchmarks.replays import market

Row = tuple[str, str, str, str, str]
CONFIG = Config()
ROUNDS = 7
ROOT = Path(__file__).parents[2]
WARM = """
import numpy as np
from core.market.candles import CandleSeries
from core.strategy import Signals
from messages.config import Config
from research.markets import markets_of
from research.runner import played
from research.rules import rules_of
row = np.array([60, 120, 180])
tape = CandleSeries("KRW-BTC", 60, 0, 0, row, row, row, row, row, row)
played(markets_of([tape], 2), [Signals(row > 60, row > 200)], rules_of(Config()))
"""


class Histories:
    """So many markets of so many days."""

    def __init__(self, pairs: int, days: int) -> None:
        self.candle_series: list[CandleSeries] = market(days, pairs)
        self.columns = [columns(series) for series in self.candle_series]
        self.markets = markets_of(self.candle_series, CONFIG.startup_candle_count)
        self.count = sum(len(series.time) for series in self.candle_series)
        self.ours()  # once, to have it compiled

    def ours(self) -> float:
        """Seconds for signals and trades."""
        begun = time.perf_counter()
        strategy, startup = BUILT_IN[CONFIG.strategy], CONFIG.startup_candle_count
        params = params_of(strategy, {})
        signals = [signals_of(strategy, params, each, startup) for each in self.columns]
        played(self.markets, signals, rules_of(CONFIG))
        return time.perf_counter() - begun

    def bare(self) -> float:
        """Seconds for the three indicators."""
        begun = time.perf_counter()
        for each in self.columns:
            talib.RSI(each.close, 14)
            talib.MACD(each.close, 12, 26, 9)
            talib.BBANDS(each.close, 20, 2.0, 2.0)
        return time.perf_counter() - begun


def warm() -> float:
    """Seconds of a whole process that plays three candles, its machine code lying ready."""
    return _process(WARM)


def bare_start() -> float:
    """Seconds of a process that imports numba and does nothing."""
    return _process("import numba")


def _process(code: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    return time.perf_counter() - begun


def rows() -> list[Row]:
    """For the table of all figures."""
    found = [_rate("one market", Histories(1, 300), ">= 0.3")]
    found.append(_rate("20 markets, one budget", Histories(20, 30), ">= 0.15"))
    starts = [(warm(), bare_start()) for _ in range(ROUNDS)]
    ours, bare = median(a for a, _ in starts), median(b for _, b in starts)
    told = (f"{ours:.2f} s", f"import numba {bare:.2f} s", f"{ours / bare:.2f}", "< 1 s")
    return [*found, ("kernel, warm start of a process", *told)]


def _rate(name: str, histories: Histories, reach: str) -> Row:
    taken = [(histories.ours(), histories.bare()) for _ in range(ROUNDS)]
    ours = histories.count / median(a for a, _ in taken)
    bare = histories.count / median(b for _, b in taken)
    beside = f"three TA-Lib calls {bare / 1e6:.0f} M/s"
    what = f"kernel with signals, {name}"
    return (what, f"{ours / 1e6:.0f} M candles/s", beside, f"{ours / bare:.2f}", reach)
