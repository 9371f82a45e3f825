"""The README shows what the program really prints, in both languages alike."""

from __future__ import annotations

import re

import pytest

from interfaces.catalogue import say
from tests.readme import BLOCK, BLOCKS, FILES, RECORDED
from tests.recorded import needed

NAMES = [pytest.param(name, marks=needed) if name in RECORDED else name for name in BLOCKS]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", FILES)
def test_a_generated_block_is_what_the_code_gives_now(language: str, name: str) -> None:
    shown = {match[1]: match[2] for match in BLOCK.finditer(FILES[language].read_text())}
    assert shown[name] == BLOCKS[name](language) + "\n", "run `make readme`, see the difference"


@needed
@pytest.mark.parametrize("language", FILES)
def test_trading_and_backtesting_the_recorded_days_end_in_the_same_figures(language: str) -> None:
    shown = {match[1]: match[2] for match in BLOCK.finditer(FILES[language].read_text())}
    title = say("title_by_pair", language)
    tables = [shown[name].partition(f"\n{title}\n")[2] for name in RECORDED]
    assert tables[0]
    assert tables[0] == tables[1]


def test_both_readmes_have_the_same_blocks_and_as_many_headings() -> None:
    english, korean = (path.read_text() for path in FILES.values())
    names = [match[1] for match in BLOCK.finditer(english)]
    assert names == [match[1] for match in BLOCK.finditer(korean)]
    assert sorted(names) == sorted(BLOCKS)
    heading = re.compile(r"^#+ ", re.M)
    assert heading.findall(english) == heading.findall(korean)
