"""Every recipe of CONTRIBUTING.md, followed to the letter in a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPE = re.compile(r"^## (Add an? [\w ]+)\n(.*?)(?=^## |\Z)", re.M | re.S)
RECIPES = {match[1]: match[2] for match in RECIPE.finditer(TEXT)}
STEP = re.compile(r"^(New file|In|Then run)((?: `[^\n]*)?):\n\n```\w+\n(.*?)^```$", re.M | re.S)
PLACE = re.compile(r"^ `([^`]+)`(?:, (above|below|instead of) `([^`]+)`)?$")
BEFORE = re.compile(r"^After \[(Add [\w ]+)\]", re.M)
LEFT = shutil.ignore_patterns(".git", ".venv", ".*_cache", "state", "mutants", "*.lock")
SECONDS = 240.0  # a guard against a hang

EIGHT = {
    *("Add a console command", "Add an event", "Add an owner", "Add a strategy"),
    *("Add an indicator", "Add a messenger", "Add an exchange", "Add a language"),
}


class Tree:
    """A copy of the tree, and the recipes that were followed in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.followed: set[str] = set()
        shutil.copytree(ROOT, folder, ignore=LEFT)

    def follow(self, name: str) -> None:
        """A recipe's steps, those that it builds on before."""
        if name in self.followed:
            return
        self.followed.add(name)
        for before in BEFORE.findall(RECIPES[name]):
            self.follow(before)
        for kind, place, block in STEP.findall(RECIPES[name]):
            if kind == "Then run":
                self.run(block)
            else:
                self.change(kind, place, block)

    def change(self, kind: str, place: str, block: str) -> None:
        """A new file, or lines where an old one has its anchor."""
        found = PLACE.match(place)
        assert found, place
        path, how, anchor = self.folder / found[1], found[2], found[3]
        if kind == "New file":
            assert not path.exists(), path
            path.parent.mkdir(exist_ok=True)
            path.write_text(block, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        assert anchor in text, f"{found[1]} has no {anchor}"
        path.write_text(placed(text, how, anchor, block), encoding="utf-8")

    def run(self, block: str) -> None:
        """Commands as they stand, each of which must succeed."""
        kept = {name: value for name, value in os.environ.items() if "JANGBU" not in name}
        binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        around = {**kept, "PATH": binaries, "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
        around.pop("PYTEST_ADDOPTS", None)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=self.folder,
            env=around,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


def placed(text: str, how: str, anchor: str, block: str) -> str:
    """The text with a block above or below the line of its anchor, or in the anchor's place."""
    if how == "instead of":
        return text.replace(anchor, block.rstrip("\n"), 1)
    at = text.index(anchor)
    if how == "above":
        at = text.rindex("\n", 0, at) + 1
        apart = "\n\n" if block.startswith(("class ", "def ")) else ""
        return text[:at] + block + apart + text[at:]
    at = text.index("\n", at) + 1
    return text[:at] + block + text[at:]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    folder = tmp_path_factory.mktemp("recipes") / "tree"
    yield Tree(folder)
    shutil.rmtree(folder)


def test_there_is_a_recipe_for_each_thing_that_is_often_added() -> None:
    assert set(RECIPES) == EIGHT
    for name, text in RECIPES.items():
        assert text.count("```") == 2 * len(STEP.findall(text)), f"{name}: a block without its step"


@pytest.mark.parametrize("name", RECIPES)
def test_who_follows_a_recipe_gets_what_it_promises(name: str, tree: Tree) -> None:
    tree.follow(name)
