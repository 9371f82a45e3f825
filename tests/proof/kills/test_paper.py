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

from adapters.recording import write
from core.market.synthetic import synthetic_market
from persistence.reader import Reader
from simulation.live.coverage import of_orders
from tests.support.dense_config import check_tight, environ

ROOT = Path(__file__).parents[3]
KILLS, MIDWAY = 10, 3  # at least so many, and so many that leave an order under way


def command(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "run.py"), *words]


def started(state: Path, recording: Path) -> subprocess.Popen[bytes]:
    words = ("--headless", "--speed", "max", "--state-dir", str(state))
    words += ("--recording", str(recording))
    null = subprocess.DEVNULL
    around = {name: value for name, value in os.environ.items() if "JANGBU" not in name}
    return subprocess.Popen(
        command(*words),
        cwd=ROOT,
        env=around | environ(),
        stdin=null,
        stdout=null,
        stderr=null,
        start_new_session=True,
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


def orders_alive(state: Path) -> int:
    """Orders that are intended and have not ended."""
    with Reader.open(state) as reader:
        return len(of_orders(reader.events())[1])


def test_trades_as_if_never_killed(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    recording = tmp_path / "two days.csv.gz"
    write(recording, synthetic_market(5, days=2))
    assert started(whole, recording).wait(300) == 0
    total, chance, killed, midway = entries(whole), random.Random(7), 0, 0
    while True:
        goal = entries(broken) + chance.randrange(1, total * 2 // (3 * KILLS))
        process = started(broken, recording)
        enough = killed >= KILLS and midway >= MIDWAY
        while process.poll() is None and (enough or entries(broken) < goal):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.005)
        if process.poll() is not None:
            assert process.returncode == 0
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        killed += 1
        midway += orders_alive(broken) > 0
    assert killed >= KILLS
    assert midway >= MIDWAY, "too few kills left an order between its intent and its end"
    check_tight(trades(whole))
    assert trades(broken) == trades(whole)
    verified = subprocess.run(command("verify", "--state-dir", str(broken)), cwd=ROOT, check=False)
    assert verified.returncode == 0
