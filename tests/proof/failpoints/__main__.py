"""Every crash of every scene, and every crash of every recovery.

python -m tests.proof.failpoints            each scene crashed at each passing of each point
python -m tests.proof.failpoints --pairs    and the recovery from each crashed again, likewise
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import traceback

from tests.proof.failpoints.exploration import Found, explore
from tests.proof.failpoints.scenes import SCENES


def main() -> int:
    """0 when nothing was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.failpoints")
    parser.add_argument("--pairs", action="store_true", help="crash during the recovery too")
    parser.add_argument("--scene", help="a part of a scene's name")
    own = parser.parse_args()
    logging.disable(logging.CRITICAL)  # pykka tells of every crash
    depth, violations, total = 1 + own.pairs, 0, Found([0] * (1 + own.pairs))
    for name in (n for n in SCENES if (own.scene or "") in n):
        begun = time.process_time()
        try:
            found = explore(name, depth)
        except AssertionError:
            violations += 1
            print(f"{name}: a violation\n{traceback.format_exc()}", flush=True)
            continue
        total.passings = [a + b for a, b in zip(total.passings, found.passings, strict=True)]
        total.recovered += found.recovered
        total.differed += found.differed
        print(f"{name}: {_told(found)}; {time.process_time() - begun:.0f} core-seconds", flush=True)
    print(f"all: {_told(total)}; {violations} violations", flush=True)
    return 1 if violations else 0


def _told(found: Found) -> str:
    words = ["crashes", "pairs of crashes"]
    counts = ", ".join(f"{n:,} {word}" for n, word in zip(found.passings, words, strict=False))
    return (
        f"{counts}: {found.recovered:,} different ledgers, each recovered from; "
        f"{found.differed} of them to other trades"
    )


if __name__ == "__main__":
    sys.exit(main())
