"""A state directory with a past, somebody who answers at its socket, and a dashboard of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.control.place import socket_path
from app.control.server import ControlServer
from messages.orders import OrderRefused
from tests.support.dashboard_process import Dashboard
from tests.support.fakes import FakeBot
from tests.support.journals import BTC, ETH, candles, closing, life, state

SECRET = "s3cret-that-nobody-must-see"
MARKUP = "<script>alert('venue')</script>"


def past(folder: Path) -> Path:
    """One trade's life, and a refusal in which a venue speaks HTML."""
    strange = OrderRefused("x", "x", ETH, "bid", "under_min_total_bid", MARKUP)
    with state(folder, [*life(), closing(), strange]) as store:
        store.archive([(BTC, candle) for candle in candles()], store.count())
        logs = store.path / "logs"
        logs.mkdir(mode=0o700)
        (logs / "jangbu.log").write_text(f'{{"event": "signed", "secret_key": "{SECRET}"}}\n')
        return store.path


class Place:
    """A dashboard, the state directory below, and the bot behind."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.state = past(folder)
        self.bot = FakeBot()
        self.server = ControlServer(socket_path(self.state), self.bot.ask, self.bot.preview)
        keys = {"UPBIT_ACCESS_KEY": SECRET, "UPBIT_SECRET_KEY": SECRET, "TELEGRAM_TOKEN": SECRET}
        self.dashboard = Dashboard(self.state, *words, cwd=folder, **keys)
        self.base, self.token = self.dashboard.base, self.dashboard.token
        self.bearer = {"Authorization": f"Bearer {self.token}"}

    def end(self) -> None:
        """All of it."""
        self.dashboard.kill()
        self.server.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("d"), "--allow-changes")
    yield made
    made.end()


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The same, only to look at."""
    made = Place(tmp_path_factory.mktemp("l"))
    yield made
    made.end()
