"""A real bot and a Telegram of our own: notices come, commands are answered, through kills too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.outbox import Outbox, OutboxState
from app.notifications.format import line
from core.notices.kinds import wanted
from core.notices.summary import heard
from core.orders.end_reason import EndReason, of_event
from i18n import say
from interfaces.console.session import StateSession
from messages.control import ShowHealth
from messages.notification_config import Notify
from messages.notification_delivery import LetterEnded, Notice
from persistence.reader import Reader
from sandbox.telegram.chat import PERSON
from sandbox.telegram.server import TOKEN, Fault, TelegramServer
from tests.support.cli_runner import SECONDS, around, command, said

HIDDEN = "CanaryTelegramToken_x7Zr2Lm9Tn4Wb6Kd8"


class Run:
    """``run.py trade`` with a chat; killed whole, and started again on the same state."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "state"
        self.server = TelegramServer(f"4242:{HIDDEN}")
        self.chat = self.server.chat
        self.environ = {
            "TELEGRAM_TOKEN": f"4242:{HIDDEN}",
            "TELEGRAM_CHAT_ID": str(PERSON),
            "JANGBU__TELEGRAM__API_URL": self.server.start(),
            "JANGBU__NOTIFY__GATHER_SECONDS": "0.2",
        }
        self.said = ""

    def start(self, speed: int = 3000) -> None:
        words = ("trade", "--headless", "--speed", speed, "--state-dir", self.state)
        self.process = subprocess.Popen(
            command(*words),
            cwd=self.folder,
            env=around(**self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.said += self.process.communicate()[0]

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=SECONDS)[0]
        assert self.process.returncode == 0, self.said

    def more(self, count: int = 1) -> None:
        """Until so many more messages have come."""
        wanted = len(self.chat.sent) + count
        assert self.chat.wait(lambda: len(self.chat.sent) >= wanted, SECONDS)

    def answered(self, text: str, *words: str) -> bool:
        """Whether an answer to this comes that holds all of these words."""
        before = len(self.chat.sent)
        self.chat.say(text)
        return self.chat.wait(
            lambda: any(all(w in t for w in words) for t in self.chat.texts()[before:]), SECONDS
        )


@pytest.fixture
def trading(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    if run.process.poll() is None:
        run.kill()
    run.server.stop()


def outbox(reader: Reader) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Lines: all that it has taken in for good, those that wait, those that perhaps arrived."""
    state, doubtful = OutboxState(), Counter[str]()
    record = reader.load("outbox", OutboxState)
    assert record
    due = Counter[str]()
    for letter in reader.events():
        event = letter.body
        if letter.source == "outbox":
            if isinstance(event, LetterEnded) and event.outcome == "unsure":
                doubtful += lines_of(state.lanes[0].letter)
            state = Outbox.evolve(state, event)
        elif isinstance(event, Outbox.accepts):
            why = of_event(event, lambda key: reader.kept("gateway", key))
            notice, _ = heard(event, letter.at, why or EndReason())
            taken = letter.number <= record.cursors.get(letter.source, 0)
            if notice and taken and wanted(notice, Notify()):
                due[line(notice, "en")] += 1
    (lane,) = record.state.lanes
    return due, lines_of((*lane.queue, *lane.letter)), doubtful


def lines_of(notices: tuple[Notice, ...]) -> Counter[str]:
    return Counter(line(notice, "en") for notice in notices)


def test_notices_arrive_commands_are_answered_and_a_kill_sends_nothing_twice(trading: Run) -> None:
    for _ in range(3):
        trading.start()
        trading.more()
        assert trading.answered("/status", "KRW-")
        trading.more()
        trading.kill()  # right behind a message that has arrived: its end is not written yet
    trading.start()
    trading.more()
    assert trading.answered("/balance", "₩")
    assert trading.answered("/stop", "stop")
    trading.end()
    said_lines = Counter(one for text in trading.chat.texts() for one in text.split("\n"))
    with Reader.open(trading.state) as reader:
        due, waiting, doubtful = outbox(reader)
    came = Counter({one: said_lines[one] for one in due})
    assert set(due.values()) == {1}
    assert [one for one, count in came.items() if count > 1] == []
    assert [one for one in due if not came[one] + waiting[one] + doubtful[one]] == []
    assert sum(came.values()) > 10
    assert said("verify", "--state-dir", trading.state, cwd=trading.folder) == []
    health = json.loads(StateSession(trading.state, "en", json=True).look(ShowHealth()))
    (lane,) = health["messengers"]
    assert (lane["name"], lane["waiting"]) == ("telegram", sum(waiting.values()))
    assert 0 < lane["sent"] <= len(trading.chat.sent)


def test_the_token_is_nowhere_but_in_the_address_of_the_call(trading: Run) -> None:
    trading.server.faults.append(Fault("reset", times=2))
    trading.server.faults.append(Fault("error", "getUpdates", times=2))
    trading.start()
    trading.more(2)
    running = b"".join(
        path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()
    )
    trading.end()
    written = [path for path in trading.state.rglob("*") if path.is_file()]
    assert any("logs" in path.parts for path in written)
    for path in written:
        assert HIDDEN.encode() not in path.read_bytes(), path
    assert HIDDEN not in trading.said
    assert HIDDEN.encode() not in running


def test_a_dead_telegram_stops_nothing(trading: Run) -> None:
    trading.environ["JANGBU__TELEGRAM__API_URL"] = "http://127.0.0.1:9"
    trading.start()
    assert trading.process.stdout
    sold = 0
    while sold < 6:
        read = trading.process.stdout.readline()
        assert read, "it has ended"
        sold += " sold " in read
    trading.end()
    with Reader.open(trading.state) as reader:
        record = reader.load("outbox", OutboxState)
    assert record
    assert record.state.lanes[0].attempt > 0
    assert record.state.lanes[0].sent == 0


def test_a_bot_that_fell_is_told_of_by_its_parent(trading: Run) -> None:
    trading.start()
    trading.more()
    threads = Path(f"/proc/{trading.process.pid}/task").iterdir()
    (child,) = [pid for thread in threads for pid in (thread / "children").read_text().split()]
    os.kill(int(child), signal.SIGKILL)
    fell = say("tg_bot_fell", "en", code="-9", count="1", most="5")
    assert trading.chat.wait(lambda: fell in trading.chat.texts(), SECONDS)
    assert trading.answered("/status", "KRW-")
    trading.more()
    trading.end()


def test_half_a_secret_is_bad_input(tmp_path: Path) -> None:
    done = subprocess.run(
        command("trade", "--headless", "--state-dir", tmp_path / "state"),
        cwd=tmp_path,
        env=around(TELEGRAM_TOKEN=TOKEN),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 2
    assert "TELEGRAM_CHAT_ID" in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    assert not (tmp_path / "state").exists()
