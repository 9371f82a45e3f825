"""Sweeps: a thousand sets of parameters beside a bare numba loop over them; a trial's overhead.

The loop is what one would write for this strategy alone: all of a set in one pass over the closes,
indicators in running sums, trades in floats, sets in parallel. It has one market, no budget shared
with others, no ticks, no protections, and answers nothing but the profit.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import numba
import numpy as np

from core.market.candles import CandleSeries, columns, part
from core.strategies import BUILT_IN
from messages.config import Config
from research.sweep.result_log import ResultLog
from research.sweep.runner import Runner, Threads
from research.sweep.search import search_of
from research.sweep.space import axes_of
from research.sweep.sweep import sweep
from research.sweep.trial import Material
from research.sweep.windows import windows_of
from tests.benchmarks.replays import market

Row = tuple[str, str, str, str, str]
CONFIG = Config()
STRATEGY = BUILT_IN[CONFIG.strategy]
SETS, CANDLES, JOBS, ROUNDS = 1000, 100_000, 2, 3


def _bare(close: Any, sets: Any, found: Any) -> None:
    for place in numba.prange(len(sets)):
        period, oversold, length, deviation, window, required = sets[place]
        length, window = int(length), int(window)
        up = down = fast = slow = trigger = total = squares = 0.0
        was, cash, entry, peak, open_ = True, 0.0, 0.0, 0.0, False
        seen = np.full(3, -(10**9))
        for i in range(1, len(close)):
            price, change = close[i], close[i] - close[i - 1]
            up += (max(change, 0.0) - up) / period
            down += (max(-change, 0.0) - down) / period
            fast += (price - fast) * (2 / 13)
            slow += (price - slow) * (2 / 27)
            trigger += (fast - slow - trigger) * (2 / 10)
            above = fast - slow > trigger
            total += price
            squares += price * price
            if i >= length:
                total -= close[i - length]
                squares -= close[i - length] ** 2
            mean = total / length
            spread = max(squares / length - mean * mean, 0.0) ** 0.5
            now = False
            if 100 * up <= oversold * (up + down):
                seen[0], now = i, True
            if above and not was:
                seen[1], now = i, True
            if price <= mean - deviation * spread:
                seen[2], now = i, True
            was = above
            held = (i - seen[0] < window) + (i - seen[1] < window) + (i - seen[2] < window)
            if open_:
                peak = max(peak, price)
                trailed = peak > entry * 1.03 and price <= peak * 0.98
                if price <= entry * 0.97 or trailed or price >= entry * 1.1:
                    cash, open_ = cash + 100_000 * (price / entry - 1) - 100, False
            elif now and held >= required and i >= 400:
                entry, peak, open_ = price, price, True
        found[place] = cash


class Sweeps:
    """One history, and as many sets of the default strategy's own space."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        folder.mkdir(parents=True, exist_ok=True)
        self.candle_series: list[CandleSeries] = [part(market(75, 1)[0], 0, CANDLES)]
        self.close = columns(self.candle_series[0]).close
        self.axes = axes_of(STRATEGY, ("signals",))
        self.windows = windows_of(self.candle_series, CONFIG.startup_candle_count, 0, 0)
        search = search_of(self.axes, "random", 7)
        rows = [[float(v) for v in (search.next() or {}).values()] for _ in range(SETS)]
        self.sets = np.array(rows)
        self.loop: Any = numba.njit(parallel=True, fastmath=True)(_bare)
        numba.set_num_threads(JOBS)
        self.bare()

    def ours(self) -> float:
        """Seconds from the candles to the last result in a record."""
        self.count += 1
        begun = time.perf_counter()
        swept(self.folder / f"{self.count}.jsonl", self.candle_series, "random", SETS, ("signals",))
        return time.perf_counter() - begun

    def bare(self) -> float:
        """Seconds of the loop."""
        found = np.zeros(len(self.sets))
        begun = time.perf_counter()
        self.loop(self.close, self.sets, found)
        return time.perf_counter() - begun


def swept(
    path: Path,
    candle_series: list[CandleSeries],
    sampler: str,
    trials: int,
    groups: tuple[str, ...],
) -> None:
    """A sweep by threads, recorded."""
    axes = axes_of(STRATEGY, groups)
    windows = windows_of(candle_series, CONFIG.startup_candle_count, 0, 0)
    material = Material(CONFIG, STRATEGY, candle_series, axes, windows)
    record, runner = ResultLog(path, {"bench": "x"}), Runner(Threads(material, JOBS))
    search = search_of(axes, sampler, 7)
    sweep(search, runner, record, windows, "profit", trials, lambda _: None)
    runner.close()
    record.close()


def overhead(folder: Path, sampler: str, groups: tuple[str, ...]) -> float:
    """Seconds a trial of a history that is hardly any: what is no playing of candles."""
    folder.mkdir(parents=True, exist_ok=True)
    candle_series = [part(market(2, 1)[0], 0, CONFIG.startup_candle_count + 10)]
    taken = []
    for place in range(ROUNDS):
        begun = time.perf_counter()
        swept(folder / f"{place}.jsonl", candle_series, sampler, SETS, groups)
        taken.append((time.perf_counter() - begun) / SETS)
    return median(taken)


def rows(folder: Path) -> list[Row]:
    """For the table of all figures."""
    sweeps = Sweeps(folder / "sweeps")
    sweeps.ours()
    taken = [(sweeps.ours(), sweeps.bare()) for _ in range(ROUNDS)]
    ours, bare = median(a for a, _ in taken), median(b for _, b in taken)
    found = [
        (
            f"{SETS:,} sets of signals x {CANDLES:,} candles, {JOBS} threads",
            f"{ours:.2f} s",
            f"bare prange loop {bare:.2f} s",
            f"{ours / bare:.2f}",
            "<= 1.5",
        )
    ]
    for sampler in ("grid", "random"):
        for groups in (("signals",), ("stoploss", "roi", "trailing")):
            spent = overhead(folder / f"{sampler}-{groups[0]}", sampler, groups)
            what = f"overhead of a trial, {sampler}, {groups[0]}"
            found.append((what, f"{spent * 1e3:.2f} ms", "", "", "< 1 ms"))
    return found
