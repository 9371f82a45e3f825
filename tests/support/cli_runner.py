"""How tests come in by the front door: run.py as a process of its own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 280.0  # a guard against a hang, no figure: a busy machine is slow
TIGHT = {  # many trades in a short time
    "JANGBU__STOPLOSS": "-0.006",
    "JANGBU__MINIMAL_ROI": "0.02",
    "JANGBU__TRAILING_STOP_POSITIVE": "0.003",
    "JANGBU__TRAILING_STOP_POSITIVE_OFFSET": "0.005",
    "JANGBU__PARTIAL_EXIT_PROFIT": "0.008",
    "JANGBU__COOLDOWN_MINUTES": "5",
    "JANGBU__STARTUP_CANDLE_COUNT": "60",
    "JANGBU__RSI_OVERSOLD": "45",
    "JANGBU__CONDITIONS_REQUIRED": "1",
    "JANGBU__STAKE_AMOUNT": "400000",
}


def around(**more: str) -> dict[str, str]:
    """An environment in English, with a configuration that trades often; "" takes a key away."""
    kept = {name: value for name, value in os.environ.items() if "JANGBU" not in name}
    whole = {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **TIGHT, **more}
    return {name: value for name, value in whole.items() if value}


def command(*words: object) -> list[str]:
    """The command line."""
    return [sys.executable, str(ROOT / "run.py"), *map(str, words)]


def run(*words: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end, with nothing to read."""
    return subprocess.run(
        command(*words),
        cwd=cwd,
        env=around(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def said(*words: object, cwd: Path, **more: str) -> Any:
    """What a verb says with ``--json``."""
    done = run(*words, "--json", cwd=cwd, **more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def at_a_terminal(*words: object, typed: str, cwd: Path, **more: str) -> tuple[int, str]:
    """Run it at a terminal where a line is typed; its exit code, and all that was shown."""
    leader, follower = pty.openpty()
    os.write(leader, typed.encode() + b"\n")
    ends = {"stdin": follower, "stdout": follower, "stderr": follower}
    with subprocess.Popen(command(*words), cwd=cwd, env=around(**more), **ends) as process:
        os.close(follower)
        shown = b""
        with suppress(OSError):  # the terminal ends with its last reader
            while piece := os.read(leader, 65536):
                shown += piece
        os.close(leader)
        return process.wait(SECONDS), shown.decode(errors="replace")
