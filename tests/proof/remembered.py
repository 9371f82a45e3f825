"""Memory of proofs: which parts have passed in this very tree."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUFFIXES = (".py", ".json", ".gz", ".c", ".cfg", ".lock", ".js", ".css", ".html", ".txt")
LEFT = ("build", "mutants", "state")  # of the root: what runs leave


@cache
def fingerprint() -> str:
    """A hash of every file that a proof may depend on."""
    digest = hashlib.sha256()
    for path in sorted(path for path in ROOT.rglob("*") if path.suffix in SUFFIXES):
        parts = path.relative_to(ROOT).parts
        if parts[0] not in LEFT and not any(p.startswith((".", "__pycache__")) for p in parts):
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def folder() -> Path:
    """Where this tree's proofs keep what they have seen; another tree has another folder."""
    found = ROOT / "build" / "proof" / fingerprint()
    found.mkdir(parents=True, exist_ok=True)
    return found
