"""``plot-dataframe``: a pair's candles with the strategy's indicators, signals and trades."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from app.backtest import backtest
from app.config.config_file import Loaded, load
from app.pairs import read_pair, unknown_pair
from app.recordings import require_startup, source_of
from app.replay import Replay, scheduled
from core.market.candles import CandleSeries, columns, window
from core.strategy import Signals, panels_of, params_of, signals_of
from i18n import configured_language, say
from interfaces.commands import report_runs
from interfaces.console.session import json_text
from interfaces.options import (
    asking,
    config_path,
    files_of,
    recording_option,
    refuse_nowhere,
)
from interfaces.reports.page.charts import POINTS
from interfaces.reports.page.frame import Frame, page
from interfaces.reports.page.material import Run
from interfaces.reports.page.shell import write

SHOWN = 750


@click.command("plot-dataframe")
@click.argument("pair")
@asking
@recording_option
@click.option("--timerange", default="", help="20250901-20250910, UTC days, the end excluded.")
@click.option("--strategy", help='A built-in name, or "file.py:Name".')
@click.option(
    "--plot-limit",
    "shown",
    type=click.IntRange(2, POINTS),
    default=SHOWN,
    show_default=True,
    help="The newest candles.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The HTML file; plot-PAIR.html.")
def plot_dataframe(
    pair: str,
    config: Path | None,
    state: Path | None,
    json: bool,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    timerange: str,
    strategy: str | None,
    shown: int,
    out: Path | None,
) -> None:
    """Draw a pair: candles, the strategy's indicators and signals, and the trades of a backtest."""
    loaded = load(config_path(config), os.environ, {"strategy": strategy} if strategy else {})
    language, name = configured_language(loaded.config, os.environ), read_pair(pair, "PAIR")
    path = out or Path(f"plot-{name}.html")
    refuse_nowhere(path, "--out")
    source = source_of(files_of(recording, more), loaded.config, timerange)
    series = _tape(source.candle_series, name)
    require_startup((series,), loaded.config)
    replay = Replay(source.candle_series, loaded.strategy.strategy, bulk=True)
    schedule = scheduled(replay, loaded)
    ledger = backtest(loaded, replay, quiet=json)
    run = report_runs.of_backtest(loaded, source, schedule, ledger, language)
    frame = _frame(loaded, series, shown)
    write(path, page(frame, _within(run, frame), language))
    facts = {"path": str(path), "pair": name, "candles": len(frame.candles.time)}
    click.echo(json_text(facts) if json else say("report_written", language, path=str(path)))


def _tape(candle_series: tuple[CandleSeries, ...], pair: str) -> CandleSeries:
    found = next((series for series in candle_series if series.pair == pair), None)
    if found is None or not len(found.time):
        raise unknown_pair(
            pair, [t.pair for t in candle_series if len(t.time)], "PAIR", "no candle of"
        )
    return found


def _frame(loaded: Loaded, series: CandleSeries, shown: int) -> Frame:
    """The newest candles of a tape; what is said of them knows all that came before."""
    strategy, config = loaded.strategy.strategy, loaded.config
    params, candles = params_of(strategy, config.strategy_params), columns(series)
    said = signals_of(strategy, params, candles, config.startup_candle_count)
    panels = panels_of(strategy, params, candles)
    total = len(candles.time)
    start = max(0, total - shown)
    return Frame(
        series.pair,
        window(candles, start, total),
        Signals(said.entry[start:], said.exit[start:]),
        {name: {n: line[start:] for n, line in panel.items()} for name, panel in panels.items()},
        total,
    )


def _within(run: Run, frame: Frame) -> Run:
    """The run as far as the candles reach."""
    begin = float(frame.candles.time[0])
    rows = [row for row in run.rows if row.close_date >= begin]
    return replace(run, begin=begin, rows=rows)
