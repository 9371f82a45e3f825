"""The bot as a service: what a manager is told, signals, health, the heartbeat; real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.processes.heartbeat import Heartbeat
from app.processes.sd_notify import ServiceManager
from tests.support.cli_runner import around, command, run

SECONDS = 120.0  # a guard against a hang


class Told:
    """A socket as systemd has it, and what was told there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.settimeout(SECONDS)

    def next(self) -> list[str]:
        return self._socket.recv(4096).decode().split("\n")

    def until(self, line: str) -> list[str]:
        """All lines up to the first datagram that begins with this one."""
        lines: list[str] = []
        while True:
            found = self.next()
            lines += found
            if any(one.startswith(line) for one in found):
                return lines

    def silent(self) -> bool:
        """Whether nothing more has been told."""
        self._socket.setblocking(False)
        try:
            self._socket.recv(4096)
        except BlockingIOError:
            return True
        finally:
            self._socket.settimeout(SECONDS)
        return False


class Service:
    """A bot on the built-in market, so slow that it never comes to its end, and its words."""

    def __init__(self, folder: Path, told: Told, **more: str) -> None:
        self.folder, self.told = folder, told
        words = command("--headless", "--config", "c.json", "--state-dir", "st", "--speed", "1")
        self.process = subprocess.Popen(
            words,
            cwd=folder,
            env=around(**{"NOTIFY_SOCKET": str(told.path), **more}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def reload(self, text: str) -> str:
        """Have it read this configuration; the status that the manager is told."""
        (self.folder / "c.json").write_text(text)
        self.process.send_signal(signal.SIGHUP)
        return self.told.until("STATUS=")[-1]

    def stake(self) -> Decimal:
        """The stake in force, as the journal tells."""
        from interfaces.views import Ledger
        from persistence.reader import Reader

        with Reader.open(self.folder / "st") as reader:
            ledger = Ledger()
            ledger.catch_up(reader)
        return ledger.config.stake_amount

    def health(self, *words: str) -> tuple[int, Any]:
        done = run("health", "--json", "--state-dir", "st", *words, cwd=self.folder)
        return done.returncode, json.loads(done.stdout)

    def end(self) -> tuple[str, str]:
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=SECONDS)
        return out, err


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[Service]:
    """Up, and ended whatever happens."""
    (folder / "c.json").write_text(json.dumps({"stake_amount": 100000}))
    more = {"JANGBU__STAKE_AMOUNT": "", **more}
    service = Service(folder, Told(folder), **more)
    try:
        service.told.until("READY=1")
        yield service
    finally:
        if service.process.poll() is None:
            service.process.kill()
            service.process.communicate()


def test_the_manager_is_told_of_the_start_of_signs_of_life_and_of_the_end(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        service.told.until("WATCHDOG=1")
        service.end()
        assert "READY=1" not in service.told.until("STOPPING=1")
        assert service.process.returncode == 0


def test_health_tells_a_bot_that_runs_from_one_that_hangs_and_from_none(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        code, said = service.health()
        assert (code, said["well"], said["process"]["hung"]) == (0, True, [])
        child = said["process"]["pid"]
        os.kill(child, signal.SIGSTOP)
        try:
            code, said = service.health("--alive")
            assert (code, said["process"]["answers"]) == (1, False)
            assert said["process"]["pid"] == child
            while not service.told.silent():
                pass  # what was told before it was stopped
            assert service.told.silent()
        finally:
            os.kill(child, signal.SIGCONT)
        service.told.until("WATCHDOG=1")
        assert service.health("--alive")[0] == 0
        service.end()
    code, said = service.health()
    assert (code, said["well"], said["process"]["pid"]) == (1, False, 0)


def test_health_where_nothing_was_ever_traded_is_bad_input(tmp_path: Path) -> None:
    assert run("health", "--state-dir", "none", cwd=tmp_path).returncode == 2


def test_sighup_adopts_a_good_configuration_and_keeps_the_old_one_otherwise(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        assert service.stake() == 100000
        said = {service.reload(json.dumps({"stake_amount": 70000}))}
        assert service.stake() == 70000
        broken = ('{"stake_amount": 6', '{"stake_amount": -5}', '{"stake_amunt": 60000}')
        for text in (*broken, json.dumps({"stake_amount": 60000, "dry_run_wallet": 5})):
            said.add(service.reload(text))
            assert service.stake() == 70000, text
        assert len(said) == 5, "each is told in words of its own"
        service.reload(json.dumps({"stake_amount": 80000}))
        assert service.stake() == 80000
        out, err = service.end()
        assert "stake_amunt" in out + err


class Called(BaseHTTPRequestHandler):
    """Notes who calls."""

    calls: list[str] = []
    came = threading.Event()

    def do_GET(self) -> None:
        self.calls.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.came.set()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def test_a_bot_that_lives_calls_the_address_of_its_heartbeat(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Called)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/ping/secret-part"
    try:
        with serving(tmp_path, JANGBU__HEARTBEAT_URL=url) as service:
            assert Called.came.wait(SECONDS)
            out, err = service.end()
    finally:
        server.shutdown()
        server.server_close()
    assert set(Called.calls) == {"/ping/secret-part"}
    assert "secret-part" not in out + err


def test_a_dead_address_is_told_once_without_its_secret_and_changes_nothing(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/secret-part"
        with serving(tmp_path, JANGBU__HEARTBEAT_URL=url) as service:
            line = service.process.stderr.readline()  # type: ignore[union-attr]
            assert "ConnectionError" in line
            service.told.until("WATCHDOG=1")
            assert service.health()[0] == 0
            out, err = service.end()
    assert service.process.returncode == 0
    assert "secret-part" not in line + out + err


@pytest.mark.parametrize("url", ["ftp://a", "health.example", "http://", "https://a b"])
def test_an_address_that_cannot_be_called_is_refused_and_not_shown(
    tmp_path: Path, url: str
) -> None:
    done = run("show-config", cwd=tmp_path, JANGBU__HEARTBEAT_URL=url)
    assert done.returncode == 2
    assert "JANGBU__HEARTBEAT_URL" in done.stderr
    assert url not in done.stderr


def test_a_heartbeat_is_heard_as_often_as_there_is_life_and_failures_are_told_once_in_a_row() -> (
    None
):
    outcomes = iter([None, OSError("gone"), OSError("gone"), None, ValueError("odd")])
    called: list[str] = []
    turn = threading.Semaphore(0)
    complaints: list[str] = []

    def call(url: str) -> None:
        called.append(url)
        outcome = next(outcomes)
        turn.release()
        if outcome:
            raise outcome

    heart = Heartbeat("http://x", complaints.append, every=0.0, call=call)
    for count in range(1, 6):
        heart.alive()
        assert turn.acquire(timeout=SECONDS)
        assert len(called) == count
    heart.stop()
    heart.join()
    assert complaints == ["OSError", "ValueError"]
    assert called == ["http://x"] * 5


def test_without_an_address_nobody_is_called() -> None:
    called: list[str] = []
    heart = Heartbeat(None, called.append, every=0.0, call=called.append)
    heart.alive()
    heart.stop()
    heart.join()
    assert called == []


@pytest.mark.parametrize("abstract", [False, True])
def test_the_manager_hears_lines_at_a_path_and_at_an_abstract_name(
    tmp_path: Path, abstract: bool
) -> None:
    name = f"@jangbu-{os.getpid()}" if abstract else str(tmp_path / "n")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(f"\0{name[1:]}" if abstract else name)
        link.settimeout(SECONDS)
        environ = {"NOTIFY_SOCKET": name}
        manager = ServiceManager(environ)
        assert environ == {}, "no child may speak for us"
        manager.ready()
        manager.status("a\n" + "가" * 100)
        assert link.recv(4096) == b"READY=1"
        status = link.recv(4096).decode()
    assert status.startswith("STATUS=a 가")
    assert "\n" not in status


def test_a_manager_that_is_not_there_or_has_gone_holds_nobody_up(tmp_path: Path) -> None:
    ServiceManager({}).ready()
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()
