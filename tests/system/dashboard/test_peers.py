"""Who connects and says nothing takes nobody's place: the owner's browser is answered."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from interfaces.dashboard.peers import ASKING_SECONDS, WAITING_MAX
from messages.config import Config
from tests.support.at_stake import staked
from tests.support.dashboard_process import Dashboard

MANY = 130
PATIENCE = 60.0  # s, against a hang


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    folder = tmp_path_factory.mktemp("idle")
    found = Dashboard(staked(folder / "state", Config(), ["KRW-ETH"]), cwd=folder)
    yield found
    found.kill()


def connected(port: int, said: bytes = b"") -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port), PATIENCE)
    link.sendall(said)
    return link


def is_over(link: socket.socket) -> bool:
    """Whether the server has hung up; waits for it for a while."""
    try:
        return link.recv(4096) in (b"",) or is_over(link)
    except (ConnectionResetError, BrokenPipeError):
        return True


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: 127.0", b"POST / HTTP/1.1\r\n"])
def test_idle_connections_do_not_keep_the_pages_and_the_metrics_from_anybody(
    dashboard: Dashboard, said: bytes
) -> None:
    idle = [connected(dashboard.port, said) for _ in range(MANY)]
    for _ in range(3):
        page = requests.get(f"{dashboard.base}/", headers=dashboard.bearer, timeout=PATIENCE)
        metrics = requests.get(f"{dashboard.base}/metrics", timeout=PATIENCE)
        assert (page.status_code, metrics.status_code) == (200, 200)
    assert all(is_over(link) for link in idle[: MANY - WAITING_MAX - 10]), "the oldest gave way"
    for link in idle:
        link.close()


def test_a_request_that_does_not_come_whole_ends_after_a_while(dashboard: Dashboard) -> None:
    """Its body included: a form that says it is longer than it ever gets."""
    host = f"127.0.0.1:{dashboard.port}"
    body = f"POST /x HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\nabc".encode()
    for said in (b"", b"GET / HTTP/1.1\r\nHost: x", body):
        link = connected(dashboard.port, said)
        link.settimeout(ASKING_SECONDS * 3)
        assert is_over(link)
        link.close()


def test_a_sandbox_and_a_dashboard_on_a_taken_port_say_so_in_one_sentence(tmp_path: Path) -> None:
    from tests.support.cli_runner import run

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        state = staked(tmp_path / "state", Config())
        sandbox = run("sandbox", "--port", port, "--state-dir", "venue", cwd=tmp_path)
        pages = run("dashboard", "--port", port, "--state-dir", state, cwd=tmp_path)
    for done in (sandbox, pages):
        assert done.returncode == 2
        assert f"port {port} cannot be used" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "venue").exists()
