"""Owns the token of an installation: who has it may look; it lies in the state directory."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from i18n.errors import UserError

NAME = "dashboard.token"
BYTES = 32
LEAST = 32  # characters of a token that somebody wrote there


def token_of(state: Path) -> str:
    """The token, drawn where there is none yet. Raises UserError for a file others can read."""
    path = state / NAME
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(BYTES) + "\n")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle) as file:
        found = os.fstat(file.fileno())
        if found.st_mode & 0o077 or found.st_uid != os.geteuid():
            raise _wrong(path, "the dashboard's token can be read by others", "mode 0600, our own")
        token = file.read(1024).strip()
    if len(token) < LEAST or not token.isascii() or not token.isprintable():
        raise _wrong(path, "the dashboard's token is too short", f"{LEAST} characters or more")
    return token


def same(given: str, token: str) -> bool:
    """Whether it is the token; takes as long whatever is given."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def _wrong(path: Path, what: str, allowed: str) -> UserError:
    return UserError(what, str(path), allowed, "remove the file: the next start draws a new one")
