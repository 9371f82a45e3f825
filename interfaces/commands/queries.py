"""Verbs that answer from the state directory, whether the bot runs or is down."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from pathlib import Path

import click
import msgspec

from app.maintenance.folds import folds
from app.pairs import read_pair
from app.state_directory import require
from i18n import say
from i18n.sentences import translated
from i18n.styles import OutputStyle
from i18n.tables import parts
from interfaces.console.session import json_text
from interfaces.options import CliContext, asking, cli_context
from interfaces.views import lines
from interfaces.views.orders import all_table
from interfaces.views.past import moment_of
from messages.base import Envelope
from messages.control import ShowStatus, ShowTrades, ShowWhy
from persistence.reader import Reader
from persistence.verify import verify as examine
from projections.orders import ending_of
from projections.orders import exported as exported_orders
from projections.trades import exported as exported_trades

EVERY = 10**9
LOOK_SECONDS = 0.5


@click.command()
@asking
@click.option("--as-of", "as_of", metavar="TIME", help="At a moment of the past: KST, or ISO.")
def status(config: Path | None, state: Path | None, json: bool, as_of: str | None) -> None:
    """Open trades, with their profit now and their stop."""
    here = cli_context(config, state, json)
    session = here.desk()
    if as_of is None:
        click.echo(session.look(ShowStatus()))
    else:
        click.echo(session.look_back(moment_of(as_of, here.language)))


@click.command()
@asking
@click.argument("pair")
def why(config: Path | None, state: Path | None, json: bool, pair: str) -> None:
    """Why a pair was, or was not, bought or sold."""
    question = ShowWhy(read_pair(pair, "PAIR"))
    click.echo(cli_context(config, state, json).desk().look(question))


@click.command("show-trades")
@asking
def show_trades(config: Path | None, state: Path | None, json: bool) -> None:
    """Every trade, closed and open."""
    session = cli_context(config, state, json).desk()
    click.echo(
        json_text(exported_trades(session.ledger().trades))
        if json
        else session.look(ShowTrades(EVERY))
    )
    if not json and session.held():
        click.echo("\n" + session.look(ShowStatus()))


@click.command("show-orders")
@asking
def show_orders(config: Path | None, state: Path | None, json: bool) -> None:
    """Every order that was ever intended."""
    here = cli_context(config, state, json)
    rows = here.desk().ledger().orders.rows.values()
    if json:
        click.echo(json_text(exported_orders(rows)))
        return
    look = OutputStyle.of(sys.stdout, here.language, os.environ)
    for part in parts(all_table(rows, here.language), look.width):  # there may be very many
        click.echo(look.drawn(part))


@click.command()
@asking
@click.option("-n", "count", type=click.IntRange(0, 10**9), default=20, help="So many entries.")
@click.option("-f", "follow", is_flag=True, help="Go on as entries come; Ctrl-C ends it.")
@click.option("--trace", metavar="ID", help="Of one workflow alone, as the log names it.")
def tail(
    config: Path | None,
    state: Path | None,
    json: bool,
    count: int,
    follow: bool,
    trace: str | None,
) -> None:
    """The last entries of the journal; with --json one object a line."""
    here = cli_context(config, state, json)
    pause = threading.Event()
    with Reader.open(require(here.state)) as reader:
        seen = reader.count()
        shown = reader.events(0 if trace else max(0, seen - count), seen)
        if trace:
            shown = iter(deque((one for one in shown if lines.is_of(one, trace)), count))
        for letter in shown:
            _tell(letter, here, reader)
        while follow:
            for letter in reader.events(seen):
                seen = letter.number
                if lines.is_of(letter, trace):
                    _tell(letter, here, reader)
            pause.wait(LOOK_SECONDS)


def _tell(letter: Envelope, here: CliContext, reader: Reader) -> None:
    plain = msgspec.json.encode(lines.as_json(letter)).decode() if here.json else ""
    click.echo(
        plain or lines.line(letter, here.language, lambda event: ending_of(event, {}, reader))
    )


@click.command()
@asking
def verify(config: Path | None, state: Path | None, json: bool) -> int:
    """Fold the whole journal and demand that it equals the states. Exit code 1 when damaged."""
    here = cli_context(config, state, json)
    found = examine(require(here.state), folds())
    if json:
        click.echo(json_text(found))
    elif found:
        click.echo(say("verify_damaged", here.language, count=str(len(found))))
        for one in found:
            click.echo(f"  {one.what:<10} {one.where}: {translated(one.text, here.language)}")
    else:
        with Reader.open(here.state) as reader:
            click.echo(say("verify_sound", here.language, count=str(reader.count())))
    return 1 if found else 0
