"""The long runs of the disk.

python -m tests.proof.disk images --count 20000 --candles 400
python -m tests.proof.disk faults
python -m tests.proof.disk flips --count 20000
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import click

from tests.proof.disk.faults import KINDS, Victims
from tests.proof.disk.flips import flipped, made
from tests.proof.disk.images import opened, recipes, reference
from tests.proof.disk.recorder import built, environ, notes

ROOT = Path(__file__).parents[3]


@click.group()
def main() -> None:
    """What a disk may do to a state directory."""


@main.command()
@click.option("--count", default=20000, help="Crash images.")
@click.option("--candles", default=400, help="Candles that the recorded bot trades through.")
@click.option("--seed", default=1)
def images(count: int, candles: int, seed: int) -> None:
    """Record a bot's writes, and open what power cuts may leave of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root, trace = folder / "root", folder / "trace"
        root.mkdir()
        subprocess.run(
            [sys.executable, "-m", "tests.proof.disk.workload", str(root), str(candles)],
            cwd=ROOT,
            env=environ(built(folder), root, trace=str(trace)),
            check=True,
        )
        calls = list(notes(trace))
        right = reference(root / "state", calls, str(root))
        wanted = recipes(calls, str(root), count, Random(seed))
        seen = opened(calls, str(root), wanted, right, folder / "image")
    print(f"{len(calls)} calls recorded, {len(right.entries)} journal entries")
    print(f"{seen.total()} images, no two alike: {dict(seen)}")
    print("violations: 0")


@main.command()
@click.option("--every", default=1, help="Of the calls, each so many-th.")
def faults(every: int) -> None:
    """Let every write and every sync of a bot fail, in three ways."""
    with tempfile.TemporaryDirectory() as name, Victims(built(Path(name)), Path(name)) as victims:
        cases = [(n, kind) for n in range(1, victims.calls + 1, every) for kind in KINDS]
        seen = victims.suffer(cases)
        print(f"{victims.calls} calls in an undisturbed life, {len(victims.right)} trades")
    print(f"{len(cases)} faults: {dict(sorted(seen.items()))}")
    print("violations: 0")


@main.command()
@click.option("--count", default=20000, help="Bits of the data file; of the mark it is each.")
@click.option("--seed", default=1)
def flips(count: int, seed: int) -> None:
    """Flip single bits of a state directory."""
    with tempfile.TemporaryDirectory() as name:
        path = made(Path(name) / "state")
        seen = flipped(path, count, Random(seed), Path(name) / "copy")
    print(f"{seen.total()} flips: {dict(sorted(seen.items()))}")
    print("violations: 0")


if __name__ == "__main__":
    main()
