"""``console``: a person, a pipe or one command, at the desk of a running bot."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from interfaces.console.console import Console, at_terminal
from interfaces.console.desk import StateDesk
from interfaces.control.client import not_running
from interfaces.control.place import socket_path
from interfaces.look import Look
from interfaces.states import require
from interfaces.verbs.options import around, asking


@click.command()
@asking
@click.option("-c", "command", metavar="COMMAND", help="One command, then leave.")
def console(config: Path | None, state: Path | None, json: bool, command: str | None) -> int:
    """Attach to a running bot. Exit code 0 done, 1 refused, 2 bad input."""
    here = around(config, state, json)
    desk = here.desk()
    if command is not None:
        spoken = Console(desk).take(command)
        if spoken.text:
            click.echo(spoken.text, err=spoken.code == 2)
        return spoken.code
    require(here.state)
    if not at_terminal():
        return Console(desk).read(sys.stdin.buffer, click.echo)
    if not socket_path(here.state).exists():
        click.echo(not_running(here.state).block(here.language), err=True)
    _converse(desk, here.state)
    return 0


def _converse(desk: StateDesk, state: Path) -> None:
    from interfaces.console.prompt import Prompt  # imported late: only a person needs them
    from interfaces.console.status_bar import StatusBar

    def interrupted() -> bool:
        print(desk.say("ctrl_c"))
        return False

    bar = StatusBar(state, Look.of(sys.stdout, desk.language, os.environ))
    bar.start()
    Prompt(desk, state, interrupted, bar=bar).run()
    bar.stop()
