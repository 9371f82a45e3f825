"""Recordings that are too short, or whose prices jump: each command says so, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from adapters import recording
from core.market.candles import PRICES, rescaled
from core.market.synthetic import synthetic_market
from tests.support.cli_runner import run

READING = {  # all that trade or judge on a recording
    "trade": ("trade", "--headless", "--speed", "max", "--state-dir", "st"),
    "backtesting": ("backtesting",),
    "kernel": ("backtesting", "--engine", "kernel"),
    "hyperopt": ("hyperopt", "--epochs", "1"),
    "plot-dataframe": ("plot-dataframe", "KRW-BTC"),
    "lookahead-analysis": ("lookahead-analysis",),
    "recursive-analysis": ("recursive-analysis",),
    "report": ("report",),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``short.csv.gz``: a day; ``odd.csv.gz``: its second half in money worth a thousandth."""
    folder = tmp_path_factory.mktemp("recordings")
    candle_series = [
        series for series in synthetic_market(seed=7, days=1) if series.pair == "KRW-BTC"
    ]
    recording.write(folder / "short.csv.gz", candle_series)
    series = candle_series[0]
    half = len(series.time) // 2
    dear = {}
    for name in PRICES:
        column = getattr(series, name).copy()
        column[half:] = rescaled(column[half:], 3)
        dear[name] = column
    recording.write(folder / "odd.csv.gz", [structs.replace(series, **dear)])
    return folder


@pytest.mark.parametrize("verb", READING)
def test_a_recording_shorter_than_the_startup_candles_is_refused(folder: Path, verb: str) -> None:
    more = {"JANGBU__STARTUP_CANDLE_COUNT": "3000"}
    done = run(*READING[verb], "--recording", "short.csv.gz", cwd=folder, **more)
    assert done.returncode == 2, done.stdout
    assert "no market has 3000 start-up candles; the longest has 1367" in done.stderr + done.stdout
    assert not (folder / "st").exists()


@pytest.mark.parametrize(
    "verb", ["backtesting", "hyperopt", "plot-dataframe", "recursive-analysis"]
)
def test_a_window_without_a_candle_is_refused(folder: Path, verb: str) -> None:
    words = (*READING[verb], "--recording", "short.csv.gz", "--timerange", "19700101-19700102")
    done = run(*words, cwd=folder)
    assert done.returncode == 2
    assert "timerange 19700101-19700102: the recording has no candle in it" in done.stderr


@pytest.mark.parametrize("verb", ["trade", "backtesting", "plot-dataframe", "lookahead-analysis"])
def test_a_jump_is_said_once_with_its_pair_its_moment_and_both_prices(
    folder: Path, tmp_path: Path, verb: str
) -> None:
    done = run(*READING[verb], "--recording", str(folder / "odd.csv.gz"), cwd=tmp_path)
    (line,) = [line for line in (done.stdout + done.stderr).split("\n") if "three times" in line]
    assert "Bitcoin(KRW-BTC): the price goes from ₩" in line
    assert "at 2026-01-05 2" in line
    assert "Traceback" not in done.stderr


def test_an_archive_says_it_too_and_a_sound_recording_says_nothing(
    folder: Path, tmp_path: Path
) -> None:
    done = run("recordings", "kept", str(folder / "odd.csv.gz"), cwd=tmp_path)
    assert "three times" in done.stderr
    assert run("recordings", "sound", str(folder / "short.csv.gz"), cwd=tmp_path).stderr == ""
