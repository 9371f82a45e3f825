"""The console: line by line, from a pipe, and at a real pseudo-terminal."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from interfaces.console.console import BAD, OK, REFUSED, Console
from messages.control import ForceExit, Kill, ShowStatus, Shutdown, StopEntry
from tests.support.fakes import FakeDesk

ROOT = Path(__file__).parents[3]
SECONDS = 120.0


def test_a_question_is_answered_at_the_desk_and_never_sent() -> None:
    desk = FakeDesk()
    spoken = Console(desk).take("status")
    assert (spoken.text, spoken.code, spoken.leave) == ("answer to status", OK, False)
    assert desk.looked == [ShowStatus()]
    assert desk.bot.asked == []


def test_a_change_is_sent_and_its_reply_shown() -> None:
    desk = FakeDesk()
    console = Console(desk)
    assert console.take("stopentry").text == "done: done"
    assert console.take("forceenter eth").code == REFUSED
    assert isinstance(desk.bot.asked[0], StopEntry)


def test_a_command_typed_twice_has_two_ids() -> None:
    desk = FakeDesk()
    console = Console(desk)
    console.take("forceexit btc")
    console.take("forceexit btc")
    first, second = desk.bot.asked
    assert isinstance(first, ForceExit)
    assert first.id != second.id
    assert len(first.id) == 32


@pytest.mark.parametrize("line", ["exit", "quit", "EXIT"])
def test_exit_and_quit_leave_the_console_and_not_the_bot(line: str) -> None:
    desk = FakeDesk()
    assert Console(desk).take(line).leave
    assert desk.bot.asked == []


def test_help_names_every_verb_in_the_readers_language_where_it_is_known() -> None:
    console = Console(FakeDesk())
    text = console.help()
    assert "forceenter PAIR [STAKE]" in text
    assert "보유 중인 거래" in text
    assert "Cash, what is reserved" in text
    assert console.take("help kill").text.startswith("kill  Stop, cancel")
    assert console.take("help nonsense").code == BAD


@pytest.mark.parametrize("line", ["nonsense", b"\xff\xfe", "x" * 5000, "why", "forceenter btc nan"])
def test_a_bad_line_is_explained_and_the_console_lives_on(line: str | bytes) -> None:
    console = Console(FakeDesk())
    assert console.take(line).code == BAD
    assert console.take("status").code == OK


def test_what_cannot_be_taken_back_is_asked_about_first() -> None:
    questions: list[str] = []

    def no(question: str) -> bool:
        questions.append(question)
        return False

    desk = FakeDesk(trades=2)
    console = Console(desk, no)
    for line in ("shutdown", "kill", "forceexit all"):
        assert console.take(line).code == REFUSED
    assert questions[0] == "KRW-BTC, KRW-ETH lose their stop. Sure?"
    assert len(questions) == 3
    assert desk.bot.asked == []
    assert console.take("forceexit btc").code == OK


def test_a_yes_lets_it_through_and_nobody_at_a_terminal_means_no_question() -> None:
    desk = FakeDesk()
    assert Console(desk, lambda _: True).take("kill").code == OK
    assert Console(desk).take("shutdown").code == OK
    assert [type(change) for change in desk.bot.asked] == [Kill, Shutdown]


def test_lines_from_a_pipe_are_taken_plainly_up_to_their_end() -> None:
    out: list[str] = []
    console = Console(FakeDesk())
    assert console.read(io.BytesIO(b"status\n\nstopentry\nbalance"), out.append) == OK
    assert out == ["answer to status", "done: done", "answer to balance"]


def test_a_megabyte_and_binary_from_a_pipe_are_one_refusal_each() -> None:
    out: list[str] = []
    console = Console(FakeDesk())
    lines = b"x" * 1_000_000 + b"\n\xff\x00\xfe\nstatus\nexit\nbalance\n"
    assert console.read(io.BytesIO(lines), out.append) == BAD
    assert len(out) == 3
    assert out[-1] == "answer to status"


class Terminal:
    """A person at a pseudo-terminal, who types and reads."""

    def __init__(self, state: Path, *how: str) -> None:
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, 80))
        log, self.log = os.pipe()
        os.set_inheritable(log, True)
        script = ("-m", "tests.system.interfaces.console_script")
        command = [sys.executable, *script, str(state), str(log), *how]
        environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env=environment,
            pass_fds=(log,),
            start_new_session=True,
        )
        os.close(slave)
        os.close(log)
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def speak(self, line: str) -> None:
        os.write(self.log, line.encode() + b"\n")

    def until(self, pattern: str) -> str:
        """Read until the pattern is on the screen; what was read since the last time."""
        while not (found := re.search(pattern, plain(self.seen))):
            ready, _, _ = select.select([self.master], [], [], SECONDS)
            assert ready, f"never saw {pattern!r} in {plain(self.seen)!r}"
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            assert data, f"ended before {pattern!r}: {plain(self.seen)!r}"
            if b"\x1b[6n" in data:
                self.type("\x1b[1;1R")  # a terminal says where its cursor is
            self.seen += data.decode("utf-8", "replace")
        text = plain(self.seen)
        self.seen = text[found.end() :]
        return text[: found.end()]

    def end(self) -> int:
        return self.process.wait(SECONDS)


def plain(text: str) -> str:
    """Without what moves the cursor or colours."""
    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>]|\][^\x07]*\x07)", "", text)


@pytest.fixture
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    one = Terminal(tmp_path, *getattr(request, "param", ()))
    yield one
    one.process.kill()
    one.process.wait()
    os.close(one.master)
    os.close(one.log)


def test_at_a_terminal_commands_are_taken_and_ctrl_d_leaves(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.until("jangbu>")
    terminal.type("status\r")
    terminal.until("answer to status")
    terminal.until("jangbu>")
    terminal.type("stopen\t")
    terminal.until("try")  # completed; a slow terminal draws the letters that were new alone
    terminal.type("\r")
    terminal.until("done: done")
    terminal.until("jangbu>")
    terminal.type("\x04")
    terminal.until(r"asked: \['StopEntry'\]")
    assert terminal.end() == 0
    history = tmp_path / "console_history"
    assert "status" in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_log_lines_never_tear_what_is_being_typed(terminal: Terminal) -> None:
    terminal.until("jangbu>")
    terminal.type("forceexit b")
    terminal.until("forceexit b")
    terminal.speak("12:00:00 a line of the log")
    terminal.until(r"12:00:00 a line of the log\r*\n")
    terminal.until("jangbu>.*forceexit b")  # drawn again below it
    terminal.type("tc\r")
    terminal.until("done: done")
    terminal.until("jangbu>")
    terminal.type("exit\r")
    terminal.until(r"asked: \['ForceExit'\]")
    assert terminal.end() == 0


def test_a_shutdown_that_nobody_was_asked_about_tells_it_too() -> None:
    assert Console(FakeDesk(trades=2)).take("shutdown").text == "done: shutting_down_trades"
    assert Console(FakeDesk(trades=0)).take("shutdown").text == "done: done"


def test_a_shutdown_warns_of_the_trades_that_lose_their_stop(terminal: Terminal) -> None:
    terminal.until("jangbu>")
    terminal.type("shutdown\r")
    terminal.until("KRW-BTC, KRW-ETH lose their stop")
    terminal.type("n\r")
    terminal.until("Not done")
    terminal.until("jangbu>")
    terminal.type("shutdown\r")
    terminal.until("KRW-BTC, KRW-ETH lose their stop")
    terminal.type("y\r")
    terminal.until("done: done")
    terminal.until("jangbu>")
    terminal.type("\x04")
    terminal.until(r"asked: \['Shutdown'\]")


def test_the_prompt_ends_when_the_bot_does(terminal: Terminal) -> None:
    terminal.until("jangbu>")
    terminal.type("stat")
    terminal.speak("end")
    terminal.until("asked:")
    assert terminal.end() == 3


def test_ctrl_c_clears_the_line_and_ends_nothing(terminal: Terminal) -> None:
    terminal.until("jangbu>")
    terminal.type("kil\x03")
    terminal.until("ctrl_c")
    terminal.until("jangbu>")
    terminal.type("status\r")
    terminal.until("answer to status")
    terminal.until("jangbu>")
    terminal.type("\x04")
    terminal.until(r"asked: \[\]")
    assert terminal.end() == 0


def test_a_second_ctrl_c_names_the_trades_and_a_no_or_a_third_leaves_the_bot_alone(
    terminal: Terminal,
) -> None:
    for answer in ("n\r", "\x03"):
        terminal.until("jangbu>")
        terminal.type("\x03\x03")
        terminal.until("KRW-BTC, KRW-ETH lose their stop")
        terminal.until(r"\[y/N\]")
        terminal.type(answer)
        terminal.until("Not done")
    terminal.until("jangbu>")
    terminal.type("\x04")
    terminal.until(r"asked: \[\]")
    assert terminal.end() == 0


def test_a_second_ctrl_c_and_a_yes_end_the_bot(terminal: Terminal) -> None:
    terminal.until("jangbu>")
    terminal.type("\x03\x03")
    terminal.until("KRW-BTC, KRW-ETH lose their stop")
    terminal.until(r"\[y/N\]")
    terminal.type("y\r")
    terminal.until("shutting_down")
    terminal.until("asked:")
    assert terminal.end() == 4


@pytest.mark.parametrize("terminal", [("attached",)], indirect=True)
def test_in_an_attached_console_a_second_ctrl_c_and_a_yes_send_the_shutdown(
    terminal: Terminal,
) -> None:
    terminal.until("jangbu>")
    terminal.type("\x03\x03")
    terminal.until("KRW-BTC, KRW-ETH lose their stop")
    terminal.until(r"\[y/N\]")
    terminal.type("y\r")
    terminal.until("done: done")
    terminal.until("jangbu>")
    terminal.type("\x04")
    terminal.until(r"asked: \['Shutdown'\]")


def test_a_ctrl_c_as_a_signal_ends_nothing_either(terminal: Terminal) -> None:
    terminal.until("jangbu>")
    terminal.process.send_signal(signal.SIGINT)
    terminal.until("ctrl_c")
    terminal.until("jangbu>")
    terminal.type("\x04")
    terminal.until(r"asked: \[\]")
    assert terminal.end() == 0


@pytest.mark.parametrize("terminal", [("live",)], indirect=True)
def test_with_real_money_a_terminal_asks_before_it_buys_sells_or_stops(terminal: Terminal) -> None:
    asked = {
        "forceenter btc 30000": "confirm_forceenter_stake",
        "forceenter btc": "confirm_forceenter",
        "forceexit btc": "confirm_forceexit",
        "kill": "confirm_kill_trades",
        "stop": "confirm_stop_trades",
    }
    for line, question in asked.items():
        terminal.until("jangbu>")
        terminal.type(f"{line}\r")
        terminal.until(rf"{question} \[y/N\]")
        terminal.type("\r")
        terminal.until("Not done")
    terminal.until("jangbu>")
    terminal.type("forceexit btc\r")
    terminal.until(r"\[y/N\]")
    terminal.type("예\r")
    terminal.until("done: done")
    terminal.until("jangbu>")
    terminal.type("\x04")
    terminal.until(r"asked: \['ForceExit'\]")


SPENDING = ("forceenter btc", "forceexit btc", "forceexit all", "kill", "stop")


@pytest.mark.parametrize("line", SPENDING)
def test_without_a_terminal_real_money_needs_yes(line: str) -> None:
    desk = FakeDesk(real_money=True)
    refused = Console(desk).take(line)
    assert refused.code == BAD
    assert "--yes" in refused.text
    assert line.split()[0] in refused.text
    assert desk.bot.asked == []
    assert Console(desk, yes=True).take(line).code == OK
    assert len(desk.bot.asked) == 1


def test_a_piped_shutdown_of_real_money_needs_yes_and_names_the_trades() -> None:
    desk = FakeDesk(trades=2, real_money=True)
    out: list[str] = []
    assert Console(desk).read(io.BytesIO(b"shutdown\n"), out.append) == BAD
    assert "--yes" in out[0]
    assert "leaves KRW-BTC, KRW-ETH without a stop" in out[0]
    assert desk.bot.asked == []
    assert Console(desk, yes=True).take("shutdown").code == OK
    assert [type(change) for change in desk.bot.asked] == [Shutdown]


@pytest.mark.parametrize("line", SPENDING)
def test_paper_money_needs_no_yes_without_a_terminal(line: str) -> None:
    assert Console(FakeDesk()).take(line).code == OK


def test_a_yes_given_beforehand_spares_every_question() -> None:
    desk = FakeDesk(trades=2, real_money=True)
    console = Console(desk, lambda _: False, yes=True)
    assert [console.take(line).code for line in SPENDING] == [OK] * len(SPENDING)
    assert console.take("shutdown").text == "done: shutting_down_trades"


def test_what_moves_no_money_is_not_asked_about_with_real_money_either() -> None:
    console = Console(FakeDesk(real_money=True), lambda _: False)
    for line in ("stopentry", "start", "reload_config", "cancel_open_order btc"):
        assert console.take(line).code == OK
