"""An archive of 20 markets of a million candles: opened, and played by the kernel in little memory.

The command that is measured is the one people type; beside opening stands reading the same columns
whole, the least that a form which has to be loaded must do.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from msgspec import structs

from adapters.archive.columns import tapes_in
from adapters.archive.writer import add
from core.market.candles import part
from core.market.synthetic import synthetic_market

Row = tuple[str, str, str, str, str]
ROOT = Path(__file__).parents[2]
PAIRS, CANDLES, DAYS, ROUNDS = 20, 1_000_000, 750, 3
PLAYED = """
import sys
from pathlib import Path
from interfaces.cli import main
code = main(sys.argv[1:])
status = Path("/proc/self/status").read_text()  # its own peak: rusage knows its parent's, too
print(int(status.partition("VmHWM:")[2].split()[0]) / 1024, file=sys.stderr)
sys.exit(code)
"""


def made(folder: Path) -> None:
    """The built-in market, each of its pairs under several names."""
    for series in synthetic_market(1, DAYS):
        whole = part(series, 0, CANDLES)
        assert len(whole.time) == CANDLES
        for copy in range(1, PAIRS // 5 + 1):
            add(folder, structs.replace(whole, pair=f"{series.pair}{copy}"))


def opened(folder: Path) -> float:
    """Seconds until all markets can be looked at."""
    begun = time.perf_counter()
    assert len(tapes_in(folder)) == PAIRS
    return time.perf_counter() - begun


def loaded(folder: Path) -> float:
    """Seconds to read all columns from the system's memory."""
    begun = time.perf_counter()
    for path in folder.glob("*/*.i8"):
        path.read_bytes()
    return time.perf_counter() - begun


def played(folder: Path) -> tuple[float, float]:
    """Megabytes at the most, and seconds, of a backtest in a process of its own."""
    config = folder.with_suffix(".json")
    config.write_text(json.dumps({"pair_whitelist": "KRW-*"}))
    words = ("backtesting", "--config", config, "--recording", folder, "--engine", "kernel")
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", PLAYED, *map(str, words), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["trades"]
    return float(done.stderr.splitlines()[-1]), time.perf_counter() - begun


def rows(folder: Path) -> list[Row]:
    """For the table of all figures."""
    made(folder)
    size = sum(path.stat().st_size for path in folder.glob("*/*.i8")) / 1e6
    memory, seconds = median(played(folder) for _ in range(ROUNDS))
    ours = median(opened(folder) for _ in range(ROUNDS))
    bare = median(loaded(folder) for _ in range(ROUNDS))
    what = f"archive of {PAIRS} markets x {CANDLES:,} candles ({size:.0f} MB)"
    told = (f"{ours * 1e3:.1f} ms", f"read whole {bare:.2f} s", f"{ours / bare:.4f}", "")
    kernel = (f"{memory:.0f} MB", f"{seconds:.1f} s in all", "", "< 500 MB")
    return [
        (f"{what}, opened", *told),
        ("the same, backtest by the kernel, memory", *kernel),
    ]
