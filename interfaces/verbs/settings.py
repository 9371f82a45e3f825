"""``show-config`` and ``new-config``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from interfaces.catalogue import language, say
from interfaces.console.desk import json_text, rendered
from interfaces.errors import UserError
from interfaces.settings.config_file import explain, load, new_config_text
from interfaces.verbs.options import asking, config_path
from interfaces.views import plain, render
from interfaces.views.settings import of


@click.command("show-config")
@asking
def show_config(config: Path | None, state: Path | None, json: bool) -> None:
    """Every key with its value, and from where it came."""
    loaded = load(config_path(config), os.environ)
    view = of(explain(loaded))
    words = language(loaded.config, os.environ)
    click.echo(json_text(plain(view)) if json else rendered(render(view, words)))


@click.command("new-config")
@asking
@click.argument("out", required=False, type=click.Path(path_type=Path))
def new_config(config: Path | None, state: Path | None, json: bool, out: Path | None) -> None:
    """A configuration with every key at its default: printed, or written to OUT."""
    if out is None:
        click.echo(new_config_text(), nl=False)
        return
    refuse_existing(out)
    out.write_text(new_config_text())
    click.echo(say("written", language(load(None, os.environ).config, os.environ), path=str(out)))


def refuse_existing(out: Path) -> None:
    """Nobody's file is overwritten. Raises UserError."""
    if os.path.lexists(out) or not out.absolute().parent.is_dir():
        exists = os.path.lexists(out)
        raise UserError(
            what="the file exists already" if exists else "there is no such folder",
            where=str(out),
            allowed="a new file in a folder that exists",
            todo="give another name",
        )
