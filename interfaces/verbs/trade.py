"""``trade``: its options, and whether this process is the parent or the bot itself."""

from __future__ import annotations

import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from interfaces import child
from interfaces.catalogue import language
from interfaces.console import at_terminal
from interfaces.errors import UserError
from interfaces.family import Family
from interfaces.states import default_state
from interfaces.verbs.options import (
    config_option,
    config_path,
    files_of,
    recording_option,
    state_option,
)

MAX = "max"


@click.command()
@config_option
@state_option
@recording_option
@click.option("--speed", help="Candle time over real time: a number, or max.")
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
    headless: bool,
    fresh: bool,
    confirm_live: bool,
    as_child: str | None,
) -> int:
    """Trade: on paper (the built-in market, recordings, live prices), or live. The default verb."""
    overrides = _overrides(speed)
    stays = as_child == "stays" if as_child else not headless and at_terminal()
    files = files_of(recording, more)
    order = child.Order(state or Path(), config_path(config), overrides, files, None, stays)
    loaded = order.load()
    place = state or default_state(loaded.config)
    pace = None if speed == MAX else loaded.config.speed
    if loaded.config.lives and not as_child:
        from interfaces.live.first import confirm_first  # imported late: paper needs no network

        confirm_first(loaded.config, place, confirm_live, language(loaded.config, os.environ))
    order = child.Order(place, order.config, overrides, files, pace, stays)
    return child.run(order) if as_child else Family(order, loaded.config, speed).run(fresh)


def _overrides(speed: str | None) -> dict[str, Any]:
    """The configuration's keys that options give. Raises UserError."""
    if speed is None or speed == MAX:
        return {}
    try:
        return {"speed": Decimal(speed)}
    except InvalidOperation:
        raise UserError(
            what=f'"{speed[:40]}" is no speed',
            where="--speed",
            allowed="a number above 0, or max",
            todo="give candle seconds per real second: 600 makes ten minutes a second",
        ) from None
