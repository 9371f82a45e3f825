"""A cluster: what two dask workers play in the time in which one plays its share."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from adapters.strategies import carried
from core.market.candles import Tape
from core.strategies import BUILT_IN
from messages.config import Config
from research.sweep.cluster import LOCAL, Cluster
from research.sweep.record import Record
from research.sweep.runner import Runner
from research.sweep.search import search_of
from research.sweep.space import axes_of
from research.sweep.sweeping import sweep
from research.sweep.trial import Material
from research.sweep.windows import windows_of
from tests.benchmarks.replays import market

Row = tuple[str, str, str, str, str]
CONFIG = Config()
STRATEGY = BUILT_IN[CONFIG.strategy]
ROUNDS = 3


class Workers:
    """So many of them, ready."""

    def __init__(self, folder: Path, tapes: list[Tape], count: int, trials: int) -> None:
        self.axes = axes_of(STRATEGY, ("signals",))
        self.windows = windows_of(tapes, CONFIG.startup_candle_count, 0, 0)
        material = Material(CONFIG, STRATEGY, tapes, self.axes, self.windows)
        load = carried(STRATEGY, CONFIG.strategy).load
        self.cluster = Cluster(material, load, LOCAL, count)
        self.folder, self.count, self.trials = folder / str(count), 0, trials
        self.folder.mkdir(parents=True)
        self.seconds()

    def seconds(self) -> float:
        """Of a sweep, from its first set to its last result; each time other sets."""
        self.count += 1
        record = Record(self.folder / f"{self.count}.jsonl", {"bench": "x"})
        search = search_of(self.axes, "random", self.count)
        begun = time.perf_counter()
        sweep(
            search,
            Runner(self.cluster),
            record,
            self.windows,
            "profit",
            self.trials,
            lambda _: None,
        )
        taken = time.perf_counter() - begun
        record.close()
        return taken


def rows(folder: Path) -> list[Row]:
    """For the table of all figures."""
    small = _row(folder / "small", market(75, 5), 1000, ">= 1.7")
    large = _row(folder / "large", market(400, 5), 120, "")
    return [small, (large[0] + ", which share the way to memory", *large[1:])]


def _row(folder: Path, tapes: list[Tape], trials: int, reach: str) -> Row:
    one, two = (Workers(folder, tapes, count, trials) for count in (1, 2))
    taken = [(one.seconds(), two.seconds()) for _ in range(ROUNDS)]
    one.cluster.close()
    two.cluster.close()
    alone, both = median(a for a, _ in taken), median(b for _, b in taken)
    candles = sum(len(tape.time) for tape in tapes)
    what = f"{trials:,} trials of {candles:,} candles, two dask workers over one"
    told = (f"{trials / both:.0f} trials/s", f"{trials / alone:.0f} trials/s")
    return (what, *told, f"{alone / both:.2f}", reach)
