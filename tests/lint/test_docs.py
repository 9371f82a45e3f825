"""README and docs/: what they say can be done is there, in both languages, and their links lead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import click
import pytest

from app.config.fields import leaves
from core.strategies import BUILT_IN
from interfaces.cli import MODULES, jangbu
from messages.config import Protection
from messages.control import Operator
from tests.tools.readme import BLOCK, BLOCKS, ROOMS, RUN, language_of, pages, shown

ROOT = Path(__file__).parents[2]
PAGES = [str(page.relative_to(ROOT)) for page in pages()]
KOREAN = [name for name in PAGES if name.endswith(".ko.md")]
ENGLISH = [name.replace(".ko.md", ".md") for name in KOREAN]
GUIDES = [
    name
    for name in PAGES
    if name.startswith(("README", "docs/guides/", "docs/safety", "docs/tutorial"))
]
FAST = [(page, n) for page in PAGES for n in shown(ROOT / page) if n not in RUN]
README_MOST, PICTURE_MOST = 12 * 1024, 64 * 1024  # bytes
CODE = re.compile(r"```.*?```|`[^`\n]+`|^ {4}.*$", re.M | re.S)
HOME_MADE = re.compile(r"\b(whoever|nobody|told|comes about)\b", re.I)
FIGURE = re.compile(r"\d[\d,]*\.?\d*")
OURS = {"messages", "core", "persistence", "adapters", "actors", "interfaces", "simulation"}
OURS |= {"app", "i18n", "projections", "research", "sandbox"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(page: str) -> list[list[str]]:
    """Command lines of ours, as words: the verb first. Generated blocks are apart."""
    found = re.findall(r"run\.py ((?:[^\n`#&|;]|\\\n)+)", BLOCK.sub("", page))
    return [line.split() if line[0] != "-" else ["trade", *line.split()] for line in found]


def options_of(verb: str) -> set[str]:
    command = jangbu.get_command(click.Context(jangbu), verb)
    assert command is not None, verb
    return {name for param in command.params for name in param.opts} | {"--help"}


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_has_a_verb_that_there_is_and_options_that_it_takes(name: str) -> None:
    found = commands(text(name))
    assert found or shown(ROOT / name)
    for verb, *words in found:
        assert verb in MODULES, f"{name}: {verb}"
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
    rows = re.findall(
        r"^\| (?!when|---).*\|$", text("docs/safety.md").partition("## Taxes")[0], re.M
    )
    told = [row for row in rows if "tests/" in row]
    assert len(told) >= 50
    for proof in backed("docs/safety.md"):
        file, _, name = proof.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), proof


def test_both_languages_name_the_same_tests() -> None:
    assert backed("docs/safety.md") == backed("docs/safety.ko.md")


def metrics() -> set[str]:
    """The names of all metrics, as the code has them."""
    files = (ROOT / "interfaces" / "dashboard" / "metrics").glob("*.py")
    return {name for file in files for name in re.findall(r'"([a-z_]+)"', file.read_text())}


@pytest.mark.parametrize("name", GUIDES)
def test_what_stands_in_backticks_and_looks_like_a_key_is_one(name: str) -> None:
    keys = {key.path for key in leaves()} | {key.path.rpartition(".")[2] for key in leaves()}
    words = {kind.__struct_config__.tag for kind in get_args(Operator)}
    known = {
        "rsi_period",
        "buy_below",
        "to_csv",
        "only_per_side",
        "calculation_mode",
        *BUILT_IN,
        *Protection.__struct_fields__,
    }
    for word in re.findall(r"`((?:exchange\.)?[a-z]+_[a-z_]+)`", text(name)):
        if word.startswith("jangbu_"):
            assert word.removeprefix("jangbu_").removesuffix("_total") in metrics(), word
            continue
        assert word in keys | words | known, f"{name}: {word}"


@pytest.mark.parametrize("name", PAGES)
def test_every_variable_that_a_page_sets_is_one_of_a_key(name: str) -> None:
    keys = {key.path.upper().replace(".", "__") for key in leaves()} | {"SECTION__KEY"}
    assert set(re.findall(r"JANGBU__([A-Z_]*[A-Z])", text(name))) - keys == set()


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CONTRIBUTING.md"])
def test_files_that_a_page_names_are_there(name: str) -> None:
    for path in re.findall(r"(?:deploy|docs|tests)/[\w./-]+\.\w+", text(name)):
        assert (ROOT / path).exists(), path


def test_the_strategy_of_the_page_is_one_that_can_be_traded(tmp_path: Path) -> None:
    from adapters.strategies import load

    for name in ("strategies.md", "strategies.ko.md"):
        source = re.search(r"```python\n(.*?)```", text(f"docs/guides/{name}"), re.S)
        assert source
        (tmp_path / "mine.py").write_text(source[1])
        assert load("mine.py:Mine", tmp_path).source_hash


@pytest.mark.parametrize(("page", "name"), FAST)
def test_a_generated_table_is_what_the_code_gives_now(page: str, name: str) -> None:
    made = BLOCKS[name](language_of(ROOT / page)) + "\n"
    assert shown(ROOT / page)[name] == made, f"run `python -m tests.tools.readme {page}`"


@pytest.mark.parametrize("name", ENGLISH)
def test_both_languages_hold_the_same_generated_blocks(name: str) -> None:
    assert list(shown(ROOT / name)) == list(shown(ROOT / name.replace(".md", ".ko.md")))


def test_every_block_stands_in_a_page_and_every_room_in_the_architecture() -> None:
    assert {name for page in PAGES for name in shown(ROOT / page)} == set(BLOCKS)
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert set(ROOMS) == rooms


@pytest.mark.parametrize("name", [name for name in PAGES if name not in {*KOREAN, "CHANGELOG.md"}])
def test_a_page_is_written_in_plain_words(name: str) -> None:
    prose = CODE.sub("", BLOCK.sub("", text(name)))
    assert HOME_MADE.findall(prose) == []


def test_the_readme_walks_through_the_sandbox_as_the_guide_does() -> None:
    names = ("README.md", "README.ko.md", "docs/guides/live.md", "docs/guides/live.ko.md")
    walks = {tuple(re.findall(r"^ +(export .*|\.venv.*run\.py.*)$", text(n), re.M)) for n in names}
    assert len(walks) == 1
    assert len(walks.pop()) >= 6


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_a_readme_is_short(name: str) -> None:
    assert (ROOT / name).stat().st_size <= README_MOST


@pytest.mark.parametrize("language", ["", ".ko"])
def test_the_figures_of_the_readme_stand_where_they_were_measured(language: str) -> None:
    table = text(f"README{language}.md").partition("docs/testing")[2].partition("\n## ")[0]
    measured = text(f"docs/testing{language}.md") + text("tests/benchmarks/RESULTS.md")
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    figures = {figure for line in rows for figure in FIGURE.findall(line) if len(figure) > 1}
    assert len(figures) >= 12
    assert figures - set(FIGURE.findall(measured)) == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_to_a_file(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(name)):
        if not target.startswith(("http://", "https://", "#")):
            place = (ROOT / name).parent / target.partition("#")[0]
            assert place.exists(), f"{name}: {target}"


def test_pictures_are_small() -> None:
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    named = {f"{what}{lang}.png" for what in ("console", "dashboard") for lang in ("", ".ko")}
    assert set(pictures) == named
    assert max(pictures.values()) <= PICTURE_MOST


def cited() -> list[tuple[str, str]]:
    """Pages that code, configuration and the files of deploy/ name, each with where."""
    kinds = ("*.py", "*.service", "*.yaml", "*.yml")
    rooms = [ROOT / room for room in (*ROOMS, "tests", "deploy")]
    files = [path for room in rooms for kind in kinds for path in room.rglob(kind)]
    found = []
    for path in files:
        pages = re.findall(r"[\w/.-]+\.md\b", path.read_text(encoding="utf-8"))
        found += [(page, str(path.relative_to(ROOT))) for page in pages]
    return found


def test_every_page_of_docs_that_is_cited_is_there() -> None:
    found = [(page[page.index("docs/") :], at) for page, at in cited() if "docs/" in page]
    assert len(found) > 5
    assert [(page, at) for page, at in found if not (ROOT / page).exists()] == []


def test_code_cites_pages_of_this_tree_alone() -> None:
    of_the_rooms = [(page, at) for page, at in cited() if at.partition("/")[0] in ROOMS]
    assert [(p, at) for p, at in of_the_rooms if not p.startswith("docs/")] == []
