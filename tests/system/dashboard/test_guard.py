"""Who is refused: other hosts' names, other sites, whoever has no token, strange requests."""

from __future__ import annotations

import re
import socket
import stat
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from i18n.errors import UserError
from interfaces.dashboard.assets import require_extras
from interfaces.dashboard.guard import HEADERS
from messages.control import (
    CancelOpenOrder,
    ForceExit,
    Kill,
    OperatorReply,
    ShowVitals,
    StartTrading,
    StopEntry,
)
from messages.previews import ChangePreview, PreviewedOrder
from tests.support.cli_runner import run
from tests.support.dashboard_process import Dashboard
from tests.system.dashboard.conftest import MARKUP, SECRET, Place

ID = "0123456789abcdef0123456789abcdef"
PAGES = ("/", "/trades", "/orders", "/journal", "/health", "/pair/KRW-BTC")
FIGURES = ("/figures/equity", "/figures/candles/KRW-BTC")
CLOSED = (
    *PAGES,
    *FIGURES,
    "/stream?of=/",
    "/confirm?verb=kill",
    "/language?to=ko&of=/",
    "/nowhere",
)
OPEN = ("/metrics", "/favicon.ico")


def get(place: Place, path: str, **headers: str) -> requests.Response:
    return requests.get(place.base + path, headers=headers, timeout=30, allow_redirects=False)


def raw(place: Place, line: str, *headers: str) -> bytes:
    """A request byte for byte as it is given; all of the answer."""
    with socket.create_connection(("127.0.0.1", place.dashboard.port), timeout=30) as link:
        text = "\r\n".join([line, *headers, "Connection: close", "", ""])
        link.sendall(text.encode("latin-1"))
        found = b""
        while piece := link.recv(65536):
            found += piece
    return found


def made(place: Place) -> list[object]:
    """What the bot was asked, questions about its numbers left out."""
    return [change for change in place.bot.asked if not isinstance(change, ShowVitals)]


# --- other names for this address
@pytest.mark.parametrize("path", [*CLOSED, *OPEN])
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:{port}", "localhost:1", "127.0.0.1", "[::1]:1"]
)
def test_another_hosts_name_is_refused_whatever_is_asked(
    place: Place, path: str, host: str
) -> None:
    named = host.format(port=place.dashboard.port)
    answer = get(place, path, Host=named, **place.bearer)
    assert answer.status_code == 421
    assert "KRW-BTC" not in answer.text


def test_a_request_without_a_host_gets_nothing(place: Place) -> None:
    assert b" 400 " in raw(place, "GET /health HTTP/1.1").splitlines()[0]
    old = raw(place, "GET /health HTTP/1.0", f"Authorization: Bearer {place.token}")
    assert b" 421 " in old.splitlines()[0]


def test_localhost_is_ours_too(place: Place) -> None:
    named = f"localhost:{place.dashboard.port}"
    assert get(place, "/health", Host=named, **place.bearer).status_code == 200


# --- without the token
@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic {token}"},
        {"Authorization": "Bearer {token}x"},
        {"Authorization": "Bearer {part}"},
        {"Cookie": "jangbu-{port}=wrong"},
        {"Cookie": "jangbu-{port}={token}x"},
        {"Cookie": "jangbu={token}"},
        {"Cookie": "\x01;;==,{{"},
        {"Cookie": "jangbu-{port}=\xff\xfe"},
    ],
    ids=str,
)
def test_without_the_token_nothing_is_told(
    place: Place, path: str, headers: dict[str, str]
) -> None:
    facts = {"token": place.token, "part": place.token[:-1], "port": str(place.dashboard.port)}
    given = {name: text.format(**facts).encode("latin-1") for name, text in headers.items()}
    url = place.base + path
    answer = requests.get(url, headers=given, timeout=30, allow_redirects=False)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert "KRW-BTC" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("wrong", ["x", "", "{part}", "{token}x", "%00", "%ff", "한글"])
def test_a_wrong_token_in_the_address_opens_nothing(place: Place, wrong: str) -> None:
    text = wrong.format(token=place.token, part=place.token[:-1])
    answer = get(place, f"/?token={text}")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_the_token_opens_as_a_cookie_and_as_a_bearer(place: Place) -> None:
    came = get(place, f"/?token={place.token}")
    assert came.status_code == 200
    cookie = came.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    value = came.headers["set-cookie"].partition(";")[0]
    assert get(place, "/health", Cookie=value).status_code == 200
    assert get(place, "/health", **place.bearer).status_code == 200


def test_a_token_in_any_other_address_is_no_key(place: Place) -> None:
    assert get(place, f"/health?token={place.token}").status_code == 401


# --- other sites
FOREIGN = ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", ""]
FORM = {"verb": "kill", "pair": "", "id": ID}


@pytest.mark.parametrize("origin", [*FOREIGN, None])
def test_a_change_from_another_site_is_refused(place: Place, origin: str | None) -> None:
    before = made(place)
    headers = dict(place.bearer)
    if origin is not None:
        headers["Origin"] = origin.format(port=place.dashboard.port)
    url = f"{place.base}/change"
    answer = requests.post(url, data=FORM, headers=headers, timeout=30)
    assert answer.status_code == 403
    assert made(place) == before


@pytest.mark.parametrize("path", [*PAGES, *FIGURES, "/metrics"])
def test_a_page_of_another_site_cannot_have_anything_fetched(place: Place, path: str) -> None:
    assert get(place, path, Origin="http://evil.example", **place.bearer).status_code == 403
    cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert get(place, path, **cross, **place.bearer).status_code == 403
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert get(place, path, **followed, **place.bearer).status_code == 200


# --- strange requests
@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../../config.json",
        "/assets/%2e%2e/%2e%2e/dashboard.token",
        "/assets/..%2f..%2fdashboard.token",
        "/assets/%2fetc%2fpasswd",
        "/assets//etc/passwd",
        "/assets/style.css%00.js",
        "/../dashboard.token",
        "//etc/passwd",
        "/pair/..%2f..%2fdashboard.token",
        "/pair/%3Cscript%3E",
        "/figures/candles/..%2fx",
        "/figures/candles/KRW-BTC%00",
        "/stream?of=/../../dashboard.token",
        "/stream?of=//evil.example/x",
        "/language?to=ko&of=//evil.example",
        "/language?to=ko&of=http://evil.example/",
        "/language?to=ko&of=/%0d%0aset-cookie:x=y",
        "/language?to=ko",
        "/confirm?verb=shutdown",
        "/confirm?verb=forceexit&pair=%27%3B%20kill",
    ],
)
def test_no_address_leads_out_of_the_pages(place: Place, path: str) -> None:
    port = place.dashboard.port
    ours = (f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {place.token}")
    head, _, body = raw(place, f"GET {path} HTTP/1.1", *ours).partition(b"\r\n\r\n")
    assert head.split()[1] in (b"400", b"404")
    assert place.token.encode() not in body
    assert b"root:" not in body
    assert b"<script>" not in body


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "GEŤ"])
def test_other_methods_are_refused(place: Place, method: str) -> None:
    ours = f"Host: 127.0.0.1:{place.dashboard.port}"
    answer = raw(place, f"{method} / HTTP/1.1".encode().decode("latin-1"), ours)
    assert answer.split()[1] in (b"405", b"400")


@pytest.mark.parametrize(
    "sent",
    [b"\x00" * 100, b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\nHost: " + b"a" * 100_000],
)
def test_what_is_no_request_ends_the_connection_and_nothing_else(place: Place, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", place.dashboard.port), timeout=30) as link:
        link.sendall(sent)
        link.shutdown(socket.SHUT_WR)
        while link.recv(65536):
            pass
    assert get(place, "/health", **place.bearer).status_code == 200


# --- changes
def post(place: Place, form: object, **headers: str) -> requests.Response:
    ours = {**place.bearer, "Origin": place.base, **headers}
    return requests.post(f"{place.base}/change", data=form, headers=ours, timeout=30)  # type: ignore[arg-type]


def test_each_change_reaches_the_bot_with_the_id_of_its_form(place: Place) -> None:
    wishes = {
        ("stopentry", ""): StopEntry(ID),
        ("start", ""): StartTrading(ID),
        ("kill", ""): Kill(ID),
        ("forceexit", "KRW-BTC"): ForceExit("KRW-BTC", ID),
        ("forceexit", "all"): ForceExit("all", ID),
        ("cancel_open_order", "KRW-BTC"): CancelOpenOrder("KRW-BTC", ID),
    }
    for (verb, pair), change in wishes.items():
        form = {"verb": verb, "pair": pair, "id": ID}
        assert post(place, form).status_code == 200
        assert post(place, form).status_code == 200  # sent twice, it is the same command
        assert made(place)[-2:] == [change, change]


def test_what_would_be_refused_is_told_instead_of_a_question(place: Place) -> None:
    before = made(place)
    no_trade = OperatorReply(False, "exit_vetoed", {"pair": "KRW-ETH", "reason": "no_trade"})
    place.bot.previews[ForceExit] = ChangePreview(no_trade)
    page = get(place, "/confirm?verb=forceexit&pair=KRW-ETH", **place.bearer)
    place.bot.previews.clear()
    assert page.status_code == 409
    assert "there is no open trade" in page.text
    assert "<form" not in page.text
    assert made(place) == before


def test_the_page_that_asks_says_what_would_come_of_it(place: Place) -> None:
    order = PreviewedOrder(
        "KRW-BTC", "ask", Decimal(2), Decimal(2000), Decimal(1000), profit=Decimal(1)
    )
    place.bot.previews[ForceExit] = ChangePreview(OperatorReply(True, "done"), (order,))
    for pair in ("KRW-BTC", "all"):
        page = get(place, f"/confirm?verb=forceexit&pair={pair}", **place.bearer)
        assert "<li>Bitcoin(KRW-BTC): sells 2 at about ₩1,000 for ₩2,000" in page.text
        assert ("Sell all open trades (1) at the market now?" in page.text) is (pair == "all")
        assert "<form" in page.text
    place.bot.previews.clear()


def test_the_page_that_asks_draws_an_id_of_its_own_each_time(place: Place) -> None:
    before = made(place)
    pages = [get(place, "/confirm?verb=kill", **place.bearer).text for _ in range(2)]
    ids = [re.findall(r'name="id" value="([0-9a-f]{32})"', page) for page in pages]
    assert [len(found) for found in ids] == [1, 1]
    assert ids[0] != ids[1]
    assert made(place) == before


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verb": "shutdown", "id": ID},
        {"verb": "forceenter", "pair": "KRW-BTC", "id": ID},
        {"verb": "adopt", "pair": "KRW-BTC", "id": ID},
        {"verb": "kill"},
        {"verb": "kill", "id": "x" * 32},
        {"verb": "forceexit", "pair": "", "id": ID},
        {"verb": "forceexit", "pair": "KRW-BTC; kill", "id": ID},
        {"verb": "kill", "id": ID, **{f"more{n}": "x" for n in range(20)}},
        b"verb=kill&id=" + ID.encode() + b"&x=" + b"y" * 10_000,
        b"\xff\xfe\x00",
    ],
    ids=str,
)
def test_a_form_that_is_none_of_ours_changes_nothing(place: Place, form: object) -> None:
    before = made(place)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert post(place, form, **kind).status_code == 400
    assert made(place) == before


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; x=y", ""])
def test_a_form_of_another_kind_changes_nothing(place: Place, kind: str) -> None:
    before = made(place)
    text = f"verb=kill&pair=&id={ID}"
    assert post(place, text, **{"Content-Type": kind}).status_code == 400
    assert made(place) == before


def test_who_only_looks_changes_nothing(looking: Place) -> None:
    assert post(looking, FORM).status_code == 400
    assert get(looking, "/confirm?verb=kill", **looking.bearer).status_code == 400
    assert made(looking) == []


# --- what is told
def test_every_answer_bears_the_same_headers(place: Place) -> None:
    for path in (*CLOSED, *OPEN, "/assets/nothing.js"):
        for headers in ({}, place.bearer):
            if path.startswith("/stream") and headers:
                continue  # it does not end
            answer = get(place, path, **headers)
            assert HEADERS.items() <= {k.lower(): v for k, v in answer.headers.items()}.items()
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"]


def test_no_answer_holds_a_secret_or_runs_what_a_venue_said(place: Place) -> None:
    for path in (*PAGES, *FIGURES, "/metrics", "/confirm?verb=kill"):
        answer = get(place, path, **place.bearer)
        assert answer.status_code == 200, path
        for secret in (SECRET, place.token):
            assert secret not in answer.text, path
        assert MARKUP not in answer.text
    assert "alert(" in get(place, "/journal", **place.bearer).text  # told, but as text


def test_it_listens_on_loopback_alone(place: Place) -> None:
    wanted = f":{place.dashboard.port:04X}"
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{place.dashboard.process.pid}/net/{table}")
        .read_text()
        .splitlines()
    ]
    bound = [row[1] for row in rows if row[1].endswith(wanted) and row[3] == "0A"]
    assert bound == [f"0100007F{wanted}"]


# --- the start
def test_the_token_is_drawn_once_and_is_for_our_eyes_only(looking: Place, tmp_path: Path) -> None:
    path = looking.state / "dashboard.token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().strip() == looking.token
    again = Dashboard(looking.state, cwd=tmp_path)
    try:
        assert again.token == looking.token
        assert again.end()[0] == 0
    finally:
        again.kill()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_token_that_others_can_read_is_not_used(looking: Place, mode: int) -> None:
    path = looking.state / "dashboard.token"
    path.chmod(mode)
    try:
        words = ("--state-dir", looking.state, "--port", looking.dashboard.port)  # which is taken
        done = run("dashboard", *words, cwd=looking.state.parent)
    finally:
        path.chmod(0o600)
    assert done.returncode == 2
    assert str(path) in done.stderr
    assert looking.token not in done.stdout + done.stderr


def test_a_package_that_is_missing_is_named_with_what_installs_it() -> None:
    require_extras()
    with pytest.raises(UserError, match="no_such_package") as raised:
        require_extras(("plotly", "no_such_package"))
    assert "make all" in raised.value.todo
    assert "plotly" not in raised.value.what


def test_a_port_that_is_taken_and_a_state_that_is_not_there_are_bad_input(looking: Place) -> None:
    port = looking.dashboard.port
    folder = looking.state.parent
    taken = run("dashboard", "--state-dir", looking.state, "--port", port, cwd=folder)
    nowhere = run("dashboard", "--state-dir", folder / "nowhere", cwd=folder)
    assert (taken.returncode, nowhere.returncode) == (2, 2)
    assert str(port) in taken.stderr
    assert "nowhere" in nowhere.stderr
    assert not (folder / "nowhere").exists()
