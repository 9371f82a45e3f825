"""Plants one bug, or each in turn, and says which seed found it.

    python -m tests.proof.mutants                     every mutant, at most 50 seeds each
    python -m tests.proof.mutants "a high falls" 0..50

One mutant runs in one process; exit code 0 when it died, 1 when it survived.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.proof.mutants.catalogue import CONTROL, MUTANTS
from tests.proof.mutants.mutant import Mutant

ROOT = Path(__file__).parents[3]
SEEDS = 50


def hunted(mutant: Mutant, seeds: Iterable[int]) -> str:
    """What found the planted bug, "" when nothing did. Call it in a process of its own."""
    from tests.proof.mutants.loader import plant

    plant(mutant)
    from tests.proof.mutants.hunt import CHECKS  # whatever it imports is the edited copy

    for name, seed in tries(mutant, CHECKS, seeds):
        check = CHECKS[name]
        try:
            check(seed)
        except Exception as error:
            text = str(error).partition("\n")[0][:80]
            return f"{name} {seed}: {type(error).__name__} {text}"
    return ""


def asked(mutant: Mutant, language: str = "") -> tuple[bool, str]:
    """Whether it died, and of what; in a process of its own. RuntimeError if it cannot live."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.proof.mutants", mutant.name, *language.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    if done.returncode not in (0, 1) or not lines:
        raise RuntimeError(f"{mutant.name} is no mutant: {lines[-1:]} {done.returncode}")
    return done.returncode == 0, lines[-1]


def tries(mutant: Mutant, names: Iterable[str], seeds: Iterable[int]) -> list[tuple[str, int]]:
    """Every check at every seed, the known one first; what is no bug has to pass all known ones."""
    every = [(name, seed) for seed in seeds for name in names]
    of = MUTANTS if mutant == CONTROL else (mutant,)
    known = dict.fromkeys((each.by, each.seed) for each in of)
    return [*known, *(one for one in every if one not in known)]


def main(words: list[str]) -> int:
    if not words:
        with ThreadPoolExecutor(2) as pool:
            count = 0
            for mutant, (died, text) in zip(MUTANTS, pool.map(asked, MUTANTS), strict=True):
                word = "died    " if died else "SURVIVED"
                print(f"{word} {mutant.name:<52} {text}", flush=True)
                count += died
        print(f"{count} of {len(MUTANTS)} died")
        return 0 if count == len(MUTANTS) else 1
    mutant = next(m for m in (*MUTANTS, CONTROL) if m.name == words[0])
    first, last = words[1].split("..") if len(words) > 1 else ("", "")
    found = hunted(mutant, range(int(first or 0), int(last or SEEDS)))
    print(found or "it survived")
    return 0 if found else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except AssertionError as error:
        print(error)
        sys.exit(3)
