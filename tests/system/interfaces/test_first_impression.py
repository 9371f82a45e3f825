"""What a stranger sees of ``make run``: the console at real pseudo-terminals, and in a pipe."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from i18n import say
from i18n.styles import OutputStyle, has_colours
from tests.support.cli_runner import SECONDS, command
from tests.support.terminals import Screen, Terminal
from tests.tools.screens import (
    WIDTHS,
    WORDS,
    asked,
    at_terminal,
    environment,
    file_of,
    played,
    settled,
    standing,
    transcript,
    whole,
)

CODE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")
GREEN, RED, BLUE = "32", "31", "94"
Told = dict[str, Any]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], tuple[Screen, Path]]:
    """Whole runs, each made once: by language and columns, its screen and its folder."""
    made: dict[tuple[str, int], tuple[Screen, Path]] = {}

    def run(language: str, columns: int) -> tuple[Screen, Path]:
        if (language, columns) not in made:
            folder = tmp_path_factory.mktemp("run")
            made[language, columns] = whole(folder, language, columns), folder
        return made[language, columns]

    return run


@pytest.fixture
def at_console(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """The bot at a terminal, played to its end; it is ended with the test."""
    open_ones: list[Terminal] = []

    def play(language: str, columns: int = 80, **more: str) -> Terminal:
        open_ones.append(played(tmp_path, language, columns, **more))
        return open_ones[-1]

    yield play
    for terminal in open_ones:
        terminal.close()


def piped(folder: Path, *words: object, **more: str) -> str:
    """What a run prints into a pipe."""
    done = subprocess.run(
        command("--state-dir", "s", *words),
        cwd=folder,
        env=environment("en", **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    return done.stdout.decode()


def logged(folder: Path) -> list[Told]:
    """The notices of the log file."""
    lines = (folder / "state" / "paper" / "logs" / "jangbu.log").read_text().splitlines()
    return [entry for entry in map(json.loads, lines) if entry.get("logger") == "notice"]


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("language", WORDS)
def test_a_run_shows_what_a_person_has_looked_at(
    seen: Callable[[str, int], tuple[Screen, Path]], language: str, columns: int
) -> None:
    screen, _ = seen(language, columns)
    looked_at = file_of(language, columns).read_text()
    assert transcript(screen) == looked_at, (
        "run `python -m tests.tools.screens`, look at the difference"
    )
    assert not screen.torn


def test_an_outcome_is_one_line_and_the_log_keeps_every_notice(
    seen: Callable[[str, int], tuple[Screen, Path]],
) -> None:
    screen, folder = seen("en", 120)
    shown = Counter(word for line in screen.lines() for word in line.split()[1:2])
    kept = Counter(entry["event"] for entry in logged(folder))
    assert shown["bought"] == kept["entry_filled"] > 10
    assert shown["sold"] == kept["exit_filled"] > 10
    assert shown["reduced"] == kept["exit_part_filled"] > 3
    assert kept["entry_signal"] == kept["entry_filled"]
    assert kept["exit_signal"] == kept["exit_filled"] + kept["exit_part_filled"]
    text = screen.text()
    assert not re.search(r"entry signal|selling|no signals|still open", text)
    assert kept["summary_quiet"] > 10


def test_what_a_day_came_to_stands_above_the_next_one_as_its_lines_add_up(
    seen: Callable[[str, int], tuple[Screen, Path]],
) -> None:
    text = seen("en", 120)[0].text()
    day = text.partition("2026-01-06\n")[2]
    total, _, lines = day.partition("2026-01-07\n")[0].partition("\n")
    assert total.startswith("since 2026-01-05: signals 11, bought 4, sold 1, +₩846")
    after = day.partition("2026-01-07\n")[2].partition("\n")[0]
    exits = re.findall(r" (?:sold|reduced) .*?([+-])₩([\d,]+) \(", lines)
    profit = sum(int(f"{sign}{amount.replace(',', '')}") for sign, amount in exits)
    assert f"sold {len(exits)}, -₩{-profit:,}," in after


def test_the_bar_shows_equity_and_how_far_each_stop_is(
    at_console: Callable[..., Terminal], tmp_path: Path
) -> None:
    terminal = at_console("en", 120)
    state = ("--state-dir", str(tmp_path / "state" / "paper"), "--json")
    ask = partial(subprocess.run, cwd=tmp_path, env=environment("en"), capture_output=True)
    trades = json.loads(ask(command("status", *state)).stdout)["trades"]
    cash = Decimal(json.loads(ask(command("console", "-c", "balance", *state)).stdout)["cash"])
    assert len(trades) == 3
    worth = sum(Decimal(t["amount"]) * Decimal(t["current_rate"]) for t in trades)
    bar = "  ".join(terminal.screen.bottom(2))
    assert f"equity ₩{cash + worth:,.0f}" in bar
    assert "PAPER  replay 2026-01-12 09:00" in bar
    assert "open 3/3" in bar
    far = []
    for trade in trades:
        now, stop = float(trade["current_rate"]), float(trade["stop_rate"])
        gain = float(trade["profit_ratio"]) * 100
        name = trade["pair"].removeprefix("KRW-")
        far.append((f"{name} {gain:+.2f}% stop {(stop / now - 1) * 100:+.2f}%", stop / now))
    nearest = [text for text, _ in sorted(far, key=lambda one: -one[1])]
    places = [bar.index(text) for text in nearest]
    assert places == sorted(places), "the one nearest to its stop comes first"


def test_the_bar_stays_below_the_prompt_and_leaves_no_trace_in_what_scrolls(
    seen: Callable[[str, int], tuple[Screen, Path]],
) -> None:
    for columns in WIDTHS:
        text = seen("en", columns)[0].text()
        assert "PAPER  replay" not in text, "it is gone with the prompt"
        assert "-" * columns not in text
        typed = [line for line in text.splitlines() if line.startswith("jangbu>")]
        lines = [line.removeprefix("jangbu>").strip() for line in typed]
        assert list(filter(None, lines)) == ["status", "profit", "shutdown"]


def test_the_bar_says_when_trading_is_stopped(at_console: Callable[..., Terminal]) -> None:
    terminal = at_console("en", 120)
    asked(terminal, "stopentry", "no new entries")
    stopped = "+1.29%  no new entries; exits go on"
    terminal.shows(stopped)
    assert terminal.screen.style_of(stopped.partition("  ")[2]).split(";")[-1] == "33"


@pytest.mark.parametrize(("language", "gain", "loss"), [("en", GREEN, RED), ("ko", RED, BLUE)])
def test_gains_and_losses_have_the_colours_of_their_country(
    seen: Callable[[str, int], tuple[Screen, Path]], language: str, gain: str, loss: str
) -> None:
    screen, _ = seen(language, 80)
    for won, lost in (("+₩846", "-₩3,817"), ("+3.26%", "-3.26%"), ("+₩23,860", "-₩33,389")):
        if won in screen.text():
            assert screen.style_of(won).split(";")[-1] == gain
        assert screen.style_of(lost).split(";")[-1] == loss
    assert screen.style_of(say("title_summary", language)).split(";") == ["1"]


@pytest.mark.parametrize("columns", WIDTHS)
def test_columns_stand_below_each_other_in_korean_too(
    seen: Callable[[str, int], tuple[Screen, Path]], columns: int
) -> None:
    lines = seen("ko", columns)[0].lines()
    starts = set()
    for line in lines:
        if found := re.match(r"\d\d:\d\d:\d\d +(?:매수|분할매도|보류) +(\S+) +", line):
            starts.add(cell_len(line[: found.start(1)]))
            starts.add(cell_len(found.group()))
    assert len(starts) == 2, starts


def test_forty_columns_break_no_word_out_of_the_frame(at_console: Callable[..., Terminal]) -> None:
    terminal = at_console("en", 40)
    for line, answer in (
        ("help", "shutdown ends"),
        ("status", "Open trades"),
        ("trades 3", "Closed"),
    ):
        terminal.type(f"{line}\r")
        terminal.shows(answer)
    screen = terminal.until(lambda screen: standing(screen, "en"))
    assert not screen.torn
    text = screen.text()
    for words in (
        "  pairs   KRW-BTC, KRW-DOGE, KRW-ETH,\n          KRW-SHIB, KRW-XRP\n",
        "15:45:00    bought DOGE\n  ₩317 for ₩100,000",
        "forceenter PAIR",
    ):
        assert words in text
    assert max(map(cell_len, screen.lines())) <= 40
    assert "equity ₩1,012,868" in "\n".join(screen.bottom(5))


def test_no_color_leaves_no_colour_on_the_console(at_console: Callable[..., Terminal]) -> None:
    terminal = at_console("en", NO_COLOR="1")
    asked(terminal, "status", "Open trades")
    styles = {codes for codes, kind in CODE.findall(terminal.raw.decode()) if kind == "m"}
    assert styles <= {"", "0"}
    assert "+₩4,234" in terminal.screen.text()


@pytest.mark.parametrize("around", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_headless_run_writes_no_code_where_no_colour_is_wanted(
    tmp_path: Path, around: dict[str, str]
) -> None:
    terminal = at_terminal(tmp_path, "en", "--headless", "--speed", "max", **around)
    try:
        assert terminal.end() == 0
    finally:
        terminal.close()
    assert b"\x1b" not in terminal.raw
    assert "15:45:00    bought   DOGE   ₩317 for ₩100,000" in terminal.screen.text()


def test_a_dumb_terminal_gets_a_console_without_a_code(tmp_path: Path) -> None:
    terminal = at_terminal(tmp_path, "en", "--speed", "max", TERM="dumb")
    try:
        terminal.shows("state aside and begins again")
        terminal.type("status\r")
        terminal.shows("Ethereum(KRW-ETH)")
    finally:
        terminal.close()
    assert b"\x1b" not in terminal.raw


def test_a_pipe_gets_every_notice_on_a_whole_line_in_the_order_of_time(tmp_path: Path) -> None:
    text = piped(tmp_path, "--headless", "--speed", "max")
    assert "\x1b" not in text
    dated = [line for line in text.splitlines() if re.match(r"20\d\d-\d\d-\d\d ", line)]
    assert "2026-01-05 15:44:00    Dogecoin(KRW-DOGE): entry signal at ₩316" in "\n".join(dated)
    assert not [line for line in dated if "no signals" in line and " 0 exits" in line]
    moments = [line[:19] for line in dated]
    assert moments == sorted(moments)
    summaries = [line for line in dated if " Since " in line]
    assert len(summaries) > 20
    assert {line[14:19] for line in summaries} == {"00:00"}


def test_questions_at_a_shell_have_colours_at_a_terminal_alone(tmp_path: Path) -> None:
    piped(tmp_path, "--headless", "--speed", "max")
    for columns, coloured in ((100, True), (0, False)):
        words = ("profit", "--state-dir", "s")
        if columns:
            terminal = at_terminal(tmp_path, "ko", "console", "-c", "profit", *words[1:])
            assert terminal.end() == 0
            terminal.close()
            assert ("31" in terminal.screen.style_of("+₩7,543")) is coloured
        else:
            assert "\x1b" not in piped(tmp_path, "console", "-c", "profit")


def test_colours_are_a_matter_of_the_stream_and_its_environment() -> None:
    with Path("/dev/null").open("w") as pipe:
        assert not has_colours(pipe, {"TERM": "xterm"})
        assert has_colours(pipe, {"TERM": "xterm", "FORCE_COLOR": "1"}), "a parent has a terminal"
        assert not has_colours(pipe, {"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"})
        assert not has_colours(pipe, {"TERM": "dumb", "FORCE_COLOR": "1"})
        assert not OutputStyle.of(pipe, "en", {}).terminal


def test_lines_of_one_pair_keep_their_order_within_a_minute() -> None:
    lines = ["07:30:00    sold     ETH    x", "07:30:00    sold     BTC    y"]
    lines += ["07:30:00    skipped  BTC    z", "            and more", "status"]
    assert settled(lines) == [lines[1], lines[2], lines[3], lines[0], lines[4]]
