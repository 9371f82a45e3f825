"""The kept connection: every way in which a call can go, over real sockets on loopback."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import jwt
import pytest

from adapters.upbit.answers import Answer, Failure, date_of, remaining_of
from adapters.upbit.session import BODY_MAX, Session, Waits
from adapters.upbit.tokens import Signer
from tests.support.scripted_server import (
    ACCESS,
    HASTE,
    KEYS,
    PATIENCE,
    SECRET,
    Scripted,
    drip,
    hang,
    http,
    reset,
    say,
    say_and_close,
    say_and_hang,
)

pytestmark = pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
ORDER = b'{"market":"KRW-BTC","side":"bid","price":"10000","ord_type":"price","identifier":"i-1"}'


def session(url: str, waits: Waits = PATIENCE, ca: str = "") -> Session:
    return Session(url, Signer(KEYS), waits, ca)


def head_of(request: bytes) -> tuple[str, dict[str, list[str]], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers.setdefault(name.lower(), []).append(value)
    return first, headers, body


def claims_of(headers: Mapping[str, list[str]]) -> dict[str, str]:
    token = headers["authorization"][0].removeprefix("Bearer ")
    claims: dict[str, str] = jwt.decode(token, SECRET, algorithms=["HS512"])
    return claims


def test_an_answer_comes_with_what_its_headers_tell() -> None:
    headers = ("Remaining-Req: group=order; min=720; sec=11", "Date: Sun, 22 Mar 2026 12:42:26 GMT")
    with Scripted(say(http(201, b'{"a":1}', headers))) as server:
        answer = session(server.url).call("POST", "/v1/orders", body=ORDER)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (201, b'{"a":1}')
    assert (answer.group, answer.remaining, answer.date) == ("order", 11, 1774183346.0)
    assert 0 < answer.seconds < 20


def test_a_body_goes_out_byte_for_byte_with_each_header_once_and_its_own_hash() -> None:
    with Scripted(say(http(201))) as server:
        session(server.url).call("POST", "/v1/orders", body=ORDER)
    first, headers, body = head_of(server.requests[0])
    assert first == "POST /v1/orders HTTP/1.1"
    assert body == ORDER
    assert headers["content-type"] == ["application/json; charset=utf-8"]
    assert {name: n for name, n in headers.items() if len(n) > 1} == {}
    assert claims_of(headers)["access_key"] == ACCESS
    assert "origin" not in headers
    assert "cookie" not in headers


def test_a_cancel_has_its_parameters_in_the_query_and_no_body() -> None:
    with Scripted(say(http())) as server:
        session(server.url).call("DELETE", "/v1/order", [("uuid", "u 1/2")])
    first, headers, body = head_of(server.requests[0])
    assert first == "DELETE /v1/order?uuid=u%201%2F2 HTTP/1.1"
    assert body == b""
    assert headers.get("content-length", ["0"]) == ["0"]
    assert "content-type" not in headers


def test_brackets_go_out_encoded_and_an_unsigned_call_carries_no_token() -> None:
    with Scripted(say(http())) as server:
        session(server.url).call("GET", "/v1/x", [("ids[]", "a"), ("ids[]", "b")], signed=False)
    first, headers, _ = head_of(server.requests[0])
    assert first == "GET /v1/x?ids%5B%5D=a&ids%5B%5D=b HTTP/1.1"
    assert "authorization" not in headers


def test_the_connection_is_kept_and_a_lost_one_is_made_anew() -> None:
    acts = (say(http()), say(http()), say_and_close(http()), say(http()))
    with Scripted(*acts) as server:
        kept = session(server.url)
        answers = [kept.call("GET", "/v1/accounts") for _ in acts]
    assert [type(answer).__name__ for answer in answers] == ["Answer"] * 4
    assert server.connections == 2
    nonces = [claims_of(head_of(request)[1])["nonce"] for request in server.requests]
    assert len(set(nonces)) == 4


def test_cookies_are_not_kept() -> None:
    with Scripted(say(http(headers=("Set-Cookie: a=b; Path=/",))), say(http())) as server:
        kept = session(server.url)
        kept.call("GET", "/v1/accounts")
        kept.call("GET", "/v1/accounts")
    assert "cookie" not in head_of(server.requests[1])[1]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(status: int) -> None:
    with Scripted(say(http())) as other:
        location = f"Location: {other.url}/v1/accounts"
        with Scripted(say(http(status, headers=(location,)))) as server:
            answer = session(server.url).call("GET", "/v1/accounts")
    assert isinstance(answer, Answer)
    assert answer.status == status
    assert (other.connections, len(server.requests)) == (0, 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 429, 500, 502, 503])
def test_nothing_is_tried_twice(status: int) -> None:
    again = say(http(status, headers=("Retry-After: 7",)))
    with Scripted(again, again) as server:
        answer = session(server.url).call("POST", "/v1/orders", body=ORDER)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.retry_after) == (status, 7.0)
    assert len(server.requests) == 1


WHOLE = http(201, b'{"uuid":"1234567890"}')


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (hang, "timeout"),
        (say_and_hang(WHOLE[:40]), "timeout"),
        (drip(WHOLE, 0.1), "timeout"),
        (reset(), "reset"),
        (reset(WHOLE[:40]), "reset"),
        (say_and_close(b""), "reset"),
        (say_and_close(http(201, b'{"uuid"', length=50)), "cut"),
        (say_and_close(b"\x00\x01garbage\r\n\r\n"), None),
        (say_and_close(b"HTTP/1.1 abc\r\n\r\n"), None),
        (say_and_close(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"), None),
        (
            say_and_close(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "unreadable",
        ),
        (say_and_close(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n{}"), None),
        (say_and_close(http(201, b"x" * (BODY_MAX + 1))), "too_large"),
        (say_and_close(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (BODY_MAX + 1)), "too_large"),
    ],
)
def test_a_request_that_was_written_and_not_answered_is_unknown(act, reason) -> None:  # type: ignore[no-untyped-def]
    with Scripted(act) as server:
        failure = session(server.url, HASTE).call("POST", "/v1/orders", body=ORDER)
    if reason is None and isinstance(failure, Answer):
        assert failure.status == 200  # how much of a garbled head is forgiven is the library's
        return
    assert isinstance(failure, Failure), failure
    assert failure.kind == "unknown"
    assert reason is None or failure.reason == reason
    assert len(server.requests) == 1


@pytest.mark.parametrize("cut", [*range(0, len(WHOLE), 5), len(WHOLE) - 1])
def test_an_answer_cut_anywhere_is_never_taken_for_a_whole_one(cut: int) -> None:
    for act in (say_and_close(WHOLE[:cut]), reset(WHOLE[:cut])):
        with Scripted(act) as server:
            failure = session(server.url, HASTE).call("POST", "/v1/orders", body=ORDER)
        assert isinstance(failure, Failure), failure
        assert failure.kind == "unknown"


def test_a_venue_that_takes_nothing_in_is_not_waited_for_longer_than_a_call_may_take() -> None:
    with Scripted(drip(http(200, b"x" * 5000), 0.05)) as server:
        failure = session(server.url, Waits(2.0, 5.0, 0.5)).call("GET", "/v1/accounts")
    assert failure == Failure("unknown", "timeout")


def test_the_session_works_on_after_a_failure() -> None:
    with Scripted(say_and_close(WHOLE[:40]), reset(), say(WHOLE)) as server:
        kept = session(server.url, HASTE)
        answers = [kept.call("GET", "/v1/accounts") for _ in range(3)]
    assert [type(answer).__name__ for answer in answers] == ["Failure", "Failure", "Answer"]


def test_a_refused_connection_and_an_unknown_name_are_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    failure = session(f"http://127.0.0.1:{port}").call("POST", "/v1/orders", body=ORDER)
    assert failure == Failure("not_sent", "refused")
    failure = session("https://no-such-host.invalid").call("POST", "/v1/orders", body=ORDER)
    assert failure == Failure("not_sent", "dns")


def test_a_host_that_does_not_take_the_connection_is_not_sent() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        failure = session(url, HASTE).call("POST", "/v1/orders", body=ORDER)
        for one in waiting:
            one.close()
    assert failure == Failure("not_sent", "connect_timeout")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine's own address, signed by itself."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    words = f"req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {path}.key -out {path}.crt"
    names = ["-subj", "/CN=own", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", *words.split(), *names], check=True, capture_output=True)
    path.write_text(Path(f"{path}.key").read_text() + Path(f"{path}.crt").read_text())
    return path


def test_a_certificate_that_nobody_vouches_for_is_refused_before_a_byte_leaves(
    certificate: Path,
) -> None:
    with Scripted(say(http()), certificate=certificate) as server:
        failure = session(server.url).call("POST", "/v1/orders", body=ORDER)
        assert failure == Failure("not_sent", "certificate")
        answer = session(server.url, ca=f"{certificate}.crt").call("POST", "/v1/orders", body=ORDER)
        assert isinstance(answer, Answer)
    assert len(server.requests) == 1


def test_a_certificate_of_another_name_is_refused(certificate: Path) -> None:
    with Scripted(say(http()), certificate=certificate) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        failure = session(url, ca=f"{certificate}.crt").call("GET", "/v1/accounts")
    assert failure == Failure("not_sent", "certificate")
    assert server.requests == []


def test_a_host_that_speaks_no_tls_gets_no_byte_of_the_request() -> None:
    with Scripted(say(http())) as server:
        url = server.url.replace("http:", "https:")
        failure = session(url, HASTE).call("GET", "/v1/accounts")
    assert isinstance(failure, Failure)
    assert failure.kind == "not_sent"
    assert ACCESS.encode() not in b"".join(server.requests)
    assert b"authorization" not in b"".join(server.requests).lower()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.upbit.com",
        "http://10.0.0.1:8000",
        "ftp://127.0.0.1",
        "https://api.upbit.com/v1",
        "https://user:password@api.upbit.com",
        "https://api.upbit.com?x=1",
        "api.upbit.com",
        "https://",
    ],
)
def test_an_address_that_will_not_do_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|machine"):
        session(url)


def test_a_signed_call_without_keys_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="keys"):
        Session("http://127.0.0.1:1").call("GET", "/v1/accounts")


def test_a_compressed_body_that_nobody_asked_for_is_handed_on_as_it_came() -> None:
    packed = gzip.compress(b"[" + b"0," * 10_000_000 + b"0]")
    assert len(packed) < BODY_MAX
    with Scripted(say(http(200, packed, ("Content-Encoding: gzip",)))) as server:
        answer = session(server.url).call("GET", "/v1/accounts")
    assert isinstance(answer, Answer)
    assert answer.body == packed


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("group=candles; min=600; sec=9", ("candles", 9)),
        ("group=order-cancel-all; min=30; sec=0", ("order-cancel-all", 0)),
        ("group=default;min=1800;sec=29", ("default", 29)),
        ("group=order; sec=11", ("order", 11)),
        ("", ("", -1)),
        ("group=; min=1; sec=1", ("", -1)),
        ("group=order; min=1; sec=-1", ("", -1)),
        ("group=order; min=1; sec=１", ("", -1)),
        ("x" * 10000, ("", -1)),
    ],
)
def test_a_limit_header_is_read_or_was_not_told(header: str, told: tuple[str, int]) -> None:
    assert remaining_of(header) == told


def test_a_date_is_read_or_was_not_told() -> None:
    assert date_of("Sun, 22 Mar 2026 12:42:26 GMT") == 1774183346.0
    for bad in ("", "yesterday", "Sun, 99 Mar 2026 12:42:26 GMT", "1774183346"):
        assert date_of(bad) == 0.0


def test_an_answer_does_not_show_its_body_nor_a_failure_what_was_asked() -> None:
    body = json.dumps([{"access_key": ACCESS}]).encode()
    assert ACCESS not in repr(Answer(200, body))
    assert base64.b64encode(body).decode() not in repr(Answer(200, body))
    assert repr(Failure("unknown", "timeout")) == "Failure(kind='unknown', reason='timeout')"
