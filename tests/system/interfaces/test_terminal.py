"""Terminals that do not speak UTF-8: every verb prints something readable, and none falls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from i18n import say
from interfaces.terminal import spelled
from tests.support.cli_runner import ROOT, SECONDS, TIGHT, around, command
from tests.tools.screens import at_terminal, standing

ENCODINGS = ("euc_kr", "cp949", "latin-1", "ascii")
LANGUAGES = ("en", "ko")


def run(encoding: str, *words: object, cwd: Path, **more: str) -> tuple[int, str]:
    """The exit code, and all that was printed, read as that terminal reads it."""
    done = subprocess.run(
        command(*words),
        cwd=cwd,
        env=around(PYTHONIOENCODING=encoding, **dict.fromkeys(TIGHT, "") | more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8" if encoding == "ascii" else encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_bot_trades_to_its_end_whatever_its_terminal_can_show(
    tmp_path: Path, encoding: str
) -> None:
    code, text = run(
        encoding, "--headless", "--speed", "max", "--state-dir", "s", cwd=tmp_path, LANG="C.UTF-8"
    )
    assert code == 0, text
    assert "Traceback" not in text
    sign = "₩" if encoding == "ascii" else "W"  # no other of them has the won sign
    assert f"{sign}1,000,000" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_questions_and_errors_are_answered_in_either_language(
    tmp_path: Path, encoding: str, language: str
) -> None:
    for words, expected in ((["show-config"], 0), (["--help"], 0), (["status", "도지"], 2)):
        code, text = run(encoding, *words, cwd=tmp_path, JANGBU__LANGUAGE=language)
        assert code == expected, text
        assert text.strip()
        assert "Traceback" not in text


@pytest.mark.parametrize(("encoding", "language"), [("euc_kr", "ko"), ("cp949", "en")])
def test_the_console_writes_no_question_mark_for_what_its_terminal_lacks(
    tmp_path: Path, encoding: str, language: str
) -> None:
    """Lines of the run, answers, questions and the bar: all that is drawn at a prompt."""
    words = ("--speed", "max", "--state-dir", "s")
    terminal = at_terminal(tmp_path, language, *words, rows=50, encoding=encoding)
    try:
        terminal.until(lambda screen: standing(screen, language))
        terminal.type("profit\r")
        terminal.shows(say("title_profit", language))
        terminal.type("status\r")
        shown = terminal.shows(say("title_status", language)).text()
        terminal.type("shutdown\r")
        asked = terminal.shows("[y/N]").text()
        terminal.type("y\r")
        assert terminal.end() == 0
    finally:
        terminal.close()
    assert "W100,000" in shown
    assert not {"?", "₩"} & {*shown}
    assert asked.count("?") == 1, "the question's own"


def test_what_an_encoding_does_not_have_is_spelled_or_marked() -> None:
    error = UnicodeEncodeError("euc_kr", "₩1 ∞ 😀", 0, 1, "")
    assert spelled(error) == ("W", 1)
    assert spelled(UnicodeEncodeError("ascii", "한", 0, 1, "")) == ("?", 1)
    assert spelled(UnicodeEncodeError("utf-8", "\udcff", 0, 1, "")) == ("?", 1)


@pytest.mark.parametrize(
    "words",
    [
        ["backtesting", "--config", "é.json"],
        ["--state-dir", "상태", "trade"],
        ["why", "₩"],
        ["é"],
        ["backtesting", "--config", "c.json"],
    ],
)
def test_a_name_that_the_locale_cannot_write_is_one_sentence(
    tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "c.json").write_text('{"strategy": "전략.py:Mine"}')
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from interfaces.cli import main; "
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-c", f"{script} sys.exit(main({words!a}))"],
        cwd=tmp_path,
        env=around(**ascii_only),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert "the encoding of this locale, ascii, cannot write it" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("words", [["why", "X"], ["X"], ["--config", "X"], ["backtesting", "X"]])
def test_bytes_that_are_no_text_are_one_sentence_that_shows_them(
    tmp_path: Path, words: list[str]
) -> None:
    given = [b"\xff\xed" if word == "X" else word.encode() for word in words]
    done = subprocess.run(
        [*(part.encode() for part in command()), *given],
        cwd=tmp_path,
        env=around(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert "Traceback" not in told
    assert r"\xff\xed" in told or r"\udcff\udced" in told


def test_json_shows_a_file_s_name_that_is_no_text_by_its_figures(tmp_path: Path) -> None:
    done = subprocess.run(
        [*(part.encode() for part in command("make-recording", "--days=1", "--json")), b"\xff.gz"],
        cwd=tmp_path,
        env=around(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert r"\xff.gz" in json.dumps(json.loads(done.stdout)).replace("\\\\", "\\")
    assert (os.fsencode(tmp_path) + b"/\xff.gz") in map(os.fsencode, tmp_path.iterdir())


def test_what_cannot_be_read_is_not_spelled() -> None:
    error = UnicodeDecodeError("ascii", b"\xff", 0, 1, "")
    with pytest.raises(UnicodeDecodeError):
        spelled(error)
