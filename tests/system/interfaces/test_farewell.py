"""The last words of a run that stays down: they reach the chat, whatever ended it."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.at_stake import AtStake, HeldTrade
from app.notifications.farewell import send_last_words
from messages.config import Config
from messages.notification_config import Telegram
from persistence.lock import Lock
from sandbox.telegram.chat import PERSON, Chat
from sandbox.telegram.server import TelegramServer
from tests.support.at_stake import staked
from tests.support.cli_runner import run

HIDDEN = "4242:CanaryTelegramToken_a1Bc2De3Fg4Hi5Jk6"
PARTS = ("Ethereum(KRW-ETH)", "3", "₩1,000", "₩970", "No stop is watched", "run.py")


@pytest.fixture
def telegram() -> Iterator[tuple[Chat, dict[str, str]]]:
    """A chat of our own, and the environment that leads there."""
    server = TelegramServer(HIDDEN)
    url = server.start()
    names = {"TELEGRAM_TOKEN": HIDDEN, "TELEGRAM_CHAT_ID": str(PERSON)}
    yield server.chat, {**names, "JANGBU__TELEGRAM__API_URL": url}
    server.stop()


def test_a_child_that_ends_for_good_with_trades_open_is_told_with_each_of_them(
    telegram: tuple[Chat, dict[str, str]], tmp_path: Path
) -> None:
    """A real parent and a real child, which meets a state directory of another exchange."""
    chat, environ = telegram
    own = Config(dry_run=False, telegram=Telegram(environ["JANGBU__TELEGRAM__API_URL"]))
    staked(tmp_path / "state", own, ["KRW-ETH"], venue="another")
    keys = {"UPBIT_ACCESS_KEY": "a" * 40, "UPBIT_SECRET_KEY": "b" * 40}
    with sandboxed(tmp_path) as url:
        urls = {
            "JANGBU__EXCHANGE__REST_URL": url,
            "JANGBU__EXCHANGE__WS_URL": url.replace("http", "ws", 1),
        }
        words = ("trade", "--headless", "--state-dir", "state")
        more = {"JANGBU__DRY_RUN": "false", **urls, **keys, **environ}
        done = run(*words, cwd=tmp_path, **more)
    assert done.returncode == 2, done.stdout + done.stderr
    told = [text for text in chat.texts() if "The bot is down" in text]
    assert len(told) == 1
    assert all(part in told[0] for part in PARTS), told
    assert "it was made for venue another" in told[0], "what it said"


def test_a_configuration_that_cannot_be_read_is_told_too(
    telegram: tuple[Chat, dict[str, str]], tmp_path: Path
) -> None:
    chat, environ = telegram
    own = Config(dry_run=False, telegram=Telegram(environ.pop("JANGBU__TELEGRAM__API_URL")))
    staked(tmp_path / "state" / "live", own, ["KRW-ETH"])
    (tmp_path / "config.json").write_text('{"fee_rate": 5}')
    done = run("trade", "--headless", cwd=tmp_path, **environ)
    assert done.returncode == 2
    assert len(chat.texts()) == 1
    assert all(part in chat.texts()[0] for part in PARTS)
    assert HIDDEN not in done.stdout + done.stderr


def test_nothing_is_said_where_nothing_is_open_or_another_process_watches(
    telegram: tuple[Chat, dict[str, str]], tmp_path: Path
) -> None:
    chat, environ = telegram
    own = Config(dry_run=False, telegram=Telegram(environ["JANGBU__TELEGRAM__API_URL"]))
    empty = staked(tmp_path / "empty", own)
    held = staked(tmp_path / "held", own, ["KRW-ETH"])
    assert not send_last_words(empty, own, environ, "x")
    assert not send_last_words(tmp_path / "none", own, environ, "x")
    with Lock.take(held):
        assert not send_last_words(held, own, environ, "x")
    assert chat.texts() == []
    assert send_last_words(held, None, environ, "odd \x1b[31m\u202e")
    assert "odd [31m" in chat.texts()[0]


def test_every_other_messenger_hears_it_as_well(
    telegram: tuple[Chat, dict[str, str]], tmp_path: Path
) -> None:
    chat, environ = telegram
    own = Config(dry_run=False, telegram=Telegram(environ["JANGBU__TELEGRAM__API_URL"]))
    held = staked(tmp_path / "held", own, ["KRW-ETH"])
    with listening() as (port, heard):
        urls = f"json://127.0.0.1:{port}/one jsons://127.0.0.1:1/dead json://127.0.0.1:{port}/two"
        assert send_last_words(held, own, {**environ, "NOTIFY_URLS": urls}, "x")
    assert len(chat.texts()) == 1
    assert sorted(path for path, _ in heard) == ["/one", "/two"]
    assert all(part in text for _, text in heard for part in PARTS)


# --- the surroundings
class sandboxed:
    """A sandbox with a key of our own."""

    def __init__(self, folder: Path) -> None:
        from sandbox.server import Sandbox, SandboxConfig
        from sandbox.tokens import Key
        from tests.support.sandbox_client import market

        key = Key("a" * 40, "b" * 40)
        self._server = Sandbox(SandboxConfig(market(), folder / "venue", keys=(key,), sync=False))

    def __enter__(self) -> str:
        return self._server.start()

    def __exit__(self, *_: object) -> None:
        self._server.stop()


class listening:
    """A server that notes what is posted to it."""

    def __enter__(self) -> tuple[int, list[tuple[str, str]]]:
        heard: list[tuple[str, str]] = []

        class Ear(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append((self.path, json.loads(body)["message"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self._server.server_port, heard

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_orders_that_are_under_way_and_a_ledger_that_cannot_be_read_are_told() -> None:
    from app.notifications.farewell import words_of

    held = HeldTrade("KRW-ETH", Decimal(3), Decimal(1000), Decimal(970))
    for language in ("en", "ko"):
        lines = words_of(AtStake((held,), orders=2, readable=False), "x", language).split("\n")
        assert len(lines) == 5
        assert "2" in lines[2]
