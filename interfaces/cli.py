"""The command line: which verbs there are, and what bad input gets."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from interfaces.catalogue import language_of
from interfaces.errors import EXIT_CODE, UserError
from interfaces.troubles import EXPECTED, told
from interfaces.verbs.asking import show_orders, show_trades, status, tail, verify, why
from interfaces.verbs.backtesting import backtesting
from interfaces.verbs.console import console
from interfaces.verbs.doctor import doctor
from interfaces.verbs.download_data import download_data
from interfaces.verbs.make_recording import make_recording
from interfaces.verbs.probe_exchange import probe_exchange
from interfaces.verbs.sandbox import sandbox
from interfaces.verbs.settings import new_config, show_config
from interfaces.verbs.trade import trade

VERBS = (
    *(trade, console, backtesting, make_recording, status, tail, why),
    *(show_trades, show_orders, show_config, new_config, verify, sandbox),
    *(doctor, download_data, probe_exchange),
)
SHARED = {"--config": 2, "--state-dir": 2, "--json": 1}  # words that each takes, itself included
HELP = ("--help", "-h")


@click.group(context_settings={"help_option_names": list(HELP)})
def jangbu() -> None:
    """Jangbu: an actor-model, crash-safe trading bot for Upbit. Without a verb it trades."""


for _verb in VERBS:
    jangbu.add_command(_verb)


def arranged(words: Sequence[str]) -> list[str]:
    """The words with their verb first: options may come before it, and it may be left out."""
    place = 0
    while place < len(words):
        name, is_whole, _ = words[place].partition("=")
        if name not in SHARED:
            break
        place += 1 if is_whole else SHARED[name]
    if words and words[0] in HELP:
        return list(words)
    if place < len(words) and not words[place].startswith("-"):
        return [words[place], *words[:place], *words[place + 1 :]]
    return ["trade", *words]


def main(words: Sequence[str] | None = None) -> int:
    """Run a verb; gives the exit code. Bad input never shows a traceback."""
    given = sys.argv[1:] if words is None else words
    try:
        code = jangbu.main(arranged(given), prog_name="run.py", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        return _complain(_of_click(error))
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except EXPECTED as error:
        return _complain(told(error))


def _of_click(error: click.ClickException) -> UserError:
    context = getattr(error, "ctx", None)
    command = context.command if context else jangbu
    names = list(command.commands) if isinstance(command, click.Group) else _options(command)
    path = context.command_path if context else "run.py"
    what = error.format_message().rstrip(".")
    return UserError(what, path, ", ".join(names), f"see {path} --help")


def _options(command: click.Command) -> list[str]:
    shown = [p for p in command.params if not getattr(p, "hidden", False)]
    return [max(p.opts, key=len) for p in shown if isinstance(p, click.Option)]


def _complain(error: UserError) -> int:
    print(error.block(language_of(environ=os.environ)), file=sys.stderr)
    return EXIT_CODE
