"""Notices on the terminal or in a pipe: in columns for a person, one whole line each for a file.

On a terminal the date stands once above the lines of its day, and one line tells what came of a
signal (``outcomes``). A pipe gets every notice with its whole date, for whoever searches it later.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.notice_printer import MARKS, line
from core.market.pairs import coin
from i18n import say
from i18n.formatting import kst, pair_name
from i18n.styles import OutputStyle, figures
from interfaces.console.outcomes import OutcomeLine, Outcomes
from messages.notices import ShowNotice

NARROW = 60  # columns; below that what a line says stands under its head
WIDE = 100  # columns, from which on a pair has its whole name
TIME, KIND, CODE, NAME = 8, 8, 6, 20  # cells
QUIET = "summary_quiet"
STYLES = {"info": "", "warning": "warning", "critical": "critical"}


class NoticePrinter:
    """Prints notices in the look of its stream."""

    def __init__(self, look: OutputStyle, out: Callable[[str], None]) -> None:
        self._look, self._out = look, out
        self._outcomes = Outcomes(look.language)
        self._day = ""

    def show(self, notice: ShowNotice) -> None:
        """Print what is to be seen of it."""
        if not self._look.terminal:
            if notice.key != QUIET:
                self._out(line(notice, self._look.language))
        elif outcome := self._outcomes.take(notice):
            self._out(self._look.drawn(self._dated(outcome)))

    def put(self, text: str) -> None:
        """Print a line that is no notice."""
        self._out(self._look.framed(text))

    def _dated(self, outcome: OutcomeLine) -> RenderableType:
        day, _, time = kst(outcome.at).partition(" ")
        row = self._row(outcome, time)
        if day == self._day:
            return row
        before, self._day = self._day, day
        total = self._outcomes.total(before) if before else ""
        return Group(Text(day, style="heading"), *([figures(total, "aside")] if total else []), row)

    def _row(self, outcome: OutcomeLine, time: str) -> RenderableType:
        style = "aside" if outcome.aside else STYLES[outcome.level]
        text = figures(outcome.text, style)
        kind = Text(say(outcome.kind, self._look.language) if outcome.kind else "", style=style)
        head = Text(f"{time} {MARKS[outcome.level]:<2}", style=style or "aside")
        if self._look.width < NARROW:
            head = Text(" ").join([head, kind, self._named(outcome, style)])
            return Group(head, Padding(text, (0, 0, 0, 2)))
        cells = [head, kind, self._named(outcome, style), text] if outcome.pair else [head, text]
        name = NAME if self._look.width >= WIDE else CODE
        return columns(cells, [TIME + 3, KIND, name][: len(cells) - 1])

    def _named(self, outcome: OutcomeLine, style: str) -> Text:
        wide = self._look.width >= WIDE
        name = pair_name(outcome.pair, self._look.language) if wide else coin(outcome.pair)
        return Text(name, style=style or "name")


def columns(cells: list[Text], widths: list[int]) -> Table:
    """One row: columns of these widths, and one of all that is left, wrapped within it."""
    table = Table.grid(padding=(0, 1, 0, 0))
    for width in widths:
        table.add_column(min_width=width, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(*cells)
    return table
