"""Tables: aligned with wide characters, and never a figure cut."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from i18n.styles import rendered
from i18n.tables import grid, pairs, parts

ROWS = [
    ("비트코인(KRW-BTC)", "₩133,068,000", "+₩1,997", "손절"),
    ("XRP(KRW-XRP)", "₩3,019", "-₩12", "트레일링 스탑, 그리고 아주 긴 설명이 이어지는 경우"),
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


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_table_that_is_printed_some_rows_at_a_time_is_the_whole_one(width: int) -> None:
    rows = [(f"KRW-{n}", f"₩{n:,}", "why " * (n % 9)) for n in range(1200)]
    table = grid("Orders", ("pair", "fee", "reason"), rows, "en")
    printed = [rendered(part, width) for part in parts(table, width)]
    assert "\n".join(printed) == rendered(table, width)
    assert 1 < len(printed) <= 2 * len(rows)
    assert max(part.count("\n") for part in printed) < 1200
    assert sum(line.startswith("KRW-") for line in "\n".join(printed).split("\n")) in (1200, 0)


@pytest.mark.parametrize("width", [50, 64, 100])
def test_a_cell_that_is_longer_than_its_column_goes_on_below_itself(width: int) -> None:
    why = "not filled in time, the order book offers too little of it 비트코인 캐시"
    table = grid("", ("time", "why", "fee"), [("2026-01-05 15:39:00", why, "₩1,234,567")], "en")
    lines = rendered(table, width).split("\n")
    assert all(cell_len(line) <= width for line in lines)
    place = lines[0].index("Why")
    below = [line[place:].removesuffix("₩1,234,567").strip() for line in lines[1:]]
    assert " ".join(part for part in below if part).split() == why.split()
    assert lines[1].endswith("₩1,234,567"), "a figure stands to the right, on one line"
