"""``recordings`` as people type it: what goes in, what is told, and who reads it then."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.cli_runner import run
from tests.support.recorded import SEPTEMBER, needed

ENGINE = ("--engine", "kernel", "--json")


@needed
def test_recorded_days_become_an_archive_that_trades_alike(tmp_path: Path) -> None:
    files = [str(path) for path in SEPTEMBER]
    first = run("recordings", "a", *files, "--json", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert sum(each["candles"] for each in told["added"]) > 100_000
    again = json.loads(run("recordings", "a", *files, "--json", cwd=tmp_path).stdout)
    assert again["held"] == told["held"]
    assert all(each["candles"] == 0 for each in again["added"])
    by_files = run("backtesting", "--recording", *files, *ENGINE, cwd=tmp_path)
    by_archive = run("backtesting", "--recording", "a", *ENGINE, cwd=tmp_path)
    assert json.loads(by_archive.stdout)["trades"]
    assert by_archive.stdout == by_files.stdout


def test_what_is_missing_is_listed(tmp_path: Path) -> None:
    run("make-recording", "m.csv.gz", "--days", "1", cwd=tmp_path)
    shown = run("recordings", "a", "m.csv.gz", "--gaps", "--check", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "(KRW-BTC): 1,3" in shown.stdout
    assert "Stretches without candles" in shown.stdout
    korean = run("recordings", "a", cwd=tmp_path, LC_ALL="ko_KR.UTF-8").stdout
    assert "보관소에 있는 캔들" in korean


def test_damage_is_told_with_the_way_out(tmp_path: Path) -> None:
    run("make-recording", "m.csv.gz", "--days", "1", cwd=tmp_path)
    run("recordings", "a", "m.csv.gz", cwd=tmp_path)
    column = tmp_path / "a" / "KRW-BTC-1m" / "high.1.i8"
    data = bytearray(column.read_bytes())
    data[8] ^= 255
    column.write_bytes(data)
    refused = run("recordings", "a", "--check", cwd=tmp_path)
    assert refused.returncode == 2
    assert "the column high is not what was written" in refused.stderr
    assert "add its recordings again" in refused.stderr


def test_a_folder_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    for words in (("recordings", "b"), ("backtesting", "--recording", ".")):
        refused = run(*words, cwd=tmp_path)
        assert refused.returncode == 2
        assert "is no archive of recordings" in refused.stderr
