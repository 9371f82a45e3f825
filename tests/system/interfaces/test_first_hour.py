"""The first hour: a configuration made by asking, and a shell that completes; a real terminal."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config.config_file import load, new_config_text
from app.config.wizard import LIVE, PAPER, run_wizard, text_of
from i18n import LANGUAGES
from interfaces.cli import MODULES
from interfaces.commands.completion import SHELLS, script
from tests.support.cli_runner import around, at_a_terminal, command, run

ENTER = "\n"
PLAIN = {"JANGBU__STAKE_AMOUNT": ""}


def answered(*answers: str, language: str = "en") -> tuple[str, str, list[str]]:
    """The configuration that these answers make, the way chosen, and what was said."""
    said: list[str] = []
    left: Iterator[str] = iter(answers)

    def ask(question: str, usual: str) -> str:
        said.append(question)
        return next(left, "") or usual

    text, way = run_wizard(language, ask, said.append)
    return text, way, said


def test_enter_to_every_question_makes_what_the_defaults_say_on_live_prices(tmp_path: Path) -> None:
    text, way, _ = answered()
    assert way == "2"
    assert json.loads(text) == json.loads(new_config_text()) | {"feed": "upbit"}


def test_the_built_in_market_with_every_default_is_the_plain_file() -> None:
    assert answered("1")[0] == new_config_text()


def test_a_first_live_start_begins_small(tmp_path: Path) -> None:
    text, way, _ = answered("3")
    path = tmp_path / "c.json"
    path.write_text(text)
    config = load(path, {}).config
    assert (way, config.dry_run, config.lives) == ("3", False, True)
    assert config.stake_amount <= (config.exchange.max_order_krw or 0)
    assert (config.exchange.max_daily_krw or 0) <= config.capital
    assert config.capital * 2 <= load(None, {"JANGBU__DRY_RUN": "false"}).config.capital


def test_what_cannot_be_used_is_asked_again_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    bad = ("KRW", "btc, 비트코인 ", "x" * 100)
    text, _, said = answered("9", "1", *bad, "btc, 이더리움", "0", "1e400", "NaN", "₩2,000,000")
    made = json.loads(text)
    assert made["pair_whitelist"] == ["KRW-BTC", "KRW-ETH"]
    assert made["dry_run_wallet"] == 2000000
    assert said.count("dry_run_wallet") == 4


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize(("way", "paths"), [("1", PAPER), ("3", LIVE)])
def test_every_question_names_its_key_and_explains_it(
    language: str, way: str, paths: tuple[str, ...]
) -> None:
    _, _, said = answered(way, language=language)
    for path in paths:
        (line,) = [one for one in said if one.startswith(f"{path}: ")]
        assert len(line) > len(path) + 3


@pytest.mark.parametrize("answer", ["2000000", "1000", "btc, 2000000"])
def test_a_figure_is_no_coin(answer: str) -> None:
    text, _, said = answered("1", answer, "btc")
    assert json.loads(text)["pair_whitelist"] == ["KRW-BTC"]
    assert said.count("pair_whitelist") == 2
    assert any(answer in line and "cannot be used" in line for line in said)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("way", ["1", "3"])
def test_the_questions_are_in_plain_words_of_one_language(language: str, way: str) -> None:
    _, _, said = answered(way, "2000000", "1", "abc", language=language)
    keys = {*PAPER, *LIVE}
    for line in said:
        assert not any(sign in line for sign in ("[text", "...]", "null", ">=", "<=", " | "))
        if language == "ko" and line and line not in keys:
            assert any("가" <= letter <= "힣" for letter in line), line


def test_coins_may_be_chosen_by_number_and_are_repeated_by_name() -> None:
    text, _, said = answered("1", "2")
    assert json.loads(text)["pair_whitelist"] == ["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-DOGE"]
    assert "  = Bitcoin(KRW-BTC), Ethereum(KRW-ETH), XRP(KRW-XRP), Dogecoin(KRW-DOGE)" in said
    _, _, said = answered("1", "btc, btcc")
    assert any("KRW-BTCC (not known here" in line for line in said)


def test_a_coin_that_looks_like_another_is_asked_about_and_kept_where_it_is_meant() -> None:
    text, _, said = answered("1", "KRW-DOEG", "doge")
    assert json.loads(text)["pair_whitelist"] == ["KRW-DOGE"]
    assert any("Did you mean KRW-DOGE?" in line and "keeps KRW-DOEG" in line for line in said)
    text, _, said = answered("1", "btc, KRW-DOEG", "btc, doeg")
    assert json.loads(text)["pair_whitelist"] == ["KRW-BTC", "KRW-DOEG"]
    assert sum("Did you mean" in line for line in said) == 1
    text, _, said = answered("1", "zzzq")
    assert json.loads(text)["pair_whitelist"] == ["KRW-ZZZQ"], "it looks like none that is known"


def test_a_cap_that_forbids_every_entry_is_asked_for_again(tmp_path: Path) -> None:
    text, _, said = answered("3", "", "", "", "4000", "7000")
    assert json.loads(text)["exchange"]["max_order_krw"] == 7000
    assert any("4000 cannot be used here" in line and "from 5,413" in line for line in said)
    text, _, _ = answered("3", "", "", "", "7000", "", "", "-0.5", "13000")
    made = json.loads(text)
    assert (made["stoploss"], made["exchange"]["max_order_krw"]) == (-0.5, 13000)
    path = tmp_path / "c.json"
    path.write_text(text)
    load(path, {})


def test_a_loss_may_be_a_share_and_a_cap_may_be_none() -> None:
    text, _, _ = answered("3", "", "", "", "none", "없음", "", "7%")
    made = json.loads(text)
    assert made["stoploss"] == -0.07
    assert (made["exchange"]["max_order_krw"], made["exchange"]["max_daily_krw"]) == (None, None)


def test_the_language_that_was_chosen_stays_in_the_file(tmp_path: Path) -> None:
    more = PLAIN | {"JANGBU__LANGUAGE": "ko"}
    code, shown = at_a_terminal("new-config", typed="2" + ENTER * 6, cwd=tmp_path, **more)
    assert code == 0, shown
    assert "어떤 코인을 거래할까요?" in shown
    assert json.loads((tmp_path / "config.json").read_text())["language"] == "ko"


@settings(max_examples=40)
@given(st.lists(st.text(max_size=12), max_size=12))
def test_whatever_is_answered_the_file_is_one_that_can_be_used(
    tmp_path_factory: pytest.TempPathFactory, answers: list[str]
) -> None:
    path = tmp_path_factory.mktemp("made") / "c.json"
    path.write_text(answered(*answers)[0])
    load(path, {})


def test_nothing_given_is_the_plain_file_and_sections_are_kept() -> None:
    assert text_of({}) == new_config_text()
    made = json.loads(text_of({"exchange.max_order_krw": 7000}))
    assert made["exchange"]["max_order_krw"] == 7000
    assert made["exchange"]["name"] == "upbit"


def test_at_a_terminal_it_asks_and_writes_config_json(tmp_path: Path) -> None:
    code, shown = at_a_terminal("new-config", typed="2" + ENTER * 6, cwd=tmp_path, **PLAIN)
    assert code == 0, shown
    made = json.loads((tmp_path / "config.json").read_text())
    assert made["feed"] == "upbit"
    assert "run.py --config config.json" in shown, "the next command is named"
    code, shown = at_a_terminal("new-config", typed=ENTER * 7, cwd=tmp_path, **PLAIN)
    assert code == 2
    assert "config.json" in shown


def test_plain_asks_nothing_at_a_terminal_either(tmp_path: Path) -> None:
    code, shown = at_a_terminal("new-config", "--plain", "c.json", typed="", cwd=tmp_path)
    assert code == 0, shown
    assert (tmp_path / "c.json").read_text() == new_config_text()


def test_to_leave_in_the_middle_writes_nothing(tmp_path: Path) -> None:
    code, _ = at_a_terminal("new-config", "c.json", typed="1\n\x04", cwd=tmp_path)
    assert code == 130
    assert not (tmp_path / "c.json").exists()


# --- completion
def completed(shell_words: str, place: int, cwd: Path) -> list[str]:
    """What bash offers for the word at this place of a command line."""
    lines = [
        f'eval "$({" ".join(command("completion", "bash"))})"',
        f"COMP_WORDS=({shell_words}); COMP_CWORD={place}",
        '_jangbu_completion jangbu; printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    done = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)],
        cwd=cwd,
        env=around(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_bash_completes_verbs_options_and_their_values(tmp_path: Path) -> None:
    assert completed("jangbu ''", 1, tmp_path) == sorted(MODULES)
    assert completed("jangbu back", 1, tmp_path) == ["backtesting", "backup"]
    assert completed("jangbu report --met", 2, tmp_path) == ["--method"]
    assert completed("jangbu report --method f", 3, tmp_path) == ["fifo"]


def test_the_script_makes_the_command_that_it_completes(tmp_path: Path) -> None:
    line = f'eval "$({" ".join(command("completion", "bash"))})"; jangbu show-config --json'
    done = subprocess.run(
        ["bash", "--norc", "-c", line], cwd=tmp_path, env=around(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["settings"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_calls_this_interpreter_and_is_taken_by_its_shell_where_that_is_here(
    shell: str, tmp_path: Path
) -> None:
    path = tmp_path / "completion"
    path.write_text(script(shell))
    assert "run.py" in path.read_text().split(f"{shell}_complete", 1)[1].splitlines()[0]
    if program := shutil.which(shell):
        assert subprocess.run([program, "-n", str(path)], check=False).returncode == 0


SHOW = ["show-config", "show-orders", "show-trades"]
ZSH = """
autoload -Uz compinit; compinit -u -d {dump}
source {script}
words=(jangbu show-) CURRENT=2
_describe() {{ print -l -- "${{(@P)3}}" }}
_jangbu_completion
"""


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_completes_a_verb(tmp_path: Path) -> None:
    (tmp_path / "c.fish").write_text(script("fish"))
    asked = 'source c.fish; complete -C "jangbu show-"'
    words = ["fish", "--no-config", "-c", asked]
    done = subprocess.run(words, cwd=tmp_path, env=around(), capture_output=True, text=True)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == SHOW


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_completes_a_verb(tmp_path: Path) -> None:
    (tmp_path / "c.zsh").write_text(script("zsh"))
    text = ZSH.format(dump=tmp_path / "dump", script=tmp_path / "c.zsh")
    words = ["zsh", "--no-rcs", "-c", text]
    done = subprocess.run(words, cwd=tmp_path, env=around(), capture_output=True, text=True)
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == SHOW, done.stderr


def test_another_shell_is_bad_input(tmp_path: Path) -> None:
    assert run("completion", "cmd.exe", cwd=tmp_path).returncode == 2
