"""``hyperopt`` as people type it: what it says, what it keeps, how it goes on, what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.cli_runner import SECONDS, around, command, run

SPACE = ("--spaces", "", "--space", "rsi_oversold=25:45:5", "--space", "stoploss=-0.03:-0.01:0.01")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("days") / "r.csv.gz"
    assert run("make-recording", path, "--days", "5", cwd=path.parent).returncode == 0
    return str(path)


def test_it_tells_what_it_found_and_how_far_to_believe_it(recording: str, tmp_path: Path) -> None:
    words = ("hyperopt", "--recording", recording, "--sampler", "grid", *SPACE, "--json")
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["trials"], told["failed"]) == (15, 0)
    assert set(told["best"]["values"]) == {"rsi_oversold", "stoploss"}
    assert "few" in told["warnings"], "five days are few"
    again = run(*words, cwd=tmp_path)
    assert json.loads(again.stdout) == told
    assert len((tmp_path / "hyperopt.jsonl").read_text().splitlines()) == 16
    shown = run(*words[:-1], cwd=tmp_path).stdout
    for part in ("rsi_oversold", "training", "validation", "FEW DAYS"):
        assert part in shown


def test_it_speaks_korean(recording: str, tmp_path: Path) -> None:
    words = ("hyperopt", "--recording", recording, "--epochs", "3", "--sampler", "random", *SPACE)
    shown = run(*words, "--walk-forward", "2", cwd=tmp_path, LC_ALL="ko_KR.UTF-8").stdout
    assert "전진 분석" in shown


@pytest.fixture
def heeded() -> Iterator[None]:
    """A shell's background job is born deaf to Ctrl-C, and so are all whom it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("players", [(), ("--dask", "local", "--jobs", "2")], ids=["here", "dask"])
def test_an_interrupt_keeps_what_was_finished_and_the_same_command_goes_on(
    recording: str, tmp_path: Path, players: tuple[str, ...]
) -> None:
    study = tmp_path / "s.jsonl"
    words = ("hyperopt", "--recording", recording, "--epochs", "1000000", "--sampler", "random")
    process = subprocess.Popen(
        command(*words, "--study", study, *players),
        cwd=tmp_path,
        env=around(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal's Ctrl-C goes to all of them
    )
    try:
        while process.poll() is None and (
            not study.exists() or study.read_bytes().count(b"\n") < 5
        ):
            os.sched_yield()
        os.killpg(process.pid, signal.SIGINT)
        shown, errors = process.communicate(timeout=SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130, errors
    assert str(study) in shown
    assert "Traceback" not in errors
    kept = study.read_bytes()
    done = run(*words[:-4], "--epochs", "30", *words[-2:], "--study", study, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert study.read_bytes().startswith(kept)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--spaces", "moon"), "--spaces"),
        (("--space", "rsi_oversold=20:200:10"), "rsi_oversold=20:200:10"),
        (("--walk-forward", "3"), "--sampler tpe"),
        (("--timerange", "20260105-20260105", "--sampler", "random"), "--timerange"),
        (("--study", "nowhere/s.jsonl"), "--study"),
    ],
)
def test_what_cannot_be_swept_is_told_with_a_way_out(
    recording: str, tmp_path: Path, words: tuple[str, ...], where: str
) -> None:
    done = run("hyperopt", "--recording", recording, *words, cwd=tmp_path)
    assert done.returncode == 2
    assert where in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cluster_plays_the_same_and_a_scheduler_that_is_not_there_is_told(
    recording: str, tmp_path: Path
) -> None:
    words = ("hyperopt", "--recording", recording, "--sampler", "grid", *SPACE, "--json")
    here = run(*words, "--study", "here.jsonl", cwd=tmp_path)
    there = run(*words, "--study", "there.jsonl", "--dask", "local", "--jobs", 2, cwd=tmp_path)
    assert there.returncode == 0, there.stderr
    assert json.loads(there.stdout) == json.loads(here.stdout)
    refused = run(*words, "--dask", "nowhere", cwd=tmp_path, LC_ALL="ko_KR.UTF-8")
    assert refused.returncode == 2
    assert "응답하는 스케줄러가 없습니다" in refused.stderr
