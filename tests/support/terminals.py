"""A terminal of the tests: a pseudo-terminal with a program at it, and the screen it draws.

The screen knows what prompt_toolkit and rich write: cursor moves, erasing, colours, and characters
that take two cells. Lines that scroll off the top are kept.
"""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.cells import cell_len

ESCAPE = re.compile(r"\x1b(?:\[([?>=]?)([0-9;]*)([@-~])|[=>()][A-Z0-9]?|\][^\x07]*\x07)")
UNFINISHED = re.compile(r"\x1b(?:\[[?>=]?[0-9;]*|\][^\x07]*)?$")
SECONDS = 280.0  # a guard against a hang, no figure: a busy machine is slow
PLAIN = ""


@dataclass
class Cell:
    """One character with the colours that were set; the second half of a wide one is empty."""

    text: str = " "
    style: str = PLAIN


@dataclass
class Screen:
    """Rows of cells. ``gone`` are the rows that have left at the top."""

    columns: int
    rows: int
    gone: list[list[Cell]] = field(default_factory=list)
    torn: int = 0  # characters that did not fit into their row and went on in the next

    def __post_init__(self) -> None:
        self.cells = [self._empty() for _ in range(self.rows)]
        self.x = self.y = 0
        self.style = PLAIN
        self.wraps = True
        self._rest = ""

    def feed(self, text: str) -> int:
        """Draw; returns how often the program asked where its cursor is."""
        text, self._rest = self._rest + text, ""
        if half := UNFINISHED.search(text):
            text, self._rest = text[: half.start()], half.group()
        asked = place = 0
        while place < len(text):
            if found := ESCAPE.match(text, place):
                asked += found.group(0) == "\x1b[6n"
                self._control(found[1] or "", found[2] or "", found[3] or "")
                place = found.end()
            else:
                self._put(text[place])
                place += 1
        return asked

    def lines(self, *, scrolled: bool = True) -> list[str]:
        """What is to be read, without blanks at the ends of the lines."""
        rows = [*(self.gone if scrolled else []), *self.cells]
        return ["".join(cell.text for cell in row).rstrip() for row in rows]

    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines()).rstrip()

    def bottom(self, count: int) -> list[str]:
        """The last lines of the screen that are not empty."""
        shown = [line for line in self.lines(scrolled=False) if line]
        return shown[-count:]

    def style_of(self, text: str) -> str:
        """The colours in which a text stands, where it is found last."""
        for row in reversed([*self.gone, *self.cells]):
            line = "".join(cell.text for cell in row)
            if (place := line.rfind(text)) >= 0:
                cells = [cell for cell in row if cell.text]
                return cells[place].style
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text()}")

    def _empty(self) -> list[Cell]:
        return [Cell() for _ in range(self.columns)]

    def _put(self, char: str) -> None:
        match char:
            case "\r":
                self.x = 0
            case "\n":
                self._down()
            case "\b":
                self.x = max(0, self.x - 1)
            case "\x07":
                pass
            case _:
                self._draw(char)

    def _draw(self, char: str) -> None:
        width = cell_len(char)
        if self.x + width > self.columns:
            if not self.wraps:
                self.x = self.columns - width
            else:
                self.torn += char != " "
                self.x = 0
                self._down()
        self.cells[self.y][self.x] = Cell(char, self.style)
        if width == 2:
            self.cells[self.y][self.x + 1] = Cell("", self.style)
        self.x += width

    def _down(self) -> None:
        if self.y < self.rows - 1:
            self.y += 1
        else:
            self.gone.append(self.cells.pop(0))
            self.cells.append(self._empty())

    def _control(self, mark: str, given: str, kind: str) -> None:
        numbers = [int(number) if number else 0 for number in given.split(";")]
        step = max(1, numbers[0])
        match kind:
            case "A":
                self.y = max(0, self.y - step)
            case "B":
                self.y = min(self.rows - 1, self.y + step)
            case "C":
                self.x = min(self.columns - 1, self.x + step)
            case "D":
                self.x = max(0, min(self.x, self.columns - 1) - step)
            case "H":
                self.y, self.x = step - 1, (max(1, numbers[1]) if numbers[1:] else 1) - 1
            case "J" | "K":
                self._erase(kind, numbers[0])
            case "m":
                self.style = PLAIN if given in ("", "0") else f"{self.style};{given}".strip(";")
            case "h" | "l" if mark == "?" and given == "7":
                self.wraps = kind == "h"

    def _erase(self, kind: str, what: int) -> None:
        row = self.cells[self.y]
        if kind == "J" and what == 2:
            self.cells = [self._empty() for _ in range(self.rows)]
            return
        row[self.x :] = self._empty()[self.x :]
        if kind == "J":
            for below in range(self.y + 1, self.rows):
                self.cells[below] = self._empty()


class Terminal:
    """A person at a pseudo-terminal of so many columns and rows."""

    def __init__(
        self,
        command: Sequence[str],
        environ: dict[str, str],
        folder: Path,
        *,
        columns: int = 80,
        rows: int = 24,
        encoding: str = "utf-8",
    ) -> None:
        self.leader, follower = pty.openpty()
        termios.tcsetwinsize(follower, (rows, columns))
        self.screen, self.raw = Screen(columns, rows), b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        ends = {"stdin": follower, "stdout": follower, "stderr": follower}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environ, start_new_session=True, **ends
        )
        os.close(follower)

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.leader, text.encode())

    def until(self, found: Callable[[Screen], bool], seconds: float = SECONDS) -> Screen:
        """Read until the screen shows what is looked for."""
        end = time.monotonic() + seconds
        while not found(self.screen):
            assert self._read(end - time.monotonic()), f"never shown:\n{self.screen.text()}"
        return self.screen

    def shows(self, text: str, seconds: float = SECONDS) -> Screen:
        """Read until this text is on the screen, or was."""
        return self.until(lambda screen: text in screen.text(), seconds)

    def end(self) -> int:
        """Read to its end; the exit code."""
        while self._read(SECONDS):
            pass
        return self.process.wait(SECONDS)

    def close(self) -> None:
        """End it now."""
        self.process.kill()
        self.process.wait()
        os.close(self.leader)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.leader], [], [], max(0.0, seconds))
        try:
            data = os.read(self.leader, 65536) if ready else b""
        except OSError:  # the terminal ends with its last reader
            data = b""
        self.raw += data
        text = self._decoder.decode(data)
        for _ in range(self.screen.feed(text)):
            self.type(f"\x1b[{self.screen.y + 1};{self.screen.x + 1}R")
        return bool(data)
