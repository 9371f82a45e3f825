"""What is shown before the journal was read, when it is damaged, and when no bot answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from app.composition import build
from app.config.config_file import load
from app.control.place import socket_path
from app.control.server import ControlServer
from app.replay import Replay
from core.market.synthetic import synthetic_market
from core.trading.trades import HoldingsState
from i18n import say
from interfaces.dashboard import frame
from interfaces.dashboard.app import PAGES, Dashboard, Setting
from interfaces.dashboard.metrics.collector import Bot
from interfaces.dashboard.metrics.families import ALWAYS, FAMILIES, OF_THE_JOURNAL
from interfaces.dashboard.pages.page_request import PageRequest
from interfaces.dashboard.pages.pair import pair
from interfaces.dashboard.picture import Picture
from interfaces.dashboard.watch import Watch
from messages.control import Kill
from persistence.reader import number_key
from persistence.record import Identity
from persistence.store import Store
from tests.support.cli_runner import TIGHT
from tests.support.damages import flip
from tests.support.dashboard_process import Dashboard as Process
from tests.support.fakes import FakeBot
from tests.support.journals import life, state

AMID = 0.6  # of the day at which the run is broken off, so that trades are open


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """Of a bot that was cut off in the middle of its day."""
    loaded = load(None, TIGHT)
    with Store.create(tmp_path / "s", Identity("b", "paper", "upbit", ""), sync=False) as store:
        replay = Replay(synthetic_market(seed=1, days=1), loaded.strategy.strategy, bulk=True)
        bot = build(loaded.config, replay, store, runtime="steps")
        bot.start()
        begun = bot.system.now()
        while bot.system.now() < begun + AMID * 86400 or not _open(store):
            assert bot.system.runtime.step()  # type: ignore[attr-defined]
    found = Watch(tmp_path / "s")
    yield found
    found.close()


def _open(store: Store) -> bool:
    kept = store.load("holdings", HoldingsState)
    return bool(kept and kept.state.trades)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_before_the_journal_was_read_every_page_is_there_with_what_is_open(
    watch: Watch, language: str
) -> None:
    assert not watch.caught_up
    dashboard = Dashboard(watch, Setting(language, True))
    picture = Picture(watch)
    held = picture.status.trades
    assert held
    for path, page in [*PAGES.items(), (f"/pair/{held[0].pair}", pair)]:
        asked = PageRequest(language, True, path)
        shown = page(picture, asked)
        text = frame.page(picture, asked, shown, dashboard.files)
        assert say("dash_reading", language, share="0%") in text
    first = PAGES["/"](picture, PageRequest(language, True))
    open_now = next(part.body for part in first.parts if part.id == "trades")
    assert all(f"/pair/{trade.pair}" in open_now for trade in held)


def test_what_is_open_is_the_same_before_and_after(watch: Watch) -> None:
    before = Picture(watch)
    while watch.chronicle.read_on(watch.reader, 1000):
        pass
    watch.caught_up, watch.ledger = True, watch.chronicle.light()
    after = Picture(watch)
    assert before.status.trades == after.status.trades
    assert before.figures.unrealised == after.figures.unrealised
    assert (before.figures.cash, before.figures.free) == (after.figures.cash, after.figures.free)
    assert before.figures.equity is None
    assert after.figures.equity is not None


def test_counters_are_told_only_when_they_are_whole(watch: Watch) -> None:
    told = {family.name for family in Bot(lambda: Picture(watch)).collect()}
    assert told == {family.name for family in ALWAYS}
    while watch.chronicle.read_on(watch.reader, 1000):
        pass
    watch.caught_up, watch.ledger = True, watch.chronicle.light()
    told = {family.name for family in Bot(lambda: Picture(watch)).collect()}
    assert told == {family.name for family in (*ALWAYS, *OF_THE_JOURNAL)}
    assert told < {family.name for family in FAMILIES}


def test_a_damaged_journal_is_told_and_ends_nothing(tmp_path: Path) -> None:
    path = state(tmp_path, life())
    path.close()
    flip("journal", number_key(7))(path.path)
    made = Process(path.path, cwd=tmp_path)
    try:
        for _ in range(100):
            page = requests.get(f"{made.base}/", headers=made.bearer, timeout=30)
            if page.status_code == 503:
                break
        assert page.status_code == 503
        assert "7" in page.text
        assert requests.get(f"{made.base}/metrics", timeout=30).status_code == 503
        flip("journal", number_key(7))(path.path)  # it was made whole again
        for _ in range(10_000):
            page = requests.get(f"{made.base}/health", headers=made.bearer, timeout=30)
            if page.status_code == 200:
                break
        assert page.status_code == 200
    finally:
        made.kill()


def deaf(path: Path) -> socket.socket:
    """A bot that listens, and never says a word."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(16)
    return listener


def test_a_bot_that_does_not_answer_is_told_apart_from_none(tmp_path: Path) -> None:
    store = state(tmp_path, life())
    store.close()

    async def seen() -> str:
        watch = Watch(store.path)
        running = asyncio.create_task(watch.run())
        while True:
            turned = watch.turned
            await turned.wait()
            if watch.caught_up and watch.asked:
                running.cancel()
                watch.close()
                return watch.bot

    assert asyncio.run(seen()) == "down"
    listener = deaf(socket_path(store.path))
    assert asyncio.run(seen()) == "silent"
    listener.close()
    server = ControlServer(socket_path(store.path), FakeBot().ask, FakeBot().preview)
    assert asyncio.run(seen()) == "up"
    server.close()


def test_a_change_that_nobody_hears_is_told_to_whoever_made_it(tmp_path: Path) -> None:
    store = state(tmp_path, life())
    store.close()
    made = Process(store.path, "--allow-changes", cwd=tmp_path)
    try:
        form = {"verb": Kill.__struct_config__.tag, "pair": "", "id": "0" * 32}
        ours = {**made.bearer, "Origin": made.base}
        answer = requests.post(f"{made.base}/change", data=form, headers=ours, timeout=30)  # type: ignore[arg-type]
        assert answer.status_code == 400
        assert str(store.path) in answer.text
    finally:
        made.kill()
