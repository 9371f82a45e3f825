"""Owns whether a state directory is its owner's alone: who may write there can move the money."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

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


def close(path: Path) -> bool:
    """Close it to all others; whether that worked (some disks know no modes)."""
    try:
        path.chmod(0o700)
    except OSError:
        return False
    return not exposed(path)
