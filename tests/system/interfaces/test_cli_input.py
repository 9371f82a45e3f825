"""What bad input gets: what, where, what is allowed, exit code 2, nothing written, no traceback."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.logs import blotted
from i18n.errors import UserError
from interfaces.arguments import name_of, range_of, words_of, wrong_value
from interfaces.cli import MODULES, arranged, jangbu
from run import unfit
from tests.support.cli_runner import ROOT, run

INTERRUPTED = """
import os, signal, sys
def heard(event, args):
    if event == "import" and args[0] == "interfaces.cli":
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(heard)
import run
sys.exit(run.main())
"""

HEADER = "market,unit,timestamp_utc,open,high,low,close,volume,value\n"


@pytest.mark.parametrize(
    ("language", "allowed", "todo"),
    [
        ("hyperopt --objective sharp", "profit, sharpe, sortino", 'did you mean "sharpe"?'),
        ("hyperopt --sampler tpee", "tpe, random, grid", 'did you mean "tpe"?'),
        ("hyperopt --spaces stoplos", "signals, stoploss, roi", "did you mean stoploss?"),
        ("hyperopt --space stoplos=1:2:1", "stoploss", "did you mean stoploss?"),
        ("hyperopt --validation 2", "number, >= 0, <= 0.9", "run.py hyperopt --help"),
        ("hyperopt --objective", "profit, sharpe, sortino", "run.py hyperopt --help"),
        ("report --tax 26", "YEAR OUT.csv", "run.py report --help"),
        ("report --tax 2026x o.csv", "whole number, >= 2009, <= 9999", "run.py report --help"),
        ("report --method fifoo", "moving_average, fifo", 'did you mean "fifo"?'),
        ("recursive-analysis --max-candles 0", "whole number, >= 2", "--help"),
        ("dashboard --port x", "whole number, >= 0, <= 65535", "run.py dashboard --help"),
        ("completion bsh", "bash, zsh, fish", 'did you mean "bash"?'),
        ("completion", "bash, zsh, fish", "run.py completion --help"),
    ],
)
def test_a_wrong_value_is_told_what_it_may_be_and_what_was_meant(
    language: str, allowed: str, todo: str, tmp_path: Path
) -> None:
    done = run(*language.split(), cwd=tmp_path)
    assert done.returncode == 2
    told = dict(line.strip().split(": ", 1) for line in done.stderr.splitlines())
    assert allowed in told["allowed"]
    assert todo in told["what to do"]
    assert "--config" not in told["allowed"], "what that value may be, not which options there are"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_limit_entries_that_no_candle_could_ever_fill_are_refused(
    tmp_path: Path, language: str
) -> None:
    words = ("backtesting", "--timerange", "20260105-20260106")
    more = {"JANGBU__ORDER_TYPES__ENTRY": "limit", "JANGBU__LANGUAGE": language}
    done = run(*words, cwd=tmp_path, JANGBU__UNFILLEDTIMEOUT__ENTRY="1", **more)
    assert done.returncode == 2
    assert "unfilledtimeout.entry" in done.stderr
    assert ("never filled" in done.stderr) == (language == "en")
    assert ("체결되지 않습니다" in done.stderr) == (language == "ko")
    done = run(*words, cwd=tmp_path, JANGBU__UNFILLEDTIMEOUT__ENTRY="2", **more)
    assert done.returncode == 0, done.stderr


def refusals() -> Iterator[tuple[str, UserError]]:
    """Each option of each verb that takes a number or one of some words, given neither."""
    for verb in MODULES:
        command = jangbu.get_command(click.Context(jangbu, info_name="run.py"), verb)
        assert command is not None
        for param in command.params:
            if isinstance(param, click.Option) and (words_of(param) or range_of(param.type)):
                name = name_of(param)
                with pytest.raises(click.BadParameter) as caught:
                    command.make_context(verb, [name, "x@y"])
                error = wrong_value(caught.value, caught.value.ctx or click.Context(command))
                assert error is not None, (verb, name)
                yield name, error


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_option_of_numbers_or_words_says_what_it_takes(language: str) -> None:
    found = list(refusals())
    assert len(found) > 10
    for name, error in found:
        first, *rest = error.block(language).splitlines()
        sentence = f'{name} cannot be "x@y"' if language == "en" else f'{name}에는 "x@y"을(를) 쓸'
        assert sentence in first
        assert len(rest) == 3, (name, rest)


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
        (["backtesting", "--recording"], "FILE..."),
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
        (["make-recording", "--days", "0", "out"], "whole number, >= 1, <= "),
        (["make-recording", "broken.json"], "broken.json"),
        (["--state-dir", "foreign"], "foreign"),
        (["--state-dir", "broken.json"], "not a directory"),
        (["status", "--state-dir", "nowhere"], "nowhere"),
        (["why", "!!!"], "KRW-BTC"),
        (["console", "-c", "nonsense"], "forceenter"),
        (["console", "-c", "status\x1b"], "control"),
        (["console", "-c", "x" * 10_000], "4096"),
        (["console", "-c", "kill"], "no bot is running"),
        (["tail", "-n", "-1", "--state-dir", "foreign"], "whole number, >= 0"),
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


def test_a_ctrl_c_while_the_code_is_still_being_read_shows_no_traceback() -> None:
    command = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
