"""The README shows what the program really prints, in both languages alike."""

from __future__ import annotations

import re

import pytest

from tests.readme import BLOCK, BLOCKS, FILES, written


@pytest.mark.parametrize("language", FILES)
def test_every_generated_block_is_what_the_code_gives_now(language: str) -> None:
    text = FILES[language].read_text()
    assert written(language, text) == text, "run `make readme` and look at the difference"


def test_both_readmes_have_the_same_blocks_and_as_many_headings() -> None:
    english, korean = (path.read_text() for path in FILES.values())
    names = [match[1] for match in BLOCK.finditer(english)]
    assert names == [match[1] for match in BLOCK.finditer(korean)]
    assert sorted(names) == sorted(BLOCKS)
    heading = re.compile(r"^#+ ", re.M)
    assert heading.findall(english) == heading.findall(korean)
