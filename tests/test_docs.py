"""What the pages in docs/ say can be done: verbs, options and keys are there, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import click
import pytest

from interfaces.cli import VERBS, jangbu
from interfaces.settings.fields import leaves
from messages.control import Operator

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
ENGLISH = [name for name in PAGES if not name.endswith(".ko.md")]
OURS = {"messages", "core", "persistence", "adapters", "actors", "interfaces", "simulation"}


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(page: str) -> list[list[str]]:
    """Command lines of ours, as words: the verb first."""
    found = re.findall(r"run\.py ((?:[^\n`#&|;]|\\\n)+)", page)
    return [line.split() for line in found]


def options_of(verb: str) -> set[str]:
    command = jangbu.get_command(click.Context(jangbu), verb)
    assert command is not None, verb
    return {name for param in command.params for name in param.opts} | {"--help"}


@pytest.mark.parametrize("name", PAGES)
def test_every_command_has_a_verb_that_there_is_and_options_that_it_takes(name: str) -> None:
    found = commands(text(name))
    assert found
    for verb, *words in found:
        assert verb in VERBS, f"{name}: {verb}"
        for word in words:
            if word.startswith("--"):
                assert word in options_of(verb), f"{name}: {verb} {word}"


@pytest.mark.parametrize("name", ENGLISH)
def test_both_languages_have_the_same_headings_blocks_and_commands(name: str) -> None:
    korean = text(name.replace(".md", ".ko.md"))
    english = text(name)
    for pattern in (r"^#+ ", r"^```", r"^\| ", r"^- "):
        assert len(re.findall(pattern, english, re.M)) == len(re.findall(pattern, korean, re.M))
    verbs = [[line[0] for line in commands(page)] for page in (english, korean)]
    assert sorted(verbs[0]) == sorted(verbs[1])


def backed(page: str) -> list[str]:
    """The tests that a page names as proof: file::name."""
    return re.findall(r"`(tests/[\w/]+\.py::\w+)`", text(page))


def test_each_row_of_what_goes_wrong_names_a_test_that_there_is() -> None:
    rows = re.findall(r"^\| (?!when|---).*\|$", text("safety.md").partition("## Taxes")[0], re.M)
    told = [row for row in rows if "tests/" in row]
    assert len(told) >= 50
    for proof in backed("safety.md"):
        file, _, name = proof.partition("::")
        assert f"def {name}(" in (DOCS.parent / file).read_text(encoding="utf-8"), proof


def test_both_languages_name_the_same_tests() -> None:
    assert backed("safety.md") == backed("safety.ko.md")


def metrics() -> set[str]:
    """The names of all metrics, as the code has them."""
    files = (DOCS.parent / "interfaces" / "metrics").glob("*.py")
    return {name for file in files for name in re.findall(r'"([a-z_]+)"', file.read_text())}


@pytest.mark.parametrize("name", PAGES)
def test_what_stands_in_backticks_and_looks_like_a_key_is_one(name: str) -> None:
    keys = {key.path for key in leaves()} | {key.path.rpartition(".")[2] for key in leaves()}
    words = {kind.__struct_config__.tag for kind in get_args(Operator)}
    for word in re.findall(r"`((?:exchange\.)?[a-z]+_[a-z_]+)`", text(name)):
        if word.startswith("jangbu_"):
            assert word.removeprefix("jangbu_").removesuffix("_total") in metrics(), word
            continue
        assert word in keys | words | {"rsi_period", "buy_below"}, f"{name}: {word}"


@pytest.mark.parametrize("name", PAGES)
def test_files_that_a_page_names_are_there(name: str) -> None:
    for path in re.findall(r"(?:deploy|docs|tests)/[\w./-]+\.\w+", text(name)):
        assert (DOCS.parent / path).exists(), path


def test_the_strategy_of_the_page_is_one_that_can_be_traded(tmp_path: Path) -> None:
    from adapters.strategies import load

    for name in ("strategies.md", "strategies.ko.md"):
        source = re.search(r"```python\n(.*?)```", text(name), re.S)
        assert source
        (tmp_path / "mine.py").write_text(source[1])
        assert load("mine.py:Mine", tmp_path).source_hash
