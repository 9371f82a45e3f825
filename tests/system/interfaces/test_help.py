"""``--help`` speaks the reader's language, and leaves out no sentence."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from i18n.ko.helps import HELPS
from interfaces.cli import MODULES, jangbu
from interfaces.help import sentences
from tests.support.cli_runner import run

HANGUL = re.compile("[가-힣]")
CLICK = {"Usage:", "Options", "Commands", "Show this message and exit."}


def all_sentences() -> set[str]:
    root = click.Context(jangbu)
    commands = [jangbu, *filter(None, (jangbu.get_command(root, name) for name in MODULES))]
    return {sentence for command in commands for sentence in sentences(command)}


def test_every_sentence_of_the_help_has_its_korean_and_no_other_has() -> None:
    assert set(HELPS) == all_sentences() | CLICK
    assert all(HANGUL.search(korean) for korean in HELPS.values())


@pytest.mark.parametrize("words", [(), ("trade",), ("tail",)], ids=" ".join)
def test_the_help_is_korean_where_the_reader_is(words: tuple[str, ...], tmp_path: Path) -> None:
    korean = run(*words, "--help", cwd=tmp_path, JANGBU__LANGUAGE="ko")
    english = run(*words, "--help", cwd=tmp_path)
    assert (korean.returncode, english.returncode) == (0, 0)
    assert HANGUL.search(korean.stdout)
    assert not HANGUL.search(english.stdout)
    for line in korean.stdout.splitlines():
        if line.startswith("  --"):
            assert HANGUL.search(line) or len(line.split()) <= 2, line
