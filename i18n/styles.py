"""What a stream can show: whether a person looks at it, how wide it is, and in which colours.

Gains are green and losses red in English, red and blue in Korean, as on the screens there. A
stream that is no terminal gets plain text; so does one where NO_COLOR is set, or TERM is dumb.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

FORCED = "FORCE_COLOR"  # a parent process says so that its terminal has colours
LEAST = 40  # columns
INDENT = 2  # cells
FIGURE = r"(?:₩\d+(?:,\d{3})*(?:\.\d+)?|\d+(?:,\d{3})*(?:\.\d+)?%)"
GAIN = re.compile(rf"(?<![\w,.])\+{FIGURE}")
LABEL = re.compile(r" *\S+(?: \S+)*? {2,}")  # the first column of a line
LOSS = re.compile(rf"(?<![\w,.])-{FIGURE}")
STYLES = {
    "heading": "bold",
    "label": "dim",
    "column": "bold dim",  # its heading
    "aside": "dim",
    "name": "bold",
    "warning": "yellow",
    "critical": "bold white on red",
}
TONES = {
    "en": {"gain": "green", "loss": "red"},
    "ko": {"gain": "red", "loss": "bright_blue"},
}
TOOLBAR_TONES = {
    "en": {"gain": "ansigreen", "loss": "ansired"},
    "ko": {"gain": "ansired", "loss": "ansibrightblue"},
}


def has_colours(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether codes for colours may be written to it."""
    if environ.get("NO_COLOR") or environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        return False
    return bool(environ.get(FORCED)) or stream.isatty()


@dataclass(frozen=True)
class OutputStyle:
    """How text is shown to one reader."""

    language: str
    terminal: bool = False
    colours: bool = False

    @classmethod
    def of(cls, stream: TextIO, language: str, environ: Mapping[str, str]) -> OutputStyle:
        """What this stream can show."""
        return cls(language, stream.isatty(), has_colours(stream, environ))

    @property
    def width(self) -> int:
        """Columns of the terminal, as it is now."""
        return max(LEAST, shutil.get_terminal_size((100, 24)).columns)

    def drawn(self, thing: RenderableType, width: int = 0) -> str:
        """What rich makes of it, without blanks at the ends of lines."""
        out = io.StringIO()
        system: Literal["standard"] | None = "standard" if self.colours else None
        options: dict[str, Any] = {"force_terminal": self.colours, "no_color": not self.colours}
        tones = TONES.get(self.language, TONES["en"])
        Console(
            file=out,
            width=width or self.width,
            color_system=system,
            theme=Theme({**STYLES, **tones}),
            highlight=False,
            **options,
        ).print(thing)
        return "\n".join(map(trimmed, out.getvalue().rstrip("\n").split("\n")))

    def styled(self, text: str, style: str) -> str:
        """One line in a style, however long."""
        return self.drawn(Text(text, style=style), cell_len(text) + 1) if self.colours else text

    def framed(self, text: str) -> str:
        """The text with lines that are too long for a terminal folded between words."""
        if not self.terminal:
            return text
        lines = ((line, Text.from_ansi(line)) for line in text.split("\n"))
        return "\n".join(line if t.cell_len <= self.width else self._folded(t) for line, t in lines)

    def _folded(self, line: Text) -> str:
        """What follows a label stays beside it, or stands below it where that is narrow."""
        label = LABEL.match(line.plain)
        place = label.end() if label else 0
        if place > self.width // 2:
            rest = Padding(line[place:], (0, 0, 0, INDENT))
            return self.drawn(Group(line[:place], rest))
        table = Table.grid()
        table.add_column(no_wrap=True, min_width=place)
        table.add_column(overflow="fold")
        table.add_row(line[:place], line[place:])
        return self.drawn(table)


def rendered(thing: RenderableType, width: int = 0, look: OutputStyle = OutputStyle("en")) -> str:
    """What rich draws, as wide as the terminal, or so many characters; plain without a look."""
    return look.drawn(thing, width)


def shown(thing: RenderableType, language: str) -> str:
    """The same as the reader of standard output can have it, in colour on a terminal."""
    return rendered(thing, look=OutputStyle.of(sys.stdout, language, os.environ))


def trimmed(line: str) -> str:
    """The line without blanks at its end, also where they lie before a code that ends a style."""
    return re.sub(r" +((?:\x1b\[0m)?)$", r"\1", line.rstrip())


def figures(text: str, style: str = "") -> Text:
    """A text whose gains and losses (+₩654, -3.26%) have their colour."""
    made = Text(text, style=style)
    made.highlight_regex(GAIN, "gain")
    made.highlight_regex(LOSS, "loss")
    return made
