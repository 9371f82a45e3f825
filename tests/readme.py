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

ROOT = Path(__file__).parents[1]
FILES = {"en": ROOT / "README.md", "ko": ROOT / "README.ko.md"}
RECORDED = ROOT.parent / "shared/data/upbit/candles/1m"
FIRST = 10  # notices of one pair that are shown: those of several come in any order
BLOCK = re.compile(r"<!-- block: (\w+) -->\n(.*?)<!-- end -->", re.S)


def run(language: str, *words: str) -> str:
    """What a command prints, on a terminal of 100 columns."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("JANGBU")}
    environ |= {"COLUMNS": "100", "LANG": f"{language}.UTF-8", "PYTHONIOENCODING": "utf-8"}
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
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "state"
        text = run(language, "--headless", "--speed", "max", "--state-dir", str(place))
    lines = text.replace(str(place), "state/paper").splitlines()
    dated = sorted({line for line in lines if re.match(r"20\d\d-", line) and "KRW-ETH" in line})
    rest = [line for line in lines if not re.match(r"20\d\d-", line)]
    begin = next(i for i, line in enumerate(rest) if "state/paper" in line) + 1
    cut = [*rest[:begin], *dated[:FIRST], "...", *rest[begin:]]
    return fenced("$ make run ARGS='--headless --speed max'", cut)


def backtest(language: str) -> str | None:
    """The four recorded markets; None where the recordings are not beside this checkout."""
    files = sorted(RECORDED.glob("*_1m_2025-09-01_2025-09-20.csv.gz"))
    if not files:
        return None
    text = run(language, "backtesting", "--recording", *map(str, files))
    names = " ".join(file.name.split("_")[0] + "..." for file in files)
    return fenced(f"$ python run.py backtesting --recording {names}", text.splitlines())


def fenced(command: str, lines: list[str]) -> str:
    """A command and its output."""
    return "\n".join(["```", command, *(line.rstrip() for line in lines), "```"])


def commands(language: str) -> str:
    """The console's verbs, from the union."""
    from interfaces.catalogue import say
    from interfaces.grammar import VERBS

    rows = [f"| `{v.usage}` | {say(f'help_{v.name}', language)} |" for v in VERBS.values()]
    return "\n".join(["| | |", "|---|---|", *rows])


def config(language: str) -> str:
    """Every key, from the types."""
    from interfaces.catalogue import meaning
    from interfaces.config_file import explain, load

    rows = explain(load(None, {}))
    lines = [
        f"| `{row.key}` | `{row.value}` | {row.range} | {meaning(row.key, row.meaning, language)} |"
        for row in rows
    ]
    return "\n".join(["| | | | |", "|---|---|---|---|", *lines]).replace("|  |", "| |")


def messages(language: str) -> str:
    """Each actor's inbox, and the events that it states."""
    from actors.cast import CAST

    lines = ["| | | |", "|---|---|---|"]
    for actor in CAST:
        module = sys.modules[actor.__module__]
        change = getattr(module, "Change", None)
        stated = get_args(change) or ((change,) if change else ())
        takes = " ".join(kind.__name__ for kind in actor.accepts)
        lines.append(f"| `{actor.name}` | {takes} | {' '.join(k.__name__ for k in stated)} |")
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[str], str | None]] = {
    "headless": headless,
    "backtest": backtest,
    "commands": commands,
    "config": config,
    "messages": messages,
}


def written(language: str, text: str) -> str:
    """The README with its blocks made anew; what cannot be made here is left as it is."""

    def block(match: re.Match[str]) -> str:
        made = BLOCKS[match[1]](language)
        return match[0] if made is None else f"<!-- block: {match[1]} -->\n{made}\n<!-- end -->"

    return BLOCK.sub(block, text)


def main() -> None:
    for language, path in FILES.items():
        path.write_text(written(language, path.read_text()))


if __name__ == "__main__":
    main()
