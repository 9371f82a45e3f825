"""Tables: aligned with wide characters, and never a figure cut."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from interfaces.reports.shapes import grid, pairs

ROWS = [
    ("비트코인(KRW-BTC)", "₩133,068,000", "+₩1,997", "손절"),
    ("XRP(KRW-XRP)", "₩3,019", "-₩12", "추적 손절, 그리고 아주 긴 설명이 이어지는 경우"),
]


def lines(what: RenderableType, width: int) -> list[str]:
    out = StringIO()
    Console(file=out, width=width).print(what)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [10, 20, 30, 40, 60, 80, 120])
def test_no_figure_is_ever_cut(width: int) -> None:
    table = grid("표", ("pair", "entry", "profit", "reason"), ROWS, "ko", spare=("profit",))
    shown = lines(table, width)
    assert width < 40 or all(cell_len(line) <= width for line in shown)
    if width >= 30:
        assert any("₩133,068,000" in line for line in shown)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_title_is_never_broken_because_its_table_is_narrow(width: int) -> None:
    title = "The best, as keys of the configuration"
    for table in (pairs(title, [("a", "1")]), grid(title, ("pair",), [("b",)], "en")):
        assert lines(table, width)[0].rstrip() == title


def test_columns_of_wide_characters_are_aligned() -> None:
    first, second = lines(grid("", ("pair", "entry"), [r[:2] for r in ROWS], "ko"), 80)[1:]
    assert cell_len(first.rstrip()) == cell_len(second.rstrip())


def test_a_narrow_terminal_loses_the_spare_column_first() -> None:
    table = grid("", ("pair", "entry", "profit"), [row[:3] for row in ROWS], "ko", ("profit",))
    assert "+₩1,997" in "".join(lines(table, 60))
    assert "+₩1,997" not in "".join(lines(table, 34))
    assert len(lines(table, 34)) == 3
