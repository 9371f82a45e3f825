"""``run.py console`` on a state of real money: asked at a terminal, ``--yes`` for what is piped."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from i18n import LANGUAGES, say
from interfaces.console.doubts import question
from messages.control import Changes, ForceExit, Kill, Shutdown, StopTrading
from tests.support import journals
from tests.support.cli_runner import SECONDS, around, command, run
from tests.support.fakes import FakeDesk


def state(folder: Path, *, live: bool = True) -> Path:
    """A folder whose state directory holds one open trade, of real money or of paper."""
    journals.state(folder, journals.life(), live=live).close()
    return folder


@pytest.mark.parametrize("line", ["forceenter btc", "forceexit btc", "kill", "stop"])
def test_one_command_on_the_line_of_a_script_is_sent(tmp_path: Path, line: str) -> None:
    sent = run("console", "--state-dir", "state", "-c", line, cwd=state(tmp_path))
    assert "no bot is running" in sent.stderr


def test_a_piped_command_is_refused_without_yes_and_the_next_line_is_taken(tmp_path: Path) -> None:
    done = subprocess.run(
        command("console", "--state-dir", "state"),
        cwd=state(tmp_path),
        env=around(LANG="ko_KR.UTF-8", LC_ALL="ko_KR.UTF-8"),
        input="forceexit 비트코인\nlocks\n",
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 2
    refusal, _, rest = done.stdout.partition("console --yes")
    assert "실제 돈" in refusal
    assert rest.splitlines()[1:]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_piped_shutdown_is_refused_without_yes(tmp_path: Path, language: str) -> None:
    done = subprocess.run(
        command("console", "--state-dir", "state"),
        cwd=state(tmp_path),
        env=around(JANGBU__LANGUAGE=language),
        input="shutdown\n",
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 2
    assert journals.BTC in done.stdout
    assert "console --yes" in done.stdout
    assert ("손절 없이" in done.stdout) == (language == "ko")


class Asked(FakeDesk):
    """The fake desk with the catalogue's own words."""

    def __init__(self, language: str) -> None:
        super().__init__(trades=2, real_money=True)
        self.language = language

    def say(self, key: str, **facts: str) -> str:
        return say(key, self.language, **facts)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("change", [Shutdown(), Kill(), StopTrading(), ForceExit("all")])
def test_every_question_names_the_open_trades_as_a_list(language: str, change: Changes) -> None:
    asked = question(change, Asked(language))
    assert asked.endswith((": KRW-BTC, KRW-ETH", "? KRW-BTC, KRW-ETH"))


def test_paper_money_is_sent_without_yes(tmp_path: Path) -> None:
    folder = state(tmp_path, live=False)
    assert "no bot" in run("console", "--state-dir", "state", "-c", "kill", cwd=folder).stderr
