"""``soak``: whole bots in seeded worlds that try to break them; nothing of yours is touched."""

from __future__ import annotations

import os
from contextlib import suppress

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.soak import SeedResult, SoakTotals
from app.soak import soak as soaked
from i18n import configured_language, say
from i18n.errors import UserError
from i18n.styles import rendered
from i18n.tables import grid
from messages.config import Config
from simulation.live.coverage import table
from simulation.seeds import LEAST_HOURS


@click.command()
@click.option("--seeds", default="0..20", show_default=True, metavar="A..B", help="Without B.")
@click.option(
    "--hours",
    type=click.FloatRange(LEAST_HOURS, 24 * 365),
    default=6.0,
    show_default=True,
    help="Simulated hours of each seed.",
)
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True)
@click.option("--seen", is_flag=True, help="Also how often everything was seen.")
def soak(seeds: str, hours: float, jobs: int, seen: bool) -> int:
    """Simulate whole bots, on paper and with money at stake. Exit code 1 at a violation."""
    language = configured_language(Config(), os.environ)
    chosen = _seeds(seeds, language)
    total = SoakTotals()
    with suppress(KeyboardInterrupt):  # whoever has waited enough sees what there is
        _run(chosen, hours, jobs, total, language)
    click.echo(summary(total, chosen, hours, language))
    if seen:
        click.echo(table(total.seen))
    return 1 if total.failed else 0 if total.seeds == len(chosen) else 130


def _run(chosen: range, hours: float, jobs: int, total: SoakTotals, language: str) -> None:
    """All of them, each told where it failed."""
    columns = (TextColumn("{task.completed}/{task.total}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(chosen))
        for told in soaked(chosen, hours, jobs):
            total.add(told)
            if told.failed:
                click.echo(failure(told, hours, language))
            progress.advance(task)


def summary(total: SoakTotals, chosen: range, hours: float, language: str) -> str:
    """What all of them went through, as a table."""
    live = total.seen["seeds with money at stake"]
    rows = [
        (say("soak_seeds", language), f"{total.seeds:,}"),
        (say("soak_live", language), f"{live:,}"),
        (say("soak_years", language), f"{total.years:,.3f}"),
        (say("soak_orders", language), f"{total.orders:,}"),
        (say("soak_trades", language), f"{total.trades:,}"),
        (say("soak_crashes", language), f"{total.crashes:,}"),
        (say("soak_faults", language), f"{total.faults:,}"),
        (say("soak_violations", language), f"{len(total.failed):,}"),
        (say("soak_digest", language), total.digest),
    ]
    facts = {"first": str(chosen.start), "last": str(chosen.stop - 1), "hours": f"{hours:g}"}
    return rendered(grid(say("soak_title", language, **facts), ("what", "how"), rows, language))


def failure(told: SeedResult, hours: float, language: str) -> str:
    """What was violated, and the command that shows it again."""
    again = f"run.py soak --seeds {told.seed}..{told.seed + 1} --hours {hours:g}"
    lines = (
        say("soak_failed", language, seed=str(told.seed), what=told.failed),
        say("soak_again", language, command=again),
    )
    return "\n".join(lines)


def _seeds(text: str, language: str) -> range:
    """The seeds of "A..B". Raises UserError."""
    first, dots, last = text.partition("..")
    if (
        dots
        and f"{first}{last}".isascii()
        and first.isdigit()
        and last.isdigit()
        and int(first) < int(last) < 10**9
    ):
        return range(int(first), int(last))
    allowed = say("soak_seeds_allowed", language)
    raise UserError(say("soak_bad_seeds", language, text=text[:80]), "--seeds", allowed, allowed)
