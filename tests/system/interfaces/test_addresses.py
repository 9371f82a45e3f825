"""Addresses of the configuration: what will not do is refused where the file is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from app.config.addresses import ADDRESSES, wrong_proxy, wrong_with
from app.config.config_file import load
from app.config.fields import leaves
from i18n.errors import UserError
from tests.support.cli_runner import run

WRONG = {
    "exchange.ws_url": {
        "https://127.0.0.1:8640": "ws://127.0.0.1:8640",
        "127.0.0.1:8640": "ws://127.0.0.1:8640",
        "ws://127.0.0.1:8640/websocket/v1": "ws://127.0.0.1:8640",
        "wss://api.upbit.com/websocket/v1": "wss://api.upbit.com",
        "api.upbit.com": "wss://api.upbit.com",
        "ws://api.upbit.com": "wss://api.upbit.com",
        "wss://api.upbit.com:x": "wss://api.upbit.com",
        "wss://[::1": "wss://api.upbit.com",
        "wss:// api.upbit.com": "wss://api.upbit.com",
        "": "wss://api.upbit.com",
        "wss://api..upbit.com": "wss://api.upbit.com",
        "wss://api.upbit.com:0": "wss://api.upbit.com",
        "wss://api.upbit.com:99999": "wss://api.upbit.com",
    },
    "exchange.rest_url": {
        "https://api.upbit.com/v1": "https://api.upbit.com",
        "wss://api.upbit.com": "https://api.upbit.com",
        "api.upbit.com": "https://api.upbit.com",
        "http://api.upbit.com": "https://api.upbit.com",
        "https://user:secret@api.upbit.com": "https://api.upbit.com",
        "localhost:8640": "http://localhost:8640",
        "https://api.upbit.com?x=1": "https://api.upbit.com",
        "https//api.upbit.com": "https://api.upbit.com",
        "https:/api.upbit.com": "https://api.upbit.com",
        "https:api.upbit.com": "https://api.upbit.com",
        "https//:api.upbit.com/v1": "https://api.upbit.com",
        "htps://api.upbit.com": "https://api.upbit.com",
        "https;//api.upbit.com": "https://api.upbit.com",
        "https://https://api.upbit.com": "https://api.upbit.com",
        "https//localhost:8640": "http://localhost:8640",
        "api upbit com": "https://api.upbit.com",
        "https://1.2.3": "https://api.upbit.com",
    },
    "telegram.api_url": {
        "https://api.telegram.org/bot123": "https://api.telegram.org",
        "api.telegram.org": "https://api.telegram.org",
    },
    "heartbeat_url": {
        "https://hc-ping..com/abc": "https://...",
        "https://hc-ping.com:0/abc": "https://...",
        "hc-ping.com/abc": "https://...",
        "ftp://hc-ping.com/abc": "https://...",
    },
}
CASES = [(key, url, way) for key, urls in WRONG.items() for url, way in urls.items()]


@pytest.mark.parametrize(("key", "url", "way"), CASES)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_address_that_will_not_do_is_one_sentence_with_its_key_and_the_way_out(
    tmp_path: Path, key: str, url: str, way: str, language: str
) -> None:
    section, _, name = key.rpartition(".")
    file = tmp_path / "c.json"
    file.write_text(json.dumps({section: {name: url}} if section else {name: url}))
    with pytest.raises(UserError) as refused:
        load(file, {"JANGBU__LANGUAGE": language})
    error = refused.value
    assert key in error.where
    assert error.todo.startswith(f"{'write ' * (language == 'en')}{key}: {way}")
    assert error.what.isascii() == (language == "en")
    assert not error.others
    assert "secret" not in error.block(language)
    if key == "heartbeat_url":
        assert "hc-ping" not in error.block(language), "who knows it can keep it quiet"


def test_addresses_that_will_do_are_taken() -> None:
    good = {
        "JANGBU__EXCHANGE__REST_URL": "https://api.upbit.com/",
        "JANGBU__EXCHANGE__WS_URL": "ws://[::1]:8640",
        "JANGBU__TELEGRAM__API_URL": "http://127.0.0.1:9",
        "JANGBU__HEARTBEAT_URL": "https://hc-ping.com/abc?x=1",
    }
    assert load(None, good).config.heartbeat_url == good["JANGBU__HEARTBEAT_URL"]


def test_every_key_that_ends_in_url_is_read_as_an_address() -> None:
    named = {key.path for key in leaves() if str in (key.kind, *get_args(key.kind))}
    assert {path for path in named if path.endswith("_url")} == {*ADDRESSES}


def test_doctor_and_start_say_the_same_and_no_traceback(tmp_path: Path) -> None:
    given = {"JANGBU__EXCHANGE__WS_URL": "wss://api.upbit.com/websocket/v1"}
    doctor = run("doctor", cwd=tmp_path, **given)
    start = run("trade", "--headless", cwd=tmp_path, JANGBU__FEED="upbit", **given)
    assert (doctor.returncode, start.returncode) == (2, 2)
    for said in (doctor.stdout, start.stderr):
        assert "an address has no path, not even /v1" in said
        assert "exchange.ws_url" in said
        assert "Traceback" not in said
    assert not (tmp_path / "state").exists()


NO_HOST = [
    *("ex ample.com", "ex_ample.com", "-x.com", "x-.com", "a..b", "", "1.2.3", "256.1.1.1"),
    *("127.0.0.1.1", "0x7f.1", "x.com:99999", "x.com:0", "x.com:x", "x.com:", ":443", "[::1"),
]


@pytest.mark.parametrize("host", NO_HOST)
def test_a_host_or_a_port_that_is_none_is_refused_by_every_address_and_proxy(host: str) -> None:
    for key, kind in ADDRESSES.items():
        assert wrong_with(key, f"{kind.secure}://{host}"), key
    for name in ("https_proxy", "all_proxy"):
        beats = "https://hc-ping.com/abc"
        assert host == "" or wrong_proxy(beats, {name: host}), name
        assert wrong_proxy(beats, {name: f"http://{host}"}), name


@pytest.mark.parametrize("url", ["https//proxy:3128", "http:/proxy:3128", "http//:proxy:3128"])
def test_a_proxy_whose_scheme_is_misspelt_is_told_how_one_looks(url: str) -> None:
    found = wrong_proxy("https://hc-ping.com/abc", {"https_proxy": url})
    assert found is not None
    assert found[1] in (
        "a proxy is http://host:port or https://host:port",
        "an address is scheme://host or scheme://host:port",
    )


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("HTTPS_PROXY", "socks5://127.0.0.1:1080"),
        ("https_proxy", "http://127.0.0.1:x"),
        ("ALL_PROXY", "http://pro..xy:3128"),
        ("all_proxy", "http://user:secret@proxy:3128/path"),
    ],
)
def test_a_proxy_that_will_not_do_is_named_where_the_heartbeat_would_go_by_it(
    name: str, url: str
) -> None:
    beats = {"JANGBU__HEARTBEAT_URL": "https://hc-ping.com/abc"}
    with pytest.raises(UserError) as refused:
        load(None, {**beats, name: url})
    assert name in refused.value.where
    assert refused.value.allowed == "http://127.0.0.1:3128"
    assert "secret" not in refused.value.block()
    load(None, {name: url})  # nothing goes by it
    load(None, {**beats, name: url, "no_proxy": "hc-ping.com"})
    load(None, {**beats, "HTTP_PROXY": url})  # the heartbeat is called by https
    load(None, {**beats, name: "127.0.0.1:3128"})
    load(None, {**beats, name: "http://user:secret@proxy:3128"})
