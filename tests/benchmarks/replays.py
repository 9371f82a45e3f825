"""Replays: candles a second, memory, and the start after a long journal."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from msgspec import structs

from app.composition import build
from app.replay import Replay
from core.market.candles import CandleSeries, columns
from core.market.synthetic import synthetic_market
from core.replay.schedule import total
from core.strategies import BUILT_IN
from core.strategy import params_of, signals_of
from messages.base import Envelope, ReplayPosition
from messages.config import Config
from persistence.record import Identity, Record
from persistence.store import Store
from tests.benchmarks.disk import HIGH
from tests.support.reference import DOWN, replay

ROOT = Path(__file__).parents[2]

BIRTH = Identity("bench", "paper", "upbit", "paper")
CONFIG = Config()


def market(days: int, pairs: int) -> list[CandleSeries]:
    """The built-in market, as often as it takes, each time by another seed and other names."""
    candle_series = [
        structs.replace(series, pair=f"{series.pair}{seed}" if seed > 1 else series.pair)
        for seed in range(1, 1 + -(-pairs // 5))
        for series in synthetic_market(seed, days)
    ]
    return candle_series[:pairs]


def candles_a_second(folder: Path, days: int, pairs: int) -> tuple[float, int]:
    """Of the actors, stepped, signals included; and how many candles there were."""
    candle_series = market(days, pairs)
    store = Store.create(folder, BIRTH, sync=False)
    begun = time.perf_counter()
    taken = Replay(candle_series, BUILT_IN[CONFIG.strategy], bulk=True)
    bot = build(CONFIG, taken, store, runtime="steps")
    bot.start()
    bot.run()
    seconds = time.perf_counter() - begun
    bot.stop()
    count = total(taken.schedule(CONFIG))
    return count / seconds, count


def plain_candles_a_second(days: int) -> float:
    """Of a plain loop of the same rules over ready signals, one pair."""
    from decimal import localcontext

    candle_series = synthetic_market(1, days)[:1]
    strategy = BUILT_IN[CONFIG.strategy]
    signals = [
        signals_of(strategy, params_of(strategy, {}), columns(t), 400) for t in candle_series
    ]
    begun = time.perf_counter()
    with localcontext(DOWN):
        replay(candle_series, signals, CONFIG)
    return sum(len(t.time) for t in candle_series) / (time.perf_counter() - begun)


PEAK = """
import sys
from pathlib import Path
from tests.benchmarks.replays import candles_a_second
candles_a_second(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
status = Path("/proc/self/status").read_text()  # its own peak: rusage knows its parent's, too
print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


def peak_megabytes(folder: Path, days: int, pairs: int) -> float:
    """Of a process that does such a replay and nothing else."""
    words = [sys.executable, "-c", PEAK, str(folder), str(days), str(pairs)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def restart_seconds(folder: Path, entries: int) -> float:
    """From opening to ready, with so many entries in the journal."""
    store = Store.create(folder, BIRTH, sync=False)
    batch = [Envelope(HIGH, 1.0, "archivist", "", 0, 0, ReplayPosition(1, "KRW-BTC"))] * 5000
    for number in range(0, entries, len(batch)):
        store.commit("archivist", Record(BIRTH), batch, {}, number + len(batch))
    store.close()
    taken = Replay(synthetic_market(1, 1), BUILT_IN[CONFIG.strategy], bulk=True)
    taken.schedule(CONFIG)
    begun = time.perf_counter()
    bot = build(CONFIG, taken, Store.open(folder, sync=False), runtime="steps")
    bot.start()
    for _ in bot.system.actors:
        bot.system.runtime.step()  # type: ignore[attr-defined]
    seconds = time.perf_counter() - begun
    bot.stop()
    return seconds
