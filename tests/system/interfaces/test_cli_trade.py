"""``run.py trade`` as a real process: to its end, killed, ended by signals, at a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.control.client import ask
from messages.control import Shutdown
from tests.support.cli_runner import SECONDS, around, command, run, said


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recording")
    assert run("make-recording", "--seed", 3, "--days", 1, "r.csv.gz", cwd=folder).returncode == 0
    return folder / "r.csv.gz"


class Bot:
    """A run whose output is read as it comes."""

    def __init__(self, *words: object, cwd: Path, **more: str) -> None:
        self.process = subprocess.Popen(
            command(*words),
            cwd=cwd,
            env=around(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def until(self, pattern: str) -> str:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if re.search(pattern, line):
                return line
        raise AssertionError(f"never said {pattern!r}: {''.join(self.lines)}")

    def end(self) -> tuple[int, str]:
        rest, _ = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, "".join(self.lines) + rest


@pytest.fixture
def bots() -> Iterator[list[Bot]]:
    made: list[Bot] = []
    yield made
    for bot in made:
        if bot.process.poll() is None:
            os.killpg(bot.process.pid, signal.SIGKILL)
        bot.process.wait()
        assert bot.process.stdout
        bot.process.stdout.close()


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    threads = [task.name for task in Path(f"/proc/{pid}/task").iterdir()]
    for thread in threads:
        text += " " + Path(f"/proc/{pid}/task/{thread}/children").read_text()
    return sorted({int(word) for word in text.split()})


def test_a_headless_run_ends_with_its_summary_and_a_second_says_that_it_is_used_up(
    tmp_path: Path, recording: Path
) -> None:
    words = ("--speed", "max", "--headless", "--state-dir", "s", "--recording", recording)
    first = run(*words, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "REPLAY of r.csv.gz" in first.stdout
    assert "By exit reason" in first.stdout
    assert "\x06" not in first.stdout
    trades = said("show-trades", "--state-dir", "s", cwd=tmp_path)
    assert len(trades) > 20
    second = run(*words, cwd=tmp_path)
    assert second.returncode == 0
    assert "used up" in second.stdout
    assert "--fresh" in second.stdout
    assert said("show-trades", "--state-dir", "s", cwd=tmp_path) == trades
    fresh = run(*words, "--fresh", cwd=tmp_path)
    assert fresh.returncode == 0
    aside = [path for path in tmp_path.iterdir() if re.fullmatch(r"s\.\d{8}T\d{6}Z", path.name)]
    assert len(aside) == 1
    assert said("show-trades", "--state-dir", aside[0], cwd=tmp_path) == trades
    assert said("show-trades", "--state-dir", "s", cwd=tmp_path) == trades
    assert said("verify", "--state-dir", "s", cwd=tmp_path) == []


def test_the_built_in_market_is_announced_as_made_up(tmp_path: Path, bots: list[Bot]) -> None:
    bot = Bot("--speed", "600", cwd=tmp_path)
    bots.append(bot)
    assert "seed 1" in bot.until("MADE-UP")
    bot.until("state/paper")
    os.kill(bot.process.pid, signal.SIGTERM)
    code, text = bot.end()
    assert code == 0, text
    assert "Summary" in text


def test_killed_at_any_moment_it_ends_with_the_trades_of_a_run_that_was_not(
    tmp_path: Path, recording: Path, bots: list[Bot]
) -> None:
    words = ("--speed", "max", "--headless", "--recording", recording, "--state-dir")
    assert run(*words, "whole", cwd=tmp_path).returncode == 0
    killed = 0
    for pattern in ("bought", "entry signal", "sold", "stop", None):
        bot = Bot(*words, "torn", cwd=tmp_path)
        bots.append(bot)
        if pattern is None:
            assert bot.end()[0] == 0
            break
        bot.until(f"{pattern}|used up")
        os.killpg(bot.process.pid, signal.SIGKILL)
        bot.process.wait()
        killed += 1
    assert killed == 4
    torn = said("show-trades", "--state-dir", "torn", cwd=tmp_path)
    assert torn == said("show-trades", "--state-dir", "whole", cwd=tmp_path)
    torn, whole = (said("show-orders", "--state-dir", s, cwd=tmp_path) for s in ("torn", "whole"))
    for order in (*torn, *whole):  # these bear the birth of their state directory
        assert order.pop("identifier")
        assert order.pop("uuid")
    assert torn == whole
    assert said("verify", "--state-dir", "torn", cwd=tmp_path) == []


def test_a_bot_that_is_killed_is_started_again_by_its_parent(
    tmp_path: Path, recording: Path, bots: list[Bot]
) -> None:
    bot = Bot("--speed", "60", "--state-dir", "s", "--recording", recording, cwd=tmp_path)
    bots.append(bot)
    bot.until("Configuration in force")
    (child,) = children(bot.process.pid)
    os.kill(child, signal.SIGKILL)
    bot.until(r"started again \(1 of 5\)")
    bot.until("goes on where it stopped")
    os.kill(bot.process.pid, signal.SIGINT)
    code, text = bot.end()
    assert code == 0, text


def test_the_bot_ends_with_its_parent(tmp_path: Path, recording: Path, bots: list[Bot]) -> None:
    bot = Bot("--speed", "60", "--state-dir", "s", "--recording", recording, cwd=tmp_path)
    bots.append(bot)
    bot.until("Configuration in force")
    (child,) = children(bot.process.pid)
    handle = os.pidfd_open(child)
    os.kill(bot.process.pid, signal.SIGKILL)
    ready, _, _ = select.select([handle], [], [], 20)
    os.close(handle)
    assert ready, "the child outlived its parent"


def test_a_running_bot_is_asked_changed_and_ended_through_the_console(
    tmp_path: Path, recording: Path, bots: list[Bot]
) -> None:
    bot = Bot("--speed", "60", "--state-dir", "s", "--recording", recording, cwd=tmp_path)
    bots.append(bot)
    bot.until("Configuration in force")

    def console(line: str) -> subprocess.CompletedProcess[str]:
        return run("console", "--state-dir", "s", "-c", line, cwd=tmp_path)

    assert "trading" in console("health").stdout
    assert "no new entries" in console("stopentry").stdout
    assert said("console", "-c", "health", "--state-dir", "s", cwd=tmp_path)["mode"] == "stopentry"
    assert console("forceexit eos").returncode == 1
    nowhere = console("forceenter nosuch")
    assert nowhere.returncode == 1
    assert "no such market" in nowhere.stdout
    assert said("console", "-c", "orders", "--state-dir", "s", cwd=tmp_path)["orders"] == []
    assert console("nonsense").returncode == 2
    os.kill(bot.process.pid, signal.SIGHUP)
    bot.until("Nothing has changed in the configuration")
    second = run("--state-dir", "s", "--recording", recording, cwd=tmp_path)
    assert second.returncode == 2
    assert "in use by process" in second.stderr
    assert run("--fresh", "--state-dir", "s", cwd=tmp_path).returncode == 2
    assert console("shutdown").returncode == 0
    assert bot.end()[0] == 0
    assert console("shutdown").returncode == 2


@pytest.mark.parametrize("word", ["stopentry", "stop", "kill"])
def test_pause_stop_and_kill_survive_a_kill_of_the_process(
    tmp_path: Path, recording: Path, bots: list[Bot], word: str
) -> None:
    words = ("--speed", "60", "--state-dir", "s", "--recording", recording)
    modes = {"stopentry": "stopentry", "stop": "stopped", "kill": "killed"}
    first = Bot(*words, cwd=tmp_path)
    bots.append(first)
    first.until("Configuration in force")
    done = run("console", "--state-dir", "s", "-c", word, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    os.killpg(first.process.pid, signal.SIGKILL)
    first.process.wait()
    again = Bot(*words, cwd=tmp_path)
    bots.append(again)
    again.until("goes on where it stopped")
    mode = said("console", "-c", "health", "--state-dir", "s", cwd=tmp_path)["mode"]
    assert mode == modes[word]


def test_another_recording_another_wallet_and_a_damaged_state_are_refused(
    tmp_path: Path, recording: Path
) -> None:
    words = ("--speed", "max", "--headless", "--state-dir", "s")
    assert run(*words, "--recording", recording, cwd=tmp_path).returncode == 0
    before = (tmp_path / "s/data.mdb").read_bytes()
    other = run(*words, cwd=tmp_path)
    assert other.returncode == 2
    assert "recording" in other.stderr
    wallet = run(*words, "--recording", recording, cwd=tmp_path, JANGBU__DRY_RUN_WALLET="5000000")
    assert wallet.returncode == 2
    assert "dry_run_wallet" in wallet.stderr
    assert (tmp_path / "s/data.mdb").read_bytes() == before
    (tmp_path / "s/data.mdb").write_bytes(before[:4096])
    torn = run(*words, "--recording", recording, cwd=tmp_path)
    assert torn.returncode == 2
    assert "what to do" in torn.stderr
    assert "Traceback" not in torn.stderr
    assert (tmp_path / "s/data.mdb").read_bytes() == before[:4096]


def test_at_a_terminal_it_trades_talks_and_shuts_down(tmp_path: Path, recording: Path) -> None:
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (40, 160))
    process = subprocess.Popen(
        command("--speed", "max", "--state-dir", "s", "--recording", recording),
        cwd=tmp_path,
        env=around(TERM="xterm"),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    seen = b""

    def until(pattern: bytes) -> None:
        nonlocal seen
        while not (found := re.search(pattern, seen)):
            ready, _, _ = select.select([master], [], [], SECONDS)
            assert ready, seen[-2000:]
            data = os.read(master, 65536)
            if b"\x1b[6n" in data:
                os.write(master, b"\x1b[1;1R")
            seen += data
        seen = seen[found.end() :]

    try:
        until(b"nothing more will be traded")  # used up, and it stays
        os.write(master, b"trades 3\r")
        until(b"Closed trades")
        os.write(master, b"shutdown\r")
        until(rb"\[y/N\]")
        os.write(master, b"y\r")
        until(b"shutting down")
        until(b"Summary")
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)
    log = (tmp_path / "s/logs/jangbu.log").read_text().splitlines()
    assert log
    assert all("event" in json.loads(line) for line in log)


def test_a_leftover_socket_does_not_answer(tmp_path: Path, recording: Path) -> None:
    words = ("--speed", "max", "--headless", "--state-dir", "s", "--recording", recording)
    assert run(*words, cwd=tmp_path).returncode == 0
    with pytest.raises(Exception, match="no bot is running"):
        ask(tmp_path / "s", Shutdown())


OTHER = """
import numpy as np
from msgspec import Struct
from core.strategy import Signals

class Params(Struct, frozen=True):
    level: float = 1

class Mine:
    Params = Params

    @staticmethod
    def signals(candles, params):
        none = np.zeros(len(candles.time), dtype=bool)
        return Signals(none, none)
"""


def test_trade_takes_another_strategy_than_the_file_as_an_option(
    tmp_path: Path, recording: Path
) -> None:
    (tmp_path / "mine.py").write_text(OTHER)
    (tmp_path / "config.json").write_text('{"rsi_oversold": 20}')
    words = ("trade", "--headless", "--speed", "max", "--recording", recording)
    done = run(*words, "--strategy", "mine.py:Mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "of another strategy: rsi_oversold" in done.stderr
    shown = said("console", "-c", "show_config", "--json", cwd=tmp_path)
    values = {row["key"]: row["value"] for row in shown["settings"]}
    assert (values["strategy"], values["level"]) == ("mine.py:Mine", 1.0)
    assert "rsi_oversold" not in values
