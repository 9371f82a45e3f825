"""A process that kills itself at its n-th step on the disk, and one that goes on trading."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[4]
STEPS = frozenset(
    {"open", "os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}
)


def step_by_step(last: int, place: Path) -> None:
    """Kill this process at its n-th step within a folder, before the step is taken.

    The interpreter tells of each step by an audit event (PEP 578); LMDB's own are not among them.
    """
    left = [last]

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in STEPS or not left[0]:
            return
        if not any(str(a).startswith((str(place), "aside")) for a in arguments):
            return
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)


def child(code: str, *words: object) -> subprocess.Popen[str]:
    """A process of ours that runs this code."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_at(step: int, place: Path, work: Callable[[], object]) -> bool:
    """Do the work up to a step, in a process of its own; False when it came to its end before."""
    pid = os.fork()
    if not pid:
        try:
            step_by_step(step, place)
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL), code
    return bool(code)
