"""Owns whether a state directory is its owner's alone: who may write there can move the money.

A symbolic link in it that leads outside would have us write over what it leads to: the ledger, the
lock, the log, the socket, whatever name of ours it bears. So none is taken, and nothing is written
before that is known. The directory itself may be reached by a link.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from persistence.errors import Refused

OPEN = 0o022  # others than the owner may write


def exposed(path: Path) -> Literal["", "owner", "mode"]:
    """What lets others write there: another owner, or the mode; "" for what is not there yet."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return ""
    if facts.st_uid != os.geteuid():
        return "owner"
    return "mode" if stat.S_ISDIR(facts.st_mode) and facts.st_mode & OPEN else ""


def refuse_links(path: Path) -> None:
    """Refused where a file or folder of the directory, or of a folder in it, leads outside."""
    for place in _links(path, 1):
        target, home = os.path.realpath(place), os.path.realpath(path)
        if os.path.commonpath((home, target)) != home:
            raise Refused(
                path,
                f"its file {place.relative_to(path)} is a link that leads outside, to {target}",
                f"Nothing was changed. See what it is, then remove the link: rm '{place}'",
            )


def _links(folder: Path, deeper: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:  # not there, or not to be read: what opens it says so
        return
    for entry in found:
        if entry.is_symlink():
            yield folder / entry.name
        elif deeper and entry.is_dir():
            yield from _links(folder / entry.name, deeper - 1)


def close(path: Path) -> bool:
    """Close it to all others; whether that worked (some disks know no modes)."""
    try:
        path.chmod(0o700)
    except OSError:
        return False
    return not exposed(path)
