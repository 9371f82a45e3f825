"""``backup``: a copy of a state directory in one file, also while its bot trades."""

from __future__ import annotations

import time
from pathlib import Path

import click

from app.maintenance.folds import folds
from app.state_directory import require, stamp
from i18n import say
from interfaces.commands.settings import refuse_existing
from interfaces.console.session import json_text
from interfaces.options import asking, cli_context
from persistence.maintenance.backup import Seal, write


@click.command()
@asking
@click.argument("file", required=False, type=click.Path(path_type=Path))
def backup(config: Path | None, state: Path | None, json: bool, file: Path | None) -> None:
    """Copy a state directory into FILE, verified; the bot may go on meanwhile."""
    here = cli_context(config, state, json)
    place = require(here.state)
    out = file or place.with_name(f"{place.name}.{stamp(time.time())}.backup")
    refuse_existing(out)
    seal = write(place, out, folds())
    if json:
        click.echo(json_text(told(out, seal)))
    else:
        facts = {"count": str(seal.entries), "at": str(seal.at), "size": f"{seal.size:,}"}
        click.echo(say("backup_written", here.language, path=str(out), **facts))


def told(file: Path, seal: Seal) -> dict[str, object]:
    """A backup as ``--json`` has it."""
    facts = {"file": str(file), "birth": seal.birth.id, "mode": seal.birth.mode}
    return {**facts, "entries": seal.entries, "bytes": seal.size, "sha256": seal.sha256}
