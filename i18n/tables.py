"""How tables look: one look for all of them, figures to the right, wide characters aligned.

A figure is never cut. Where a terminal is too narrow, columns that can be spared are left out, and
where that is not enough, every row becomes a block of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from i18n import say
from i18n.styles import figures

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
BATCH = 500  # rows that are drawn at once
FOLDER = Console(width=1000)  # whom a text asks how to fold
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
        yield from self.parts(options.max_width)

    def parts(self, width: int) -> Iterator[RenderableType]:
        """The same, some rows at a time: printed one after the other they are the table."""
        found = (self._places(self.spare[:count]) for count in range(len(self.spare) + 1))
        places = next((own for own in found if self._least(own) <= width), None)
        if title := heading(self.title):
            yield title
        if places is None:
            yield from self._blocks(bool(self.title))
        else:
            yield from self._lines(places, width)

    def _places(self, without: Sequence[str]) -> list[int]:
        return [i for i, name in enumerate(self.names) if name not in without]

    def _least(self, places: list[int]) -> int:
        """Cells that these columns need."""
        return sum(self._width(place) for place in places) + GAP * (len(places) - 1)

    def _width(self, place: int) -> int:
        longest = self._longest[place]
        return longest if self.names[place] in WHOLE else min(longest, FOLDED)

    @cached_property
    def _longest(self) -> tuple[int, ...]:
        rows = (self.headings, *self.rows)
        return tuple(max(map(cell_len, column)) for column in zip(*rows, strict=True))

    def _widths(self, places: list[int], width: int) -> list[int]:
        """What each column has room for: the widest of those that may be folded give way."""
        widths = [self._longest[place] for place in places]
        least = [self._width(place) for place in places]
        over = sum(widths) + GAP * (len(places) - 1) - width
        while over > 0:
            # as rich has it: what stands at the end has no gap behind it
            taken = [w + GAP * (n < len(places) - 1) for n, w in enumerate(widths)]
            free = [n for n, own in enumerate(least) if widths[n] > own]
            place = max(free, key=lambda n: (taken[n], n))
            widths[place], over = widths[place] - 1, over - 1
        return widths

    def _lines(self, places: list[int], width: int) -> Iterator[RenderableType]:
        """Laid out by hand: rich takes a millisecond for each row of a table."""
        widths = self._widths(places, width)
        right = [self.names[place] in FIGURES for place in places]
        top = _row([self.headings[place] for place in places], widths, right)
        yield Text(top, style="column", no_wrap=True, overflow="ignore")
        for begin in range(0, len(self.rows), BATCH):
            rows = self.rows[begin : begin + BATCH]
            text = "\n".join(_row([r[p] for p in places], widths, right) for r in rows)
            made = figures(text)
            made.no_wrap, made.overflow = True, "ignore"
            yield made

    def _blocks(self, apart: bool) -> Iterator[RenderableType]:
        """``apart``: a blank line comes first."""
        for row in self.rows:
            if apart:
                yield Text("")
            apart = True
            yield pairs("", zip(self.headings, row, strict=True))


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    """One row as lines: a cell that is longer than its column goes on below itself."""
    folded = [_folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, folded))):
        shown = [cell[number] if number < len(cell) else "" for cell in folded]
        filled = [
            " " * (width - cell_len(text)) + text if figure else set_cell_size(text, width)
            for text, width, figure in zip(shown, widths, right, strict=True)
        ]
        lines.append((" " * GAP).join(filled).rstrip())
    return "\n".join(lines)


def _folded(text: str, width: int) -> list[str]:
    """Between words where it can be."""
    if cell_len(text) <= width and "\n" not in text:
        return [text]
    lines = Text(text).wrap(FOLDER, width, overflow="fold")
    return [line.plain.rstrip() for line in lines]


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


def parts(thing: RenderableType, width: int) -> Iterator[RenderableType]:
    """A table some rows at a time, anything else as it is."""
    yield from thing.parts(width) if isinstance(thing, Grid) else (thing,)


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
