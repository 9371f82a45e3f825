"""The command line: which verbs there are, and what bad input gets."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import click

from app.error_messages import EXPECTED, as_user_error, unwritable
from i18n import language_of
from i18n.errors import EXIT_CODE, UserError
from i18n.nearest import near_word
from interfaces import terminal
from interfaces.arguments import wrong_value
from interfaces.help import translated_command

MODULES = {  # the module of each
    "trade": "interfaces.commands.trade",
    "console": "interfaces.commands.console",
    "backtesting": "interfaces.commands.backtesting",
    "recordings": "interfaces.commands.recordings",
    "make-recording": "interfaces.commands.make_recording",
    "status": "interfaces.commands.queries",
    "tail": "interfaces.commands.queries",
    "why": "interfaces.commands.queries",
    "show-trades": "interfaces.commands.queries",
    "show-orders": "interfaces.commands.queries",
    "show-config": "interfaces.commands.settings",
    "new-config": "interfaces.commands.settings",
    "verify": "interfaces.commands.queries",
    "sandbox": "interfaces.commands.sandbox",
    "health": "interfaces.commands.health",
    "doctor": "interfaces.commands.doctor",
    "download-data": "interfaces.commands.download_data",
    "probe-exchange": "interfaces.commands.probe_exchange",
    "backup": "interfaces.commands.backup",
    "restore": "interfaces.commands.restore",
    "soak": "interfaces.commands.soak",
    "replay": "interfaces.commands.replay",
    "report": "interfaces.commands.report",
    "plot-dataframe": "interfaces.commands.plot_dataframe",
    "hyperopt": "interfaces.commands.hyperopt",
    "lookahead-analysis": "interfaces.commands.lookahead_analysis",
    "recursive-analysis": "interfaces.commands.recursive_analysis",
    "completion": "interfaces.commands.completion",
    "rebuild": "interfaces.commands.rebuild",
    "snapshot": "interfaces.commands.snapshot",
    "dashboard": "interfaces.commands.dashboard",
}
SHARED = {"--config": 2, "--state-dir": 2, "--json": 1}  # words that each takes, itself included
HELP = ("--help", "-h")


class CommandGroup(click.Group):
    """Reads the code of a verb when it is wanted, and of no other: that makes a start quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, sorted."""
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of this name; None when there is none."""
        if cmd_name not in MODULES:
            return None
        found: click.Command = getattr(import_module(MODULES[cmd_name]), cmd_name.replace("-", "_"))
        return translated_command(found)


@click.group(cls=CommandGroup, context_settings={"help_option_names": list(HELP)})
def jangbu() -> None:
    """Jangbu: an actor-model, crash-safe trading bot for Upbit. Without a verb it trades."""


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
    given = arranged(sys.argv[1:] if words is None else words)
    terminal.fit(given)
    code = _unwritable(given) or _performed(given)
    terminal.flush()
    return code


def _unwritable(given: Sequence[str]) -> int:
    """The exit code where a word holds what the locale's encoding cannot write; 0 where none does.

    The C library reads some bytes as characters that Python's codec of the same name lacks.
    """
    for word in given:
        try:
            os.fsencode(word)
        except UnicodeEncodeError as error:
            return _complain(unwritable(error, "command line"))
    return 0


def _performed(given: list[str]) -> int:
    try:
        code = translated_command(jangbu).main(given, prog_name="run.py", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        return _complain(_of_click(error, given[0]))
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:  # the reader has seen enough
        return 0
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # click's end at the same
            return 0
        raise
    except EXPECTED as error:
        return _complain(as_user_error(error))


def _of_click(error: click.ClickException, verb: str) -> UserError:
    from interfaces.console.grammar import (
        CONSOLE_COMMANDS as COMMANDS,  # imported late: few lines are wrong
    )

    context = getattr(error, "ctx", None)
    if context is None:  # an option without its value does not tell whose it is
        root = click.Context(jangbu, info_name="run.py")
        found = jangbu.get_command(root, verb)
        context = click.Context(found, root, verb) if found else root
    if wrong := wrong_value(error, context):
        return wrong
    command = context.command
    path, whole = context.command_path, isinstance(command, click.Group)
    names = list(MODULES) if whole else _options(command)
    what, word = error.format_message().rstrip("."), verb if whole else ""
    if isinstance(error, click.NoSuchOption):
        word = error.option_name
        what = f"No such option '{word}'"
    todo = f"see {path} --help"
    if whole and verb in COMMANDS:
        todo = f"it is a command of a running bot: run.py console -c {verb}"
    elif word and (near := near_word(word, names)):
        todo = f'did you mean "{near}"? {path} --help lists all'
        names = [near] if whole else names
    return UserError(what, path, ", ".join(names), todo)


def _options(command: click.Command) -> list[str]:
    shown = [p for p in command.params if not getattr(p, "hidden", False)]
    return [max(p.opts, key=len) for p in shown if isinstance(p, click.Option)]


def _complain(error: UserError) -> int:
    from i18n.styles import OutputStyle  # imported late: few lines are wrong

    language = language_of(environ=os.environ)
    with suppress(OSError):  # none can read it, or there is no room for it: the code says it
        look = OutputStyle.of(sys.stderr, language, os.environ)
        lines = error.block(language).split("\n")
        short = (max(map(len, line.split(" "))) <= look.width // 2 for line in lines)
        shown = [look.framed(a) if fits else a for a, fits in zip(lines, short, strict=True)]
        print("\n".join(shown), file=sys.stderr, flush=True)  # a long path stays whole
    return EXIT_CODE
