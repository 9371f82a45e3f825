"""``make-recording``: the built-in market as a recording."""

from __future__ import annotations

import os
from pathlib import Path

import click

from adapters import recording
from app.config.config_file import load
from app.recordings import DAYS, SEED
from core.market.synthetic import DAYS_MOST, synthetic_market
from i18n import configured_language, say
from interfaces.commands.settings import refuse_existing
from interfaces.console.session import json_text
from interfaces.options import asking, config_path


@click.command("make-recording")
@asking
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=SEED, show_default=True)
@click.option("--days", type=click.IntRange(1, DAYS_MOST), default=DAYS, show_default=True)
@click.argument("out", type=click.Path(path_type=Path))
def make_recording(
    config: Path | None, state: Path | None, json: bool, seed: int, days: int, out: Path
) -> None:
    """Write the built-in made-up market to OUT, as gzip CSV."""
    refuse_existing(out)
    chosen = load(config_path(config), os.environ).config
    candle_series = synthetic_market(seed=seed, days=days, timeframe=chosen.timeframe)
    recording.write(out, candle_series)
    facts = {
        "path": str(out),
        "pairs": [series.pair for series in candle_series],
        "seed": seed,
        "days": days,
    }
    language = configured_language(chosen, os.environ)
    click.echo(json_text(facts) if json else say("written", language, path=str(out)))
