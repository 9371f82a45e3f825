"""The sweep: sets from declared spaces, played as a backtest plays them, recorded, and doubted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import pvariance
from typing import Annotated, Any

import numpy as np
import pytest
from msgspec import Meta, Struct, structs

from adapters.strategies import load as strategy_named
from app.backtest import backtest
from app.config.config_file import Loaded
from app.replay import Replay
from core.market.candles import CandleSeries, between, part
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from core.strategy import Signals, searched
from interfaces.commands.sweep_report import head, warned, windows
from messages.config import Config
from research.sweep.findings import Heard, Plan, Prepared, findings, prepared
from research.sweep.overfitting import deflated_sharpe, warnings
from research.sweep.picture import pictured
from research.sweep.result_log import ResultLog
from research.sweep.runner import LEAST, MOST, Runner, Threads
from research.sweep.scores import OBJECTIVES, Score, worth
from research.sweep.search import SAMPLERS, search_of
from research.sweep.space import GROUPS, InvalidSpace, axes_of, configured, sets, size
from research.sweep.sweep import best, sweep
from research.sweep.trial import Material, Result, Trial
from research.sweep.windows import windows_of

CONFIG = Config(cooldown_minutes=0)
STRATEGY = BUILT_IN[CONFIG.strategy]
STARTUP = CONFIG.startup_candle_count
SMALL = ("rsi_oversold=25:45:5", "stoploss=-0.03:-0.01:0.01")


@pytest.fixture(scope="module")
def candle_series() -> list[CandleSeries]:
    return list(synthetic_market(1, 4))


def plan(**more: Any) -> Plan:
    usual = Plan((), SMALL, 0.3, 0, "grid", "profit", 100, 0)
    return structs.replace(usual, **more)


def ready(candle_series: list[CandleSeries], path: Path, **more: Any) -> Prepared:
    return prepared(plan(**more), CONFIG, STRATEGY, candle_series, path)


def played(candle_series: list[CandleSeries], path: Path, jobs: int = 1, **more: Any) -> Prepared:
    run = ready(candle_series, path, **more)
    play(run, jobs)
    run.close()
    return run


def play(run: Prepared, jobs: int = 1, hear: Heard = lambda result, value: None) -> None:
    runner = Runner(Threads(run.material, jobs))
    try:
        run.play(runner, hear)
    finally:
        runner.close()


# --- spaces
def test_a_strategy_declares_where_its_parameters_are_looked_for() -> None:
    axes = {axis.name: axis for axis in axes_of(STRATEGY, ("signals",))}
    assert [axes["rsi_oversold"].value(n) for n in (0, 5)] == [20.0, 45.0]
    assert [type(axes[name].value(0)) for name in ("rsi_period", "rsi_oversold")] == [int, float]


def test_a_grid_has_every_point_once_and_each_makes_a_configuration() -> None:
    axes = axes_of(STRATEGY, ("roi",), SMALL)
    every = list(sets(axes))
    assert len({tuple(s.values()) for s in every}) == len(every) == size(axes) == 5 * 3 * 20
    made = configured(CONFIG, axes, every[0])
    assert made.strategy_params["rsi_oversold"] == 25.0
    assert str(made.stoploss) == "-0.03"
    assert made.minimal_roi == axes[0].low


def test_every_group_of_rules_holds_values_that_the_configuration_takes() -> None:
    for axis in axes_of(STRATEGY, GROUPS):
        assert axis.value(axis.place(axis.value(axis.count - 1))) == axis.value(axis.count - 1)
        own = f"{axis.name}={axis.low}:{axis.high}:{axis.step}"
        assert axes_of(STRATEGY, (), (own,)) == (axis,), own


@pytest.mark.parametrize(
    ("groups", "own", "where"),
    [
        (("sigma",), (), "--spaces"),
        ((), (), "--spaces"),
        ((), ("rsi=1:2:1",), "rsi is no parameter"),
        ((), ("rsi_period=1:2",), "not read"),
        ((), ("rsi_period=5:2:1",), "no values"),
        ((), ("rsi_period=5:9:0.5",), "whole"),
        ((), ("rsi_oversold=20:200:10",), "100"),
        ((), ("stoploss=-2:-1:0.5",), "-1"),
    ],
)
def test_a_space_that_is_none_is_refused(
    groups: tuple[str, ...], own: tuple[str, ...], where: str
) -> None:
    with pytest.raises(InvalidSpace, match=where):
        axes_of(STRATEGY, groups, own)


# --- windows
def test_what_is_tried_follows_what_was_trained_and_never_overlaps_it(
    candle_series: list[CandleSeries],
) -> None:
    train, tried = windows_of(candle_series, STARTUP, 0.25, 0)
    assert (train.train, tried.train, train.end) == (True, False, tried.begin)
    assert train.begin == min(int(series.time[STARTUP - 1]) for series in candle_series)
    folds = windows_of(candle_series, STARTUP, 0.25, 4)
    assert [w.train for w in folds] == [True, False] * 4
    assert all(a.end == b.begin for a, b in zip(folds[::2], folds[1::2], strict=True))
    assert all(a.end == b.begin for a, b in zip(folds[1::2], folds[3::2], strict=False))
    assert folds[-1].end == tried.end


def test_a_history_without_start_up_candles_is_refused(candle_series: list[CandleSeries]) -> None:
    for count in (0, 1, STARTUP - 1):
        with pytest.raises(InvalidSpace, match=f"{STARTUP} start-up candles"):
            windows_of([part(series, 0, count) for series in candle_series], STARTUP, 0.3, 0)


# --- a trial is a backtest
@pytest.mark.parametrize("values", [{}, {"rsi_oversold": 45.0, "conditions_required": 1}])
def test_a_score_is_what_the_actors_earn_on_the_same_days(
    candle_series: list[CandleSeries], values: dict[str, Any]
) -> None:
    own = tuple(f"{name}={value}:{value}:1" for name, value in values.items())
    axes = axes_of(STRATEGY, ("signals",) if not own else (), own)
    windows = windows_of(candle_series, STARTUP, 0.5, 0)
    material = Material(CONFIG, STRATEGY, candle_series, axes, windows)
    point = values or {axis.name: axis.value(axis.count - 1) for axis in axes}
    scores = material.run(Trial(0, point)).scores
    config = configured(CONFIG, axes, point)
    for window, score in zip(windows, scores, strict=True):
        cut = [between(t, window.begin, window.end, STARTUP - 1) for t in candle_series]
        judge = strategy_named(CONFIG.strategy, Path())
        names = tuple(series.pair for series in cut)
        loaded = Loaded(structs.replace(config, pair_whitelist=names), {}, judge)
        ledger = backtest(loaded, Replay(cut, STRATEGY, bulk=True))
        earned = [row.profit_abs for row in ledger.trades.sorted_rows]
        assert score.exits == len(earned) > 0
        assert score.profit == pytest.approx(float(sum(earned)), abs=1e-6)


def test_equal_parameters_make_their_signals_once(candle_series: list[CandleSeries]) -> None:
    axes = axes_of(STRATEGY, (), SMALL)
    material = Material(
        CONFIG, STRATEGY, candle_series, axes, windows_of(candle_series, STARTUP, 0.3, 0)
    )
    first, second, other = [
        material.signals(values)
        for values in (
            {"rsi_oversold": 30.0, "stoploss": axes[1].value(0)},
            {"rsi_oversold": 30.0, "stoploss": axes[1].value(1)},
            {"rsi_oversold": 35.0, "stoploss": axes[1].value(1)},
        )
    ]
    assert first is second
    assert first is not other


# --- the sweep
@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("jobs", [1, 3])
def test_each_set_that_was_asked_for_is_recorded_once(
    candle_series: list[CandleSeries], tmp_path: Path, sampler: str, jobs: int
) -> None:
    run = played(candle_series, tmp_path / "s.jsonl", jobs, sampler=sampler, trials=12)
    assert sorted(r.number for r in run.record.results) == [*range(12)]
    assert not any(r.error for r in run.record.results)
    found = findings(run)
    assert found.best is not None
    scores = [r.scores[0] for r in run.record.results]
    assert found.train.profit == max(score.profit for score in scores if score.exits)


def test_a_whole_grid_ends_when_every_point_was_played(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    run = played(candle_series, tmp_path / "s.jsonl", 2, trials=1000)
    assert len({tuple(r.values.values()) for r in run.record.results}) == run.most == 15


def test_chance_is_the_same_for_the_same_seed_however_many_play(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    found = []
    for jobs in (1, 3):
        run = played(candle_series, tmp_path / f"{jobs}", jobs, sampler="random", trials=8)
        found.append(sorted((r.number, repr(r.values), r.scores) for r in run.record.results))
    assert found[0] == found[1]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_an_interrupted_sweep_goes_on_with_all_that_was_finished(
    candle_series: list[CandleSeries], tmp_path: Path, sampler: str
) -> None:
    path = tmp_path / "s.jsonl"
    run = ready(candle_series, path, sampler=sampler, trials=15)
    heard: list[int] = []

    def hear(result: Result, value: float | None) -> None:
        heard.append(result.number)
        if len(heard) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(run, 2, hear)
    run.close()
    again = ready(candle_series, path, sampler=sampler, trials=15)
    kept = [r.number for r in again.record.results]
    assert kept[:5] == heard
    assert len(set(kept)) == len(kept)
    play(again, 2)
    again.close()
    assert len(again.record.results) == 15
    assert len({r.number for r in again.record.results}) == 15
    if sampler == "grid":
        assert len({tuple(r.values.values()) for r in again.record.results}) == 15


def test_a_record_whose_last_line_was_cut_off_goes_on_without_it(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    path = tmp_path / "s.jsonl"
    played(candle_series, path, trials=4)
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    run = ready(candle_series, path, trials=4)
    assert len(run.record.results) == 3
    play(run)
    run.close()
    assert path.read_bytes() == whole


def test_a_record_of_something_else_is_refused_and_named(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    path = tmp_path / "s.jsonl"
    played(candle_series, path, trials=2)
    before = path.read_bytes()
    changed: dict[str, Callable[[], object]] = {
        "candles": lambda: ready([part(t, 0, len(t.time) - 1) for t in candle_series], path),
        "space": lambda: ready(candle_series, path, own=("rsi_oversold=25:45:10",)),
        "configuration": lambda: prepared(
            plan(), structs.replace(CONFIG, max_open_trades=1), STRATEGY, candle_series, path
        ),
        "strategy": lambda: prepared(
            plan(), structs.replace(CONFIG, strategy_hash="other"), STRATEGY, candle_series, path
        ),
    }
    for name, opened in changed.items():
        with pytest.raises(InvalidSpace, match=f"another {name}|another candles|another space"):
            opened()
    path.write_text("not a record\n")
    with pytest.raises(InvalidSpace, match="no record of a sweep"):
        ready(candle_series, path)
    path.write_bytes(before + b'{"number": "x"}\n')
    with pytest.raises(InvalidSpace, match="line 4 is no result"):
        ready(candle_series, path)


class Params(Struct, frozen=True):
    """Of the strategies below."""

    level: Annotated[int, Meta(ge=0, le=9, extra=searched(0, 3, 1))] = 0


def strategy_of(entry: Callable[[Any, Params], Any]) -> Any:
    """A strategy whose entries are what ``entry`` makes of the candles."""

    class Made:
        Params: type[Struct]

        @staticmethod
        def signals(candles: Any, params: Any) -> Signals:
            said = entry(candles, params)
            return Signals(said, np.zeros(len(candles.time), dtype=np.bool_))

    Made.Params = Params
    return Made


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (lambda c, p: np.append(c.close[1:] > c.close[:-1], False), "looks ahead"),
        (lambda c, p: np.ones(len(c.time) - 1, dtype=np.bool_), "fails"),
        (lambda c, p: np.full(len(c.time), np.nan), "fails"),
        (lambda c, p: 1 / 0, "ZeroDivisionError"),
    ],
    ids=["ahead", "shape", "nan", "raises"],
)
def test_a_strategy_that_cannot_be_trusted_is_refused_before_the_sweep(
    candle_series: list[CandleSeries], tmp_path: Path, entry: Any, what: str
) -> None:
    with pytest.raises(InvalidSpace, match=what):
        prepared(
            plan(groups=("signals",), own=()),
            CONFIG,
            strategy_of(entry),
            candle_series,
            tmp_path / "s",
        )
    assert not (tmp_path / "s").exists()


def test_a_set_that_fails_is_told_and_the_others_go_on(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    def entry(candles: Any, params: Params) -> Any:
        if params.level == 2:
            raise ValueError("no such level")
        return candles.time // 60 % 7 == params.level

    made = plan(groups=("signals",), own=())
    run = prepared(made, CONFIG, strategy_of(entry), candle_series, tmp_path / "s")
    play(run)
    run.close()
    found = findings(run)
    assert (found.trials, found.failed, found.error) == (4, 1, "ValueError: no such level")
    assert found.best is not None


# --- doubt
def test_the_deflated_ratio_is_that_of_the_papers_example() -> None:
    spread, year = (0.5 / 250) ** 0.5, 250**0.5
    every = [Score(daily=(sign * spread, 0.0, 3.0, 1250)) for sign in (-1, 1) for _ in range(50)]
    assert pvariance([score.daily[0] for score in every]) == pytest.approx(0.002)
    best = Score(daily=(2.5 / year, -3.0, 10.0, 1250))
    assert deflated_sharpe(best, every) == pytest.approx(0.9004, abs=5e-4)


def test_where_nothing_can_be_said_of_luck_nothing_is() -> None:
    score = Score(daily=(0.1, 0.0, 3.0, 100))
    assert deflated_sharpe(score, [score]) is None
    assert deflated_sharpe(score, [score, score]) is None


@pytest.mark.parametrize(
    ("train", "tried", "sure", "said"),
    [
        (10.0, 9.0, 0.99, []),
        (10.0, None, None, ["unseen"]),
        (10.0, 5e-16, 0.99, ["lost"]),
        (10.0, 4.0, 0.99, ["fell"]),
        (10.0, -1.0, 0.5, ["lost", "luck"]),
        (-1.0, -2.0, None, []),
    ],
)
def test_what_is_over_fitted_is_said_to_be(
    train: float, tried: float | None, sure: float | None, said: list[str]
) -> None:
    assert warnings(train, tried, sure, 30) == said
    assert warnings(train, tried, sure, 29) == [*said, "few"]


@pytest.mark.parametrize(
    ("profits", "said"),
    [
        ((500.0, 300.0), []),
        ((500.0, 0.0), ["lost"]),
        ((500.0, -1.0), ["lost"]),
        ((-500.0, 9.0), ["loses"]),
    ],
)
def test_what_the_folds_lost_is_over_fitted_however_well_a_mean_of_ratios_looks(
    profits: tuple[float, float], said: list[str]
) -> None:
    assert warnings(10.0, 9.0, 0.99, 30, profits) == said


@pytest.mark.parametrize("sampler", ["random", "tpe"])
def test_sets_are_counted_not_how_often_they_were_played(
    candle_series: list[CandleSeries], tmp_path: Path, sampler: str
) -> None:
    own = ("rsi_oversold=30:34:2",)  # three sets
    run = played(candle_series, tmp_path / "s", own=own, sampler=sampler, trials=12)
    found = findings(run)
    assert (found.trials, found.whole) == (3, True)
    assert found.repeats == len(run.record.results) - 3
    assert len(pictured(run, run.record.results[0].values).sets) == 3
    assert dict(head(found, "en"))["Sets tried"].startswith("3 (all there are")
    (said,) = [line for line in warned(found, "en") if "LUCK" in line] or [" 3 sets "]
    assert " 3 sets " in said


def test_folds_are_compared_where_trained_with_where_tried_and_say_so(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    found = findings(played(candle_series, tmp_path / "s", folds=3, trials=15))
    means = [
        sum(each.profit for each in part) / 3
        for part in zip(*((fold.train, fold.tried) for fold in found.folds), strict=True)
    ]
    assert (found.trained, found.tried) == (pytest.approx(means[0]), pytest.approx(means[1]))
    told = dict(head(found, "en"))
    assert told["Mean of the folds where not trained"] == f"{means[1]:,.4g}"
    assert [row[0] for row in windows(found, "en")] == ["last fold, trained", "last fold, tried"]
    lost = means[0] > 0 >= means[1]
    assert ("lost" in found.warnings) == lost


def test_walking_forward_each_fold_is_chosen_on_what_came_before_it(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    run = played(candle_series, tmp_path / "s", folds=3, trials=15)
    found = findings(run)
    assert len(found.folds) == 3
    for place, fold in enumerate(found.folds):
        traded = [r.scores[2 * place] for r in run.record.results if r.scores[2 * place].exits]
        assert fold.train.profit == max(score.profit for score in traded)
        (chosen,) = [r for r in run.record.results if r.values == fold.values]
        assert fold.tried == chosen.scores[2 * place + 1]


def test_a_search_hears_of_what_was_known_before(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    axes = axes_of(STRATEGY, (), SMALL)
    material = Material(
        CONFIG, STRATEGY, candle_series, axes, windows_of(candle_series, STARTUP, 0.0, 0)
    )
    record = ResultLog(tmp_path / "s", {"what": "a test"})
    for sampler in ("random", "tpe"):
        search = search_of(axes, sampler, 1)
        runner = Runner(Threads(material, 1))
        most = len(record.results) + 6
        sweep(search, runner, record, material.windows, "calmar", most, lambda result: None)
        runner.close()
    record.close()
    assert len(record.results) == 12


class Counted(Threads):
    """One thread, which would rather have all trials at once; how many a task had."""

    def __init__(self, material: Material) -> None:
        super().__init__(material, 1, task=1e9)
        self.sizes: list[int] = []

    def send(self, trials: Sequence[Trial]) -> None:
        """Have them played."""
        self.sizes.append(len(trials))
        super().send(trials)


def test_the_last_tasks_are_shorter_so_that_all_are_done_at_about_the_same_time(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    run = ready(
        candle_series, tmp_path / "s", own=(), groups=("signals",), sampler="random", trials=600
    )
    pool = Counted(run.material)
    run.play(Runner(pool), lambda result, value: None)
    run.close()
    pool.close()
    assert sum(pool.sizes) == len(run.record.results) == 600
    assert max(pool.sizes) == MOST
    assert pool.sizes[-1] <= MOST // LEAST


def test_walking_forward_nothing_is_learnt_of_days_that_a_fold_must_not_know(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    with pytest.raises(InvalidSpace, match="days that a fold must not know"):
        ready(candle_series, tmp_path / "s", folds=3, sampler="tpe")
    found = findings(played(candle_series, tmp_path / "s", folds=3, sampler="random", trials=10))
    assert found.best is not None
    assert found.best.values == found.folds[-1].values, "what one would trade with now"
    assert found.tried == pytest.approx(sum(fold.tried.profit for fold in found.folds) / 3)


def test_rules_that_contradict_each_other_are_not_played(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    own = ("minimal_roi=0.01:0.09:0.04", "partial_exit_profit=0.02:0.06:0.02")
    run = played(candle_series, tmp_path / "s", own=own)
    told = {tuple(r.values.values()): r.error for r in run.record.results}
    assert len(told) == 9
    for (roi, part_profit), error in told.items():
        assert ("partial_exit_profit is not below minimal_roi" in error) == (part_profit >= roi)


def test_a_set_that_never_trades_is_nobodys_choice() -> None:
    idle, loser = Score(), Score(profit=-5.0, exits=1, sharpe=-1.0)
    for name in OBJECTIVES:
        assert worth(idle, name) is None
    results = [Result(0, {}, (idle,)), Result(1, {}, (loser,))]
    assert best(results, 0, "sharpe") == results[1]


def test_two_sweeps_do_not_share_a_record(
    candle_series: list[CandleSeries], tmp_path: Path
) -> None:
    run = ready(candle_series, tmp_path / "s")
    with pytest.raises(InvalidSpace, match="another sweep"):
        ready(candle_series, tmp_path / "s")
    run.close()
    ready(candle_series, tmp_path / "s").close()
