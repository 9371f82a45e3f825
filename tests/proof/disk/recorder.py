"""The shim between a program and the disk: built with the machine's compiler, and its notes read.

What it notes is what a file system was asked to do, in order; see ``shim.c``.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).with_name("shim.c")
ABSENT = "no C compiler on Linux to build what stands before the disk"
_HEAD = struct.Struct("=cBHHQqI")


class Note(NamedTuple):
    """One call. ``kind``: w(rite), t(runcate), s(ync), c(reate), r(ename), u(nlink), m(kdir).

    ``synced``: the write is on the disk when it returns (O_DSYNC). A rename leads to ``target``.
    ``offset`` is the new size of a truncation.
    """

    kind: str
    synced: bool
    path: str
    target: str
    inode: int
    offset: int
    data: bytes


def compiler() -> str:
    """The C compiler, "" when there is none that can build it."""
    return (shutil.which("cc") or "") if sys.platform == "linux" else ""


def built(folder: Path) -> Path:
    """The shim, in this folder."""
    library = folder / "shim.so"
    flags = ["-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run([compiler(), *flags], check=True)
    return library


def built_or_skipped(folder: Path) -> Path:
    """The same for a test: where it cannot be built, the test is skipped, loudly."""
    if not compiler():
        pytest.skip("no C compiler on Linux to build what stands before the disk")
    return built(folder)


def environ(library: Path, root: Path, **more: str) -> dict[str, str]:
    """An environment in which a program has the shim before it; ``more`` are DISK_ variables."""
    kept = {name: value for name, value in os.environ.items() if "JANGBU" not in name}
    ours = {f"DISK_{name.upper()}": value for name, value in more.items()}
    return {**kept, "LD_PRELOAD": str(library), "DISK_ROOT": str(root), **ours}


def notes(path: Path) -> Iterator[Note]:
    """The notes of a trace, in order."""
    raw, at = path.read_bytes(), 0
    while at < len(raw):
        kind, synced, first, second, inode, offset, size = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        texts = raw[at : at + first], raw[at + first : at + first + second]
        at += first + second
        one, two = (text.decode() for text in texts)
        yield Note(kind.decode(), bool(synced), one, two, inode, offset, raw[at : at + size])
        at += size
