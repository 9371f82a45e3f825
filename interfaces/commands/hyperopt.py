"""``hyperopt``: many sets of parameters over one history, and how far to believe the best."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.strategies import portable
from i18n import say
from i18n.errors import UserError
from i18n.formatting import kst
from i18n.nearest import near_word
from i18n.styles import OutputStyle
from i18n.tables import stacked
from interfaces.commands.engines import require_cluster, require_sweep
from interfaces.commands.research import ResearchInput, research_input
from interfaces.console.session import json_text
from interfaces.options import asking, recording_option, refuse_nowhere

if TYPE_CHECKING:
    from research.sweep.findings import Findings, Plan, Prepared
    from research.sweep.picture import Picture
    from research.sweep.runner import Runner
    from research.sweep.trial import Result

OBJECTIVES = ("profit", "sharpe", "sortino", "calmar", "profit-over-drawdown")
SAMPLERS = ("tpe", "random", "grid")
INTERRUPTED = 130  # the exit code
SEED_MOST = 2**31  # numpy takes twice that, and a study that goes on counts up from it


@click.command()
@asking
@recording_option
@click.option("--timerange", default="", help="20250901-20250910, UTC days, the end excluded.")
@click.option("--strategy", help='A built-in name, or "file.py:Name".')
@click.option("--epochs", type=click.IntRange(1), default=100, show_default=True, help="Sets.")
@click.option("--sampler", type=click.Choice(SAMPLERS), default="tpe", show_default=True)
@click.option("--objective", type=click.Choice(OBJECTIVES), default="sharpe", show_default=True)
@click.option("--spaces", default="signals", show_default=True, help="signals,stoploss,roi ...")
@click.option(
    "--space", "own", multiple=True, metavar="NAME=LOW:HIGH:STEP", help="One of your own."
)
@click.option(
    "--validation",
    type=click.FloatRange(0, 0.9),
    default=0.3,
    show_default=True,
    help="Share of the history, at its end, that is not trained on.",
)
@click.option("--walk-forward", "folds", type=click.IntRange(0, 100), default=0, help="Folds.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True)
@click.option("--dask", metavar="local|tcp://HOST:PORT", help="Play on a dask cluster.")
@click.option("--seed", type=click.IntRange(0, SEED_MOST), default=0, show_default=True)
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    default=Path("hyperopt.jsonl"),
    show_default=True,
    help="Where results are kept; the same file goes on.",
)
@click.option("--report", "page", type=click.Path(path_type=Path), help="HTML file with charts.")
def hyperopt(
    config: Path | None,
    state: Path | None,
    json: bool,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    timerange: str,
    strategy: str | None,
    epochs: int,
    sampler: str,
    objective: str,
    spaces: str,
    own: tuple[str, ...],
    validation: float,
    folds: int,
    jobs: int,
    dask: str | None,
    seed: int,
    study: Path,
    page: Path | None,
) -> int:
    """Search for parameters, and see whether what was found holds elsewhere."""
    require_sweep()
    from research.sweep.findings import Plan  # imported late: it needs a compiler

    refuse_nowhere(study, "--study")
    if page:
        refuse_nowhere(page, "--report")
    bench = research_input(config, recording, more, timerange, strategy)
    groups = tuple(name for name in spaces.replace(" ", "").split(",") if name)
    plan = Plan(groups, own, validation, folds, sampler, objective, epochs, seed)
    run = _prepared(plan, bench, study)
    whole = _played(run, bench, dask, jobs, quiet=json)
    try:
        return _told(run, bench, page, whole=whole, json=json)
    finally:
        run.close()


def _played(
    run: Prepared, bench: ResearchInput, dask: str | None, jobs: int, *, quiet: bool
) -> bool:
    """Whether it came to its end, and was not interrupted. Raises UserError."""
    with (
        _explained(),
        suppress(KeyboardInterrupt),
        _runner(run, bench, dask, jobs) as runner,
        _bar(run.known, run.most, quiet=quiet) as heard,
    ):
        run.play(runner, heard)
        return True
    return False


def _prepared(plan: Plan, bench: ResearchInput, study: Path) -> Prepared:
    """Raises UserError for what cannot be swept."""
    from research.sweep.findings import prepared
    from research.unsupported import Unsupported

    try:
        with _explained():
            return prepared(plan, bench.config, bench.strategy, bench.candle_series, study)
    except Unsupported as error:
        problem = error.problem
        raise UserError(problem.what, problem.where, problem.allowed, "see --help") from None


@contextmanager
def _explained() -> Iterator[None]:
    """What a sweep cannot do becomes a UserError."""
    from research.sweep.space import InvalidSpace

    try:
        yield
    except InvalidSpace as error:
        near = near_word(error.what.partition(" is no ")[0], error.allowed.split(", "))
        todo = f"did you mean {near}?" if near else "see --help"
        raise UserError(error.what, error.where, error.allowed, todo) from None


@contextmanager
def _runner(run: Prepared, bench: ResearchInput, dask: str | None, jobs: int) -> Iterator[Runner]:
    """Who plays the trials; let go of at the end, whatever it is."""
    from research.sweep.runner import MOST, Pool, Runner, Threads

    if dask is None:
        pool: Pool = Threads(run.material, jobs)
    else:
        require_cluster()
        from research.sweep.cluster import Cluster  # imported late: it takes its time

        strategy = portable(bench.strategy, bench.config.strategy).load
        pool = Cluster(run.material, strategy, dask, jobs)
    runner = Runner(pool, 1 if run.plan.sampler == "tpe" else MOST)
    try:
        yield runner
    finally:
        runner.close()


class _bar:
    """Progress on standard error with the best so far, for a person; otherwise nothing."""

    def __init__(self, begun: int, most: int, *, quiet: bool) -> None:
        columns = (
            TextColumn("{task.completed}/{task.total}"),
            BarColumn(),
            TextColumn("{task.fields[best]}"),
        )
        shown = Console(stderr=True, quiet=quiet or not os.isatty(2))
        self._bar = Progress(*columns, TimeRemainingColumn(), console=shown)
        self._task = self._bar.add_task("", total=most, completed=begun, best="")
        self._best: float | None = None

    def __enter__(self) -> Any:
        self._bar.start()
        return self._heard

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _heard(self, result: Result, value: float | None) -> None:
        if value is not None and (self._best is None or value > self._best):
            self._best = value
        best = "" if self._best is None else f"{self._best:,.4g}"
        self._bar.update(self._task, advance=1, best=best)


def _told(
    run: Prepared, bench: ResearchInput, page: Path | None, *, whole: bool, json: bool
) -> int:
    """Say, and write, what was found."""
    from research.sweep.findings import findings, plain

    found = findings(run)
    picture = _picture(run, found) if json or page else None
    if json:
        click.echo(json_text({**plain(found), **_drawn(picture)}))
    else:
        click.echo(_text(found, bench, run.record.path, whole))
    if page and picture:
        _write(page, run, found, picture, bench)
        if not json:
            click.echo(say("report_written", bench.language, path=str(page)))
    return 0 if whole else INTERRUPTED


def _picture(run: Prepared, found: Findings) -> Picture | None:
    """What can be drawn; None where nothing could be played."""
    from research.sweep.picture import pictured

    return pictured(run, found.best.values) if found.best else None


def _drawn(picture: Picture | None) -> dict[str, Any]:
    """For programs: what the page draws of each set and of the best."""
    if picture is None:
        return {}
    found: dict[str, Any] = to_builtins(picture)
    return {name: found[name] for name in ("sets", "curve", "untrained")}


def _write(
    path: Path, run: Prepared, found: Findings, picture: Picture, bench: ResearchInput
) -> None:
    from interfaces.commands.sweep_page import page
    from interfaces.reports.page.shell import write

    language, windows = bench.language, run.material.windows
    ends = min(w.begin for w in windows), max(w.end for w in windows)
    begin, end = (kst(at, False) for at in ends)
    heading = (
        say("banner_days", language, begin=begin, end=end).strip(),
        say("banner_pairs", language, names=", ".join(t.pair for t in bench.candle_series)).strip(),
    )
    write(path, page(found, picture, heading, language))


def _text(found: Findings, bench: ResearchInput, study: Path, whole: bool) -> str:
    """What a person reads."""
    from interfaces.commands.sweep_report import tables, warned

    language = bench.language
    look = OutputStyle.of(sys.stdout, language, os.environ)
    lines = [] if whole else [say("sweep_interrupted", language, path=str(study))]
    if found.best is None:
        return "\n".join([*lines, say("sweep_nothing", language, error=found.error)])
    table = look.drawn(stacked(*tables(found, language)))
    return "\n".join([*map(look.framed, lines), table, *map(look.framed, warned(found, language))])
