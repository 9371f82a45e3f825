"""The proofs, part by part: ``make prove``, ``make prove SHARD=3/8``.

    python -m tests.proof [--shard 3/8] [--jobs 3]
    python -m tests.proof --list       the parts and their shards; nothing runs
    python -m tests.proof --left-out   what `make test` leaves to `make system` and `make prove`

A part that has passed is remembered (``build/proof``) until a file of the tree changes: a run that
was broken off goes on where it was. What is printed is what was run, and what it took.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tests.proof.remembered import ROOT, folder

NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Part:
    """One slice of one module of proofs."""

    module: str  # below tests/proof, without .py
    number: int = 1
    count: int = 1
    weight: int = 1  # minutes, roughly, of one core

    @property
    def name(self) -> str:
        """What it is called in what is printed."""
        slice_ = f" {self.number}/{self.count}" if self.count > 1 else ""
        return self.module.removeprefix("test_") + slice_

    @property
    def mark(self) -> str:
        """The name of its files in the memory."""
        return re.sub(r"\W+", "-", self.name)


def sliced(module: str, count: int, weight: int) -> list[Part]:
    """A module in so many parts, which weigh so much each."""
    return [Part(module, number, count, weight) for number in range(1, count + 1)]


PARTS = [
    *sliced("seeds/test_seeds", 8, 3),
    *sliced("seeds/test_simulation", 3, 1),
    *sliced("mutants/test_mutants", 6, 2),
    Part("mutants/test_survivors"),
    *sliced("failpoints/test_failpoints", 8, 2),
    Part("kills/test_paper", weight=2),
    Part("kills/test_live", weight=6),
    Part("kills/test_named_points", weight=2),
    Part("disk/test_images", weight=2),
    Part("disk/test_faults", weight=2),
    Part("disk/test_flips", weight=2),
    Part("disk/test_disk_pressure"),
    Part("network/test_strikes", weight=2),
    *sliced("fuzz/test_decoders", 2, 1),
    *sliced("load/test_load", 2, 2),
]
LAST = Part("seeds/test_seen")  # once all the seeds have run, in whichever shards


def shard(number: int, count: int) -> list[Part]:
    """The n-th of so many equal shares: the heaviest part goes to the lightest share."""
    shares: list[list[Part]] = [[] for _ in range(count)]
    for part in sorted(PARTS, key=lambda part: -part.weight):
        min(shares, key=lambda share: sum(one.weight for one in share)).append(part)
    return shares[number - 1]


def passed(part: Part) -> str:
    """What its run said when it passed in this tree; "" when it has not."""
    path = folder() / f"{part.mark}.passed"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def run(part: Part, words: Sequence[str]) -> bool:
    """Run a part, unless it has passed before; print what came of it."""
    if said := passed(part):
        print(f"before  {part.name:<28} {said}", flush=True)
        return True
    path, begun = f"tests/proof/{part.module}.py", time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", path, f"--slice={part.number}/{part.count}"]
    log = folder() / f"{part.mark}.log"
    with log.open("w", encoding="utf-8") as out:
        code = subprocess.run([*command, *words], cwd=ROOT, stdout=out, stderr=out).returncode
    text = log.read_text(encoding="utf-8", errors="replace")
    said = re.sub(r" in [\d.]+s.*", "", text.rstrip().rpartition("\n")[2])
    left = "".join(f"; {line}" for line in re.findall(r"^left out: .*", text, re.M))
    said = f"{said}, {time.monotonic() - begun:.0f} s{left}"
    fine = code in (0, NOTHING_COLLECTED)
    print(f"{'passed' if fine else 'FAILED'}  {part.name:<28} {said}", flush=True)
    if not fine:
        print(text[-6000:], f"the whole of it: {log}", sep="\n", flush=True)
    elif "skipped" not in said:  # what could not be run here is tried again
        (folder() / f"{part.mark}.passed").write_text(said, encoding="utf-8")
    return fine


def prove(parts: Sequence[Part], jobs: int, words: Sequence[str]) -> int:
    """Run them, so many at once; 0 when nothing failed."""
    print(f"{len(parts)} of {len(PARTS)} parts, remembered in {folder().relative_to(ROOT)}")
    with ThreadPoolExecutor(jobs) as pool:
        fine = list(pool.map(partial(run, words=words), parts))
    seeds = [part for part in PARTS if part.module == "seeds/test_seeds"]
    if all(map(passed, seeds)):
        fine.append(run(LAST, words))
    else:
        print(f"left out: {LAST.name}, until all the seeds have run")
    print(f"{sum(fine)} passed, {len(fine) - sum(fine)} failed")
    return 0 if all(fine) else 1


def left_out() -> None:
    """What a quick run leaves to the others."""
    kinds = sorted({part.module.partition("/")[0] for part in PARTS} - {"disk", "load"})
    print("Left out here, beside the skips above:")
    print("  make system   processes, sockets, terminals, the browser: of these one page was seen")
    print(f"  make prove    disk, load; {', '.join(kinds)}: of each a sample was seen")


def main(argv: Sequence[str]) -> int:
    """0 when nothing was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--shard", default="1/1", help="the n-th of so many shards: 3/8")
    parser.add_argument("--jobs", type=int, default=3, help="so many at once; many of them wait")
    parser.add_argument("--list", action="store_true", help="name the parts; run nothing")
    parser.add_argument("--left-out", action="store_true", help="what `make test` leaves out")
    own, words = parser.parse_known_args(argv)
    found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", own.shard or "1/1")
    if not found or int(found[1]) > int(found[2]):
        parser.error(f"--shard {own.shard}: write it as 3/8")
    parts = shard(int(found[1]), int(found[2]))
    if own.left_out:
        left_out()
    elif own.list:
        print("\n".join(f"{part.name:<28} {passed(part) or 'not yet'}" for part in parts))
    else:
        return prove(parts, own.jobs, words)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
