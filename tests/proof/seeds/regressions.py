"""Seeds that once failed, and what they found: they run before all others.

A world that has changed since draws other faults from the same seed; a seed stays here all the
same, for it costs a second. ``run.py soak --seeds S..S+1 --hours H`` shows one of them again.
"""

from __future__ import annotations

from typing import NamedTuple


class Regression(NamedTuple):
    """``hours`` are simulated ones; ``found`` is what was wrong with the product."""

    seed: int
    hours: float
    found: str


REGRESSIONS: tuple[Regression, ...] = (
    Regression(
        61,
        4.0,
        "an event that was committed, and whose owner died before it was delivered, was settled by "
        "another owner's commit in the last breath of the process: no start gave it to anybody",
    ),
    Regression(
        100057,
        6.0,
        "an order that was given up, and that the paper venue then refused for good, was asked for "
        "for ever: the recording never ended",
    ),
    Regression(
        100084,
        6.0,
        "the breaker's hold ended by the clock: where that leapt, or the machine slept, an entry "
        "left before a probe had been answered",
    ),
    Regression(
        46,
        6.0,
        "a ledger whose first process died in its first moments was taken for one older than its "
        "auditor, and never audited",
    ),
    Regression(
        101155,
        6.0,
        "a sale that was given up and came after all took coin of the pair's next trade while its "
        "entry still filled: the entry's next running totals brought the coin back",
    ),
)
