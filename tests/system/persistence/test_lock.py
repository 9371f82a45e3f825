"""The lock: the second process is refused with the first one's pid."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from persistence.errors import InUse, Refused
from persistence.lock import Lock, owner

ROOT = Path(__file__).parents[3]
HOLD = """
import sys
from pathlib import Path
from persistence.lock import Lock
held = Lock.take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_process_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    child = hold(tmp_path)
    try:
        with pytest.raises(InUse) as refused:
            Lock.take(tmp_path)
        assert refused.value.pid == owner(tmp_path) == child.pid
        assert str(child.pid) in str(refused.value)
    finally:
        child.communicate("")


def test_the_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    child = hold(tmp_path)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert owner(tmp_path) == 0
    with Lock.take(tmp_path):
        assert owner(tmp_path) == os.getpid()


def test_the_lock_is_not_passed_on_to_a_program_that_is_started(tmp_path: Path) -> None:
    held = Lock.take(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        close_fds=False,
    ) as child:
        assert child.stdout
        child.stdout.readline()  # the kernel closes handles only after it lets us go on
        held.release()
        assert owner(tmp_path) == 0
        Lock.take(tmp_path).release()
        child.communicate(b"\n")


def test_one_process_cannot_take_it_twice(tmp_path: Path) -> None:
    with Lock.take(tmp_path), pytest.raises(InUse):
        Lock.take(tmp_path)


def test_a_lock_makes_its_directory_and_leaves_its_file(tmp_path: Path) -> None:
    path = tmp_path / "state" / "paper"
    assert owner(path) == 0
    Lock.take(path).release()
    assert (path / "lock").stat().st_mode & 0o777 == 0o600
    assert path.stat().st_mode & 0o777 == 0o700
    assert owner(path) == 0


def test_an_owner_that_has_not_said_its_pid_yet_is_still_refused(tmp_path: Path) -> None:
    with Lock.take(tmp_path):
        (tmp_path / "lock").write_text("")
        with pytest.raises(InUse, match="unknown"):
            Lock.take(tmp_path)


@pytest.mark.parametrize("kind", ["link", "dangling", "hard", "fifo", "folder", "text"])
def test_a_file_that_is_not_ours_is_neither_followed_nor_overwritten(
    tmp_path: Path, kind: str
) -> None:
    victim, state = tmp_path / "victim", tmp_path / "state"
    victim.write_text("my diary")
    state.mkdir(mode=0o700)
    place = state / "lock"
    match kind:
        case "link":
            place.symlink_to(victim)
        case "dangling":
            place.symlink_to(tmp_path / "nowhere")
        case "hard":
            os.link(victim, place)
        case "fifo":
            os.mkfifo(place)
        case "folder":
            place.mkdir()
        case _:
            place.write_text("12\nnot a pid")
    with pytest.raises(Refused, match="rm '") as refused:
        Lock.take(state)
    assert str(place) in refused.value.todo
    assert victim.read_text() == "my diary"
    assert not (tmp_path / "nowhere").exists()
    assert owner(state) == 0


def test_a_lock_whose_owner_is_long_gone_is_taken(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("999999")
    with Lock.take(tmp_path):
        assert owner(tmp_path) == os.getpid()
