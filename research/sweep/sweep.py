"""Owns the sweep itself: sets are asked for, played, recorded and told, until there are enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from research.sweep.result_log import ResultLog
from research.sweep.runner import Runner
from research.sweep.scores import worth
from research.sweep.search import Search
from research.sweep.trial import Result, Trial
from research.sweep.windows import Window


def objective_of(result: Result, windows: Sequence[Window], name: str) -> float | None:
    """The mean over the trained windows; None for a set that failed or did nothing in one."""
    pairs = zip(result.scores, windows, strict=False)
    own = [worth(score, name) for score, window in pairs if window.train]
    known = [value for value in own if value is not None]
    return sum(known) / len(known) if known and len(known) == len(own) else None


def sweep(
    search: Search,
    runner: Runner,
    record: ResultLog,
    windows: Sequence[Window],
    objective: str,
    trials: int,
    heard: Callable[[Result], None],
) -> None:
    """Until the record holds so many results, or the search is at its end.

    Interrupted by KeyboardInterrupt, which is left to the caller: what was finished is recorded.
    """
    for known in record.results:
        search.told(known.values, objective_of(known, windows, objective))
    numbers = count(1 + max((known.number for known in record.results), default=-1))
    left, under_way = trials - len(record.results), 0

    def fill() -> None:
        nonlocal left, under_way
        while under_way < runner.ahead and left > 0:
            if (values := search.next()) is None:
                left = 0
                return
            left, under_way = left - 1, under_way + 1
            runner.submit(Trial(next(numbers), values), left)

    fill()
    while under_way:
        results = runner.finished()
        under_way -= len(results)
        record.add(results)
        for result in results:
            search.told(result.values, objective_of(result, windows, objective))
            heard(result)
        fill()


def best(results: Sequence[Result], place: int, objective: str) -> Result | None:
    """The one that did best in the window at this place; the earlier of two that are alike."""
    found: Result | None = None
    most = 0.0
    for result in sorted((r for r in results if r.scores), key=lambda r: r.number):
        value = worth(result.scores[place], objective)
        if value is not None and (found is None or value > most):
            found, most = result, value
    return found
