"""The control socket: real sockets, good frames and bad ones."""

from __future__ import annotations

import socket
import stat
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.control.client import NotRunning, ask
from app.control.frames import FRAME_MAX, LENGTH, FrameError, decode_reply, encode, receive
from app.control.place import PATH_MAX, socket_path
from app.control.server import CLIENTS_MAX, ControlServer
from i18n.errors import UserError
from messages.control import ForceEnter, OperatorReply, ShowStatus, Shutdown, StopEntry
from tests.support.fakes import FakeBot


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def state(tmp_path: Path, bot: FakeBot) -> Iterator[Path]:
    tmp_path.chmod(0o700)
    server = ControlServer(socket_path(tmp_path), bot.ask, bot.preview, patience=0.5)
    yield tmp_path
    server.close()


def raw(state: Path) -> socket.socket:
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(10)
    link.connect(str(socket_path(state)))
    return link


def answer(link: socket.socket) -> OperatorReply | None:
    body = receive(link)
    return None if body is None else decode_reply(body)


def alive(state: Path) -> bool:
    return ask(state, StopEntry("still")).done


def test_a_change_reaches_the_bot_and_its_reply_comes_back(state: Path, bot: FakeBot) -> None:
    wish = ForceEnter("KRW-BTC", Decimal("12345.678"), "id-1")
    assert ask(state, wish) == OperatorReply(True, "done", {"pair": "x"})
    assert ask(state, ForceEnter("KRW-ETH", None, "id-2")).key == "pair_busy"
    assert bot.asked == [wish, ForceEnter("KRW-ETH", None, "id-2")]


def test_one_connection_carries_several_changes(state: Path, bot: FakeBot) -> None:
    with raw(state) as link:
        for number in range(3):
            link.sendall(encode(StopEntry(str(number))))
            assert answer(link) == OperatorReply(True, "done", {"pair": "x"})
    assert len(bot.asked) == 3


def test_what_goes_wrong_in_the_bot_is_a_refusal(state: Path) -> None:
    reply = ask(state, ForceEnter("KRW-NONE", None, "x"))
    assert (reply.done, reply.key) == (False, "refused_input")
    assert "no such pair" in reply.facts["reason"]
    assert ask(state, ForceEnter("KRW-SLOW", None, "x")).key == "no_answer"
    assert alive(state)


def test_a_refusal_is_told_in_the_language_of_the_bot(tmp_path: Path, bot: FakeBot) -> None:
    tmp_path.chmod(0o700)
    server = ControlServer(socket_path(tmp_path), bot.ask, bot.preview, language="ko")
    try:
        assert "오류" in ask(tmp_path, ForceEnter("KRW-NONE", None, "x")).facts["reason"]
    finally:
        server.close()


def test_nobody_but_the_owner_may_reach_the_socket(state: Path) -> None:
    path = socket_path(state)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_question_does_not_cross_the_socket(state: Path) -> None:
    import msgspec

    body = msgspec.msgpack.encode(ShowStatus())
    with raw(state) as link:
        link.sendall(LENGTH.pack(len(body)) + body)
        reply = answer(link)
    assert reply is not None
    assert reply.key == "bad_frame"


@pytest.mark.parametrize(
    "sent",
    [
        LENGTH.pack(1_000_000) + b"x" * 1_000_000,
        LENGTH.pack(2**32 - 1),
        LENGTH.pack(FRAME_MAX + 1),
        LENGTH.pack(0),
        LENGTH.pack(4) + b"\xc1\xc1\xc1\xc1",
        LENGTH.pack(60_000) + b"\x91" * 60_000,  # nested as deep as a frame can be
        LENGTH.pack(100) + b"half",
        LENGTH.pack(7)[:2],
        b"GET / HTTP/1.1\r\n\r\n",
        encode(StopEntry("x"))[:-1],
    ],
    ids=["1MB", "4GB", "long", "empty", "binary", "deep", "half", "head", "http", "cut"],
)
def test_a_bad_frame_is_refused_and_hung_up_on(state: Path, bot: FakeBot, sent: bytes) -> None:
    with raw(state) as link:
        link.sendall(sent)
        link.shutdown(socket.SHUT_WR)
        reply = answer(link)
        assert reply is not None
        assert (reply.done, reply.key) == (False, "bad_frame")
        assert answer(link) is None
    assert bot.asked == []
    assert alive(state)


def test_a_frame_that_never_ends_is_refused_after_a_while(state: Path) -> None:
    with raw(state) as link:
        link.sendall(LENGTH.pack(100) + b"half")
        reply = answer(link)
    assert reply is not None
    assert reply.key == "bad_frame"


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sent=st.binary(min_size=1, max_size=2000))
def test_random_bytes_never_crash_it(state: Path, bot: FakeBot, sent: bytes) -> None:
    with raw(state) as link:
        link.sendall(sent)
        link.shutdown(socket.SHUT_WR)
        reply = answer(link)
        assert reply is not None
        assert reply.key == "bad_frame"
    assert bot.asked == []


def test_several_clients_are_served_at_once_and_too_many_are_turned_away(state: Path) -> None:
    links = [raw(state) for _ in range(CLIENTS_MAX)]
    for link in links:
        link.sendall(encode(StopEntry("x")))
    assert all((reply := answer(link)) and reply.done for link in links)
    with raw(state) as one_more:
        reply = answer(one_more)
    assert reply is not None
    assert reply.key == "too_many_clients"
    for link in links:
        link.close()


def test_clients_in_parallel_each_get_their_own_reply(state: Path, bot: FakeBot) -> None:
    replies: list[OperatorReply] = []
    wishes = [ForceEnter("KRW-ETH" if n % 2 else "KRW-BTC", None, str(n)) for n in range(8)]
    threads = [
        threading.Thread(target=lambda wish=wish: replies.append(ask(state, wish)))
        for wish in wishes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.done for reply in replies) == [False] * 4 + [True] * 4
    assert sorted(change.id for change in bot.asked) == [str(n) for n in range(8)]


def test_without_a_bot_the_asker_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="no bot is running"):
        ask(tmp_path, Shutdown())


def test_a_socket_left_by_a_killed_bot_is_not_a_bot_and_does_not_hinder_the_next(
    tmp_path: Path, bot: FakeBot
) -> None:
    path = socket_path(tmp_path)
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    dead.bind(str(path))
    dead.close()
    with pytest.raises(NotRunning):
        ask(tmp_path, Shutdown())
    server = ControlServer(path, bot.ask, bot.preview)
    assert ask(tmp_path, Shutdown()).done
    server.close()
    assert not path.exists()


def test_what_answers_with_nonsense_is_not_believed(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(socket_path(tmp_path)))
    listener.listen(1)

    def nonsense() -> None:
        link, _ = listener.accept()
        with link:
            link.recv(1000)
            link.sendall(LENGTH.pack(3) + b"abc")

    thread = threading.Thread(target=nonsense)
    thread.start()
    with pytest.raises(UserError, match="not a reply"):
        ask(tmp_path, StopEntry("x"))
    thread.join()
    listener.close()


def test_a_long_path_moves_to_the_runtime_directory(tmp_path: Path) -> None:
    long = tmp_path / ("d" * 120)
    runtime = Path("/tmp") / f"r{tmp_path.name[:20]}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    try:
        found = socket_path(long, {"XDG_RUNTIME_DIR": str(runtime)})
        assert found.parent == runtime / "jangbu"
        assert len(str(found)) <= PATH_MAX
        assert found == socket_path(long, {"XDG_RUNTIME_DIR": str(runtime)})
        assert found != socket_path(tmp_path / ("e" * 120), {"XDG_RUNTIME_DIR": str(runtime)})
        assert stat.S_IMODE(found.parent.stat().st_mode) == 0o700
        found.parent.chmod(0o755)
        with pytest.raises(UserError, match="open to others"):
            socket_path(long, {"XDG_RUNTIME_DIR": str(runtime)})
    finally:
        (runtime / "jangbu").rmdir()
        runtime.rmdir()


def test_a_message_too_large_for_a_frame_is_not_sent() -> None:
    with pytest.raises(FrameError, match="at most"):
        encode(StopEntry("x" * FRAME_MAX))
