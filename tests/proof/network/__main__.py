"""The long run: the POST of an order and its reply, spoiled at every byte in every way.

python -m tests.proof.network
python -m tests.proof.network --count 900 --seed 7
"""

from __future__ import annotations

import logging
import tempfile
import time
from pathlib import Path
from random import Random

import click

from tests.proof.network.bench import cases, run, sizes


@click.command()
@click.option("--count", default=0, help="Strikes that are drawn; 0 takes them all.")
@click.option("--seed", default=1)
@click.option("--benches", default=6, help="So many at once; they mostly wait.")
def main(count: int, seed: int, benches: int) -> None:
    """Spoil them."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # requests that were cut off
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        lengths = sizes(Path(name) / "sizes")
        chosen = cases(lengths, Random(seed), count)
        seen, orders = run(chosen, Path(name) / "run", benches=benches)
    print(f"POST {lengths['request']} bytes, reply {lengths['reply']} bytes")
    print(f"{len(chosen)} strikes, {orders} orders at the venue: {dict(sorted(seen.items()))}")
    print(f"violations: 0 ({time.process_time() - begun:.0f} s of processor time)")


if __name__ == "__main__":
    main()
