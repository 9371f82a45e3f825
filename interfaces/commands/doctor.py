"""``doctor``: everything that a start needs, looked at, a line each, with what to do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from adapters.upbit.secrets import load_keys
from app.preflight.finding import Finding, troubles
from app.preflight.preflight import preflight
from i18n import configured_language, language_of, say
from interfaces.console.session import json_text
from interfaces.options import asking, config_path

KEYS_FILE = Path(".env")
TROUBLE, BAD_INPUT = 1, 2  # exit codes


@click.command()
@asking
def doctor(config: Path | None, state: Path | None, json: bool) -> int:
    """All that a start needs. Exit code 1 on trouble, 2 for a bad configuration."""
    keys = load_keys(os.environ, KEYS_FILE)
    found, loaded = preflight(config_path(config), state, os.environ, keys)
    language = (
        configured_language(loaded.config, os.environ)
        if loaded
        else language_of(environ=os.environ)
    )
    if json:
        click.echo(json_text([plain(finding, language) for finding in found]))
    else:
        for finding in found:
            click.echo(line(finding, language))
        ill = str(len(troubles(found)))
        click.echo(say("doctor_trouble" if troubles(found) else "doctor_well", language, count=ill))
    if loaded is None:
        return BAD_INPUT
    return TROUBLE if troubles(found) else 0


def line(finding: Finding, language: str) -> str:
    """``[ok] clock: ...``, with what to do behind it where there is something."""
    level, about = say(f"level_{finding.level}", language), say(f"about_{finding.about}", language)
    todo = finding.todo(language)
    return f"[{level}] {about}: {finding.text(language)}" + (f" → {todo}" if todo else "")


def plain(finding: Finding, language: str) -> dict[str, Any]:
    """The same for programs."""
    return {
        "about": finding.about,
        "level": finding.level,
        "key": finding.key,
        "facts": finding.facts,
        "text": finding.text(language),
        "todo": finding.todo(language),
    }
