"""A child of the parent under test: the real attendance and socket, a fake bot.

Arguments: how it behaves, and its state directory. It appends a line to ``starts`` each time.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from app.control.place import socket_path
from app.control.server import ControlServer
from app.processes.launch_options import BEAT
from app.processes.worker import AGAIN
from app.processes.worker_lifecycle import WorkerLifecycle, prepare
from tests.support.fakes import FakeBot, FakeEnded


def main(behaviour: str, state: Path) -> int:
    pipe = prepare()
    with (state / "starts").open("a") as starts:
        starts.write("started\n")
    count = len((state / "starts").read_text().splitlines())
    if behaviour.startswith("code"):
        print("last words", flush=True)
        for _ in range(20):
            print(BEAT, flush=True)
        return int(behaviour.removeprefix("code"))
    if behaviour == "sigbus":
        signal.signal(signal.SIGBUS, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGBUS)
    if behaviour == "once" and count == 1:
        raise RuntimeError("a broken invariant")
    if behaviour == "again" and count == 1:
        return AGAIN
    bot = FakeBot()
    if behaviour in {"finished", "once", "again"}:
        bot.end(FakeEnded("finished"))
    lifecycle = WorkerLifecycle(bot, stays=behaviour not in {"once", "again"})
    server = ControlServer(socket_path(state), lifecycle.ask, lifecycle.preview)
    if behaviour != "deaf":
        lifecycle.heed(pipe)
    print(f"ready {os.getpid()} {os.getpgid(0)}", flush=True)
    ending = lifecycle.watch(lambda: print("used up", flush=True))
    server.close()
    bot.stop()
    print("ended:", ending.reason, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
