"""Parameters of strategies in files beside a configuration, read off their text: none is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

FILES_MOST = 100
SIZE_MOST = 1 << 18  # bytes of one


def keys_beside(folder: Path) -> frozenset[str]:
    """The fields of every ``Params`` in the folder's Python files, and in those one folder down."""
    files = islice(chain(folder.glob("*.py"), folder.glob("*/*.py")), FILES_MOST)
    return frozenset(chain.from_iterable(map(_keys, files)))


def _keys(path: Path) -> Iterator[str]:
    try:
        if path.stat().st_size > SIZE_MOST:
            return
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return  # a file that cannot be read names no parameters
    named = {"Params", *_called_params(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in named:
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    yield line.target.id


def _called_params(tree: ast.AST) -> Iterator[str]:
    """The classes that a strategy takes as its ``Params``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if "Params" in names:
                yield node.value.id
