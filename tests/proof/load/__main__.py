"""The long run: ``python -m tests.proof.load [--hours 72] [--pairs 3]``; 1 when it is not flat."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.proof.load.soak import flat, soaked, table


def main() -> int:
    """Run it, print what it held, and say whether it is flat."""
    words = argparse.ArgumentParser(prog="python -m tests.proof.load")
    words.add_argument("--hours", type=int, default=72)
    words.add_argument("--pairs", type=int, default=3)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wall, core = time.perf_counter(), time.process_time()
        run = soaked(Path(folder) / "state", asked.hours, asked.pairs)
    print(table(run, max(1, asked.hours // 24)))
    found = flat(run)
    print(
        f"{asked.hours} hours, {run.candles * asked.hours:,} candles, {run.letters:,} letters,"
        f" {run.exits:,} exits, {run.violations} violations;"
        f" {time.perf_counter() - wall:.0f} s, of them {time.process_time() - core:.0f} of a core"
    )
    print("flat" if not found else "NOT FLAT: " + "; ".join(found))
    return 1 if found or run.violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
