"""What mutmut could not kill: counted by module, and each explained in SURVIVORS.md.

    make mutmut                           every mutant of the modules that hold the money, then
    python -m tests.proof.mutants.survivors     counts what that run left, and writes the page anew

A survivor stands in one line under the reason why it may live. One that is new stands under
"Unexplained" until somebody has killed it or moved its line; until then, and while less than
nine tenths of a module's mutants die, the exit code is 1.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from math import floor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
PAGE = Path(__file__).with_name("SURVIVORS.md")
MODULES = {
    "money": ("core/money.py",),
    "budget": ("actors/budget.py",),
    "holdings": (
        "actors/holdings/holdings.py",
        "actors/holdings/exits.py",
        "actors/holdings/reconciliation.py",
        "core/trading/trades.py",
        "core/trading/exits.py",
        "core/trading/external_changes.py",
        "core/trading/trade_records.py",
    ),
    "gateway": (
        "actors/orders/gateway.py",
        "actors/orders/order_tracking.py",
        "core/orders/lifecycle.py",
        "core/orders/intents.py",
        "core/orders/risk_limits.py",
        "core/orders/payload.py",
        "core/orders/in_doubt.py",
        "core/orders/dispute_resolution.py",
    ),
    "store": ("persistence/store.py", "persistence/codec.py"),
}
INTRODUCTION = """# What mutmut could not kill

Written by `make mutmut`. It keeps the headings: each says why the edits below it may live; a line
that is moved under another heading stays there. Killed are those that a test noticed, by failing
or by never ending.

| module | mutants | killed | share |
|---|---|---|---|
"""
LEAST = 0.9
NEW = "Unexplained"
DEATHS = {"killed", "timeout"}  # in mutmut's words
LINE = re.compile(r"^- `(?P<file>\S+)` (?P<function>\S+): `` (?P<was>.*?) `` → `` (?P<now>.*) ``$")
ROW = re.compile(r"^\| (\w+) \| [\d,]+ \| [\d,]+ \| ([\d.]+)% \|$", re.MULTILINE)


class Survivor(NamedTuple):
    """One edit that no test noticed; lines of the function as they stand and as they would."""

    file: str
    function: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"- `{self.file}` {self.function}: `` {self.was} `` → `` {self.now} ``"


class Count(NamedTuple):
    """Of a module's mutants."""

    made: int
    dead: int

    @property
    def share(self) -> float:
        return self.dead / self.made


def verdicts(file: str) -> dict[str, str]:
    """mutmut's word for each mutant of a file; exit code 2 when there is none for some."""
    from mutmut.stats import status_by_exit_code

    meta = ROOT / "mutants" / f"{file}.meta"
    codes = json.loads(meta.read_text())["exit_code_by_key"] if meta.exists() else {"": None}
    if None in codes.values():
        print(f"{file}: mutmut has not been through; `make mutmut` goes on where it was")
        sys.exit(2)
    return {name: status_by_exit_code[code] for name, code in codes.items()}


def counted(files: tuple[str, ...]) -> Count:
    words = [word for file in files for word in verdicts(file).values()]
    return Count(len(words), sum(word in DEATHS for word in words))


def survivors(file: str) -> Iterator[Survivor]:
    """Those of a file, in its order."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    for name, word in verdicts(file).items():
        if word in DEATHS:
            continue
        sides, lines = [], get_diff_for_mutant(name, path=file).splitlines()[2:]
        for sign in "-+":
            changed = [line[1:].strip() for line in lines if line.startswith(sign)]
            sides.append(" ".join(changed) or "nothing")
        function = name.partition("__mutmut")[0].rpartition(".x")[2].strip("_ǁ")
        yield Survivor(file, function.replace("ǁ", "."), *sides)


def explained(page: str) -> dict[Survivor, str]:
    """The reason under which each survivor stands."""
    reason = NEW
    found: dict[Survivor, str] = {}
    for line in page.splitlines():
        if line.startswith("## "):
            reason = line.removeprefix("## ")
        elif match := LINE.match(line):
            found[Survivor(**match.groupdict())] = reason
    return found


def shares(page: str) -> dict[str, float]:
    """The share of its mutants that died, by module."""
    return {name: round(float(percent) / 100, 3) for name, percent in ROW.findall(page)}


def written(counts: dict[str, Count], living: list[Survivor], reasons: dict[Survivor, str]) -> str:
    """The page: the counts, then the survivors by reason, the unexplained ones first."""
    rows = "\n".join(
        f"| {name} | {count.made:,} | {count.dead:,} | {floor(count.share * 1000) / 10:.1f}% |"
        for name, count in counts.items()
    )
    told = [INTRODUCTION + rows]
    grouped: dict[str, list[Survivor]] = {reason: [] for reason in (NEW, *reasons.values())}
    for one in dict.fromkeys(living):
        grouped[reasons.get(one, NEW)].append(one)
    for reason, found in grouped.items():
        if found:
            told.append(f"## {reason}\n\n" + "\n".join(map(str, found)))
    return "\n\n".join(told) + "\n"


def main() -> int:
    counts = {name: counted(files) for name, files in MODULES.items()}
    living = [one for files in MODULES.values() for file in files for one in survivors(file)]
    reasons = explained(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
    PAGE.write_text(written(counts, living, reasons), encoding="utf-8")
    new = [one for one in living if reasons.get(one, NEW) == NEW]
    for name, count in counts.items():
        print(f"{name:<10} {count.dead:>5} of {count.made:>5} killed, {count.share:.1%}")
    print(f"{len(living)} live; {len(new)} of them unexplained", *new[:9], sep="\n")
    return 1 if new or any(count.share < LEAST for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
