"""The product's own simulation of a bot on paper, composed as the product composes one."""

from __future__ import annotations

from functools import partial

from app.soak import COMPOSED
from simulation.paper.check import check
from simulation.paper.run import BIRTH, market, outside
from simulation.paper.run import simulate as simulate_on_paper
from simulation.runs import Run
from simulation.tight import TIGHT

__all__ = ["BIRTH", "TIGHT", "Run", "check", "market", "outside", "simulate"]

simulate = partial(simulate_on_paper, composition=COMPOSED)
