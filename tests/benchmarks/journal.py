"""How much the ledger grows: a day of a whole market in its journal, and the archive when full."""

from __future__ import annotations

from pathlib import Path

from app.composition import build
from app.replay import Replay
from core.market.candles import candle_at
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from persistence import archive
from persistence.store import Store
from tests.benchmarks.replays import BIRTH, CONFIG, market

PAIRS = 288
MEGABYTE = 1e6


def megabytes(store: Store, base: str) -> float:
    """What the pages of one database take."""
    with store._env.begin() as txn:
        found = txn.stat(store._bases[base])
    pages = found["branch_pages"] + found["leaf_pages"] + found["overflow_pages"]
    return float(pages * found["psize"] / MEGABYTE)


def day(folder: Path) -> tuple[float, int]:
    """Megabytes of journal, and entries, a day of so many markets.

    A made-up day is traded; its first minutes are history, so what follows is stretched to a day.
    """
    candle_series = market(1, PAIRS)
    with Store.create(folder, BIRTH, sync=False) as store:
        replay = Replay(candle_series, BUILT_IN[CONFIG.strategy], bulk=True)
        bot = build(CONFIG, replay, store, runtime="steps")
        bot.start()
        bot.run()
        minutes = 1440 - CONFIG.startup_candle_count
        return megabytes(store, "journal") * 1440 / minutes, store.count() * 1440 // minutes


def archive_full(folder: Path) -> float:
    """Megabytes of the archive when it holds all that it keeps, of so many markets."""
    (series, *_) = synthetic_market(1, days=3)
    rows = [(series.pair, candle_at(series, i)) for i in range(archive.KEEP)]
    with Store.create(folder, BIRTH, sync=False) as store:
        store.archive(rows, 1)
        return megabytes(store, "archive") * PAIRS
