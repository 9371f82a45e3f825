"""``trade``: its options, and whether this process is the parent or the bot itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from app.config.config_file import Loaded
from app.processes.launch_options import LaunchOptions
from app.state_directory import STATES, default_state
from i18n import configured_language, say
from i18n.errors import UserError
from interfaces.options import (
    config_option,
    config_path,
    files_of,
    recording_option,
    state_option,
)
from persistence.identity import exists

MAX = "max"


@click.command()
@config_option
@state_option
@recording_option
@click.option("--speed", help="Candle time over real time: a number, or max.")
@click.option("--strategy", help='A built-in name, or "file.py:Name".')
@click.option("--headless", is_flag=True, help="No console; ends with a summary.")
@click.option("--fresh", is_flag=True, help="Move the old state aside and begin again.")
@click.option("--confirm-live", is_flag=True, help="Agree to the first live start of an account.")
@click.option("--child", "as_child", type=click.Choice(["stays", "leaves"]), hidden=True)
def trade(
    config: Path | None,
    state: Path | None,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    speed: str | None,
    strategy: str | None,
    headless: bool,
    fresh: bool,
    confirm_live: bool,
    as_child: str | None,
) -> int:
    """Trade: on paper (the built-in market, recordings, live prices), or live. The default verb."""
    overrides = _overrides(speed, strategy)
    stays = as_child == "stays" if as_child else not headless and _at_terminal()
    files = files_of(recording, more)
    order = LaunchOptions(state or Path(), config_path(config), overrides, files, None, stays)
    with _told(state, as_child):
        loaded = order.load()
    place = state or default_state(loaded.config)
    pace = None if speed == MAX else loaded.config.speed
    order = LaunchOptions(place, order.config, overrides, files, pace, stays)
    # Imported late, each by whom it concerns: a start, and a start again, should be quick.
    if as_child:
        return _bot(order, loaded)
    if not loaded.config.dry_run and not exists(place):
        from interfaces.live_confirmation.first_start import confirm_first

        language = configured_language(loaded.config, os.environ)
        confirm_first(loaded, files, confirm_live, language)
    if loaded.aside:
        language = configured_language(loaded.config, os.environ)
        click.echo(say("config_aside", language, names=", ".join(loaded.aside)), err=True)
    from interfaces.launcher import Launcher

    with _told(place, as_child):
        family = Launcher(order, loaded, speed)
    return family.run(fresh)


def _bot(order: LaunchOptions, loaded: Loaded) -> int:
    """The bot itself, in this process; its exit code."""
    if loaded.config.lives:
        from app.live import bot

        return bot.run(order, loaded)
    from app import recorded_bot
    from interfaces.reports.summary_table import summary_of

    return recorded_bot.run(order, loaded, summary_of)


@contextmanager
def _told(state: Path | None, as_child: str | None) -> Iterator[None]:
    """A start that never came about, where a trade is open: its messengers hear why.

    Of a child its parent says it.
    """
    try:
        yield
    except UserError as error:
        if not as_child:
            from app.notifications.farewell import (
                send_last_words,  # imported late: few starts need it
            )

            for place in [state] if state else [STATES / name for name in ("live", "prices")]:
                send_last_words(place, None, os.environ, error.what)
        raise


def _at_terminal() -> bool:
    from interfaces.console.console import at_terminal

    return at_terminal()


def _overrides(speed: str | None, strategy: str | None) -> dict[str, Any]:
    """The configuration's keys that options give. Raises UserError."""
    given: dict[str, Any] = {"strategy": strategy} if strategy else {}
    if speed is None or speed == MAX:
        return given
    try:
        return {**given, "speed": Decimal(speed)}
    except InvalidOperation:
        raise UserError(
            what=f'"{speed[:40]}" is no speed',
            where="--speed",
            allowed="a number above 0, or max",
            todo="give candle seconds per real second: 600 makes ten minutes a second",
        ) from None
