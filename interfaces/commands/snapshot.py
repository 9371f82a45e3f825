"""``snapshot``: every coin of the account journaled now, and all snapshots that there are."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path

import click

from actors.snapshots import NAME, by_hand
from app.control import client
from app.live.start import account_of, keys_of
from app.maintenance.snapshot import asked, record
from app.state_directory import accounts_of, require
from app.venue.connection import VenueConnection
from i18n import say
from i18n.errors import UserError
from i18n.styles import shown
from interfaces.console.session import json_text
from interfaces.options import CliContext, asking, cli_context
from interfaces.views import snapshots
from messages.control import TakeSnapshot
from messages.plain_values import to_plain
from messages.snapshots import SnapshotFailed
from persistence import identity
from persistence.lock import Lock, owner
from persistence.reader import Reader
from persistence.store import Store

LONGEST = 60.0  # seconds for the bot's answer: the account, the prices, three tries of each
LOOK_SECONDS = 0.2


@click.command()
@asking
@click.option("--list", "only", is_flag=True, help="Only show what there is.")
def snapshot(config: Path | None, state: Path | None, json: bool, only: bool) -> None:
    """Journal every coin of the account with its price, and show the snapshots there are."""
    here = cli_context(config, state, json)
    place, language = require(here.state), here.language
    if not only:
        if identity.read_mark(place).mode != "live":
            raise _refused("snapshot_paper", language, str(place))
        _of_running(place, language) if owner(place) else _of_stopped(here, place)
    with Reader.open(place) as reader:
        views = snapshots.look(reader)
    if json:
        click.echo(json_text(to_plain(list(views))))
    elif views:
        click.echo(shown(snapshots.table(views, language), language))
    else:
        click.echo(say("snapshot_none", language))


def _of_running(place: Path, language: str) -> None:
    """The bot asks; what came of it is read from its journal's index. Raises UserError."""
    id = uuid.uuid4().hex
    client.ask(place, TakeSnapshot(id))
    pause, waited = threading.Event(), 0.0
    with Reader.open(place) as reader:
        while (kept := reader.kept(NAME, by_hand(id))) is None and waited < LONGEST:
            pause.wait(LOOK_SECONDS)
            waited += LOOK_SECONDS
    if kept is None or isinstance(kept, SnapshotFailed):
        raise _unseen(kept.reason if kept else "no_answer", language, str(place))


def _of_stopped(here: CliContext, place: Path) -> None:
    """No bot runs there: the account is asked for from here. Raises UserError."""
    language = here.language
    keys = keys_of(language)
    with Lock.take(place):
        known = accounts_of(place)
        if "" not in known and account_of(keys) not in known:
            raise _refused("rebuild_other", language, str(place))
        connection = VenueConnection(here.config.exchange, keys)
        try:
            report = asked(connection.fetch, uuid.uuid4().hex)
        finally:
            connection.close()
        if report.failed:
            raise _unseen(report.failed, language, here.config.exchange.rest_url)
        with Store.open(place) as store:
            record(store, report)


def _unseen(reason: str, language: str, where: str) -> UserError:
    what = say("snapshot_unseen", language, reason=reason)
    return UserError(what, where, "", say("snapshot_unseen_todo", language))


def _refused(key: str, language: str, where: str) -> UserError:
    return UserError(say(key, language), where, "", say(f"{key}_todo", language))
