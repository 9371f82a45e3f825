"""What bad input gets: what, where, what is allowed, exit code 2, nothing written, no traceback."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from interfaces.cli import arranged
from interfaces.logs import blotted
from run import unfit
from tests.interfaces.doors import run

HEADER = "market,unit,timestamp_utc,open,high,low,close,volume,value\n"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ([], ["trade"]),
        (["--speed", "max"], ["trade", "--speed", "max"]),
        (["--state-dir", "s", "--speed", "9"], ["trade", "--state-dir", "s", "--speed", "9"]),
        (["--state-dir", "s", "status"], ["status", "--state-dir", "s"]),
        (["--json", "--state-dir=s", "why", "btc"], ["why", "--json", "--state-dir=s", "btc"]),
        (["status", "--json"], ["status", "--json"]),
        (["--help"], ["--help"]),
    ],
)
def test_options_may_come_first_and_the_verb_may_be_left_out(
    words: list[str], meant: list[str]
) -> None:
    assert arranged(words) == meant


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nonsense"], "backtesting"),
        (["--nonsense"], "--recording"),
        (["staus"], 'did you mean "status"?'),
        (["backtest"], 'did you mean "backtesting"?'),
        (["trades"], "a command of a running bot: run.py console -c trades"),
        (["forceexit", "btc"], "run.py console -c forceexit"),
        (["backtesting", "--recordng", "x"], 'did you mean "--recording"?'),
        (["--stratgy", "x"], 'did you mean "--strategy"?'),
        (["console", "-c", "forcexit btc"], 'did you mean "forceexit"?'),
        (["console", "-c", "help staus"], 'did you mean "status"?'),
        (["console", "-c", "explain btc mved"], 'did you mean "moved"?'),
        (["--speed"], "run.py trade --help"),
        (["backtesting", "--recording"], "--export-trades"),
        (["--speed", "fast"], "a number above 0, or max"),
        (["--speed", "NaN"], "--speed"),
        (["--speed", "-1"], "--speed"),
        (["trade", "a", "b"], "--recording"),
        (["--recording", "nowhere.csv.gz"], "nowhere.csv.gz"),
        (["--config", "nowhere.json"], "nowhere.json"),
        (["--config", "broken.json"], "broken.json"),
        (["--config", "unknown.json"], "stoplos"),
        (["--config", "unrecorded.json"], "unrecorded.json: pair_whitelist"),
        (["backtesting", "--config", "unrecorded.json"], "unrecorded.json: pair_whitelist"),
        (["backtesting", "--strategy", "no.py:Such"], "no.py"),
        (["backtesting", "--recording", "nan.csv.gz"], "nan.csv.gz"),
        (["backtesting", "--recording", "torn.csv.gz"], "torn.csv.gz"),
        (["backtesting", "--export-trades", "no/such/out.json"], "no/such/out.json"),
        (["make-recording", "--days", "0", "out"], "1<=x<="),
        (["make-recording", "broken.json"], "broken.json"),
        (["--state-dir", "foreign"], "foreign"),
        (["--state-dir", "broken.json"], "not a directory"),
        (["status", "--state-dir", "nowhere"], "nowhere"),
        (["why", "!!!"], "KRW-BTC"),
        (["console", "-c", "nonsense"], "forceenter"),
        (["console", "-c", "status\x1b"], "control"),
        (["console", "-c", "x" * 10_000], "4096"),
        (["console", "-c", "kill"], "no bot is running"),
        (["tail", "-n", "-1", "--state-dir", "foreign"], "0<=x"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_written(
    words: list[str], named: str, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text('{"stoploss": ')
    (tmp_path / "unknown.json").write_text('{"stoplos": -0.1}')
    (tmp_path / "unrecorded.json").write_text('{"pair_whitelist": ["KRW-NOPE"]}')
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign/thesis.tex").write_text("my life's work")
    row = "KRW-BTC,1m,2025-09-01T00:00:00Z,1,1,1,NaN,1,1\n"
    (tmp_path / "nan.csv.gz").write_bytes(gzip.compress((HEADER + row).encode()))
    (tmp_path / "torn.csv.gz").write_bytes(gzip.compress((HEADER + row).encode())[:30])
    before = sorted(tmp_path.rglob("*"))
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 3000
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("platform", "version", "way"),
    [
        ("win32", (3, 12), "wsl --install"),
        ("freebsd14", (3, 12), "WSL2"),
        ("linux", (3, 10), "PYTHON=python3.11"),
        ("darwin", (3, 11), ""),
        ("linux", (3, 11), ""),
    ],
)
def test_where_it_cannot_run_one_sentence_says_so_with_the_way_in(
    platform: str, version: tuple[int, int], way: str
) -> None:
    told = unfit(platform, version)
    assert way in told
    assert bool(told) == bool(way)
    assert "\n" not in told


def test_the_log_hides_what_looks_like_a_secret() -> None:
    for secret in ("secret_key=abc123XYZ", "Bearer abc123XYZ", "GET /bot12:abc123XYZ/getMe"):
        assert "abc123XYZ" not in blotted(f"failed: {secret}")
    assert blotted("bought 0.5 at 100") == "bought 0.5 at 100"


QUITS = '''from msgspec import Struct


class Quits:
    class Params(Struct, frozen=True):
        """None."""

    def signals(self, candles, params, /):
        raise SystemExit(3)
'''


def test_a_strategy_that_quits_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "quits.py").write_text(QUITS)
    assert run("backtesting", "--strategy", "quits.py:Quits", cwd=tmp_path).returncode == 3
