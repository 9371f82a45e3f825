"""Owns what tells one version of the code that plays trials from another."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "messages", "research")
LIBRARIES = ("numpy", "numba", "TA-Lib", "msgspec")


def digest_of_code() -> str:
    """Of all sources that a trial may run, and of the libraries that reckon for them."""
    found = hashlib.sha256()
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]
