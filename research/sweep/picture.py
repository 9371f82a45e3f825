"""Owns what can be drawn of a sweep: each set with what it was worth, and the best one's won."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from core.strategy import Signals
from research.rules import rules_of
from research.runner import played
from research.sweep.findings import Prepared
from research.sweep.scores import earned, worth
from research.sweep.space import Value, configured
from research.sweep.trial import Material, Result
from research.sweep.windows import Window, latest


class Set(Struct, frozen=True):
    """One that was tried: where it stands on each axis, and its objective in two windows.

    ``trained``: in that on which the best was chosen; ``tried``: in the one that follows.
    """

    number: int
    values: list[str]
    trained: float | None
    tried: float | None


class Picture(Struct, frozen=True):
    """``axes``: each one's values, lowest first; ``curve``: moments and KRW won by then.

    ``untrained``: the stretches of the history, of which the choice of the best knew nothing.
    """

    axes: dict[str, list[str]]
    sets: list[Set]
    curve: list[tuple[int, float]]
    untrained: list[tuple[int, int]]


def pictured(run: Prepared, best: dict[str, Value]) -> Picture:
    """All of it; the curve is that of the best set, played over the whole history at once."""
    material, name = run.material, run.plan.objective
    axes = {a.name: [str(a.value(place)) for place in range(a.count)] for a in material.axes}
    results = sorted(run.record.results, key=lambda result: result.number)
    first = {repr(result.values): result for result in results[::-1] if result.scores}
    sets = [_set(material, result, name) for result in list(first.values())[::-1]]
    return Picture(axes, sets, _curve(material, best), _untrained(material.windows))


def _set(material: Material, result: Result, name: str) -> Set:
    values = [str(result.values[axis.name]) for axis in material.axes]
    trained, *rest = (worth(score, name) for score in result.scores[latest(material.windows) :])
    return Set(result.number, values, trained, rest[0] if rest else None)


def _untrained(windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Before the window of the choice, and behind it."""
    chosen = windows[latest(windows)]
    begin, end = min(w.begin for w in windows), max(w.end for w in windows)
    return [(a, b) for a, b in ((begin, chosen.begin), (chosen.end, end)) if a < b]


def _curve(material: Material, best: dict[str, Value]) -> list[tuple[int, float]]:
    rules = rules_of(configured(material.config, material.axes, best))
    signals = [Signals(each.entry, each.exit) for each in material.signals(best)]
    run = played(material.whole, signals, rules)
    moments, profits = earned(run, material.candle_series, rules)
    won = np.cumsum(profits)
    begin = min(window.begin for window in material.windows)
    return [(begin, 0.0), *zip(moments.tolist(), won.tolist(), strict=True)]
