"""Parent and child, as real processes."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.control.client import ask
from app.processes.supervisor import ExitStatus, ProcessSupervisor, recent
from messages.control import Shutdown, StopEntry

SECONDS = 120.0


class Run:
    """A parent in a thread of its own, and what its child said."""

    def __init__(self, behaviour: str, state: Path, shut_down: Callable[[], None] | None = None):
        os.environ["PYTHONPATH"] = str(Path(__file__).parents[3])
        self.state = state
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.errors: list[str] = []
        self.restarts: list[int] = []
        script = [
            sys.executable,
            "-m",
            "tests.system.interfaces.child_script",
            behaviour,
            str(state),
        ]
        self.parent = ProcessSupervisor(
            script,
            restarts=2,
            window=60,
            say=self.lines.put,
            complain=self.errors.append,
            shut_down=shut_down or (lambda: ask(state, Shutdown("x")) and None),
            restarted=lambda code, count: self.restarts.append(count),
        )
        self._fate: list[ExitStatus] = []
        self._thread = threading.Thread(target=lambda: self._fate.append(self.parent.run()))
        self._thread.start()

    def line(self, start: str) -> str:
        while not (line := self.lines.get(timeout=SECONDS)).startswith(start):
            pass
        return line

    def fate(self) -> ExitStatus:
        self._thread.join(SECONDS)
        return self._fate[0]

    @property
    def starts(self) -> int:
        return len((self.state / "starts").read_text().splitlines())


def test_a_child_that_fails_is_started_again_and_may_then_end_well(tmp_path: Path) -> None:
    run = Run("once", tmp_path)
    fate = run.fate()
    assert (fate.code, fate.why, fate.starts) == (0, "", 2)
    assert run.restarts == [1]
    assert any("a broken invariant" in line for line in run.errors)


def test_a_child_that_ends_to_make_its_map_larger_is_started_again(tmp_path: Path) -> None:
    run = Run("again", tmp_path)
    fate = run.fate()
    assert (fate.code, fate.why, fate.starts) == (0, "", 2)
    assert run.errors == []


def test_a_child_that_goes_on_failing_stays_down_with_its_last_words(tmp_path: Path) -> None:
    run = Run("code1", tmp_path)
    fate = run.fate()
    assert (fate.code, fate.why, fate.starts) == (1, "restarts", 3)
    assert fate.lines[-1] == "last words"
    assert run.starts == 3


@pytest.mark.parametrize(
    ("behaviour", "code"), [("code0", 0), ("code2", 2), ("sigbus", -signal.SIGBUS)]
)
def test_a_good_end_bad_input_and_a_truncated_state_are_never_tried_again(
    tmp_path: Path, behaviour: str, code: int
) -> None:
    run = Run(behaviour, tmp_path)
    assert run.fate().code == code
    assert run.starts == 1


def test_a_child_killed_from_outside_is_started_again(tmp_path: Path) -> None:
    run = Run("stay", tmp_path)
    _, pid, _ = run.line("ready").split()
    os.kill(int(pid), signal.SIGKILL)
    _, second, _ = run.line("ready").split()
    assert second != pid
    run.parent.interrupt()
    assert run.fate().starts == 2


def test_the_child_stays_in_our_group_and_is_deaf_to_the_terminal(tmp_path: Path) -> None:
    run = Run("stay", tmp_path)
    _, pid, group = run.line("ready").split()
    assert int(group) == os.getpgid(0)
    os.kill(int(pid), signal.SIGINT)
    os.kill(int(pid), signal.SIGHUP)
    assert ask(tmp_path, StopEntry("x")).done
    run.parent.interrupt()
    assert run.fate() == ExitStatus(0, "", (f"ready {pid} {group}", "ended: shutdown"), 1)


def test_an_interrupt_shuts_the_bot_down_through_its_socket(tmp_path: Path) -> None:
    run = Run("stay", tmp_path)
    run.line("ready")
    run.parent.interrupt()
    assert run.line("ended") == "ended: shutdown"
    assert run.fate().code == 0


def test_a_second_interrupt_ends_it_at_once(tmp_path: Path) -> None:
    run = Run("deaf", tmp_path, shut_down=lambda: None)
    run.line("ready")
    run.parent.interrupt()
    run.parent.interrupt()
    fate = run.fate()
    assert (fate.code, fate.why, fate.starts) == (-signal.SIGKILL, "", 1)


def test_the_child_ends_when_the_parents_pipe_closes(tmp_path: Path) -> None:
    run = Run("stay", tmp_path)
    run.line("ready")
    child = run.parent._child
    assert child is not None
    child.close()
    assert run.line("ended") == "ended: shutdown"
    assert run.fate().code == 0


def test_with_a_console_it_stays_when_the_candles_end_until_the_console_is_left(
    tmp_path: Path,
) -> None:
    run = Run("finished", tmp_path)
    run.line("used up")
    assert ask(tmp_path, StopEntry("x")).done
    run.parent.go_headless()
    assert run.line("ended") == "ended: finished"
    assert run.fate().code == 0


def test_only_falls_within_the_window_count() -> None:
    assert recent([0.0, 30.0, 59.0], 61.0, 60.0) == [30.0, 59.0]


SHOUTING = """
import sys, threading
from app.processes.worker import put_line
sys.setswitchinterval(1e-6)
def shout(name):
    for count in range(3000):
        put_line(f"{name}{count}")
threads = [threading.Thread(target=shout, args=(name,)) for name in "abcd"]
for thread in threads: thread.start()
"""


def test_a_line_of_the_child_is_one_piece_whoever_speaks_beside_it() -> None:
    """A sign to the parent that another line was written into would never be heard."""
    shouted = [sys.executable, "-c", SHOUTING]
    root = Path(__file__).parents[3]
    done = subprocess.run(shouted, cwd=root, capture_output=True, text=True, check=True)
    wanted = sorted(f"{name}{count}" for name in "abcd" for count in range(3000))
    assert sorted(done.stdout.splitlines()) == wanted
