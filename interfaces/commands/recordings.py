"""``recordings``: an archive of recordings filled, and what it holds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from rich.console import RenderableType

from adapters import recording
from adapters.archive.columns import UNITS, damaged, folders_in, tapes_in
from adapters.archive.writer import Added, add
from app.config.config_file import load
from app.recordings import warn
from core.market.candles import CandleSeries
from core.market.gaps import Gap, gaps
from core.market.mapped import let_go
from i18n import configured_language, say
from i18n.errors import UserError
from i18n.formatting import kst
from i18n.styles import rendered
from i18n.tables import grid, stacked
from interfaces.console.session import json_text
from interfaces.options import asking, config_path
from messages.plain_values import iso

HELD = ("pair", "timeframe", "candles", "first", "last", "missing", "longest")
GAPS = ("pair", "since", "until", "missing")


@click.command()
@asking
@click.option("--gaps", "each", is_flag=True, help="List each stretch without candles.")
@click.option("--check", "checked", is_flag=True, help="Read all of it, and compare checksums.")
@click.argument("archive", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
def recordings(
    config: Path | None,
    state: Path | None,
    json: bool,
    each: bool,
    checked: bool,
    archive: Path,
    files: tuple[Path, ...],
) -> None:
    """Put FILEs into an archive that opens at once; tell what it holds, and what is missing."""
    language = configured_language(load(config_path(config), os.environ).config, os.environ)
    added = [add(archive, series) for file in files for series in recording.read([file])]
    if checked:
        _check(archive)
    held = tapes_in(archive)
    warn(held, language)
    found = [(series, gaps(series)) for series in held]
    if json:
        click.echo(json_text({"added": added, "held": [_plain(*row) for row in found]}))
        return
    for line in added:
        click.echo(_line(line, language))
    click.echo(rendered(_told(found, language, each=each)))


def _check(archive: Path) -> None:
    """Raises UserError for a column that is not what was written."""
    for folder in folders_in(archive):
        if column := damaged(folder):
            raise UserError(
                what=f"{folder}: the column {column} is not what was written",
                where="ARCHIVE",
                allowed="columns whose checksums are those of tape.json",
                todo=f"remove {folder}, and add its recordings again",
            )


def _line(added: Added, language: str) -> str:
    count, known = f"{added.candles:,}", f"{added.known:,}"
    return say("archive_added", language, pair=added.pair, count=count, known=known)


def _plain(series: CandleSeries, missing: list[Gap]) -> dict[str, Any]:
    return {
        "pair": series.pair,
        "timeframe": UNITS[series.seconds],
        "candles": len(series.time),
        "first": iso(int(series.time[0])),
        "last": iso(int(series.time[-1])),
        "gaps": [{"start": iso(gap.start), "candles": gap.candles} for gap in missing],
    }


def _told(
    found: list[tuple[CandleSeries, list[Gap]]], language: str, *, each: bool
) -> RenderableType:
    held = grid(say("archive_held", language), HELD, [_row(*row) for row in found], language)
    if not each:
        return held
    rows = [_gap(series, gap) for series, missing in found for gap in missing]
    return stacked(held, grid(say("archive_gaps", language), GAPS, rows, language))


def _row(series: CandleSeries, missing: list[Gap]) -> tuple[str, ...]:
    ends = (kst(int(series.time[place]), False) for place in (0, -1))
    lengths = [gap.candles for gap in missing]
    figures = (f"{sum(lengths):,}", f"{max(lengths, default=0):,}")
    let_go([series])
    return (series.pair, UNITS[series.seconds], f"{len(series.time):,}", *ends, *figures)


def _gap(series: CandleSeries, gap: Gap) -> tuple[str, ...]:
    end = gap.start + gap.candles * series.seconds
    return (series.pair, kst(gap.start, False), kst(end, False), f"{gap.candles:,}")
