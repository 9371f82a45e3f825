"""Owns a sweep from its plan to what was found: made ready, played, judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from core.market.candles import COLUMNS, CandleSeries, columns, window
from core.strategy import Strategy, params_of
from messages.config import Config
from research.lookahead import differences
from research.sweep.overfitting import deflated_sharpe, warnings
from research.sweep.result_log import ResultLog
from research.sweep.runner import Runner
from research.sweep.scores import Score, worth
from research.sweep.search import search_of
from research.sweep.space import Axis, InvalidSpace, Value, axes_of, current, size, typed
from research.sweep.sweep import best, objective_of, sweep
from research.sweep.trial import Material, Result, Trial
from research.sweep.windows import latest, windows_of

LOOKED = 200  # candles at whose close a strategy is asked whether it looks ahead
Heard = Callable[[Result, float | None], None]


class Plan(Struct, frozen=True):
    """What is asked for; ``groups`` of axes and axes of one's ``own``."""

    groups: tuple[str, ...]
    own: tuple[str, ...]
    validation: float
    folds: int
    sampler: str
    objective: str
    trials: int
    seed: int


class Fold(Struct, frozen=True):
    """One step of walking forward: the values that were best before it, and what they earned."""

    begin: int
    end: int
    values: dict[str, Value]
    train: Score
    tried: Score


class Findings(Struct, frozen=True):
    """``trials``: sets that differ, ``failed`` some of them; ``repeats`` were played once more.

    ``value`` is what the best was chosen by; ``tried`` the same where it was not chosen on, of
    folds the mean, and ``trained`` their mean where they were. ``sure``: the deflated Sharpe ratio.
    """

    trials: int
    objective: str
    axes: tuple[Axis, ...]
    failed: int
    error: str  # the last of those that failed
    repeats: int = 0
    whole: bool = False  # there are no other sets
    best: Result | None = None
    train: Score = Score()
    validation: Score | None = None
    value: float = 0.0
    tried: float | None = None
    trained: float | None = None
    sure: float | None = None
    warnings: list[str] = []
    folds: list[Fold] = []


class Prepared:
    """A sweep that is ready to be played."""

    def __init__(self, plan: Plan, material: Material, record: ResultLog) -> None:
        self.plan, self.material, self.record = plan, material, record
        axes = material.axes
        self.most = min(plan.trials, size(axes)) if plan.sampler == "grid" else plan.trials
        self.points = size(axes)
        self.known = len(record.results)

    def play(self, runner: Runner, heard: Heard) -> None:
        """Until there are enough; KeyboardInterrupt leaves what was finished in the record."""
        plan, windows = self.plan, self.material.windows

        def hear(result: Result) -> None:
            heard(result, objective_of(result, windows, plan.objective))

        search = search_of(self.material.axes, plan.sampler, plan.seed + self.known)
        sweep(search, runner, self.record, windows, plan.objective, self.most, hear)

    def close(self) -> None:
        """Let go of the record."""
        self.record.close()


def prepared(
    plan: Plan,
    config: Config,
    strategy: Strategy,
    candle_series: Sequence[CandleSeries],
    path: Path,
) -> Prepared:
    """Raises Unfit, and Unplayable, for what cannot be swept."""
    if plan.folds and plan.sampler == "tpe":
        what = "it learns of all folds at once, and so of days that a fold must not know"
        raise InvalidSpace(what, "--sampler tpe", "with --walk-forward: random, grid")
    axes = axes_of(strategy, plan.groups, plan.own)
    windows = windows_of(candle_series, config.startup_candle_count, plan.validation, plan.folds)
    material = Material(config, strategy, candle_series, axes, windows)
    _looks_ahead(strategy, config, candle_series)
    tried = material.run(Trial(-1, current(config, strategy, axes)))
    if tried.error:
        raise InvalidSpace(
            f"it fails: {tried.error}",
            f"strategy {config.strategy}",
            "signals for all of its space",
        )
    about = {
        "strategy": f"{config.strategy} {config.strategy_hash[:12]}",
        "configuration": _digest(msgspec.json.encode(structs.replace(config, language="auto"))),
        "candles": _digest(*(_bytes(series) for series in candle_series)),
        "space": _digest(repr(axes).encode(), repr(windows).encode()),
    }
    record = ResultLog(path, about)
    record.results = [structs.replace(r, values=typed(axes, r.values)) for r in record.results]
    return Prepared(plan, material, record)


def findings(run: Prepared) -> Findings:
    """What the record holds by now."""
    results, windows, name = run.record.results, run.material.windows, run.plan.objective
    errors = [result.error for result in results if result.error]
    last = errors[-1] if errors else ""
    sets = {repr(result.values): result for result in results}
    failed = sum(bool(result.error) for result in sets.values())
    known = Findings(len(sets), name, run.material.axes, failed, last)
    known = structs.replace(known, repeats=len(results) - len(sets), whole=len(sets) >= run.points)
    folds = [_fold(run, place) for place in range(0, len(windows) - 1, 2)] if run.plan.folds else []
    place = latest(windows)
    chosen = best(results, place, name)
    if chosen is None:
        return known
    train, *rest = chosen.scores[place:]
    value = worth(train, name) or 0.0
    walked = [fold for fold in folds if fold]
    parts = [(fold.train, fold.tried) for fold in walked] or [(train, score) for score in rest[:1]]
    trained = _mean([own for own, _ in parts], name) if walked else value
    tried = _mean([other for _, other in parts], name) if parts else None
    sure = deflated_sharpe(train, [r.scores[place] for r in sets.values() if r.scores])
    shortest = min(window.days for window in windows)
    own = sum(score.profit for score, _ in parts) if parts else train.profit
    profits = (own, sum(score.profit for _, score in parts))
    return structs.replace(
        known,
        best=chosen,
        train=train,
        validation=rest[0] if rest else None,
        value=value,
        tried=tried,
        sure=sure,
        trained=trained if walked else None,
        warnings=warnings(trained, tried, sure, shortest, profits),
        folds=walked,
    )


def _fold(run: Prepared, place: int) -> Fold | None:
    """What one had chosen before the window behind this place, and had earned in it."""
    chosen = best(run.record.results, place, run.plan.objective)
    if chosen is None:
        return None
    window = run.material.windows[place + 1]
    train, tried = chosen.scores[place : place + 2]
    return Fold(window.begin, window.end, chosen.values, train, tried)


def _mean(scores: Sequence[Score], objective: str) -> float:
    """Who did not trade has earned nothing."""
    return sum(worth(score, objective) or 0.0 for score in scores) / max(1, len(scores))


def plain(found: Findings) -> dict[str, Any]:
    """For programs."""
    known = structs.asdict(found) | {"axes": [axis.name for axis in found.axes]}
    built: dict[str, Any] = msgspec.to_builtins(known, builtin_types=())
    return built


def _looks_ahead(strategy: Strategy, config: Config, candle_series: Sequence[CandleSeries]) -> None:
    """A sample of the longest history; the whole is lookahead-analysis."""
    startup = config.startup_candle_count
    longest = max(candle_series, key=lambda series: len(series.time))
    candles, params = columns(longest), params_of(strategy, config.strategy_params)
    most = len(candles.time)
    parts = [window(candles, 0, startup + LOOKED), window(candles, most - startup - LOOKED, most)]
    try:
        found = [d for part in parts for d in differences(strategy, params, part, startup)]
    except Exception as error:
        text = f"{type(error).__name__}: {error}"[:300]
        raise InvalidSpace(
            f"it fails: {text}", f"strategy {config.strategy}", "signals for every candle"
        ) from None
    for difference in found:
        if difference.kind == "ahead":
            what = f"it looks ahead: {difference.name} of {longest.pair} at {difference.time}"
            raise InvalidSpace(
                what, f"strategy {config.strategy}", "what was known then; see lookahead-analysis"
            )


def _bytes(series: CandleSeries) -> bytes:
    head = f"{series.pair} {series.seconds} {series.price_places}".encode()
    return head + b"".join(getattr(series, name).tobytes() for name in COLUMNS[:-1])


def _digest(*parts: bytes) -> str:
    found = sha256()
    for part in parts:
        found.update(sha256(part).digest())
    return found.hexdigest()[:16]
