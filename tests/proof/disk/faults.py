"""Every n-th write and sync of a bot fails; what it does then, and what the next start finds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from adapters.recording import write
from core.market.candles import part
from core.market.synthetic import synthetic_market
from interfaces.commands.queries import folds
from messages.trading import DustKept, TradeClosed, TradeReduced
from persistence.reader import Reader
from persistence.verify import verify
from tests.proof.disk.recorder import environ
from tests.support.cli_runner import TIGHT
from tests.support.progress import counted

ROOT = Path(__file__).parents[3]
KINDS = ("eio", "enospc", "short")
CANDLES = 220  # of one pair: a start, entries and exits, a stop
AFTERWARDS = (1, 2)  # the exit codes of a bot that has failed in good order


def recorded(path: Path) -> Path:
    """A tiny recording, in which a trade begins and ends."""
    write(path, [part(series, 0, CANDLES) for series in synthetic_market(5, days=1)[:1]])
    return path


class Victims:
    """Lives of bots on this recording, each in a folder of its own."""

    def __init__(self, library: Path, folder: Path) -> None:
        self.folder, self._counting = folder, folder / "count"
        self.recording = recorded(folder / "r.csv.gz")
        around = {**environ(library, folder / "nothing"), **TIGHT, "LANG": "C.UTF-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.proof.disk.io_fault_runner", str(folder / "log")],
            cwd=ROOT,
            env=around,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self.life("whole") == (0, "")
        self.calls = self._number
        self.right = trades(folder / "whole")

    def __enter__(self) -> Victims:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def life(self, state: str, number: int = 0, kind: str = "") -> tuple[int, str]:
        """Its exit code, and the file at which it failed ("" when it was not called so often)."""
        assert self._process.stdin
        assert self._process.stdout
        self._counting.unlink(missing_ok=True)
        words = [str(self.folder / state), str(self.recording), str(self._counting), number, kind]
        self._process.stdin.write(json.dumps(words) + "\n")
        code = int(self._process.stdout.readline())
        count, _, failed = self._counting.read_text().strip().partition(" ")
        self._number = int(count)
        return code, failed

    def suffer(self, cases: Sequence[tuple[int, str]]) -> Counter[str]:
        """Each case: a life whose n-th call fails, then one without a fault, which must recover."""
        seen: Counter[str] = Counter()
        for number, kind in counted(cases, 100):
            state = self.folder / "state"
            shutil.rmtree(state, ignore_errors=True)
            code, failed = self.life("state", number, kind)
            name = Path(failed).name
            log = (self.folder / "log").read_text()[-2000:]
            told = f"{log}\ncall {number} {kind} of {failed}: exit code {code}"
            assert code in ((0, *AFTERWARDS) if endurable(name, kind) else AFTERWARDS), told
            again, _ = self.life("state")
            assert again == 0, f"{told}, then {again}"
            found = verify(state, folds())
            assert found == [], f"{told}, then {found}"
            assert trades(state) == self.right, f"{told}, then other trades"
            seen[f"{kind} {name or 'never'} {code}"] += 1
        return seen


def endurable(name: str, kind: str) -> bool:
    """Whether a bot may go on: nothing failed, the ledger did not, or the rest was written."""
    return name in ("", "lock", "lock.mdb") or (kind == "short" and name != "data.mdb")


def trades(state: Path) -> list[Any]:
    """The rows of the trades that have ended, in order."""
    kinds = TradeReduced | TradeClosed | DustKept
    with Reader.open(state) as reader:
        return [e.body.row for e in reader.events() if isinstance(e.body, kinds)]
