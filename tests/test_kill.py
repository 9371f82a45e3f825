"""kill -9 of the real process while it trades; started again, it trades as if never killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from persistence.reader import Reader

ROOT = Path(__file__).parents[1]
KILLS = 10


def command(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "run.py"), *words]


def started(state: Path) -> subprocess.Popen[bytes]:
    words = ("--headless", "--speed", "max", "--state-dir", str(state))
    null = subprocess.DEVNULL
    return subprocess.Popen(
        command(*words), cwd=ROOT, stdin=null, stdout=null, stderr=null, start_new_session=True
    )


def trades(state: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        command("show-trades", "--json", "--state-dir", str(state)),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def entries(state: Path) -> int:
    with contextlib.suppress(Exception), Reader.open(state) as reader:
        return reader.count()
    return 0


def test_trades_as_if_never_killed(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert started(whole).wait(120) == 0
    total, chance, killed = entries(whole), random.Random(7), 0
    while True:
        goal = entries(broken) + chance.randrange(1, total // KILLS)
        process = started(broken)
        while process.poll() is None and (killed >= KILLS or entries(broken) < goal):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.005)
        if process.poll() is not None:
            assert process.returncode == 0
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        killed += 1
    assert killed == KILLS
    assert trades(broken) == trades(whole)
    verified = subprocess.run(command("verify", "--state-dir", str(broken)), cwd=ROOT, check=False)
    assert verified.returncode == 0
