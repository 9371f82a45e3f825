"""The long runs' commands as a test calls them: in a process of their own, and what they saw.

What LMDB cannot bear would end the process that opens it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SECONDS = 900  # a guard against a hang


def ran(*words: str) -> dict[str, int]:
    """How often which fate was seen; AssertionError when it found a violation or died."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.proof.disk", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-3000:]}"
    return {name: int(n) for name, n in re.findall(r"'([^']+)': (\d+)", done.stdout)}
