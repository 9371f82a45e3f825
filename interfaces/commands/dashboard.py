"""``dashboard``: pages for a browser on this machine, and ``/metrics``, in a process of its own."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import click

from app.state_directory import require
from core.strategies import BUILT_IN
from i18n import say
from interfaces.dashboard.assets import require_extras
from interfaces.dashboard.token import token_of
from interfaces.options import cli_context, config_option, state_option

PORT = 8650
KIND = 5  # how much more it gives way to the bot than others do


@click.command()
@config_option
@state_option
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--allow-changes", is_flag=True, help="Pause, start, sell, cancel, kill from there.")
def dashboard(config: Path | None, state: Path | None, port: int, allow_changes: bool) -> None:
    """Pages for a browser on this machine; metrics under /metrics."""
    here = cli_context(config, state, False)
    require_extras()
    place, token = require(here.state), token_of(here.state)
    # Imported late: a complaint about an option or a missing package should be quick.
    from app.ports import listening
    from interfaces.dashboard.app import Setting
    from interfaces.dashboard.server import serve
    from interfaces.dashboard.watch import Watch

    with contextlib.suppress(OSError):
        os.nice(KIND)
    built_in = here.config.strategy in BUILT_IN
    strategy = None if built_in else here.loaded.strategy.strategy
    language = here.language

    def ready(url: str) -> None:
        key = "dash_ready_changes" if allow_changes else "dash_ready"
        click.echo(say(key, language, url=url, path=str(place)))

    door = listening(port)
    serve(Watch(place, strategy), Setting(language, allow_changes), token, door, ready)
