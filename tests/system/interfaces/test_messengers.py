"""Which messengers there are, and what a letter through apprise becomes on the wire."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.config.config_file import load
from app.notifications.config import TELEGRAM, messengers
from app.notifications.format import part
from i18n import say
from i18n.errors import UserError
from messages.config import Config
from messages.notification_config import NoticeRule, Telegram
from messages.notification_delivery import LetterReport, Notice, SendLetter
from sandbox.telegram.server import TOKEN

AT = 1756684800.0  # 2025-09-01 09:00 in Korea
SOLD = Notice("info", "venue_banned", {"until": "1756684800"}, AT)
SECRET = "CanaryOfAUrlQ7"


class Hook:
    """A service that takes JSON, as json:// speaks to it."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append(json.loads(body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/{SECRET}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()


def letter(lane: str, *notices: Notice, part: int = 0, **facts: Any) -> SendLetter:
    return SendLetter(lane, 3, notices or (SOLD,), part, **facts)


def test_without_a_secret_there_is_no_messenger() -> None:
    assert messengers(Config(), {}, "en") == {}


def test_each_url_is_a_lane_and_its_secret_leaves_the_environment(hook: Hook) -> None:
    environ = {"NOTIFY_URLS": f"{hook.url} {hook.url}2\n{hook.url}", "OTHER": "x"}
    made = messengers(Config(), environ, "en")
    assert environ == {"OTHER": "x"}
    assert len(made) == 2
    assert all(name.startswith("json-") and SECRET not in name for name in made)


def test_a_letter_arrives_through_apprise(hook: Hook) -> None:
    ((lane, post),) = messengers(Config(), {"NOTIFY_URLS": hook.url}, "ko").items()
    assert post(letter(lane)) == LetterReport(lane, 3, "sent")
    ((body),) = hook.got
    assert say("venue_banned", "ko", until="1756684800") in body["message"]
    assert "09-01 09:00" in body["message"]


def test_a_service_that_says_no_or_is_not_there_has_failed(hook: Hook) -> None:
    ((lane, post),) = messengers(Config(), {"NOTIFY_URLS": hook.url}, "en").items()
    hook.status = 500
    assert post(letter(lane)).outcome == "failed"
    hook.server.shutdown()
    hook.server.server_close()
    assert post(letter(lane)).outcome == "failed"


@pytest.mark.parametrize(
    "urls",
    [f"nonsense://{SECRET}", f"https//{SECRET}", " ", " ".join(f"json://{n}" for n in range(20))],
)
def test_what_is_no_url_is_told_without_it(urls: str) -> None:
    with pytest.raises(UserError) as caught:
        messengers(Config(), {"NOTIFY_URLS": urls}, "en")
    assert SECRET not in caught.value.block()
    assert "NOTIFY_URLS" in caught.value.block()


def test_telegram_may_be_off_and_its_address_is_checked() -> None:
    secrets = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT_ID": "42"}
    assert list(messengers(Config(), dict(secrets), "en")) == [TELEGRAM]
    assert messengers(Config(telegram=Telegram(notices=False)), dict(secrets), "en") == {}
    with pytest.raises(UserError) as caught:
        messengers(Config(telegram=Telegram(api_url="http://elsewhere")), dict(secrets), "en")
    assert TOKEN not in caught.value.block()


def test_a_letter_tells_what_was_left_out_and_what_may_come_twice() -> None:
    plain, count = part(letter("x"), "en")
    assert (plain.count("\n"), count) == (0, 1)
    more, _ = part(letter("x", missed=3, again=True), "en")
    assert more.split("\n") == [say("post_again", "en"), plain, say("post_missed", "en", count="3")]


def test_a_long_letter_has_the_same_parts_at_every_send() -> None:
    long = tuple(
        Notice("info", "mode_changed", {"mode": f"{n} " + "x" * 300}, AT) for n in range(40)
    )
    whole = [part(letter("x", *long, part=n), "en") for n in range(4)]
    assert {count for _, count in whole} == {4}
    again, _ = part(letter("x", *long, part=2, again=True), "en")
    assert again.endswith(whole[2][0])
    assert part(letter("x", *long, part=9), "en")[0] == ""


# --- the configuration
def configured(folder: Path, **keys: Any) -> Config:
    path = folder / "config.json"
    path.write_text(json.dumps(keys))
    return load(path, {}).config


def test_rules_are_read_row_by_row(tmp_path: Path) -> None:
    rules = [{"kind": "trades", "level": "warning", "quiet": "23:00-07:00"}, {"kind": "signals"}]
    config = configured(tmp_path, notify={"rules": rules})
    assert config.notify.rules == (
        NoticeRule("trades", "warning", "23:00-07:00"),
        NoticeRule("signals", "info", ""),
    )


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("notify.rules[0].quiet", [{"kind": "trades", "quiet": "23:00"}]),
        ("notify.rules[0].quiet", [{"kind": "trades", "quiet": "23:00-24:00"}]),
        ("notify.rules[0].kind", [{"kind": "gossip"}]),
        ("notify.rules[0].kind", [{"level": "info"}]),
        ("notify.rules[0].level", [{"kind": "trades", "level": "loud"}]),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_place(
    tmp_path: Path, key: str, rows: list[Any]
) -> None:
    with pytest.raises(UserError) as caught:
        configured(tmp_path, notify={"rules": rows})
    assert key in caught.value.block()


def test_freqtrades_telegram_is_refused_and_its_token_is_not_shown(tmp_path: Path) -> None:
    theirs = {"enabled": True, "token": TOKEN, "chat_id": "424242424"}
    with pytest.raises(UserError) as caught:
        configured(tmp_path, telegram=theirs)
    told = caught.value.block()
    for key in ("telegram.enabled", "telegram.token", "telegram.chat_id"):
        assert key in told
    assert TOKEN not in told
    assert "424242424" not in told
