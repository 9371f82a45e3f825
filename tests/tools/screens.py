"""What a person sees: ``python -m tests.tools.screens`` runs the bot at a terminal, and writes it.

The text of whole runs stands in ``tests/system/interfaces/screens``, pictures of console and
dashboard in each language in ``docs/images`` (``--pictures`` makes those alone). A person looks at
what has changed before it is committed.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from rich.cells import cell_len

from i18n import LANGUAGES, say
from tests.support.browser import CHROMIUM
from tests.support.cli_runner import command
from tests.support.terminals import Cell, Screen, Terminal
from tests.tools import pictures

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "system" / "interfaces" / "screens"
WORDS, WIDTHS = ("en", "ko"), (80, 120)
TIMED = re.compile(r"\d\d:\d\d:\d\d ")
KINDS = {text for n in ("en", "ko") for k, text in LANGUAGES[n].items() if k.startswith("shown_")}
CELL, LINE, EDGE = 9.6, 20, 12  # pixels of the picture
BACK, FRONT = "#1e1e1e", "#d0d0d0"
INKS = {"31": "#f14c4c", "32": "#3fc56b", "33": "#d7ba3d", "94": "#5c9dff", "37": FRONT}
FONTS = (
    "Menlo,Consolas,'DejaVu Sans Mono',D2Coding,NanumGothicCoding,'Noto Sans Mono CJK KR',monospace"
)


def environment(language: str, **more: str) -> dict[str, str]:
    """A terminal with colours, in a language, without a configuration of its own."""
    kept = {name: value for name, value in os.environ.items() if "JANGBU" not in name}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "LC_ALL"):
        kept.pop(name, None)
    around = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "JANGBU__LANGUAGE": language}
    return {**kept, **around, **more}


def at_terminal(
    folder: Path,
    language: str,
    *words: object,
    columns: int = 80,
    rows: int = 24,
    encoding: str = "utf-8",
    **more: str,
) -> Terminal:
    """The bot as a person starts it."""
    around = environment(language, PYTHONIOENCODING=encoding, **more)
    size = {"columns": columns, "rows": rows}
    return Terminal(command(*words), around, folder, **size, encoding=encoding)


def played(folder: Path, language: str, columns: int, **more: str) -> Terminal:
    """The built-in market to its end, at the console."""
    terminal = at_terminal(folder, language, "--speed", "max", columns=columns, **more)
    begin = " ".join(say("finished_fresh", language).split()[:3])
    terminal.until(lambda s: begin in s.text() and standing(s, language))
    return terminal


def standing(screen: Screen, language: str) -> bool:
    """Whether the bar below the prompt tells of the last candle, and is drawn to its end."""
    last = say("bar_replay", language, moment="2026-01-12 09:00")
    lines = screen.lines(scrolled=False)
    back = lines[screen.y].startswith("jangbu>")  # a drawing ends where keys are typed
    return back and any(last in line for line in lines)


def asked(terminal: Terminal, line: str, answer: str) -> None:
    """Type a line, and wait for its answer and the prompt below it."""
    terminal.type(f"{line}\r")

    def there(screen: Screen) -> bool:
        _, typed, rest = screen.text().rpartition(f"jangbu> {line}")
        return bool(typed) and answer in rest and "\njangbu>" in rest

    terminal.until(there)


def whole(folder: Path, language: str, columns: int) -> Screen:
    """A run from its first line to its last: played, asked, shut down."""
    terminal = played(folder, language, columns)
    try:
        asked(terminal, "status", say("title_status", language))
        asked(terminal, "profit", say("title_profit", language))
        terminal.type("shutdown\r")
        terminal.until(lambda screen: "[y/N]" in screen.text())
        terminal.type("y\r")
        assert terminal.end() == 0
        return terminal.screen
    finally:
        terminal.close()


def settled(lines: Iterable[str]) -> list[str]:
    """The lines without what varies from run to run.

    The prompt that a shutdown leaves behind stands anywhere.
    Pairs come in any order within a minute, the lines of one pair in the order of time.
    """
    blocks: list[list[str]] = []
    for line in lines:
        if line == "jangbu>":
            continue
        if blocks and TIMED.match(blocks[-1][0]) and line.startswith("   "):
            blocks[-1].append(line)  # it goes on with the line before
        else:
            blocks.append([line])
    done: list[list[str]] = []
    while blocks:
        time = TIMED.match(blocks[0][0])
        count = 1
        while time and count < len(blocks) and blocks[count][0].startswith(time[0]):
            count += 1
        done += sorted(blocks[:count], key=pair_of)
        blocks = blocks[count:]
    return [line for block in done for line in block]


def pair_of(block: list[str]) -> str:
    """The pair that a line is about; "" for none."""
    words = block[0].split()[1:]
    return next((words[i + 1] for i, word in enumerate(words[:2]) if word in KINDS), "")


def transcript(screen: Screen) -> str:
    """The screen as it stands in its file."""
    return "\n".join(settled(screen.text().split("\n"))) + "\n"


def file_of(language: str, columns: int) -> Path:
    """Where a transcript lies."""
    return FOLDER / f"{language}-{columns}.txt"


def drawn(screen: Screen) -> str:
    """The screen of now as a picture: each run of letters in its place, whatever the font."""
    rows = list(screen.cells)
    while rows and not any(cell.text.strip() for cell in rows[-1]):
        rows.pop()
    width, height = screen.columns * CELL + 2 * EDGE, len(rows) * LINE + 2 * EDGE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}">'
    back = f'<rect width="{width:g}" height="{height}" rx="8" fill="{BACK}"/>'
    look = f'<g font-family="{FONTS}" font-size="16" fill="{FRONT}">'
    texts = [text for y, row in enumerate(rows) for text in runs(row, EDGE + (y + 0.75) * LINE)]
    return "\n".join([head, back, look, *texts, "</g>", "</svg>", ""])


def runs(row: list[Cell], y: float) -> Iterator[str]:
    """The words of a row, a wide character apart from a narrow one."""
    x = 0
    while x < len(row):
        end = x + 1
        while end < len(row) and kin(row[x], row[end]):
            end += 1
        text = "".join(cell.text for cell in row[x:end])
        if text.strip():
            place = f'x="{EDGE + x * CELL:g}" y="{y:g}" textLength="{(end - x) * CELL:g}"'
            place += ' lengthAdjust="spacingAndGlyphs"'  # a wide letter fills its two cells
            yield f"<text {place}{ink(row[x].style)}>{escape(text)}</text>"
        x = end


def kin(first: Cell, other: Cell) -> bool:
    """Whether two cells belong to one run."""
    if first.style != other.style or (first.text == " ") != (other.text == " "):
        return False
    return (not other.text or cell_len(other.text) == 2) == (cell_len(first.text) == 2)


def ink(style: str) -> str:
    """The attributes of a style."""
    codes = style.split(";")
    made = next((f' fill="{INKS[code]}"' for code in codes if code in INKS), "")
    made += ' font-weight="bold"' if "1" in codes else ""
    return made + (' opacity="0.6"' if "2" in codes else "")


def drawings(folder: Path, language: str) -> None:
    """Both pictures of a bot that has played all: the console after ``status``, the dashboard."""
    terminal = played(folder, language, 100)
    try:
        asked(terminal, "status", say("title_status", language))
        terminal.until(lambda s: standing(s, language) and "SHIB" in s.bottom(1)[0])
        console = pictures.drawing(drawn(terminal.screen), language)
        pictures.file_of("console", language).write_bytes(console)
        overview = pictures.dashboard(folder / "state" / "paper", folder, language)
        pictures.file_of("dashboard", language).write_bytes(overview)
    finally:
        terminal.close()


def main(argv: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for language in WORDS:
        for columns in () if "--pictures" in argv else WIDTHS:
            with tempfile.TemporaryDirectory() as folder:
                screen = whole(Path(folder), language, columns)
            file_of(language, columns).write_text(transcript(screen))
        if not CHROMIUM:
            print("no Chromium here: the pictures stay as they are", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as folder:
            drawings(Path(folder), language)


if __name__ == "__main__":
    main(sys.argv[1:])
