"""Python that runs an edited copy of one product file; everything else is as it stands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType

from tests.proof.mutants.mutant import Mutant

ROOT = Path(__file__).parents[3]


class Edited(SourceFileLoader):
    """Gives the edited text instead of the file's, and keeps no bytecode of it."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> object:
        return compile(self._text, self.path, "exec", dont_inherit=True)  # type: ignore[return-value]


class Finder(MetaPathFinder):
    """Finds the one module that is edited."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.file.removesuffix(".py").replace("/", ".")
        self._text = mutant.edited((ROOT / mutant.file).read_text(encoding="utf-8"))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = Edited(fullname, spec.origin, self._text)
        return spec


def plant(mutant: Mutant) -> None:
    """From here on the edited copy is imported; nothing of ours may have been imported before."""
    name = mutant.file.removesuffix(".py").replace("/", ".")
    assert name not in sys.modules, f"{name} was imported too early"
    sys.meta_path.insert(0, Finder(mutant))
