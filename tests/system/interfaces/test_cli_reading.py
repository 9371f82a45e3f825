"""Verbs that read a state directory, and the backtest beside it."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from adapters.recording import read, within, write
from tests.support.cli_runner import TIGHT, run, said
from tests.support.dense_config import check_tight, environ
from tests.support.recorded import SEPTEMBER, needed

EXPORT = {
    *("pair", "open_date", "close_date", "open_rate", "close_rate", "amount", "stake_amount"),
    *("fee_open_cost", "fee_close_cost", "profit_abs", "profit_ratio", "exit_reason", "is_open"),
    *("max_rate", "enter_tag"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording ``r.csv.gz`` and the state ``s`` of a run on it."""
    folder = tmp_path_factory.mktemp("read")
    assert run("make-recording", "--seed", 3, "--days", 1, "r.csv.gz", cwd=folder).returncode == 0
    words = ("--speed", "max", "--state-dir", "s", "--recording", "r.csv.gz")
    assert run(*words, cwd=folder).returncode == 0
    return folder


def test_a_backtest_gives_the_same_trades_as_trading(place: Path) -> None:
    words = ("backtesting", "--recording", "r.csv.gz", "--export-trades", "out.json")
    done = run(*words, cwd=place)
    assert done.returncode == 0, done.stderr
    assert "By exit reason" in done.stdout
    assert "Market change" in done.stdout
    exported = json.loads((place / "out.json").read_text())
    assert exported == said("show-trades", "--state-dir", "s", cwd=place)
    assert all(set(row) == EXPORT for row in exported)
    assert all(isinstance(row["open_rate"], str) for row in exported)


def test_a_backtest_as_json_has_its_summary_and_its_trades(place: Path) -> None:
    found = said("backtesting", "--recording", "r.csv.gz", cwd=place)
    assert found["summary"]["rows"] == len([r for r in found["trades"] if not r["is_open"]])


def test_a_timerange_cuts_the_recording(place: Path) -> None:
    bad = run("backtesting", "--recording", "r.csv.gz", "--timerange", "soon", cwd=place)
    assert bad.returncode == 2
    assert "20250901-20250910" in bad.stderr
    wide = run("backtesting", "--recording", "r.csv.gz", "--timerange", "20200101-", cwd=place)
    assert wide.returncode == 0


@pytest.mark.parametrize("outside", ["-20200101", "20300101-", "20260106-20260107"])
def test_a_timerange_outside_the_recording_is_told_what_it_spans(place: Path, outside: str) -> None:
    words = ("backtesting", "--recording", "r.csv.gz", "--timerange", outside)
    done = run(*words, "--export-trades", "none.json", cwd=place)
    assert done.returncode == 2
    assert "2026-01-05T00:00:00Z to 2026-01-05T23:59:00Z" in done.stderr
    assert "--timerange" in done.stderr
    assert not (place / "none.json").exists()


def test_every_reading_verb_answers_for_people_and_as_json(place: Path) -> None:
    for verb in (("status",), ("why", "btc"), ("show-orders",), ("show-trades",), ("show-config",)):
        words = (*verb, "--state-dir", "s")
        done = run(*words, cwd=place)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()
        assert said(*words, cwd=place) is not None


def test_every_order_ever_intended_is_listed(place: Path) -> None:
    orders = said("show-orders", "--state-dir", "s", cwd=place)
    assert len(orders) > 20
    wanted = {"identifier", "uuid", "pair", "side", "state", "executed_volume", "paid_fee"}
    assert all(wanted <= set(order) for order in orders)


def test_tail_shows_the_journals_end_one_object_a_line(place: Path) -> None:
    done = run("tail", "-n", "5", "--json", "--state-dir", "s", cwd=place)
    numbers = [json.loads(line)["number"] for line in done.stdout.splitlines()]
    assert len(numbers) == 5
    assert numbers == sorted(numbers)
    assert len(run("tail", "-n", "3", "--state-dir", "s", cwd=place).stdout.splitlines()) == 3


def test_verify_says_sound_and_names_a_damage(place: Path) -> None:
    done = run("verify", "--state-dir", "s", cwd=place)
    assert done.returncode == 0
    assert "Sound" in done.stdout
    damaged = place / "damaged"
    damaged.mkdir(exist_ok=True)
    for name in ("birth.json", "data.mdb"):
        raw = (place / "s" / name).read_bytes()
        (damaged / name).write_bytes(raw[: 3 * 4096] if name == "data.mdb" else raw)
    torn = run("verify", "--state-dir", "damaged", cwd=place)
    assert torn.returncode == 1
    assert "Damaged" in torn.stdout


def test_people_may_read_it_in_korean(place: Path) -> None:
    done = run("show-trades", "--state-dir", "s", cwd=place, LC_ALL="ko_KR.UTF-8")
    assert "비트코인(KRW-BTC)" in done.stdout


def test_lines_from_a_pipe_are_answered_in_their_order(place: Path) -> None:
    import subprocess

    from tests.support.cli_runner import around, command

    done = subprocess.run(
        command("console", "--state-dir", "s"),
        cwd=place,
        env=around(),
        input=b"profit\nnonsense\nexit\nbalance\n",
        capture_output=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 2
    assert b"Profit" in done.stdout
    assert b"Balance" not in done.stdout


def test_made_recordings_are_equal_for_equal_seeds(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        run("make-recording", "--seed", seed, "--days", 1, name, cwd=tmp_path)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c
    with gzip.open(tmp_path / "a", "rt") as file:
        header = next(csv.reader(file))
    assert header[:3] == ["market", "unit", "timestamp_utc"]


def test_a_new_configuration_is_one_that_can_be_used(tmp_path: Path) -> None:
    assert run("new-config", "c.json", cwd=tmp_path).returncode == 0
    shown = said("show-config", "--config", "c.json", cwd=tmp_path)
    rows = {row["key"]: row for row in shown["settings"]}
    assert rows["max_open_trades"]["origin"] == "c.json"
    assert rows["stoploss"]["origin"] == "JANGBU__STOPLOSS"
    assert run("new-config", "c.json", cwd=tmp_path).returncode == 2


def alike_in_both_doors(files: list[Path], cwd: Path, **more: str) -> list[dict[str, Any]]:
    """The trades of these recordings, which trading and backtesting tell alike."""
    words = ("--speed", "max", "--state-dir", "s", "--recording", *files)
    assert run(*words, cwd=cwd, **more).returncode == 0
    tested: list[dict[str, Any]] = said("backtesting", "--recording", *files, cwd=cwd, **more)[
        "trades"
    ]
    assert tested == said("show-trades", "--state-dir", "s", cwd=cwd)
    return tested


@needed
def test_the_recorded_markets_of_september_2025_trade_alike_in_both_doors(tmp_path: Path) -> None:
    assert len(SEPTEMBER) == 4
    found = alike_in_both_doors(SEPTEMBER, tmp_path, **dict.fromkeys(TIGHT, ""))
    assert {row["pair"] for row in found} == {path.name.split("_")[0] for path in SEPTEMBER}
    assert len(found) > 20


@needed
def test_five_of_those_days_trade_alike_in_the_tightest_configuration(tmp_path: Path) -> None:
    days = tmp_path / "days.csv.gz"
    write(days, within(read(SEPTEMBER), "20250910-20250915"))
    check_tight(alike_in_both_doors([days], tmp_path, **environ()))
