"""``backtesting``: the same actors, stepped through a recording as fast as they go."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.backtest import backtest
from app.config.config_file import Loaded, load
from app.recordings import Source, source_of
from app.replay import Replay, scheduled
from core.market.candles import CandleSeries, between, columns
from core.replay.schedule import Schedule, market_of, span
from core.strategy import params_of
from i18n import configured_language, say
from i18n.formatting import krw, kst
from i18n.styles import shown
from i18n.tables import stacked
from interfaces.commands.engines import ENGINES, by_kernel
from interfaces.console.session import json_text
from interfaces.options import (
    asking,
    config_path,
    files_of,
    recording_option,
    refuse_nowhere,
)
from interfaces.reports.summary_table import tables
from interfaces.views import Ledger
from messages.plain_values import to_plain
from projections.summary import Summary, summarise
from projections.trades import exported
from research.warmup import WarmupStep, unsettled

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
    replay = Replay(source.candle_series, loaded.strategy.strategy, bulk=True)
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


def _warned(loaded: Loaded, settled: WarmupStep) -> str:
    """That a bot would have decided otherwise; "" when it would not."""
    if not settled.differing:
        return ""
    facts = {"startup": settled.count, "differing": settled.differing, "compared": settled.compared}
    language = configured_language(loaded.config, os.environ)
    return "\n\n" + say("settle_backtest", language, **{k: str(v) for k, v in facts.items()})


def _settled(loaded: Loaded, schedule: Schedule) -> WarmupStep:
    """Whether a bot with its few candles would have decided the same."""
    config, strategy = loaded.config, loaded.strategy.strategy
    tracks = schedule.tracks[:: max(1, len(schedule.tracks) // PAIRS_LOOKED)][:PAIRS_LOOKED]
    histories = [columns(_newest(track.series)) for track in tracks]
    params = params_of(strategy, config.strategy_params)
    return unsettled(strategy, params, histories, config.startup_candle_count)


def _newest(series: CandleSeries) -> CandleSeries:
    """The end of a long tape: what is older changes nothing that is looked at."""
    if len(series.time) <= CANDLES_LOOKED:
        return series
    return between(series, int(series.time[-CANDLES_LOOKED]), int(series.time[-1]) + 1)


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
    from interfaces.commands import report_runs

    language = configured_language(loaded.config, os.environ)
    report_runs.write(
        path, report_runs.of_backtest(loaded, source, schedule, ledger, language), language
    )
    if not quiet:
        click.echo(say("report_written", language, path=str(path)))


def _report(loaded: Loaded, source: Source, schedule: Schedule, summary: Summary) -> str:
    config, language = loaded.config, configured_language(loaded.config, os.environ)
    begin, end = span(schedule)
    amounts = {"wallet": krw(config.dry_run_wallet), "amount": krw(config.stake_amount)}
    head = [
        source.title(language),
        say("banner_days", language, begin=kst(begin, False), end=kst(end, False)),
        say("banner_pairs", language, names=", ".join(schedule.places)),
        say("banner_wallet", language, **amounts),
        "",
    ]
    return "\n".join(head) + "\n" + shown(stacked(*tables(summary, language)), language)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text + "\n")
    os.replace(part, path)
