"""``lookahead-analysis``: whether a strategy says of a candle what it could have known then."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import structs

from core.market.candles import columns
from core.strategy import params_of
from i18n import say
from i18n.formatting import kst
from interfaces.commands.research import ResearchInput, research_input
from interfaces.console.session import json_text
from interfaces.options import asking, recording_option
from messages.plain_values import iso
from research.lookahead import Difference, differences


@click.command()
@asking
@recording_option
@click.option("--timerange", default="", help="20250901-20250910, UTC days, the end excluded.")
@click.option("--strategy", help='A built-in name, or "file.py:Name".')
def lookahead_analysis(
    config: Path | None,
    state: Path | None,
    json: bool,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    timerange: str,
    strategy: str | None,
) -> int:
    """Whether a strategy looks into the future. Exit code 1 when it does."""
    bench = research_input(config, recording, more, timerange, strategy)
    params = params_of(bench.strategy, bench.config.strategy_params)
    startup, found = bench.config.startup_candle_count, {}
    for series in bench.candle_series:
        candles = columns(series)
        if len(candles.time) >= startup:
            found[series.pair] = differences(bench.strategy, params, candles, startup)
    if json:
        told = {pair: [_plain(d) for d in each] for pair, each in found.items()}
        click.echo(json_text({"startup_candle_count": startup, "pairs": told}))
    else:
        click.echo("\n".join(_lines(bench, found)))
    return int(any(found.values()))


def _plain(difference: Difference) -> dict[str, object]:
    return structs.asdict(difference) | {"time": iso(float(difference.time))}


def _lines(bench: ResearchInput, found: dict[str, list[Difference]]) -> list[str]:
    language, startup = bench.language, str(bench.config.startup_candle_count)
    lines = []
    for series in bench.candle_series:
        if series.pair not in found:
            lines.append(say("look_short", language, pair=series.pair, startup=startup))
        for each in found.get(series.pair, ()):
            facts = {"name": each.name, "pair": series.pair, "at": kst(float(each.time))}
            facts |= {
                "value": _truth(each.whole, language),
                "other": _truth(not each.whole, language),
            }
            if each.kind == "startup":
                facts["startup"] = startup
            lines.append(say(f"look_{each.kind}", language, **facts))
    if not any(found.values()):
        least = int(startup) - 1
        count = sum(len(t.time) - least for t in bench.candle_series if t.pair in found)
        lines.append(say("look_none", language, count=f"{count:,}", startup=startup))
    return lines


def _truth(value: bool, language: str) -> str:
    return say("look_true" if value else "look_false", language)
