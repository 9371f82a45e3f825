"""Options that verbs share, and what they lead to: a configuration, a language, a desk."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from adapters.strategies import load as load_strategy
from app.config.config_file import Loaded, load
from app.state_directory import default_state, exposed_to
from core.strategies import BUILT_IN
from i18n import configured_language, say
from i18n.errors import UserError
from i18n.styles import OutputStyle
from messages.config import Config

if TYPE_CHECKING:
    from interfaces.console.session import StateSession

F = TypeVar("F", bound=Callable[..., Any])
CONFIG = Path("config.json")


def config_option(function: F) -> F:
    """``--config``."""
    return click.option(
        "--config",
        "config",
        type=click.Path(path_type=Path),
        help="Configuration; config.json when there is one, else the defaults.",
    )(function)


def state_option(function: F) -> F:
    """``--state-dir``."""
    return click.option(
        "--state-dir",
        "state",
        type=click.Path(path_type=Path),
        help="State directory; state/paper when not given.",
    )(function)


def json_option(function: F) -> F:
    """``--json``."""
    return click.option("--json", "json", is_flag=True, help="JSON, times in UTC.")(function)


def recording_option(function: F) -> F:
    """``--recording FILE...``: the option once with several files, or several times."""
    files = click.argument("more", nargs=-1, type=click.Path(path_type=Path))(function)
    return click.option(
        "--recording",
        "recording",
        multiple=True,
        metavar="FILE...",
        type=click.Path(path_type=Path),
        help="Recordings to replay, or archives; the built-in made-up market when not given.",
    )(files)


def asking(function: F) -> F:
    """The three options of verbs that read."""
    return config_option(state_option(json_option(function)))


def files_of(recording: tuple[Path, ...], more: tuple[Path, ...]) -> tuple[Path, ...]:
    """All the files that were named. Raises UserError for words that no option takes."""
    if more and not recording:
        raise UserError(
            what=f"unexpected: {' '.join(map(str, more))}"[:200],
            where="command line",
            allowed="options; files follow --recording",
            todo="see --help",
        )
    return (*recording, *more)


def refuse_nowhere(path: Path, option: str) -> None:
    """A result that cannot be written is known before it is computed. Raises UserError."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UserError(
            what="it cannot be written there",
            where=f"{option} {path}",
            allowed="a file in a folder that exists",
            todo="make the folder, or give another name",
        )


def config_path(config: Path | None) -> Path | None:
    """The file that was named, or config.json when it is there."""
    return config or (CONFIG if CONFIG.exists() else None)


@dataclass(frozen=True)
class CliContext:
    """What a verb that reads stands on."""

    loaded: Loaded
    state: Path
    language: str
    json: bool

    @property
    def config(self) -> Config:
        """The configuration that was read; defaults where it could not be."""
        return self.loaded.config

    def desk(self) -> StateSession:
        """The desk of the state directory."""
        from interfaces.console.session import StateSession  # imported late: who trades has no desk

        strategy = None if self.config.strategy in BUILT_IN else self.loaded.strategy.strategy
        look = OutputStyle.of(sys.stdout, self.language, os.environ)
        return StateSession(self.state, self.language, json=self.json, strategy=strategy, look=look)


def cli_context(config: Path | None, state: Path | None, json: bool) -> CliContext:
    """Read the configuration; a broken one that was not named keeps nobody from asking."""
    path = config_path(config)
    try:
        loaded = load(path, os.environ)
    except UserError as error:
        if config is not None:
            raise
        plain = Config()
        language = configured_language(plain, os.environ)
        click.echo(f"{say('config_ignored', language)}\n{error.block(language)}", err=True)
        loaded = Loaded(plain, {}, load_strategy(plain.strategy, Path()))
    place, language = (
        state or default_state(loaded.config),
        configured_language(loaded.config, os.environ),
    )
    if found := exposed_to(place):  # who only reads is told; who trades is refused
        click.echo(say("warning", language, text=say(found, language, path=str(place))), err=True)
    return CliContext(loaded, place, language, json)
