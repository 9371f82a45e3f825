"""One call of the Bot API over real HTTP: what each fault is told as, and how texts are cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.client import BotApi, split, utf16
from adapters.upbit.secrets import Secret
from sandbox.telegram.chat import PERSON
from sandbox.telegram.server import TOKEN, Fault, TelegramServer


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    made = TelegramServer()
    made.start()
    yield made
    made.stop()


def api(server: TelegramServer, token: str = TOKEN, total: float = 5.0) -> BotApi:
    return BotApi(server.url, Secret(token), total)


def said(server: TelegramServer, *faults: Fault, total: float = 5.0) -> tuple[str, int, float, int]:
    """How one message ended, HTTP's code, the wait that was asked for, and how many arrived."""
    before = len(server.chat.sent)
    server.faults[:] = faults
    called = api(server, total=total).call("sendMessage", chat_id=PERSON, text="hello")
    server.faults[:] = []
    return called.ended, called.code, called.seconds, len(server.chat.sent) - before


def test_a_message_arrives(server: TelegramServer) -> None:
    assert said(server) == ("done", 200, 0.0, 1)
    assert server.chat.sent[-1].chat == PERSON


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("busy", seconds=7), ("busy", 429, 7.0, 0)),
        (Fault("error"), ("failed", 502, 0.0, 0)),
        (Fault("error_after"), ("failed", 502, 0.0, 1)),
        (Fault("reset"), ("unknown", 0, 0.0, 0)),
        (Fault("reset_after"), ("unknown", 0, 0.0, 1)),
        (Fault("stall"), ("unknown", 0, 0.0, 0)),
        (Fault("stall_after"), ("unknown", 0, 0.0, 1)),
        (Fault("error", status=403), ("refused", 403, 0.0, 0)),
        (Fault("error", status=400), ("invalid", 400, 0.0, 0)),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_a_fault_is_told_as_what_is_known_of_it(
    server: TelegramServer, fault: Fault, told: tuple[str, int, float, int]
) -> None:
    assert said(server, fault, total=0.5 if "stall" in fault.kind else 5.0) == told


def test_where_nobody_listens_nothing_was_sent(server: TelegramServer) -> None:
    gone = TelegramServer()
    url = gone.start()
    gone.stop()
    assert BotApi(url, Secret(TOKEN)).call("sendMessage", text="x").ended == "not_sent"


def test_another_token_is_refused_and_the_answer_names_none(server: TelegramServer) -> None:
    called = api(server, "1:another-token").call("getMe")
    assert (called.ended, called.code) == ("refused", 401)
    assert "another" not in repr(called)


def test_a_text_that_is_too_long_for_telegram_is_invalid(server: TelegramServer) -> None:
    assert api(server).call("sendMessage", chat_id=PERSON, text="x" * 4097).ended == "invalid"


@pytest.mark.parametrize("url", ["http://api.telegram.org", "ftp://x", "https://x/path", ""])
def test_a_token_goes_nowhere_in_the_clear(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        BotApi(url, Secret(TOKEN))


def test_long_texts_are_cut_at_the_ends_of_lines() -> None:
    lines = [f"{n} " + "x" * 90 for n in range(100)]
    parts = split("\n".join(lines))
    assert len(parts) == 3
    assert "\n".join(parts).split("\n") == lines
    assert all(utf16(part) <= 4000 for part in parts)


def test_a_line_that_is_too_long_is_cut_and_no_character_is_torn() -> None:
    parts = split("🚨" * 4100)
    assert "".join(parts) == "🚨" * 4100
    assert [utf16(part) for part in parts] == [4000, 4000, 200]


@given(st.text(alphabet="a\n🚨한 ", max_size=300), st.integers(2, 40))
def test_nothing_but_blanks_is_lost_by_cutting(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(0 < utf16(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
