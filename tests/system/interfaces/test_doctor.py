"""The doctor: each thing that can be wrong is one sentence in both languages, never a traceback."""

from __future__ import annotations

import ast
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from adapters.upbit.schemas.accounts import ApiKey
from adapters.upbit.secrets import Keys, NoKeys, Secret
from app.preflight.account import expiry
from app.preflight.finding import About, Level
from app.venue import why
from core.market.clock_skew import Sample, skew
from core.market.instrument_status import announced, days_left
from i18n import LANGUAGES
from sandbox.telegram.chat import PERSON
from sandbox.telegram.server import TOKEN, TelegramServer
from tests.support.cli_runner import run
from tests.support.sandbox_client import Client, sandbox
from tests.support.scripted_server import Scripted, http, reset, say

ROOT = Path(__file__).parents[3]
KEYS = {"UPBIT_ACCESS_KEY": "sandbox-access-key", "UPBIT_SECRET_KEY": "sandbox-secret-key"}
LIVE = {"JANGBU__DRY_RUN": "false", **KEYS}
URL = "JANGBU__EXCHANGE__REST_URL"
HIDDEN_PART = "telegram-token"
EXPIRED, BARRED = {"expired": True}, {"barred": True}
USUAL = ["assets", "order", "order_view"]


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A sandbox that serves for all of these."""
    with sandbox(tmp_path_factory.mktemp("books")) as client:
        yield client


def found(cwd: Path, url: str, *words: str, **more: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what the doctor says, by key."""
    done = run("doctor", "--json", *words, cwd=cwd, **{URL: url, **LIVE, **more})
    assert "Traceback" not in done.stderr
    return done.returncode, {finding["key"]: finding for finding in json.loads(done.stdout)}


def ill(findings: dict[str, Any]) -> set[str]:
    """What stands in the way."""
    return {key for key, finding in findings.items() if finding["level"] == "trouble"}


def change(venue: Client, **facts: Any) -> None:
    """What becomes of the sandbox's key."""
    venue.admin("key", {"access_key": KEYS["UPBIT_ACCESS_KEY"], **facts})


# --- all well
def test_nothing_is_wrong_with_a_key_that_may_just_enough(venue: Client, tmp_path: Path) -> None:
    code, findings = found(tmp_path, venue.url)
    assert ill(findings) == set()
    assert code == 0
    for key in ("config_live", "state_new", "disk_ok", "reach_ok", "clock_ok", "limits_ok"):
        assert findings[key]["level"] == "ok"
    for key in ("assets_ok", "order_view_ok", "orders_ok", "withdraw_ok", "expiry_ok"):
        assert findings[key]["level"] == "ok"
    assert not (tmp_path / "state").exists()  # looking leaves nothing behind


def test_the_doctor_speaks_the_readers_language_a_line_each(venue: Client, tmp_path: Path) -> None:
    done = run("doctor", cwd=tmp_path, **{URL: venue.url, **LIVE, "LC_ALL": "ko_KR.UTF-8"})
    assert done.returncode == 0, done.stdout
    assert "[정상] 시계: 이 컴퓨터와 업비트의 시계 차이가 1.0초 이내입니다." in done.stdout
    assert all(line.startswith("[") for line in done.stdout.splitlines()[:-1])


def test_the_test_order_leaves_nothing_at_the_exchange(venue: Client, tmp_path: Path) -> None:
    found(tmp_path, venue.url)
    books = venue.admin("books")
    assert books["orders"] == []
    assert not books["identifiers"]


# --- keys
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (EXPIRED, {"key_expired"}),
        (BARRED, {"key_ip"}),
        ({"scopes": [*USUAL, "withdraw_view"]}, {"scope_wide"}),
        ({"scopes": ["order", "order_view"]}, {"scope_assets_missing"}),
        ({"scopes": ["assets", "order"]}, {"scope_order_view_missing"}),
        ({"scopes": ["assets", "order_view"]}, {"scope_orders_missing"}),
    ],
)
def test_what_is_wrong_with_a_key_is_told(
    venue: Client, tmp_path: Path, facts: dict[str, Any], expected: set[str]
) -> None:
    change(venue, **facts)
    try:
        code, findings = found(tmp_path, venue.url)
    finally:
        change(venue)
    assert (code, ill(findings)) == (1, expected)
    assert all(findings[key]["todo"] for key in expected)


@pytest.mark.parametrize("name", ["UPBIT_ACCESS_KEY", "UPBIT_SECRET_KEY"])
def test_a_wrong_key_is_told_and_never_shown(venue: Client, tmp_path: Path, name: str) -> None:
    canary = "CanaryCanaryCanaryCanaryCanaryCanary0001"
    done = run("doctor", cwd=tmp_path, **{URL: venue.url, **LIVE, name: canary})
    assert done.returncode == 1
    assert "Upbit does not accept the keys." in done.stdout
    assert canary not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"UPBIT_SECRET_KEY": ""}, "keys_half"),
        ({"UPBIT_ACCESS_KEY": "with space"}, "keys_malformed"),
        ({"UPBIT_ACCESS_KEY": '"abc"'}, "keys_quoted"),
        ({"UPBIT_SECRET_KEY": "'abc'"}, "keys_quoted"),
    ],
)
def test_keys_that_cannot_be_keys_are_told(
    venue: Client, tmp_path: Path, given: dict[str, str], expected: str
) -> None:
    code, findings = found(tmp_path, venue.url, **given)
    assert (code, ill(findings)) == (1, {expected})


def test_missing_half_and_open_keys_are_told(venue: Client, tmp_path: Path) -> None:
    def without_environment() -> set[str]:
        done = run("doctor", "--json", cwd=tmp_path, JANGBU__DRY_RUN="false", **{URL: venue.url})
        return ill({finding["key"]: finding for finding in json.loads(done.stdout)})

    assert without_environment() == {"keys_missing"}
    file = tmp_path / ".env"
    file.write_text("UPBIT_ACCESS_KEY=sandbox-access-key\n")
    file.chmod(0o600)
    assert without_environment() == {"keys_half"}
    file.write_text("".join(f"{name}={value}\n" for name, value in KEYS.items()))
    assert without_environment() == set()
    file.chmod(0o644)
    assert without_environment() == {"keys_open"}


def test_paper_needs_no_keys(venue: Client, tmp_path: Path) -> None:
    done = run("doctor", "--json", cwd=tmp_path, **{URL: venue.url})
    keys = {finding["key"] for finding in json.loads(done.stdout)}
    assert done.returncode == 0
    assert "keys_unneeded" in keys


def test_a_key_is_announced_thirty_fourteen_seven_and_one_days_ahead() -> None:
    assert [announced(days) for days in (31, 30, 15, 14, 8, 7, 2, 1, 0)] == [
        *(None, 30, 30, 14, 14, 7, 7, 1, 1)
    ]
    assert days_left(30 * 86400.0, 0.5) == 29
    keys = Keys(Secret("mine"), Secret("-"))
    end = datetime(2027, 1, 1, tzinfo=UTC)
    listed = (ApiKey(Secret("other"), datetime(2026, 1, 1, tzinfo=UTC)), ApiKey(keys.access, end))
    at = end.timestamp()
    levels = [expiry(listed, keys, at - days * 86400).level for days in (40, 29, 1, 0, -1)]
    assert levels == ["ok", "warning", "warning", "trouble", "trouble"]
    assert expiry(listed[:1], keys, at).key == "expiry_unknown"


# --- the way to Upbit
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_a_host_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    urls = {
        "net_refused": f"http://127.0.0.1:{closed_port()}",
        "net_dns": "https://no-such-host.invalid",
    }
    for key, url in urls.items():
        code, findings = found(tmp_path, url)
        assert (code, ill(findings)) == (1, {key})


def test_a_host_without_a_certificate_to_trust_is_told(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate with")
    path = tmp_path / "own"
    words = f"req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {path}.key -out {path}.crt"
    names = ["-subj", "/CN=own", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", *words.split(), *names], check=True, capture_output=True)
    path.write_text(Path(f"{path}.key").read_text() + Path(f"{path}.crt").read_text())
    with Scripted(say(http()), certificate=path) as server:
        code, findings = found(tmp_path, server.url)
        assert server.requests == []
    assert (code, ill(findings)) == (1, {"net_certificate"})


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (say(http(418, {"error": {"name": "x", "message": "Blocked for 90 seconds."}})), "banned"),
        (say(http(429, {"name": "too_many_requests"})), "throttled"),
        (say(http(503, b"down")), "venue_down"),
        (say(http(200, b"<html>please log in</html>")), "net_garbled"),
        (say(http(403, {"error": {"name": "market_offline", "message": "-"}})), "offline"),
        (say(http(302, b"")), "net_garbled"),
        (reset(), "net_broken"),
    ],
)
def test_an_answer_that_is_none_is_told(tmp_path: Path, act: Any, expected: str) -> None:
    with Scripted(*[act] * 20) as server:
        code, findings = found(tmp_path, server.url)
    assert (code, ill(findings)) == (1, {expected})


def test_an_address_that_will_not_do_is_told(tmp_path: Path) -> None:
    done = run("doctor", cwd=tmp_path, **{URL: "http://api.upbit.com", **LIVE})
    assert done.returncode == 2, "bad configuration, as everywhere"
    assert "rest_url" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["{", '{"fee_rate": 5}', '{"no_such_key": 1}'])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_configuration_that_cannot_be_used_is_exit_code_2(
    tmp_path: Path, text: str, more: tuple[str, ...]
) -> None:
    (tmp_path / "c.json").write_text(text)
    done = run("doctor", "--config", "c.json", *more, cwd=tmp_path)
    assert done.returncode == 2
    assert "c.json" in done.stdout
    assert "Traceback" not in done.stderr


# --- the clock
@pytest.mark.parametrize(("seconds", "key"), [(-30.0, "clock_ahead"), (30.0, "clock_behind")])
def test_a_clock_that_is_wrong_is_told(
    venue: Client, tmp_path: Path, seconds: float, key: str
) -> None:
    venue.admin("faults", {"kind": "skew", "endpoint": "*", "times": 0, "seconds": seconds})
    try:
        code, findings = found(tmp_path, venue.url)
    finally:
        venue.admin("faults", method="DELETE")
    assert (code, ill(findings)) == (1, {key})
    assert 28 < float(findings[key]["facts"]["seconds"]) < 32


def test_a_date_of_whole_seconds_tells_the_difference_within_what_the_answers_leave_open() -> None:
    # Our clock is 2 s ahead; answers come at .0, .2, .4, .6 and .8 of the server's second.
    ahead = [Sample(2.0 + at, 2.01 + at, 1e-9) for at in (0.0, 0.2, 0.4, 0.6, 0.8)]
    assert 1.79 < (skew(ahead) or 0) <= 2.01
    assert skew([Sample(100.0, 100.1, 100.0), Sample(100.9, 101.0, 100.0)]) == 0.0
    assert skew([Sample(100.0, 100.1, 0.0)]) is None
    assert skew([]) is None


def test_one_wrong_server_of_several_does_not_move_the_clock() -> None:
    good = [Sample(100.0 + at, 100.05 + at, 100.0) for at in (0.1, 0.3, 0.5)]
    assert abs(skew([*good, Sample(100.6, 100.65, 40.0)]) or 9) < 1


# --- here
def test_a_configuration_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"fee_rate": 5, "what": 1}')
    done = run("doctor", "--json", "--config", "bad.json", cwd=tmp_path)
    assert done.returncode == 2
    findings = json.loads(done.stdout)
    assert [finding["key"] for finding in findings] == ["config_bad", "config_bad"]


def test_a_state_directory_that_is_none_is_told(venue: Client, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear diary")
    code, findings = found(tmp_path, venue.url, "--state-dir", "mine")
    assert (code, ill(findings)) == (1, {"state_bad"})
    assert [entry.name for entry in (tmp_path / "mine").iterdir()] == ["diary.txt"]


def test_a_pair_that_is_not_listed_is_told(venue: Client, tmp_path: Path) -> None:
    given = {"JANGBU__PAIR_WHITELIST": '["KRW-BTC","KRW-NOSUCH"]'}
    code, findings = found(tmp_path, venue.url, **given)
    assert (code, ill(findings)) == (1, {"market_unknown"})


def test_a_blacklist_is_looked_at_as_a_start_does(venue: Client, tmp_path: Path) -> None:
    def looked(*names: str) -> tuple[int, set[str]]:
        given = {"JANGBU__PAIR_BLACKLIST": ",".join(names)}
        code, findings = found(tmp_path, venue.url, **given)
        return code, ill(findings)

    assert looked("KRW-DOEG") == (1, {"blacklist_near"})
    assert looked("KRW-QQQQ") == (1, {"blacklist_unknown"})
    assert looked("KRW-ARK", "KRW-DO.*")[0] == 0


# --- the texts
def test_every_finding_has_its_texts_in_both_languages() -> None:
    keys = set()
    for path in (*(ROOT / "app/preflight").glob("*.py"), ROOT / "app/venue/why.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            place = {"ok": 1, "warning": 1, "trouble": 1, "Finding": 2, "Why": 0}.get(name)
            if isinstance(node, ast.Call) and place is not None and len(node.args) > place:
                key = node.args[place]
                keys |= {(key.value, name)} if isinstance(key, ast.Constant) else set()
    assert len(keys) > 35
    problems = get_args(get_type_hints(NoKeys)["problem"])
    keys |= {(f"keys_{problem}", "trouble") for problem in problems}
    keys |= {(key, "Why") for table in (why._NET, why._NAMES) for key in table.values()}
    for words in LANGUAGES.values():
        assert [key for key, _ in keys if f"check_{key}" not in words] == []
        assert [
            k for k, n in keys if n not in ("ok", "Finding") and f"check_{k}_todo" not in words
        ] == []
        assert [a for a in get_args(About) if f"about_{a}" not in words] == []
        assert [level for level in get_args(Level) if f"level_{level}" not in words] == []


# --- Telegram
@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    server = TelegramServer()
    server.start()
    yield server
    server.stop()


def asked_about(telegram: str, cwd: Path, url: str, **more: str) -> dict[str, Any]:
    """The doctor's word on Telegram; whatever it is, it keeps nobody from trading."""
    names = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT_ID": str(PERSON), **more}
    code, findings = found(cwd, url, JANGBU__TELEGRAM__API_URL=telegram, **names)
    assert code == 0
    assert HIDDEN_PART not in json.dumps(findings)
    (word,) = [finding for finding in findings.values() if finding["about"] == "telegram"]
    assert isinstance(word, dict)
    return word


def test_a_bot_that_may_write_in_its_chat_is_named_and_nothing_is_sent(
    venue: Client, telegram: TelegramServer, tmp_path: Path
) -> None:
    word = asked_about(telegram.url, tmp_path, venue.url)
    assert (word["key"], word["level"]) == ("telegram_ok", "ok")
    assert word["facts"] == {"name": "sandbox_bot", "chat": str(PERSON)}
    assert telegram.chat.sent == []


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"TELEGRAM_TOKEN": "4242:another-token-of-it"}, "telegram_token"),
        ({"TELEGRAM_CHAT_ID": "77"}, "telegram_chat"),
        ({"TELEGRAM_CHAT_ID": "me"}, "telegram_unusable"),
    ],
)
def test_a_token_or_a_chat_that_will_not_do_is_a_warning_with_what_to_do(
    venue: Client, telegram: TelegramServer, tmp_path: Path, more: dict[str, str], key: str
) -> None:
    word = asked_about(telegram.url, tmp_path, venue.url, **more)
    assert (word["key"], word["level"]) == (key, "warning")
    assert word["todo"]


def test_a_telegram_that_is_out_of_reach_is_a_warning(venue: Client, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
    assert asked_about(url, tmp_path, venue.url)["key"] == "telegram_silent"


def test_without_telegram_there_is_no_word_of_it(venue: Client, tmp_path: Path) -> None:
    _, findings = found(tmp_path, venue.url)
    assert not [finding for finding in findings.values() if finding["about"] == "telegram"]
