"""The README's generated blocks: ``python -m tests.readme`` writes them, ``--check`` compares.

A block stands between ``<!-- block: NAME -->`` and ``<!-- end -->``; both READMEs hold the same.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from interfaces.catalogue import say
from tests.recorded import SEPTEMBER
from tests.screens import at_terminal, settled

ROOT = Path(__file__).parents[1]
FILES = {"en": ROOT / "README.md", "ko": ROOT / "README.ko.md"}
FIRST = 16  # lines of what is traded that are shown
COLUMNS = 100
SHORT = " ".join(file.name.split("_")[0] + "..." for file in SEPTEMBER)
RECORDED = {"replayed", "backtest"}  # these need the recordings beside the checkout
BLOCK = re.compile(r"<!-- block: (\w+) -->\n(.*?)<!-- end -->", re.S)


def run(language: str, *words: str) -> str:
    """What a command prints, as wide as a terminal of 100 columns."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("JANGBU")}
    environ |= {"COLUMNS": str(COLUMNS), "LANG": f"{language}.UTF-8", "PYTHONIOENCODING": "utf-8"}
    environ["JANGBU__LANGUAGE"] = language
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words],
        capture_output=True,
        cwd=ROOT,
        env=environ,
        timeout=300,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.decode()


def headless(language: str) -> str:
    """A run on the built-in market: its banner, its first trades, its summary."""
    lines = traded(language)
    return fenced("$ make run ARGS='--headless --speed max'", lines)


def replayed(language: str) -> str:
    """The same on the four recorded markets."""
    lines = traded(language, "--recording", *SEPTEMBER)
    return fenced(f"$ python run.py --headless --speed max --recording {SHORT}", lines)


def backtest(language: str) -> str:
    """The four recorded markets, stepped."""
    text = run(language, "backtesting", "--recording", *map(str, SEPTEMBER))
    return fenced(f"$ python run.py backtesting --recording {SHORT}", text.splitlines())


def traded(language: str, *words: object) -> list[str]:
    """What a run shows at a terminal: its banner, what it traded first, its summary."""
    with tempfile.TemporaryDirectory() as folder:
        around = ("--headless", "--speed", "max", "--config", ROOT / "config.json", *words)
        terminal = at_terminal(Path(folder), language, *around, columns=COLUMNS)
        try:
            assert terminal.end() == 0
        finally:
            terminal.close()
    lines = settled(terminal.screen.text().splitlines())
    begin = next(i for i, line in enumerate(lines) if "state/paper" in line) + 1
    title = say("finished_fresh", language).split(" ")[:4]
    end = next(i for i, line in enumerate(lines) if line.split(" ")[:4] == title)
    return [*lines[: begin + FIRST], "...", *lines[end:]]


def fenced(command: str, lines: list[str]) -> str:
    """A command and its output."""
    return "\n".join(["```", command, *(line.rstrip() for line in lines), "```"])


def row(*cells: str) -> str:
    """Of a table. A bar within a cell would end it, in code too."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def commands(language: str) -> str:
    """The console's verbs, from the union."""
    from interfaces.console.grammar import VERBS

    rows = [row(f"`{v.usage}`", say(f"help_{v.name}", language)) for v in VERBS.values()]
    return "\n".join(["| | |", "|---|---|", *rows])


def config(language: str) -> str:
    """Every key, from the types."""
    from interfaces.catalogue import meaning
    from interfaces.settings.config_file import explain, load

    lines = [
        row(f"`{key.key}`", f"`{key.value}`", key.range, meaning(key.key, key.meaning, language))
        for key in explain(load(None, {}))
    ]
    return "\n".join(["| | | | |", "|---|---|---|---|", *lines]).replace("|  |", "| |")


def messages(language: str) -> str:
    """Each actor's inbox, and the events that it states."""
    from actors.cast import EVERYONE

    lines = ["| | | |", "|---|---|---|"]
    for actor in EVERYONE:
        module = sys.modules[actor.__module__]
        change = getattr(module, "Change", None)
        stated = get_args(change) or ((change,) if change else ())
        takes = " ".join(kind.__name__ for kind in actor.accepts)
        lines.append(f"| `{actor.name}` | {takes} | {' '.join(k.__name__ for k in stated)} |")
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[str], str]] = {
    "headless": headless,
    "replayed": replayed,
    "backtest": backtest,
    "commands": commands,
    "config": config,
    "messages": messages,
}


def written(language: str, text: str) -> str:
    """The README with its blocks made anew; what cannot be made here is left as it is."""

    def block(match: re.Match[str]) -> str:
        name = match[1]
        if name in RECORDED and not SEPTEMBER:
            return match[0]
        return f"<!-- block: {name} -->\n{BLOCKS[name](language)}\n<!-- end -->"

    return BLOCK.sub(block, text)


def main() -> None:
    for language, path in FILES.items():
        path.write_text(written(language, path.read_text()))


if __name__ == "__main__":
    main()
