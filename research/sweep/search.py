"""Owns which set of values is tried next: all of a grid in turn, by chance, or where it pays.

The tree-structured Parzen estimator is optuna's. Its study lives in memory and is told the finished
trials of a record again: so resuming needs no second file that could disagree. Chance needs no
study: asking optuna for it took a third of a trial of 100,000 candles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from research.sweep.space import Axis, Value, sets, size

DRAWN = 100  # points by chance that are drawn together
INSISTS = 20  # times that a sampler is asked again for a set that is not known
SAMPLERS = ("tpe", "random", "grid")


class Search(Protocol):
    """Gives sets of values, and hears what came of each; greater is better, None is a failure."""

    def next(self) -> dict[str, Value] | None:
        """The next set; None when there is none."""

    def told(self, values: dict[str, Value], objective: float | None) -> None:
        """What came of a set that was finished, in this run or in one before."""


class GridSearch:
    """Every point once."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self._sets: Iterator[dict[str, Value]] = sets(axes)
        self._known: set[tuple[Value, ...]] = set()

    def next(self) -> dict[str, Value] | None:
        """The next point that is not known."""
        return next((s for s in self._sets if tuple(s.values()) not in self._known), None)

    def told(self, values: dict[str, Value], objective: float | None) -> None:
        """It need not be tried again."""
        self._known.add(tuple(values.values()))


class RandomSearch:
    """Every point as likely as every other; where it has been only if it insists."""

    def __init__(self, axes: Sequence[Axis], seed: int) -> None:
        self._axes, self._places = axes, _drawn([axis.count for axis in axes], seed)
        self._known: set[tuple[Value, ...]] = set()

    def next(self) -> dict[str, Value] | None:
        """A point by chance; None where every one is known."""
        if len(self._known) >= size(self._axes):
            return None
        for _ in range(INSISTS):
            drawn = zip(self._axes, next(self._places), strict=True)
            values = {axis.name: axis.value(place) for axis, place in drawn}
            if tuple(values.values()) not in self._known:
                break
        self._known.add(tuple(values.values()))
        return values

    def told(self, values: dict[str, Value], objective: float | None) -> None:
        """It need not be tried again."""
        self._known.add(tuple(values.values()))


def _drawn(counts: list[int], seed: int) -> Iterator[list[int]]:
    """Places on axes so long, for ever; many at a time."""
    random = np.random.default_rng(seed)
    while True:
        yield from random.integers(counts, size=(DRAWN, len(counts))).tolist()


class OptunaSearch:
    """Optuna's, over the places of the axes."""

    def __init__(self, axes: Sequence[Axis], seed: int) -> None:
        import optuna  # imported late: it takes its time

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        made = optuna.samplers.TPESampler(seed=seed)
        self._optuna, self._axes = optuna, axes
        self._study = optuna.create_study(direction="maximize", sampler=made)
        spaces = optuna.distributions
        self._spaces: dict[str, Any] = {
            axis.name: spaces.IntDistribution(0, axis.count - 1) for axis in axes
        }
        self._known: set[tuple[Value, ...]] = set()
        self._asked: dict[tuple[Value, ...], list[Any]] = {}

    def next(self) -> dict[str, Value] | None:
        """Wherever the sampler looks; where it has been only if it insists. None at the end."""
        if len(self._known) >= size(self._axes):
            return None
        for _ in range(INSISTS):
            trial = self._study.ask(self._spaces)
            values = {axis.name: axis.value(trial.params[axis.name]) for axis in self._axes}
            if tuple(values.values()) not in self._known:
                break
        self._known.add(tuple(values.values()))
        self._asked.setdefault(tuple(values.values()), []).append(trial)
        return values

    def told(self, values: dict[str, Value], objective: float | None) -> None:
        """The sampler learns of it."""
        state = self._optuna.trial.TrialState
        how = state.FAIL if objective is None else state.COMPLETE
        if asked := self._asked.get(tuple(values.values())):
            self._study.tell(asked.pop(), objective, state=how)
            return
        self._known.add(tuple(values.values()))
        params = {axis.name: axis.place(values[axis.name]) for axis in self._axes}
        known = self._optuna.trial.create_trial(
            params=params, distributions=self._spaces, value=objective, state=how
        )
        self._study.add_trial(known)


def search_of(axes: Sequence[Axis], sampler: str, seed: int) -> Search:
    """The search of this name."""
    if sampler == "tpe":
        return OptunaSearch(axes, seed)
    return GridSearch(axes) if sampler == "grid" else RandomSearch(axes, seed)
