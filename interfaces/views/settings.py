"""``show_config``: every value, where it came from, what it means and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from rich.console import RenderableType

from app.config.config_file import Explained, explained
from app.config.values import shown
from core.strategies import BUILT_IN
from i18n import meaning, say
from i18n.sentences import translated
from i18n.tables import grid
from messages.plain_values import to_plain
from projections.ledger import Ledger


class Setting(Struct, frozen=True):
    """One key."""

    key: str
    value: Any
    origin: str
    meaning: str
    range: str


class ConfigView(Struct, frozen=True):
    """All keys, in their order."""

    settings: tuple[Setting, ...]


def look(ledger: Ledger) -> ConfigView:
    """The configuration that the journal says is in force; where it came from is not in there."""
    config = ledger.config
    strategy = BUILT_IN.get(config.strategy)
    return of(explained(config, strategy.Params if strategy else None, {}))


def of(rows: Sequence[Explained]) -> ConfigView:
    """The same for a configuration that was read just now."""
    return ConfigView(tuple(Setting(r.key, r.value, r.origin, r.meaning, r.range) for r in rows))


def table(view: ConfigView, language: str) -> RenderableType:
    """As people read it."""
    names = ["key", "value", "origin", "range", "meaning"]
    rows = [
        [row.key, _value(row), row.origin, translated(row.range, language), _meaning(row, language)]
        for row in view.settings
    ]
    if not any(row.origin for row in view.settings):
        names.remove("origin")
        rows = [[*row[:2], *row[3:]] for row in rows]
    return grid(say("title_config", language), names, rows, language)


def _meaning(row: Setting, language: str) -> str:
    return meaning(row.key, row.meaning, language)


def _value(row: Setting) -> str:
    return shown(to_plain(row.value)).strip('"')
