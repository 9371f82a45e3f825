"""A real disk that is really full: run in a mount namespace of its own, where it mounts a tmpfs.

Arguments: "stepped" or "process", and an empty folder. Ends with 0 when all was as it should be.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path

from app.processes.worker import FAILED, last_words
from messages.storage import SpaceRegained, SpaceShort
from messages.trading import ExitWanted
from persistence.reader import Reader
from persistence.store import free_disk
from tests.support.cli_runner import around, command, run
from tests.support.disk_pressure import (
    bot_on,
    check_no_entry,
    rows_in,
    stepped,
    store_at,
    undisturbed,
    while_short,
)
from tests.support.simulation import Run, check

MEGABYTE = 1_000_000


class Disk:
    """A tmpfs of so many megabytes, and a file that takes its room."""

    def __init__(self, place: Path, megabytes: int) -> None:
        place.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes * MEGABYTE}", "none", str(place)]
        subprocess.run(words, check=True)
        self.place, self.ballast = place, place / "ballast"

    def fill(self, but: int = 0) -> None:
        """Leave so many bytes."""
        with self.ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while (room := free_disk(self.place) - but) > 0:
                file.write(bytes(min(room, MEGABYTE)))

    def free(self) -> None:
        """Make room again."""
        self.ballast.unlink()


def by_steps(folder: Path) -> None:
    """Filled to the last byte again and again, the trades are those of a disk with room."""
    disk, falls, ended = Disk(folder / "disk", 32), 0, False
    path = disk.place / "state"
    while not ended:
        said: list[str] = []
        with store_at(path) as store:
            bot = bot_on(store, falls)
            bot.start()
            stepped(bot, 1500)
            disk.fill()
            stepped(bot, 1500)
            if bot.system.failed:
                falls += 1
                assert last_words(bot, "en", said.append) == FAILED
                assert "make room" in said[-1], said
            disk.free()
            ended = bot.system.finished
    assert falls > 2, falls
    with store_at(path) as store:
        assert rows_in(store) == undisturbed(folder / "whole")
        check(store, Run())


def by_process(folder: Path) -> None:
    """The real thing: too little room while it trades, and room again."""
    disk = Disk(folder / "disk", 96)
    state = disk.place / "state"
    made = ("make-recording", "--seed", 3, "--days", 3, "r.csv.gz")
    assert run(*made, cwd=folder).returncode == 0
    words = ("--recording", "r.csv.gz", "--headless", "--speed", "max", "--state-dir")
    bot = subprocess.Popen(
        command("trade", *words, state),
        cwd=folder,
        env=around(JANGBU__BOUNDS__DISK_RESERVE_MB="16"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert bot.stdout
    lines = iter(bot.stdout)
    assert any("sold" in line for line in lines)
    disk.fill(but=15 * MEGABYTE)
    assert any("!! No room: the disk has less free than disk_reserve_mb" in line for line in lines)
    assert any("sold" in line for line in lines), "exits go on"
    disk.free()
    assert any("There is room again" in line for line in lines)
    rest = bot.communicate()[0]
    assert bot.returncode == 0, rest
    with Reader.open(state) as reader:
        events = list(reader.events())
    check_no_entry(events)
    assert [type(e.body) for e in events if isinstance(e.body, SpaceShort | SpaceRegained)] == [
        SpaceShort,
        SpaceRegained,
    ]
    assert any(isinstance(e.body, ExitWanted) for e in while_short(events))
    why = run("why", "KRW-BTC", "--json", "--state-dir", state, cwd=folder)
    assert json.loads(why.stdout)["decisions"]
    assert run("verify", "--state-dir", state, cwd=folder).returncode == 0
    disk.fill()
    refused = run("trade", *words, disk.place / "another", cwd=folder)
    assert refused.returncode == 2
    assert "no room is left on the disk" in refused.stderr


if __name__ == "__main__":
    {"stepped": by_steps, "process": by_process}[sys.argv[1]](Path(sys.argv[2]))
