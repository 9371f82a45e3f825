"""What is said of bad input and damaged ledgers is said in Korean too, whoever found it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from adapters.compression import TooLarge
from app.config.fields import leaves
from i18n.errors import UserError
from i18n.ko.faults import FAULTS
from i18n.ko.inputs import INPUTS
from i18n.ko.page_inputs import PAGE_INPUTS
from i18n.ko.research_inputs import RESEARCH_INPUTS
from i18n.ko.table_inputs import TABLE_INPUTS
from i18n.sentences import translated
from persistence.errors import RESTORE

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("interfaces", "adapters", "persistence", "research")
    for path in (ROOT / folder).rglob("*.py")
    if not path.is_relative_to(ROOT / "sandbox")
)
# Which arguments of these calls are sentences; ``where`` is a place and none.
SAID: dict[str, tuple[int | str, ...]] = {
    "UserError": (0, 2, 3, "what", "allowed", "todo"),
    "NotRunning": ("what", "allowed", "todo"),
    "RecordingError": (0,),
    "StrategyError": (0,),
    "Unplayable": (0, 2),
    "Unfit": (0, 2),
    "Damaged": (1, 2),
    "Refused": (1, 2),
    "refusal": (2,),
    "_wrong": (0, 1),
    "_strange": (1,),
}
# Those that are put together of two halves, as they come out.
WHOLE = {
    "state x7 x7": ("state x7 fails its checksum",),
    "journal entry x7 x7": ("journal entry x7 fails its checksum",),
    "a candle of x7 x7": ("a candle of x7 does not decode (x7)",),
    "the row x7 x7": ("the row x7 fails its checksum",),
    "x7: x7 (x7); fetch or make it again": (
        "x7: is truncated (x7); fetch or make it again",
        "x7: is not an intact xz file (x7); fetch or make it again",
    ),
    "x7: x7 x7; times must rise": (
        "x7: a second candle of x7; times must rise",
        "x7: goes back in time for x7; times must rise",
    ),
    "x7: x7 x7 of x7: x7 covers it too; name files whose spans do not overlap": (
        "x7: duplicate time x7 of x7: x7 covers it too; name files whose spans do not overlap",
        "x7: unordered times x7 of x7: x7 covers it too; name files whose spans do not overlap",
    ),
}
SENTENCES = {**INPUTS, **PAGE_INPUTS, **RESEARCH_INPUTS, **TABLE_INPUTS, **FAULTS}
HANGUL = re.compile("[가-힣]")
WORDS = re.compile(r"[a-z]{2,} [a-z]")


def constants() -> dict[str, str]:
    """The texts that bear a name of their own, by that name."""
    found = {}
    for path in FILES:
        for node in ast.parse(path.read_text()).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                    found[name] = text
    return found


CONSTANTS = constants()


def templates(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be, with ``x7`` for what is not known before it runs."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "x7" for v in values)
        case ast.Name(id=name) if name in CONSTANTS:
            yield CONSTANTS[name]
        case ast.IfExp(body=body, orelse=orelse):
            yield from templates(body)
            yield from templates(orelse)
        case ast.Subscript(value=value):
            yield from templates(value)


def said() -> list[str]:
    found = {RESTORE}  # what a damage says to do where nothing else is said
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                given = {**dict(enumerate(node.args)), **{k.arg: k.value for k in node.keywords}}
                for place in SAID.get(name, ()):
                    if place in given:
                        found.update(filter(WORDS.search, templates(given[place])))
    return sorted(whole for text in found for whole in WHOLE.get(text, (text,)))


@pytest.mark.parametrize("sentence", said())
def test_every_sentence_about_input_or_a_ledger_has_its_korean(sentence: str) -> None:
    assert HANGUL.search(translated(sentence, "ko"))
    assert translated(sentence, "en") == sentence


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_korean_tells_the_same_facts(sentence: str) -> None:
    facts = [
        {n for _, n, _, _ in Formatter().parse(t) if n} for t in (sentence, SENTENCES[sentence])
    ]
    assert facts[0] == facts[1]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_known_by_its_own_pattern(sentence: str) -> None:
    """Each made from its pattern with facts that no other pattern knows."""
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    facts = {name: f"x{index}" for index, name in enumerate(sorted(names))}
    assert translated(sentence.format(**facts), "ko") == SENTENCES[sentence].format(**facts)


def test_a_row_of_a_recording_is_told_with_its_place_and_its_problem() -> None:
    sentence = "r.csv.gz, line 7, high: 'NaN' is not a finite number of 0 or more"
    assert "line" not in translated(sentence, "ko")
    assert "'NaN'" in translated(sentence, "ko")


def test_a_small_file_that_unpacks_to_gigabytes_is_told_with_its_bound() -> None:
    problem = f"{TooLarge(67_108_864)}"
    korean = translated(f"r.csv.gz: {problem}", "ko")
    assert HANGUL.search(korean)
    assert "67,108,864" in korean


def test_words_of_the_user_stay_as_they_were_typed() -> None:
    for word in ("number", "text", "free disk"):
        assert f'"{word}"' in translated(f'unknown command "{word}"', "ko")


def test_every_range_of_a_configuration_is_told_in_korean() -> None:
    for key in leaves():
        assert not re.search("number|text", translated(key.range, "ko"))


def test_a_block_is_in_the_readers_language_throughout() -> None:
    error = UserError("no bot is running", "s", "", "see --help", [UserError("make room")])
    assert not re.search("[a-z]{2,} [a-z]", error.block("ko"))
    assert "no bot is running" in error.block("en")
