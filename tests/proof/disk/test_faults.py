"""Whatever write or sync fails, the bot stops, and the next start goes on as if it had not been."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof.disk.faults import AFTERWARDS, KINDS, ROOT, Victims, recorded, trades
from tests.proof.disk.recorder import built_or_skipped, environ
from tests.support.cli_runner import SECONDS, TIGHT

EVERY = 6  # of the calls; ``python -m tests.proof.disk faults`` takes them all


def test_any_call_that_fails_ends_the_bot_and_a_start_without_faults_recovers(
    tmp_path: Path,
) -> None:
    library = built_or_skipped(tmp_path)
    with Victims(library, tmp_path) as victims:
        assert victims.calls > 200
        cases = [(number, kind) for number in range(1, victims.calls, EVERY) for kind in KINDS]
        seen = victims.suffer(cases)
    assert len(victims.right) >= 1
    for kind in KINDS:
        assert seen[f"{kind} data.mdb 1"] > 20, seen


@pytest.mark.parametrize(("number", "kind"), [(10, "short"), (90, "enospc"), (150, "eio")])
def test_the_whole_program_stays_down_on_such_a_disk_and_recovers_on_a_good_one(
    tmp_path: Path, number: int, kind: str
) -> None:
    library, state = built_or_skipped(tmp_path), tmp_path / "state"
    words = ["trade", "--headless", "--speed", "max", "--state-dir", str(state)]
    words += ["--recording", str(recorded(tmp_path / "r.csv.gz"))]
    bad = environ(library, state, fail=f"{number}:{kind}", count=str(tmp_path / "count"))

    def life(around: dict[str, str]) -> int:
        return subprocess.run(
            [sys.executable, str(ROOT / "run.py"), *words],
            cwd=tmp_path,
            env={**around, **TIGHT, "JANGBU__BOUNDS__PROCESS_RESTARTS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        ).returncode

    assert life(bad) in AFTERWARDS
    assert (tmp_path / "count").read_text().split()[1].startswith(str(state))
    assert life(environ(library, tmp_path / "nothing")) == 0
    assert trades(state)
