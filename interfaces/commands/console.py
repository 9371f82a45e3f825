"""``console``: a person, a pipe or one command, at the desk of a running bot."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from app.control.client import not_running
from app.control.place import socket_path
from app.state_directory import require
from i18n.styles import OutputStyle
from interfaces.console.console import BAD, Console, at_terminal
from interfaces.console.console import yes as yes_to
from interfaces.console.grammar import unknown
from interfaces.console.session import StateSession
from interfaces.options import asking, cli_context


@click.command()
@asking
@click.option("-c", "command", metavar="COMMAND", help="One command, then leave.")
@click.option("--yes", is_flag=True, help="Answer every question with yes.")
def console(
    config: Path | None, state: Path | None, json: bool, command: str | None, yes: bool
) -> int:
    """Attach to a running bot. Exit code 0 done, 1 refused, 2 bad input."""
    here = cli_context(config, state, json)
    session = here.desk()
    if command is not None:
        if not command.strip():
            raise unknown(command)
        return _once(session, command, yes)
    require(here.state)
    if not at_terminal():
        return Console(session, yes=yes).read(sys.stdin.buffer, click.echo)
    if not socket_path(here.state).exists():
        click.echo(not_running(here.state).block(here.language), err=True)
    _converse(session, here.state, yes)
    return 0


def _converse(session: StateSession, state: Path, agreed: bool) -> None:
    from interfaces.console.prompt import Prompt  # imported late: only a person needs them
    from interfaces.console.status_bar import StatusBar

    bar = StatusBar(state, OutputStyle.of(sys.stdout, session.language, os.environ))
    bar.start()
    Prompt(session, state, yes=agreed, bar=bar).run()
    bar.stop()


def _once(session: StateSession, command: str, agreed: bool) -> int:
    """One command. With real money a person at a terminal is asked, as the prompt asks.

    In a script it stands whole on the line that its author wrote, so it needs no second word.
    """
    person = sys.stdin.isatty()  # wherever what is printed goes
    asks = (
        (lambda text: _asked(session.framed(f"{text} [y/N]")))
        if person and session.live()
        else None
    )
    spoken = Console(session, asks, yes=agreed or not person).take(command)
    if spoken.code == BAD:
        with suppress(OSError):  # none can read it, or there is no room for it: the code says it
            click.echo(spoken.text, err=True)
    elif spoken.text:
        click.echo(spoken.text)
    return spoken.code


def _asked(question: str) -> bool:
    try:
        click.echo(f"{question} ", nl=False, err=not sys.stdout.isatty())
        return yes_to(input())
    except (EOFError, KeyboardInterrupt):
        click.echo()
        return False
