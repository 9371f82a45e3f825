"""``--help`` in the reader's language: copies of the commands, whose English stands beside them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from copy import copy

import click

from i18n import language_of
from i18n.ko.helps import HELPS


class Formatter(click.HelpFormatter):
    """The words of click itself."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, args, translated(prefix or "Usage:") + " ")

    def write_heading(self, heading: str) -> None:
        """Above options and commands."""
        super().write_heading(translated(heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Options, each with its sentence; what click adds in brackets stays."""
        parts = [(name, *text.partition("  [")) for name, text in rows]
        said = [(name, translated(text) + bracket + more) for name, text, bracket, more in parts]
        super().write_dl(said, col_max, col_spacing)


class Context(click.Context):
    """Formats so."""

    formatter_class = Formatter


def translated(english: str) -> str:
    """In the language of the environment: no configuration is read for a help."""
    korean = language_of(environ=os.environ) == "ko"
    return HELPS.get(" ".join(english.split()), english) if korean else english


def translated_command(command: click.Command) -> click.Command:
    """The command, with its help as the reader reads it; its options are told by the formatter."""
    twin = copy(command)
    twin.context_class = Context
    twin.help = translated(command.help or "")
    return twin


def sentences(command: click.Command) -> Iterator[str]:
    """All that the help of a command says, in English."""
    yield " ".join((command.help or "").split())
    for param in command.params:
        if isinstance(param, click.Option) and param.help:
            yield " ".join(param.help.split())
