"""``restore``: a state directory from its backup, with entries paused."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import click

from app.maintenance.folds import folds
from app.maintenance.pause import pause
from app.state_directory import aside_name, place_of, refuse_foreign
from i18n import say
from i18n.errors import UserError
from interfaces.commands.backup import told
from interfaces.console.session import json_text
from interfaces.options import asking, cli_context
from persistence import identity
from persistence.errors import Damaged
from persistence.lock import Lock
from persistence.maintenance.backup import read_seal
from persistence.maintenance.restore import restore as put_back
from persistence.record import Identity
from persistence.store import exists


@click.command()
@asking
@click.argument("file", type=click.Path(path_type=Path))
def restore(config: Path | None, state: Path | None, json: bool, file: Path) -> None:
    """Put a backup back; what is there now is moved aside, and entries are paused."""
    here = cli_context(config, state, json)
    seal = read_seal(file)
    place = state or place_of(seal.birth)
    refuse_foreign(place)
    now, id = time.time(), uuid.uuid4().hex
    with Lock.take(place):
        identity.finish(place)
        refuse_other(place, seal.birth)
        aside = aside_name(place, now)
        was = exists(place)
        put_back(
            file,
            place,
            born=(id, now),
            aside=aside,
            pause=lambda store: pause(store, f"restore-{id}"),
            folds=folds(),
        )
    moved = str(place / aside) if was else ""
    if json:
        new = {"state": str(place), "aside": moved or None, "birth": id}
        click.echo(json_text({**told(file, seal), **new, "former": seal.birth.id}))
        return
    facts = {"count": str(seal.entries), "at": str(seal.at), "path": str(place)}
    click.echo(say("restored", here.language, **facts))
    if moved:
        click.echo(say("moved_aside", here.language, path=moved))
    click.echo(say("entries_paused", here.language))


def refuse_other(place: Path, wanted: Identity) -> None:
    """A paper ledger is not put in the place of a live one, nor of another account's."""
    try:
        born = identity.read_mark(place) if exists(place) else wanted
    except Damaged:  # what cannot be read is what a backup is for
        return
    was, now = (born.mode, born.account), (wanted.mode, wanted.account)
    if was != now:
        raise UserError(
            what=f"the backup is of {' '.join(now)}, this state directory of {' '.join(was)}",
            where=str(place),
            allowed="a state directory of the same mode and account, or an empty one",
            todo="name another --state-dir",
        )
