"""Owns how many start-up candles a strategy needs until what it says no longer hangs on them.

Indicators that run on (an exponential mean, Wilder's) never forget their first value; how long it
matters is measured: at many candles, what few of them say beside what the whole past says.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from core.market.candles import Candles, window
from core.strategy import Signals, Strategy
from research.lookahead import differing

LADDER = (25, 50, 100, 200, 400, 800, 1600)
LEAST = 2
LOOKED_MAX = 200  # candles looked at to say whether a backtest is settled


class WarmupStep(Struct, frozen=True):
    """Of so many candles compared, at how many so few start-up candles say something else."""

    count: int
    compared: int
    differing: int


class WarmupResult(Struct, frozen=True):
    """``settled`` is the least count from which nothing differed; None where even the most did."""

    rungs: tuple[WarmupStep, ...]
    settled: int | None


def warmup(
    strategy: Strategy, params: Struct, candles: Candles, counts: Sequence[int], compared: int
) -> WarmupResult:
    """Look at up to ``compared`` candles with each count; ValueError for too short a history."""
    counts = [count for count in sorted(set(counts)) if count < len(candles.time)]
    if not counts:
        raise ValueError(f"{len(candles.time)} candles are too few to compare")
    whole = strategy.signals(candles, params)
    picks = _picked(whole, counts[-1], compared)

    def look(count: int) -> WarmupStep:
        found = sum(_differs(strategy, params, candles, whole, int(i), count) for i in picks)
        return WarmupStep(count, len(picks), found)

    rungs = [look(count) for count in counts]
    settled = [rung for n, rung in enumerate(rungs) if not any(r.differing for r in rungs[n:])]
    if not settled:
        return WarmupResult(tuple(rungs), None)
    low = max((r.count for r in rungs if r.differing), default=LEAST - 1)
    high = settled[0].count
    while high - low > 1:  # the least between a count that differed and one that did not
        middle = (low + high) // 2
        low, high = (middle, high) if look(middle).differing else (low, middle)
    return WarmupResult(tuple(rungs), high)


def ladder(most: int) -> tuple[int, ...]:
    """Counts to look at, each twice the one before, up to so many."""
    made = [LADDER[0]]
    while made[-1] * 2 < most:
        made.append(made[-1] * 2)
    return (*(count for count in made if count < most), most)


def unsettled(
    strategy: Strategy, params: Struct, histories: Sequence[Candles], startup: int
) -> WarmupStep:
    """At how many candles a bot that sees ``startup`` of them says something else than a backtest.

    A backtest's indicators run over the whole past. Some hundred candles are looked at, spread
    over the pairs; half of them where something is said.
    """
    each = max(1, LOOKED_MAX // max(1, len(histories)))
    compared = differing = 0
    for candles in histories:
        if len(candles.time) > startup:
            whole = strategy.signals(candles, params)
            picks = _picked(whole, startup, each)
            compared += len(picks)
            differing += sum(_misled(strategy, params, candles, whole, i, startup) for i in picks)
    return WarmupStep(startup, compared, differing)


def _misled(
    strategy: Strategy, params: Struct, candles: Candles, whole: Signals, index: int, count: int
) -> bool:
    """Whether a bot would decide otherwise there; where the strategy raises it decides nothing."""
    try:
        return _differs(strategy, params, candles, whole, index, count)
    except Exception:  # it is not ours, and the backtest itself has been played
        return True


def _picked(whole: Signals, first: int, most: int) -> Sequence[int]:
    """Candles evenly over the history, half of them where something is said."""
    count = len(whole.entry)
    said = np.flatnonzero(np.logical_or.reduce([whole.entry, whole.exit]))
    said = said[said >= first]
    evenly = np.linspace(first, count - 1, num=min(most // 2, count - first), dtype=np.int64)
    spread = np.linspace(0, len(said) - 1, num=min(most // 2, len(said)), dtype=np.int64)
    chosen: list[int] = np.union1d(evenly, said[spread]).tolist()
    return chosen


def _differs(
    strategy: Strategy, params: Struct, candles: Candles, whole: Signals, index: int, count: int
) -> bool:
    seen = window(candles, index + 1 - count, index + 1)
    return bool(differing(whole, index, strategy.signals(seen, params), count - 1))
