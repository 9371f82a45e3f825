"""Terminals that do not speak UTF-8: every verb prints something readable, and none falls."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from interfaces.terminal import spelled
from tests.interfaces.doors import SECONDS, TIGHT, around, command

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


def test_what_an_encoding_does_not_have_is_spelled_or_marked() -> None:
    error = UnicodeEncodeError("euc_kr", "₩1 ∞ 😀", 0, 1, "")
    assert spelled(error) == ("W", 1)
    assert spelled(UnicodeEncodeError("ascii", "한", 0, 1, "")) == ("?", 1)
    assert spelled(UnicodeEncodeError("utf-8", "\udcff", 0, 1, "")) == ("?", 1)


def test_what_cannot_be_read_is_not_spelled() -> None:
    error = UnicodeDecodeError("ascii", b"\xff", 0, 1, "")
    with pytest.raises(UnicodeDecodeError):
        spelled(error)
