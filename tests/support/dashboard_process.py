"""``run.py dashboard`` as a process of its own, as people start it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

from tests.support.cli_runner import SECONDS, around, command


class Dashboard:
    """One that listens at a port of its own; ``url`` is the address with the token."""

    def __init__(self, state: Path, *words: object, cwd: Path, **more: str) -> None:
        said = ("dashboard", "--port", "0", "--state-dir", state, *words)
        self.process = subprocess.Popen(
            command(*said),
            cwd=cwd,
            env=around(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self.url = self._read()
        self.base, _, query = self.url.partition("/?")
        self.token = query.partition("=")[2]
        self.bearer = {"Authorization": f"Bearer {self.token}"}
        self.port = int(self.base.rpartition(":")[2])

    def _read(self) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"http://\S+", line):
                return found[0]
        raise AssertionError("".join(self.lines))

    def end(self) -> tuple[int, str]:
        """In good order: its exit code, and what it still said."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, rest

    def kill(self) -> None:
        """At once, if it still runs."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
