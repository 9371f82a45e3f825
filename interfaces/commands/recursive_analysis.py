"""``recursive-analysis``: how many start-up candles a strategy needs until its values settle."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import RenderableType
from rich.text import Text

from core.market.candles import columns
from core.strategy import params_of
from i18n import say
from i18n.styles import rendered
from i18n.tables import grid, stacked
from interfaces.commands.research import ResearchInput, research_input
from interfaces.console.session import json_text
from interfaces.options import asking, recording_option
from messages.plain_values import to_plain
from research.warmup import LADDER, WarmupResult, ladder, warmup

COMPARED = 400


@click.command()
@asking
@recording_option
@click.option("--timerange", default="", help="20250901-20250910, UTC days, the end excluded.")
@click.option("--strategy", help='A built-in name, or "file.py:Name".')
@click.option(
    "--max-candles",
    "most",
    type=click.IntRange(2, 10**6),
    show_default=str(LADDER[-1]),
    help="Start-up candles that are tried at most.",
)
def recursive_analysis(
    config: Path | None,
    state: Path | None,
    json: bool,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    timerange: str,
    strategy: str | None,
    most: int | None,
) -> int:
    """How many start-up candles a strategy needs. Exit code 1 when there are too few."""
    bench = research_input(config, recording, more, timerange, strategy)
    params = params_of(bench.strategy, bench.config.strategy_params)
    counts = _counts(most, bench.config.startup_candle_count)
    found = {
        series.pair: warmup(bench.strategy, params, columns(series), counts, COMPARED)
        for series in bench.candle_series
        if len(series.time) > min(counts)
    }
    if json:
        click.echo(json_text(to_plain(found)))
    else:
        click.echo(rendered(_told(bench, found)))
    startup = bench.config.startup_candle_count
    return int(any(each.settled is None or each.settled > startup for each in found.values()))


def _counts(most: int | None, startup: int) -> tuple[int, ...]:
    """What is tried: a ladder, and what is configured, unless less was asked for."""
    if most is None:
        return (*ladder(LADDER[-1]), startup)
    return (*ladder(most), *([startup] if startup <= most else []))


def _told(bench: ResearchInput, found: dict[str, WarmupResult]) -> RenderableType:
    language = bench.language
    rows = [
        (pair, str(rung.count), str(rung.compared), str(rung.differing))
        for pair, each in found.items()
        for rung in each.rungs
    ]
    names = ("pair", "startup", "compared", "differing")
    table = grid(say("settle_title", language), names, rows, language)
    lines = [
        _sentence(bench, series.pair, found.get(series.pair)) for series in bench.candle_series
    ]
    return stacked(table, Text("\n".join(lines)))


def _sentence(bench: ResearchInput, pair: str, found: WarmupResult | None) -> str:
    language, startup = bench.language, bench.config.startup_candle_count
    if found is None:
        return say("settle_short", language, pair=pair)
    if found.settled is None:
        facts = {"most": str(found.rungs[-1].count), "more": str(2 * found.rungs[-1].count)}
        return say("settle_never", language, pair=pair, **facts)
    key = "settle_enough" if found.settled <= startup else "settle_few"
    return say(key, language, pair=pair, settled=str(found.settled), startup=str(startup))
