"""Owns how the kernel becomes machine code, and where that is kept between runs.

numba's own cache looks at the date of one file only: a kernel made of several would go on playing
an old rule after another file has changed. So the cache lies in a folder named by the digest of
all the kernel's sources and of numba's version; a changed rule is always a new folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
SOURCES = Path(__file__).parent
KEPT = SOURCES / "__pycache__"


def digest() -> str:
    """What the compiled kernel is made of: the same digest, the same rules."""
    found = hashlib.sha256(numba.__version__.encode())
    for path in sorted(SOURCES.glob("*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _keep_here() -> None:
    """Beside the sources; where those may not be written to, numba finds a place of its own."""
    settings: Any = numba.config
    room = KEPT if KEPT.exists() else SOURCES
    if not settings.CACHE_DIR and os.access(room, os.W_OK):
        settings.CACHE_DIR = str(KEPT / digest())


def compiled(function: F) -> F:
    """The function as machine code, made at its first call and kept; it needs no lock of Python's.

    Divisors are never 0 here: numba need not look at each.
    """
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inner(function: F) -> F:
    """The same for what is called by compiled functions only: it is kept as part of them."""
    plain: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(F, numba.njit(nogil=True, error_model="numpy", **plain)(function))


_keep_here()
