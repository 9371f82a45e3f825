"""How tables look: one look for all of them, figures to the right, wide characters aligned.

A figure is never cut. Where a terminal is too narrow, columns that can be spared are left out, and
where that is not enough, every row becomes a block of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interfaces.catalogue import say
from interfaces.look import figures

FIGURES = (  # columns that stand to the right, on one line
    *("rows", "wins", "win_rate", "profit", "ratio", "duration", "held", "entry", "exit", "now"),
    *("stop", "amount", "stake", "executed", "fee", "cost", "number", "dust", "dust_value"),
    *("whole", "available", "locked", "external", "average", "venue_average"),
    *("count", "gap", "startup", "compared", "differing"),
    *("candles", "missing", "longest"),
    *("drawdown", "sharpe", "sortino", "calmar", "train", "tried"),
    *("worth", "worth_tried", "price_then", "price_at", "value"),
)
WHOLE = (
    *FIGURES,
    "time",
    "since",
    "until",
    "opened",
    "closed",
    "pair",
    "day",
    "key",
    "window",
    "first",
    "last",
)
GAP = 2  # cells between columns
LONG_WORD = 24  # cells; a longer one (a path, an id) may be folded
FOLDED = 14  # cells that a column of text is given at least


@dataclass(frozen=True)
class Grid:
    """Rows under headings, laid out when the width is known."""

    title: str
    names: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spare: tuple[str, ...]  # columns that can be left out, the first of them first

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """As a table that fits, else as blocks."""
        left_out = 0
        while left_out <= len(self.spare):
            places = self._places(self.spare[:left_out])
            if self._least(places) <= options.max_width:
                yield _titled(self.title, self._table(places))
                return
            left_out += 1
        yield self._blocks()

    def _places(self, without: Sequence[str]) -> list[int]:
        return [i for i, name in enumerate(self.names) if name not in without]

    def _least(self, places: list[int]) -> int:
        """Cells that these columns need."""
        return sum(self._width(place) for place in places) + GAP * (len(places) - 1)

    def _width(self, place: int) -> int:
        longest = max(cell_len(row[place]) for row in (self.headings, *self.rows))
        return longest if self.names[place] in WHOLE else min(longest, FOLDED)

    def _table(self, places: list[int]) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
        for place in places:
            whole = self.names[place] in WHOLE
            table.add_column(
                Text(self.headings[place], style="label"),
                justify="right" if self.names[place] in FIGURES else "left",
                no_wrap=whole,
                overflow="fold",
                min_width=self._width(place),
            )
        for row in self.rows:
            table.add_row(*(figures(row[place]) for place in places))
        return table

    def _blocks(self) -> RenderableType:
        blocks = [pairs("", zip(self.headings, row, strict=True)) for row in self.rows]
        title = heading(self.title)
        return stacked(*([title] if title else []), *blocks)


def grid(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    language: str,
    spare: Sequence[str] = (),
) -> Grid:
    """A table; ``columns`` are catalogue names without ``col_``, ``title`` is plain text."""
    headings = tuple(say(f"col_{name}", language) for name in columns)
    return Grid(title, tuple(columns), headings, tuple(map(tuple, rows)), tuple(spare))


@dataclass(frozen=True)
class Pairs:
    """Two columns without headings: what, and how it is; below each other where that is narrow."""

    title: str
    rows: tuple[tuple[str, str], ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What stands beside how it is, if that has room for whole words."""
        label = max((cell_len(what) for what, _ in self.rows), default=0)
        longest = max((cell_len(word) for _, how in self.rows for word in how.split()), default=0)
        room = options.max_width - label - GAP
        if room >= min(longest, LONG_WORD) or room >= options.max_width // 2:
            yield _titled(self.title, self._table())
            return
        if title := heading(self.title):
            yield title
        for what, how in self.rows:
            yield Text(what, style="label")
            yield Padding(figures(how), (0, 0, 0, GAP))

    def _table(self) -> Table:
        table = Table(show_header=False, box=None, pad_edge=False, padding=(0, GAP, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for what, how in self.rows:
            table.add_row(Text(what, style="label"), figures(how))
        return table


def pairs(title: str, rows: Iterable[tuple[str, str]]) -> Pairs:
    """Two columns without headings: what, and how it is."""
    return Pairs(title, tuple(rows))


def _titled(title: str, table: Table) -> RenderableType:
    """A title as wide as the terminal, not as its table: that would break it within a line."""
    above = heading(title)
    return Group(above, table) if above else table


def heading(title: str) -> Text | None:
    """The title of a table; None for none."""
    return Text(title, style="heading") if title else None


def nothing(key: str, language: str, **facts: str) -> Text:
    """A sentence where a table would be empty."""
    return Text(say(key, language, **facts))


def stacked(*parts: RenderableType) -> Group:
    """One below the other, a blank line between."""
    spaced: list[RenderableType] = []
    for part in parts:
        spaced += [Text(""), part] if spaced else [part]
    return Group(*spaced)
