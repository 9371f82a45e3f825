"""Owns where secrets are looked for, that they never print, and the two keys of an Upbit account.

Looked for in this order, and the first place that has any of the two must have both: a systemd
credential, the environment, a file ``.env``. They are taken out of the environment in any case,
so that no child process inherits them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, MutableMapping
from io import StringIO
from pathlib import Path
from typing import Literal, NoReturn

from dotenv import dotenv_values
from msgspec import Struct

from core.plain import quote_of

ACCESS, SECRET = "UPBIT_ACCESS_KEY", "UPBIT_SECRET_KEY"
FILE_MAX = 64 * 1024  # bytes; larger is no file of keys
KEY_MAX = 512  # characters; Upbit's have 40
HIDDEN = "[hidden]"

Problem = Literal[
    "missing", "half", "malformed", "quoted", "unreadable", "link", "not_ours", "open"
]
Place = Literal["credential", "environment", ".env"]


class Secret:
    """A text that shows itself only to who asks for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not text.isascii():  # a later failure to encode it would show it
            raise ValueError("a key is plain ASCII")
        self._text = text

    def reveal(self) -> str:
        """The text itself: for signing, and for nothing else."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret does not travel")


class Keys(Struct, frozen=True):
    """Both keys of one account."""

    access: Secret
    secret: Secret


class NoKeys(Struct, frozen=True):
    """Why there are no keys to work with; ``name`` is the one that it is about.

    problem: ``missing`` no place has any; ``half`` only the other one is there; ``malformed`` it
    is empty, or holds what no key holds; ``quoted`` it stands in quotation marks;
    ``unreadable`` the file cannot be read as one of keys;
    ``link`` it is a symbolic link; ``not_ours`` another user owns it; ``open`` others than its
    owner may read or change it (it must be 0600).
    """

    problem: Problem
    place: Place | None = None
    name: str = ""


def load_keys(environ: MutableMapping[str, str], file: Path | None = None) -> Keys | NoKeys:
    """The account's keys from the first place that has any; ``environ`` loses its own."""
    found = looked_up((ACCESS, SECRET), environ, file)
    return found if isinstance(found, NoKeys) else _both(*found)


def looked_up(
    names: tuple[str, ...], environ: MutableMapping[str, str], file: Path | None = None
) -> tuple[dict[str, str], Place] | NoKeys:
    """What the first place says that has any of these names; ``environ`` loses its own."""
    given = {name: environ.pop(name) for name in names if name in environ}
    folder = environ.get("CREDENTIALS_DIRECTORY")
    credentials = _credentials(names, Path(folder)) if folder else {}
    if isinstance(credentials, NoKeys) or credentials:
        if isinstance(credentials, NoKeys):
            return credentials
        return _unquoted(credentials, "credential")
    if given:
        return _unquoted(given, "environment")
    written = _written(names, file) if file else {}
    if isinstance(written, NoKeys) or written:
        return written if isinstance(written, NoKeys) else (written, ".env")
    return NoKeys("missing")


def _unquoted(found: dict[str, str], place: Place) -> tuple[dict[str, str], Place] | NoKeys:
    """docker --env-file keeps quotation marks, which no shell would pass on."""
    quoted = next((name for name, text in found.items() if quote_of(text.strip())), "")
    return NoKeys("quoted", place, quoted) if quoted else (found, place)


def _both(found: Mapping[str, str], place: Place) -> Keys | NoKeys:
    for name in (ACCESS, SECRET):
        if name not in found:
            return NoKeys("half", place, name)
    for name in (ACCESS, SECRET):
        if not _plausible(found[name]):
            return NoKeys("malformed", place, name)
    return Keys(Secret(found[ACCESS]), Secret(found[SECRET]))


def _plausible(text: str) -> bool:
    """Printable ASCII without spaces: what can stand in a header and in a token."""
    return 0 < len(text) <= KEY_MAX and all("!" <= c <= "~" for c in text)


def _credentials(names: tuple[str, ...], folder: Path) -> dict[str, str] | NoKeys:
    """systemd.exec(5), LoadCredential=: one file each, in a folder that only we can read."""
    found: dict[str, str] = {}
    for name in names:
        try:
            text = (folder / name.lower()).read_bytes()[: FILE_MAX + 1].decode()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            return NoKeys("unreadable", "credential", name)
        found[name] = text.strip()
    return found


def _written(names: tuple[str, ...], file: Path) -> dict[str, str] | NoKeys:
    """What the file says; it must be a plain one, ours, and closed to others."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return {}
    except OSError:
        return NoKeys("link" if file.is_symlink() else "unreadable", ".env")
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > FILE_MAX:
            return NoKeys("unreadable", ".env")
        if facts.st_uid != os.geteuid():
            return NoKeys("not_ours", ".env")
        text = os.read(handle, FILE_MAX).decode()
    except (OSError, UnicodeDecodeError):
        return NoKeys("unreadable", ".env")
    finally:
        os.close(handle)
    values = dotenv_values(stream=StringIO(text), interpolate=False)
    found = {name: values[name] or "" for name in names if name in values}
    if found and stat.S_IMODE(facts.st_mode) & 0o077:
        return NoKeys("open", ".env")
    return found
