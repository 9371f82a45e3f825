"""Bots whose disk fails: forked from this process, each the real ``run.py`` with its n-th call bad.

Runs with the shim before it; takes one JSON list a line (state, recording, count file, number,
kind), gives one JSON number a line: the exit code. A fork costs a tenth of a start.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback

import app.processes.worker  # the parts that a start would import late
import interfaces.commands.trade
import run

assert app.processes.worker
assert interfaces.commands.trade


def life(state: str, recording: str, counting: str, number: int, kind: str) -> None:
    """What the forked process does: the bot's own process, to its end."""
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    arguments = [text.encode() for text in (state, counting)]
    shim.disk_arm(*arguments, ctypes.c_long(number), kind.encode())
    words = ["trade", "--child", "leaves", "--speed", "max", "--state-dir", state]
    sys.argv = ["run.py", *words, "--recording", recording]
    sys.stdin = os.fdopen(0, closefd=False)  # a new process has read nothing yet
    code = 70
    try:
        code = run.main()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        shim.disk_tell()
        os._exit(code)


def main() -> None:
    ends = os.pipe()  # a bot ends when its standard input does
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.dup2(ends[0], 0)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.closerange(3, 64)
            signal.alarm(120)  # a guard against a hang
            life(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
