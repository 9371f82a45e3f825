"""Downloads: history becomes a recording, whatever interrupts it, and within the limits."""

from __future__ import annotations

import gzip
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
import requests
from msgspec import structs

from adapters import recording
from adapters.partial_download import SUFFIX, PartialDownload, Row
from adapters.recorded_rows import RecordingError
from adapters.upbit.groups import CANDLES, MARKET
from app.venue.download import windows
from app.venue.requests import BRISK, PATIENT, Banned, Clock, PacedRequester, client_of
from core.market.candles import PRICES, CandleSeries, between
from messages.config import Exchange
from messages.market import Candle
from sandbox.limits import GROUPS
from tests.support.cli_runner import SECONDS, around, at_a_terminal, command, run, said
from tests.support.sandbox_client import Client, market, sandbox
from tests.support.scripted_server import Scripted, http, say

URL = "JANGBU__EXCHANGE__REST_URL"
DAYS = "20260105-20260106"
WORDS = ("download-data", "--days", 1, "--to", "2026-01-06")
ALL = {"candle_series": market(2), "history": 2000, "groups": GROUPS}  # past the whole first day


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A sandbox with Upbit's own limits."""
    with sandbox(tmp_path_factory.mktemp("books"), **ALL) as client:
        yield client


def name(pair: str) -> str:
    return f"{pair}_1m_{DAYS}.csv.gz"


def first_day(pair: str) -> CandleSeries:
    start = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
    return next(between(t, start, start + 86400) for t in market(2) if t.pair == pair)


def test_what_is_downloaded_is_what_was_traded_and_a_backtest_reads_it(
    venue: Client, tmp_path: Path
) -> None:
    done = run(*WORDS, "--pairs", "btc,KRW-SHIB,btc", "out", cwd=tmp_path, **{URL: venue.url})
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == [name("KRW-BTC"), name("KRW-SHIB")]
    for series in recording.read(files):
        for column in ("time", "open", "high", "low", "close"):
            assert (getattr(series, column) == getattr(first_day(series.pair), column)).all(), (
                column
            )
        assert recording.digest([series]) == recording.digest([first_day(series.pair)])
    with gzip.open(files[0], "rt") as rows:
        header, row = next(rows).strip(), next(rows).strip()
    assert header == "market,unit,timestamp_utc,open,high,low,close,volume,value"
    assert Decimal(row.split(",")[-1]) > 0
    told = said("backtesting", "--recording", *files, cwd=tmp_path)
    assert told["summary"]["rows"] == len([row for row in told["trades"] if not row["is_open"]])
    assert venue.admin("counts")["exceeded"] == 0


def test_what_is_there_is_not_fetched_again(venue: Client, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name("KRW-BTC")).write_bytes(b"mine")
    done = run(*WORDS, "--pairs", "btc", "out", cwd=tmp_path, **{URL: venue.url})
    assert done.returncode == 0
    assert "already there" in done.stdout
    assert (tmp_path / "out" / name("KRW-BTC")).read_bytes() == b"mine"


def test_a_person_at_a_terminal_sees_how_far_it_is(venue: Client, tmp_path: Path) -> None:
    words = (*WORDS, "--pairs", "xrp", "--timeframe", "5m", "out")
    code, shown = at_a_terminal(*words, typed="", cwd=tmp_path, **{URL: venue.url})
    assert code == 0, shown
    assert "KRW-XRP" in shown
    assert "100%" in shown


@pytest.mark.parametrize("timeframe", ["5m", "1h", "1d"])
def test_longer_candles_are_fetched_too(venue: Client, tmp_path: Path, timeframe: str) -> None:
    words = (*WORDS, "--pairs", "eth", "--timeframe", timeframe, "out")
    [fetched] = said(*words, cwd=tmp_path, **{URL: venue.url})
    [series] = recording.read([tmp_path / fetched["path"]])
    assert series.seconds == {"5m": 300, "1h": 3600, "1d": 86400}[timeframe]
    assert len(series.time) == fetched["candles"] > 0


def test_a_jump_of_the_price_is_said_of_what_was_fetched(tmp_path: Path) -> None:
    series = next(series for series in market(2) if series.pair == "KRW-BTC")
    dear = {column: getattr(series, column).copy() for column in PRICES}
    for column in dear.values():
        column[700:] *= 4
    odd = (structs.replace(series, **dear),)
    with sandbox(tmp_path / "books", candle_series=odd, history=2000, groups=GROUPS) as venue:
        done = run(*WORDS, "--pairs", "btc", "out", cwd=tmp_path, **{URL: venue.url})
    assert done.returncode == 0, done.stderr
    assert "Bitcoin(KRW-BTC): the price goes from" in done.stderr


# --- interruptions
@contextmanager
def falling_silent(upstream: str, answers: int) -> Iterator[tuple[str, threading.Event]]:
    """A way to the sandbox that hands on so many answers; the event is set when it stops."""
    silent, closing = threading.Event(), threading.Event()
    passed = [0]

    class Way(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if "/candles/" in self.path:
                passed[0] += 1
            if passed[0] > answers:
                silent.set()
                closing.wait(SECONDS)
                return
            found = requests.get(upstream + self.path, timeout=SECONDS)
            self.send_response(found.status_code)
            self.send_header("Content-Length", str(len(found.content)))
            self.end_headers()
            self.wfile.write(found.content)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Way)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", silent
    finally:
        closing.set()
        server.shutdown()
        server.server_close()


def test_killed_half_way_it_goes_on_and_ends_with_the_same_bytes(
    venue: Client, tmp_path: Path
) -> None:
    whole = run(*WORDS, "--pairs", "btc", "whole", cwd=tmp_path, **{URL: venue.url})
    assert whole.returncode == 0, whole.stderr
    with falling_silent(venue.url, 3) as (url, silent):
        words = command(*WORDS, "--pairs", "btc", "cut")
        env = around(**{URL: url, "JANGBU__EXCHANGE__READ_SECONDS": "60"})
        with subprocess.Popen(words, cwd=tmp_path, env=env, stdout=subprocess.PIPE) as bot:
            assert silent.wait(SECONDS)
            bot.kill()
    partial = tmp_path / "cut" / (name("KRW-BTC") + SUFFIX)
    before = venue.admin("counts")["groups"]["candles"]["requests"]
    with gzip.open(partial, "rt") as rows:
        kept = len(rows.readlines()) - 1
    assert 500 < kept <= 600  # three pages, valid as they are
    assert [entry.name for entry in (tmp_path / "cut").iterdir()] == [partial.name]
    again = run(*WORDS, "--pairs", "btc", "cut", cwd=tmp_path, **{URL: venue.url})
    assert again.returncode == 0, again.stderr
    files = [tmp_path / folder / name("KRW-BTC") for folder in ("whole", "cut")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert not partial.exists()
    pages = venue.admin("counts")["groups"]["candles"]["requests"] - before
    assert pages == 5  # of the eight of a day


def rows(start: int, count: int) -> list[Row]:
    return [
        Row(Candle(60 * (start + i), *[Decimal(100 + i)] * 4, Decimal("0.5")), Decimal("50.10"))
        for i in range(count)
    ]


def test_a_page_that_was_torn_at_any_byte_is_fetched_again(tmp_path: Path) -> None:
    path = tmp_path / "r.csv.gz"
    with PartialDownload(path, "KRW-BTC", 60) as file:
        file.append(rows(0, 3))
    partial = tmp_path / ("r.csv.gz" + SUFFIX)
    whole = partial.read_bytes()
    with PartialDownload(path, "KRW-BTC", 60) as file:
        file.append(rows(3, 3))
    both = partial.read_bytes()
    for cut in range(len(whole), len(both) + 1):
        partial.write_bytes(both[:cut])
        with PartialDownload(path, "KRW-BTC", 60) as file:
            assert file.last == (300 if cut == len(both) else 120)
    for cut in range(len(whole)):
        partial.write_bytes(whole[:cut])
        with PartialDownload(path, "KRW-BTC", 60) as file:
            assert file.last is None
            file.append(rows(0, 6))
            series = file.finish()
        assert series is not None
        assert list(series.time) == [0, 60, 120, 180, 240, 300]


def test_two_processes_do_not_write_the_same_recording(tmp_path: Path) -> None:
    with (
        PartialDownload(tmp_path / "r", "KRW-BTC", 60),
        pytest.raises(RecordingError, match="another process"),
    ):
        PartialDownload(tmp_path / "r", "KRW-BTC", 60)


def test_windows_are_of_one_page_and_cover_everything_once() -> None:
    found = windows(0, 86400, 60)
    assert found[0] == (0, 12000)
    assert found[-1][1] == 86400
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert windows(86400, 86400, 60) == []


# --- refusals
def test_a_ban_stops_it_with_its_end_and_keeps_what_is_there(tmp_path: Path) -> None:
    listed = say(http(200, [{"market": "KRW-BTC"}]))
    ban = say(http(418, {"error": {"message": "Blocked for 7200 seconds."}}))
    with Scripted(listed, ban) as server:
        done = run(*WORDS, "--pairs", "btc", "out", cwd=tmp_path, **{URL: server.url})
        assert len(server.requests) == 2  # never asked again
    assert done.returncode == 2
    assert "(KST) (418)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--pairs", "KRW-NOSUCH"), "KRW-NOSUCH"),
        (("--pairs", "!"), "--pairs"),
        (("--pairs", "btc", "--to", "20990101"), "--to"),
        (("--pairs", "btc", "--to", "yesterday"), "--to"),
        (("--pairs", "btc", "--days", "0"), "--days"),
    ],
)
def test_bad_input_is_one_error(
    venue: Client, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = run(*WORDS, *words, "out", cwd=tmp_path, **{URL: venue.url})
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_days_before_the_first_candle_give_no_file(venue: Client, tmp_path: Path) -> None:
    words = ("download-data", "--days", 1, "--to", "20260101", "--pairs", "btc", "out")
    done = run(*words, cwd=tmp_path, **{URL: venue.url})
    assert done.returncode == 0, done.stderr
    assert "no candle" in done.stdout
    assert list((tmp_path / "out").iterdir()) == []


# --- the pace
class Hours:
    """A clock that passes only when somebody waits."""

    def __init__(self) -> None:
        self.at, self.waits = 0.0, list[float]()

    def wait(self, seconds: float) -> None:
        self.at += seconds
        self.waits.append(round(seconds, 6))

    def clock(self) -> Clock:
        return Clock(lambda: self.at, self.wait)


def test_calls_of_a_group_go_out_evenly_and_slow_down_when_nothing_is_left() -> None:
    hours = Hours()
    left = [("Remaining-Req: group=candles; min=600; sec=9",)] * 3
    left += [("Remaining-Req: group=candles; min=600; sec=0",), ()]
    acts = [say(http(200, [], headers)) for headers in left]
    with Scripted(*acts) as server:
        exchange = Exchange(rest_url=server.url)
        client, reading = client_of(exchange), PacedRequester(exchange, BRISK, hours.clock())
        for _ in left:
            reading.ask(CANDLES, lambda: client.candles("KRW-BTC", 60))
    assert hours.waits == [0.1, 0.1, 0.1, 1.0]


def test_a_pace_that_a_bot_was_told_to_keep_is_kept_from_the_first_call_on() -> None:
    hours = Hours()
    with Scripted(*[say(http(200, []))] * 4) as server:
        exchange = Exchange(rest_url=server.url)
        client = client_of(exchange)
        reading = PacedRequester(exchange, BRISK, hours.clock(), {"candles": 2})
        for _ in range(3):
            reading.ask(CANDLES, lambda: client.candles("KRW-BTC", 60))
        reading.ask(MARKET, client.markets)
    assert hours.waits == [0.5, 0.5]


def test_a_read_is_tried_again_with_growing_waits_and_a_429_waits_a_second() -> None:
    hours = Hours()
    busy, down = say(http(429, {"name": "too_many_requests"})), say(http(502, b""))
    with Scripted(busy, down, down, say(http(200, []))) as server:
        exchange = Exchange(rest_url=server.url)
        client, reading = client_of(exchange), PacedRequester(exchange, PATIENT, hours.clock())
        assert reading.ask(MARKET, client.markets).value == ()
        assert len(server.requests) == 4
    assert hours.waits == [1.0, 1.0, 2.0]  # longer than any spacing


def test_a_ban_is_not_asked_against() -> None:
    hours = Hours()
    with Scripted(say(http(418, {"error": {"message": "Blocked for 5 minutes."}}))) as server:
        exchange = Exchange(rest_url=server.url)
        client, reading = client_of(exchange), PacedRequester(exchange, PATIENT, hours.clock())
        with pytest.raises(Banned) as ban:
            reading.ask(MARKET, client.markets)
        assert ban.value.seconds == 300
        assert len(server.requests) == 1
