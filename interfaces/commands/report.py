"""``report``: what was earned, as a page with charts, as a file for taxes, beside paper."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import get_args

import click

from app.state_directory import require
from core.performance.costs import Method
from i18n import say
from i18n.formatting import krw
from i18n.styles import rendered
from interfaces.console.session import json_text
from interfaces.options import (
    CliContext,
    asking,
    cli_context,
    files_of,
    recording_option,
    refuse_nowhere,
)
from interfaces.views import snapshots
from interfaces.views.snapshots import SnapshotView
from messages.plain_values import to_plain
from persistence.reader import Reader

OUT = Path("report.html")
METHODS = get_args(Method)
ZERO = Decimal(0)


@click.command()
@asking
@recording_option
@click.option("--out", type=click.Path(path_type=Path), help="The HTML file; report.html.")
@click.option(
    "--tax",
    type=(click.IntRange(2009, 9999), click.Path(path_type=Path)),
    metavar="YEAR OUT.csv",
    help="The sales of a year in Korea, with what they had cost.",
)
@click.option(
    "--method", type=click.Choice(METHODS), default=METHODS[0], help="How cost is counted."
)
@click.option("--drift", is_flag=True, help="The same hours on paper, and every difference.")
def report(
    config: Path | None,
    state: Path | None,
    json: bool,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    out: Path | None,
    tax: tuple[int, Path] | None,
    method: Method,
    drift: bool,
) -> int:
    """What was earned: a page of charts, sales for taxes, or live beside paper.

    With a state directory (--state-dir, or the usual one) of what the bot did; with --recording
    alone of a backtest.
    """
    here = cli_context(config, state, json)
    files = files_of(recording, more)
    if tax:
        return _tax(here, *tax, method)
    if drift:
        from interfaces.commands.live_vs_paper import (
            print_comparison,  # each is read in by whom it concerns
        )

        return print_comparison(here, files)
    return _page(here, files, out, of_state=state is not None or not files)


def _page(here: CliContext, files: tuple[Path, ...], out: Path | None, *, of_state: bool) -> int:
    from interfaces.commands import report_runs
    from interfaces.reports.page.material import material

    path = out or OUT
    refuse_nowhere(path, "--out")
    run = report_runs.of_state(here, files) if of_state else report_runs.of_recording(here, files)
    unwritten = here.json and out is None
    made = material(run) if unwritten else report_runs.write(path, run, here.language)
    if here.json:
        figures = {"summary": made.summary, "figures": made.figures, "marked": made.whole}
        click.echo(json_text(to_plain(figures)))
    else:
        click.echo(say("report_written", here.language, path=str(path)))
    return 0


def _tax(here: CliContext, year: int, path: Path, method: Method) -> int:
    from interfaces.reports import tax_file

    refuse_nowhere(path, "--tax")
    language = here.language
    with Reader.open(require(here.state)) as reader:
        sales = tax_file.of_year(tax_file.sales_of(reader, method), year)
        held = [snapshots.of_year(reader, each) for each in (year, year + 1)]
    if here.json:
        click.echo(json_text(to_plain([(sale, sale.gain) for sale in sales])))
    if not sales:
        click.echo(say("tax_none", language, year=str(year)), err=here.json)
        _tell_snapshots(here, year, held)
        return 0
    tax_file.write(path, tax_file.text(sales, method, language))
    if not here.json:
        sums = {
            "proceeds": krw(sum((s.proceeds for s in sales), ZERO)),
            "cost": krw(sum((s.cost for s in sales), ZERO)),
            "fees": krw(sum((s.fee + s.buy_fee for s in sales), ZERO)),
            "gain": krw(sum((s.gain for s in sales), ZERO), signed=True),
            "method": say(f"tax_{method}", language),
        }
        facts = {"count": f"{len(sales):,}", "year": str(year), "path": str(path)}
        click.echo(say("tax_written", language, **facts))
        click.echo(say("tax_sum", language, **sums))
        click.echo(say("tax_advice", language))
    _tell_snapshots(here, year, held)
    return 0


def _tell_snapshots(here: CliContext, year: int, held: list[SnapshotView | None]) -> None:
    """Which snapshots of the year's begin and end there are, and what each holds."""
    for each, view in zip((year, year + 1), held, strict=True):
        if view is not None:
            click.echo(rendered(snapshots.table((view,), here.language)), err=here.json)
        elif each == year:
            click.echo(say("tax_snapshot_none", here.language, year=str(each)), err=here.json)
