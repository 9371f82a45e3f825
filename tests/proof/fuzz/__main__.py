"""The long run: every decoder fed with changed specimens, by seed.

    python -m tests.proof.fuzz --inputs 1000000
    python -m tests.proof.fuzz --inputs 50000 --target frames --seed 7

A violation ends the run and prints the input.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from random import Random

import click

from tests.proof.fuzz.mutations import mutated
from tests.proof.fuzz.specimens import hostile
from tests.proof.fuzz.targets import Target, clear, targets

SLOWEST = 5.0  # s of processor time for one input, however hostile
GROWTH = 512  # MB that a run may add to what the process takes


def fed(target: Target, inputs: int, seed: int) -> str:
    """So many inputs; the line that tells of it."""
    random, seen, slowest = Random(f"{seed} {target.name}"), Counter[str](), 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, clock = [*target.specimens, *hostile(target.specimens)], time.process_time
    begun = last = clock()
    for number in range(inputs):
        data = first[number] if number < len(first) else mutated(target.specimens, random)
        try:
            seen[target.take(data)] += 1
        except Exception:
            print(f"{target.name}, input {number} of seed {seed}: {data[:2000]!r}", flush=True)
            raise
        now = clock()
        slowest, last = max(slowest, now - last), now
    spent = last - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    assert slowest < SLOWEST, f"{target.name}: {slowest:.1f} s for one input"
    assert grown < GROWTH, f"{target.name}: {grown} MB more"
    rate = f"{inputs / spent:,.0f}/s, slowest {slowest * 1000:.0f} ms, +{grown} MB"
    return f"{target.name}: {inputs:,} inputs, {rate}: {dict(seen.most_common())}"


@click.command()
@click.option("--inputs", default=1_000_000, help="For each decoder.")
@click.option("--target", "names", multiple=True, help="Only these.")
@click.option("--seed", default=1)
def main(inputs: int, names: tuple[str, ...], seed: int) -> None:
    """Feed every decoder."""
    for name, target in targets().items():
        if not names or name in names:
            print(fed(target, inputs, seed), flush=True)
    clear()
    print("violations: 0")


if __name__ == "__main__":
    main()
