"""``backtesting``: the same actors, stepped through a recording as fast as they go."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from core.market.candles import Tape, between, columns
from core.market.schedule import Schedule, span
from core.strategy import params_of
from interfaces.catalogue import language, say
from interfaces.composition import build
from interfaces.console.desk import json_text, shown
from interfaces.formatting import krw, kst, to_plain
from interfaces.processes.child import market_of
from interfaces.replay import Replay, scheduled
from interfaces.reports.shapes import stacked
from interfaces.reports.summary import Summary, summarise
from interfaces.reports.summary_table import tables
from interfaces.reports.trades import exported
from interfaces.settings.config_file import Loaded, load
from interfaces.sources import Source, source_of
from interfaces.verbs.engines import ENGINES, by_kernel
from interfaces.verbs.options import (
    asking,
    config_path,
    files_of,
    recording_option,
    refuse_nowhere,
)
from interfaces.views import Ledger
from persistence.record import Birth
from persistence.store import Store
from research.settling import Rung, unsettled

STEPS = 400  # of the progress bar
PAIRS_LOOKED = 8  # of which it is looked at whether the strategy is settled
CANDLES_LOOKED = 20_000  # of each, the newest


@click.command()
@asking
@recording_option
@click.option("--timerange", default="", help="20250901-20250910, UTC days, the end excluded.")
@click.option("--strategy", help='A built-in name, or "file.py:Name".')
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    help="The actors that trade, or the kernel: the same trades, compiled.",
)
@click.option("--export-trades", "export", type=click.Path(path_type=Path), help="JSON file.")
@click.option("--report", "page", type=click.Path(path_type=Path), help="HTML file with charts.")
def backtesting(
    config: Path | None,
    state: Path | None,
    json: bool,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    timerange: str,
    strategy: str | None,
    engine: str,
    export: Path | None,
    page: Path | None,
) -> None:
    """What a strategy would have earned on a recording."""
    loaded = load(config_path(config), os.environ, {"strategy": strategy} if strategy else {})
    for path, option in ((export, "--export-trades"), (page, "--report")):
        if path:
            refuse_nowhere(path, option)
    source = source_of(files_of(recording, more), loaded.config, timerange)
    replay = Replay(source.tapes, loaded.strategy.strategy, bulk=True)
    schedule = scheduled(replay, loaded)
    ledger = _played(engine, loaded, replay, schedule, quiet=json)
    rows = exported(ledger.trades)
    if export:
        _write(export, json_text(rows))
    summary = summarise(
        ledger.trades.sorted_rows,
        loaded.config.dry_run_wallet,
        len(ledger.trades.open),
        market_of(schedule, span(schedule)[1]),
        ledger.trades.open_fees,
    )
    settled = _settled(loaded, schedule)
    if json:
        told = {"summary": to_plain(summary), "settled": to_plain(settled), "trades": rows}
        click.echo(json_text(told))
    else:
        click.echo(_report(loaded, source, schedule, summary) + _warned(loaded, settled))
    if page:
        write_page(page, loaded, source, schedule, ledger, quiet=json)


def _warned(loaded: Loaded, settled: Rung) -> str:
    """That a bot would have decided otherwise; "" when it would not."""
    if not settled.differing:
        return ""
    facts = {"startup": settled.count, "differing": settled.differing, "compared": settled.compared}
    words = language(loaded.config, os.environ)
    return "\n\n" + say("settle_backtest", words, **{k: str(v) for k, v in facts.items()})


def _settled(loaded: Loaded, schedule: Schedule) -> Rung:
    """Whether a bot with its few candles would have decided the same."""
    config, strategy = loaded.config, loaded.strategy.strategy
    tracks = schedule.tracks[:: max(1, len(schedule.tracks) // PAIRS_LOOKED)][:PAIRS_LOOKED]
    histories = [columns(_newest(track.tape)) for track in tracks]
    params = params_of(strategy, config.strategy_params)
    return unsettled(strategy, params, histories, config.startup_candle_count)


def _newest(tape: Tape) -> Tape:
    """The end of a long tape: what is older changes nothing that is looked at."""
    if len(tape.time) <= CANDLES_LOOKED:
        return tape
    return between(tape, int(tape.time[-CANDLES_LOOKED]), int(tape.time[-1]) + 1)


def _played(
    engine: str, loaded: Loaded, replay: Replay, schedule: Schedule, *, quiet: bool
) -> Ledger:
    """What the run adds up to. Raises UserError where the engine cannot play it."""
    if engine == "kernel":
        return by_kernel(loaded.config, schedule)
    return backtest(loaded, replay, quiet=quiet)


def write_page(
    path: Path, loaded: Loaded, source: Source, schedule: Schedule, ledger: Ledger, *, quiet: bool
) -> None:
    """The report of a backtest as an HTML file. Raises UserError."""
    from interfaces.reports.page import runs  # imported late: few backtests are drawn

    words = language(loaded.config, os.environ)
    runs.write(path, runs.of_backtest(loaded, source, schedule, ledger, words), words)
    if not quiet:
        click.echo(say("report_written", words, path=str(path)))


def backtest(
    loaded: Loaded,
    replay: Replay,
    *,
    quiet: bool = True,
    look: Callable[[Store], None] | None = None,
) -> Ledger:
    """Step a replay to its end, in a state directory that nobody keeps; what it adds up to.

    ``look`` is shown the store before it goes.
    """
    birth = Birth("backtest", "paper", loaded.config.exchange.name, "paper")
    with tempfile.TemporaryDirectory(prefix="jangbu-") as folder:
        store = Store.create(Path(folder) / "state", birth, sync=False)
        bot = build(loaded.config, replay, store, runtime="steps")
        try:
            bot.start()
            bot.trust_account()
            with _bar(replay.schedule(loaded.config), quiet) as progress:
                ended = bot.run(progress)
            if ended.reason == "failed":
                raise RuntimeError(ended.text)
            ledger = Ledger()
            ledger.catch_up(store)
            if look:
                look(store)
            return ledger
        finally:
            bot.stop()


@contextmanager
def _bar(schedule: Schedule, quiet: bool) -> Iterator[Callable[[float], None] | None]:
    """A progress bar on standard error, for a person; otherwise nothing."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    begin, end = span(schedule)
    stride = max(1.0, (end - begin) / STEPS)
    columns = (TextColumn("{task.fields[day]}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=end - begin, day=kst(begin)[:10])
        told = [0.0]

        def progress(at: float) -> None:
            if at - told[0] >= stride:
                told[0] = at
                bar.update(task, completed=at - begin, day=kst(at)[:10])

        yield progress
        bar.update(task, completed=end - begin)


def _report(loaded: Loaded, source: Source, schedule: Schedule, summary: Summary) -> str:
    config, words = loaded.config, language(loaded.config, os.environ)
    begin, end = span(schedule)
    amounts = {"wallet": krw(config.dry_run_wallet), "amount": krw(config.stake_amount)}
    head = [
        source.title(words),
        say("banner_days", words, begin=kst(begin, False), end=kst(end, False)),
        say("banner_pairs", words, names=", ".join(schedule.places)),
        say("banner_wallet", words, **amounts),
        "",
    ]
    return "\n".join(head) + "\n" + shown(stacked(*tables(summary, words)), words)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text + "\n")
    os.replace(part, path)
