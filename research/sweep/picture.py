"""Owns what can be drawn of a sweep: each set with what it was worth, and the best one's won."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from core.strategy import Signals
from research.kernel import layout as at
from research.playing import played
from research.sweep.findings import Prepared
from research.sweep.scoring import times_of, won_of
from research.sweep.space import Value, configured
from research.sweep.sweeping import objective_of
from research.sweep.trial import Material, Result
from research.sweep.windows import Window


class Set(Struct, frozen=True):
    """One that was tried: where it stands on each axis, and the objective where it was chosen.

    ``tried`` is the mean of the objective in the windows that are not trained on.
    """

    number: int
    values: list[str]
    trained: float | None
    tried: float | None


class Picture(Struct, frozen=True):
    """``axes``: each one's values, lowest first; ``curve``: moments and KRW won by then."""

    axes: dict[str, list[str]]
    sets: list[Set]
    curve: list[tuple[int, float]]
    tried: list[tuple[int, int]]  # stretches that were not trained on


def pictured(run: Prepared, best: dict[str, Value]) -> Picture:
    """All of it; the curve is that of the best set, played over the whole history at once."""
    material, name = run.material, run.plan.objective
    axes = {a.name: [str(a.value(place)) for place in range(a.count)] for a in material.axes}
    sets = [_set(material, result, name) for result in run.record.results if result.scores]
    tried = [(w.begin, w.end) for w in material.windows if not w.train]
    return Picture(axes, sets, _curve(material, best), tried)


def _set(material: Material, result: Result, name: str) -> Set:
    values = [str(result.values[axis.name]) for axis in material.axes]
    trained = objective_of(result, material.windows, name)
    return Set(result.number, values, trained, _tried(result, material.windows, name))


def _tried(result: Result, windows: Sequence[Window], name: str) -> float | None:
    others = [Window(w.begin, w.end, not w.train, w.fold) for w in windows]
    return objective_of(result, others, name)


def _curve(material: Material, best: dict[str, Value]) -> list[tuple[int, float]]:
    config = configured(material.config, material.axes, best)
    signals = [Signals(each.entry, each.exit) for each in material.signals(best)]
    run = played(material.whole, signals, config)
    sold = run.actions[run.actions[:, at.KIND] == at.SOLD]
    moments, won = times_of(sold, material.tapes), np.cumsum(won_of(sold, config))
    begin = min(window.begin for window in material.windows)
    return [(begin, 0.0), *zip(moments.tolist(), won.tolist(), strict=True)]
