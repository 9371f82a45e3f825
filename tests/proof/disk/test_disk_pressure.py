"""A ledger without room: entries stop and go on by themselves, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.disk_monitor import DiskMonitor
from app.processes.worker import AGAIN, FAILED, last_words
from messages.storage import SpaceRegained, SpaceShort
from messages.trading import EntryVetoed, ExitWanted
from tests.support.disk_pressure import (
    ROOT,
    Tides,
    bot_on,
    check_no_entry,
    rows_in,
    stepped,
    store_at,
    undisturbed,
    while_short,
)
from tests.support.simulation import Run, check

SMALL = 1 << 18  # bytes of a map that is soon full
SECONDS = 300.0  # a guard against a hang


def namespace() -> bool:
    """Whether a file system of our own may be mounted here."""
    if not shutil.which("unshare"):
        return False
    command = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("seed", range(3))
def test_entries_stop_while_the_disk_is_full_and_go_on_by_themselves(
    tmp_path: Path, seed: int
) -> None:
    with store_at(tmp_path / "state") as store:
        bot = bot_on(store, seed)
        bot.system.tools["room"] = Tides(bot.system.now)
        bot.start()
        stepped(bot)
        assert bot.system.failed is None
        events = list(store.events())
        check_no_entry(events)
        said = [e.body for e in events if isinstance(e.body, SpaceShort | SpaceRegained)]
        assert len(said) > 6
        assert [type(body) for body in said[::2]] == [SpaceShort] * len(said[::2])
        assert [type(body) for body in said[1::2]] == [SpaceRegained] * len(said[1::2])
        short = while_short(events)
        assert any(isinstance(e.body, ExitWanted) for e in short), "exits go on"
        vetoes = {e.body.reason for e in short if isinstance(e.body, EntryVetoed)}
        assert "no_room" in vetoes
        assert len(rows_in(store)) > 10
        check(store, Run())


def test_a_map_that_is_full_at_any_commit_ends_the_process_and_loses_nothing(
    tmp_path: Path,
) -> None:
    path, lives, said = tmp_path / "state", 0, list[str]()
    while True:
        lives += 1
        with store_at(path, room=SMALL) as store:
            bot = bot_on(store, lives)
            bot.start()
            stepped(bot)
            if not last_words(bot, "en", said.append):
                break
            assert last_words(bot, "en", said.append) == FAILED
            assert bot.system.failed
            assert bot.system.failed.reason.startswith("StoreFull in ")
    assert lives > 1, "a start makes the map larger"
    assert any("failed: StoreFull" in line for line in said)
    assert any("make room" in line for line in said)
    with store_at(path) as store:
        assert rows_in(store) == undisturbed(tmp_path / "whole")
        check(store, Run())


def test_a_map_that_fills_up_stops_entries_and_has_the_process_started_again(
    tmp_path: Path,
) -> None:
    path, said = tmp_path / "state", list[str]()
    codes = []
    while not codes or codes[-1]:
        with store_at(path, room=SMALL) as store:
            bot = bot_on(store, len(codes))
            bot.system.tools["room"] = DiskMonitor(store)
            bot.start()
            stepped(bot)
            codes.append(last_words(bot, "en", said.append))
    assert len(codes) > 1
    assert set(codes[:-1]) == {AGAIN}, "none came as far as a commit that failed"
    assert said[0] == "The bot starts again: the ledger's map is used up and grows at a start"
    with store_at(path) as store:
        events = list(store.events())
        check_no_entry(events)
        reasons = [e.body.reason for e in events if isinstance(e.body, SpaceShort)]
        assert reasons == ["map_short"] * len(reasons)
        assert len(reasons) == sum(isinstance(e.body, SpaceRegained) for e in events)
        assert len(reasons) >= len(codes) - 1
        check(store, Run())


@pytest.mark.parametrize("what", ["stepped", "process"])
def test_a_disk_that_is_really_full_stops_entries_and_loses_nothing(
    tmp_path: Path, what: str
) -> None:
    if not namespace():
        pytest.skip("no file system of our own may be mounted here")
    script = [sys.executable, "-m", "tests.proof.disk.full_disk_script", what, str(tmp_path)]
    done = subprocess.run(
        ["unshare", "-m", *script],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
