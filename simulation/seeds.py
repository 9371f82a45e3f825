"""Owns what a seed runs: a bot on paper or one with money at stake, each in blocks of four."""

from __future__ import annotations

from simulation.live.run import simulate as simulate_live
from simulation.paper.run import Composition
from simulation.paper.run import simulate as simulate_paper
from simulation.runs import Run

BLOCK = 4
LEAST_HOURS = 3.0  # of which a bot with money at stake has more than half in calm


def lives(seed: int) -> bool:
    """Whether this seed has money at stake."""
    return seed // BLOCK % 2 == 1


def simulate(seed: int, hours: float, composition: Composition) -> Run:
    """Run one seed; gives what it went through. Raises Violated."""
    if lives(seed):
        run = simulate_live(seed, hours)
        run.seen["seeds with money at stake"] += 1
    else:
        run = simulate_paper(seed, composition, candles=int(hours * 60))
        run.seen["seeds on paper"] += 1
    return run
