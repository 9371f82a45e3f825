"""Owns who may be spoken with on Telegram: the bot's token, the chat, and who may command there.

TELEGRAM_TOKEN, TELEGRAM_CHAT_ID and, for a group, TELEGRAM_USER_ID (numbers with commas between)
are looked for where Upbit's keys are (adapters/upbit/secrets.py), each place whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from pathlib import Path

from msgspec import Struct

from adapters.upbit.secrets import NoKeys, Problem, Secret, looked_up

TOKEN, CHAT, USERS = "TELEGRAM_TOKEN", "TELEGRAM_CHAT_ID", "TELEGRAM_USER_ID"
NAMES = (TOKEN, CHAT, USERS)
_TOKEN = re.compile(r"\d{1,20}:[\w-]{8,200}", re.A)
_CHAT = re.compile(r"-?\d{1,20}", re.A)
_USERS = re.compile(r"\d{1,20}(\s*,\s*\d{1,20})*", re.A)


class Access(Struct, frozen=True):
    """A bot, its one chat, and the people there who may command it."""

    token: Secret
    chat: int
    users: frozenset[int]


class NoAccess(Struct, frozen=True):
    """Why there is none; ``name`` is the variable that it is about. Problems as of ``NoKeys``."""

    problem: Problem
    place: str = ""
    name: str = ""


def load_access(environ: MutableMapping[str, str], file: Path | None = None) -> Access | NoAccess:
    """From the first place that has any of the three; ``environ`` loses its own."""
    found = looked_up(NAMES, environ, file)
    if isinstance(found, NoKeys):
        return NoAccess(found.problem, found.place or "", found.name)
    values, place = found
    for name in (TOKEN, CHAT):
        if name not in values:
            return NoAccess("half", place, name)
    for name, form in ((TOKEN, _TOKEN), (CHAT, _CHAT), (USERS, _USERS)):
        if name in values and not form.fullmatch(values[name].strip()):
            return NoAccess("malformed", place, name)
    chat = int(values[CHAT])
    named = (int(user) for user in values.get(USERS, "").split(",") if user.strip())
    # A private chat has the number of the one person in it; a group's is negative, and nobody's.
    return Access(Secret(values[TOKEN].strip()), chat, frozenset(named) or frozenset({chat}))
