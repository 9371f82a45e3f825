"""A cluster: what two dask workers play in the time in which one plays its share."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from adapters.strategies import portable
from core.market.candles import CandleSeries
from core.strategies import BUILT_IN
from messages.config import Config
from research.sweep.cluster import LOCAL, Cluster
from research.sweep.result_log import ResultLog
from research.sweep.runner import Runner
from research.sweep.search import search_of
from research.sweep.space import axes_of
from research.sweep.sweep import sweep
from research.sweep.trial import Material
from research.sweep.windows import windows_of
from tests.benchmarks.replays import market

Row = tuple[str, str, str, str, str]
CONFIG = Config()
STRATEGY = BUILT_IN[CONFIG.strategy]


def _seconds(folder: Path, candle_series: list[CandleSeries], workers: int, trials: int) -> float:
    """Of a sweep by so many, from its first set to its last result, after one of other sets.

    They come and go for each: a second cluster takes from the cores even while it waits.
    """
    axes = axes_of(STRATEGY, ("signals",))
    windows = windows_of(candle_series, CONFIG.startup_candle_count, 0, 0)
    material = Material(CONFIG, STRATEGY, candle_series, axes, windows)
    cluster = Cluster(material, portable(STRATEGY, CONFIG.strategy).load, LOCAL, workers)

    def once(seed: int) -> float:
        record = ResultLog(folder / f"{seed}.jsonl", {"bench": "x"})
        search = search_of(axes, "random", seed)
        begun = time.perf_counter()
        sweep(search, Runner(cluster), record, windows, "profit", trials, lambda _: None)
        taken = time.perf_counter() - begun
        record.close()
        return taken

    once(1)
    taken = once(2)
    cluster.close()
    return taken


def rows(folder: Path) -> list[Row]:
    """For the table of all figures."""
    small = _row(folder / "small", market(75, 5), 1000, 5, ">= 1.7")
    large = _row(folder / "large", market(400, 5), 120, 3, "")
    return [small, (large[0] + ", which share the way to memory", *large[1:])]


def _row(
    folder: Path, candle_series: list[CandleSeries], trials: int, rounds: int, reach: str
) -> Row:
    taken: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(rounds):
        for workers, seconds in taken.items():
            place = folder / f"{turn}-{workers}"
            place.mkdir(parents=True)
            seconds.append(_seconds(place, candle_series, workers, trials))
    alone, both = median(taken[1]), median(taken[2])
    candles = sum(len(series.time) for series in candle_series)
    what = f"{trials:,} trials of {candles:,} candles, two dask workers over one"
    told = (f"{trials / both:.0f} trials/s", f"{trials / alone:.0f} trials/s")
    return (what, *told, f"{alone / both:.2f}", reach)
