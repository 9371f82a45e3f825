"""``show-config`` and ``new-config``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.config.config_file import explain, load, new_config_text
from app.config.wizard import run_wizard
from i18n import configured_language, say
from i18n.errors import UserError
from i18n.styles import shown
from interfaces.console.console import at_terminal
from interfaces.console.session import json_text
from interfaces.options import CONFIG, asking, config_path
from interfaces.views import plain, render
from interfaces.views.settings import of


@click.command("show-config")
@asking
def show_config(config: Path | None, state: Path | None, json: bool) -> None:
    """Every key with its value, and from where it came."""
    loaded = load(config_path(config), os.environ)
    view = of(explain(loaded))
    language = configured_language(loaded.config, os.environ)
    click.echo(json_text(plain(view)) if json else shown(render(view, language), language))
    if loaded.aside:
        click.echo(say("config_aside", language, names=", ".join(loaded.aside)), err=True)


@click.command("new-config")
@asking
@click.argument("out", required=False, type=click.Path(path_type=Path))
@click.option("--plain", "unasked", is_flag=True, help="Ask nothing: every key at its default.")
def new_config(
    config: Path | None, state: Path | None, json: bool, out: Path | None, unasked: bool
) -> None:
    """A configuration: at a terminal made by a few questions, else every key at its default.

    It is written to OUT; without one it is config.json at a terminal, and printed elsewhere.
    """
    wish = load(None, os.environ).config
    language = configured_language(wish, os.environ)
    asks = at_terminal() and not unasked
    if out is None and not asks:
        click.echo(new_config_text(), nl=False)
        return
    path = out or CONFIG
    refuse_existing(path)
    text, way = (
        run_wizard(language, _ask, click.echo, wish.language) if asks else (new_config_text(), "")
    )
    path.write_text(text)
    click.echo(say("written", language, path=str(path)))
    if way:
        click.echo(say(f"ask_next_{way}", language, path=str(path)))


def _ask(question: str, usual: str) -> str:
    answer: str = click.prompt(question, default=usual)
    return answer


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
