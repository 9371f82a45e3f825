"""Owns what tells one version of the code that plays trials from another."""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "messages", "research")
LOADING = "adapters/strategies.py"  # what makes a strategy at a worker
LIBRARIES = ("numpy", "numba", "TA-Lib", "msgspec")


def digest_of_code() -> str:
    """Of all sources that a trial may run, and of what reckons for them.

    Python is told too: its ``sum`` rounds otherwise since 3.12.
    """
    found = hashlib.sha256(f"{sys.version_info[:2]}\n".encode())
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    sources = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    for path in (*sources, ROOT / LOADING):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:16]
