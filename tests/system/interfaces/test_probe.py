"""The contract test of the exchange: it sees what the exchange does, and leaves nothing."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from adapters.upbit.secrets import Keys, Secret
from app.state_directory import refuse_foreign
from app.venue.probe import Probe
from app.venue.probe_file import ProbeResult, load
from app.venue.requests import BRISK, PacedRequester, client_of
from app.venue.terms import terms_of
from core.money import money
from messages.config import Exchange
from sandbox.assumptions import Assumptions
from sandbox.faults import Fault
from tests.support.cli_runner import at_a_terminal, run
from tests.support.sandbox_client import ACCESS, SECRET, Client, sandbox

URL = "JANGBU__EXCHANGE__REST_URL"
KEYS = {"UPBIT_ACCESS_KEY": ACCESS, "UPBIT_SECRET_KEY": SECRET}
WORDS = ("probe-exchange", "--state-dir", "s", "--samples", 3)


def probed(venue: Client, samples: int = 2) -> ProbeResult:
    """One run within this process."""
    exchange = Exchange(rest_url=venue.url)
    client = client_of(exchange, Keys(Secret(ACCESS), Secret(SECRET)))
    reading = PacedRequester(exchange, BRISK)
    terms = terms_of(client, reading, "KRW-BTC", venue.url, "en")
    at = float(venue.admin("clock")["now"])
    seen = Probe(client, reading, terms, "probe-x").run(
        ProbeResult(at, venue.url, "KRW-BTC"), samples, lambda _: None
    )
    client.close()
    return seen


def alive(venue: Client) -> list[Any]:
    """Orders that rest, and KRW that are locked."""
    books = venue.admin("books")
    locked = [a for a in books["accounts"] if money(a["locked"])]
    return [o for o in books["orders"] if o["state"] == "wait"] + locked


def test_it_sees_stores_and_leaves_nothing(tmp_path: Path) -> None:
    with sandbox(tmp_path / "books") as venue:
        done = run(*WORDS, "--yes", "--json", cwd=tmp_path, **{URL: venue.url, **KEYS})
        assert done.returncode == 0, done.stderr
        assert alive(venue) == []
        given = [order["price"] for order in venue.admin("books")["orders"]]
        assert all(money(price) < venue.price() * money("0.71") for price in given)
        url = venue.url
    seen = json.loads(done.stdout)
    assert seen["twice_refused"] is seen["after_cancel_refused"] is seen["refusal_burns"] is True
    assert seen["twice_name"] == "duplicated_identifier"
    assert len(seen["lags_ms"]) == 3
    file = tmp_path / "s" / "probe.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = load(tmp_path / "s", url)
    assert kept is not None
    assert kept.resend_safe
    assert load(tmp_path / "s", "https://api.upbit.com") is None  # seen elsewhere, proves nothing
    refuse_foreign(tmp_path / "s")  # a bot may still be born there
    assert ACCESS not in file.read_text() + done.stdout + done.stderr
    assert SECRET not in file.read_text() + done.stdout + done.stderr


def test_it_names_the_cost_and_does_nothing_unless_somebody_agrees(tmp_path: Path) -> None:
    with sandbox(tmp_path / "books") as venue:
        done = run(*WORDS, cwd=tmp_path, **{URL: venue.url, **KEYS})
        assert venue.admin("books")["orders"] == []
    assert done.returncode == 2
    for part in ("locks ₩5,00", "post_only", "--yes", "KRW-BTC"):
        assert part in done.stderr
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(("typed", "code"), [("no", 130), ("", 130), ("yes", 0), ("네", 0)])
def test_at_a_terminal_it_asks(tmp_path: Path, typed: str, code: int) -> None:
    with sandbox(tmp_path / "books") as venue:
        words = ("probe-exchange", "--state-dir", "s", "--samples", 0)
        ended, shown = at_a_terminal(*words, typed=typed, cwd=tmp_path, **{URL: venue.url, **KEYS})
        assert ended == code, shown
        assert bool(venue.admin("books")["orders"]) == (code == 0)
        assert alive(venue) == []
    assert "locks ₩5,00" in shown


def test_an_account_without_the_money_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with sandbox(tmp_path / "books", balances={"KRW": money(5000)}) as venue:
        done = run(*WORDS, "--yes", cwd=tmp_path, **{URL: venue.url, **KEYS})
        assert venue.admin("books")["orders"] == []
    assert done.returncode == 2
    assert "₩5,000" in done.stderr
    assert "locks ₩5,00" in done.stderr


def test_without_keys_it_says_what_to_do(tmp_path: Path) -> None:
    done = run(*WORDS, "--yes", cwd=tmp_path)
    assert done.returncode == 2
    assert "UPBIT_ACCESS_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refused_order_that_does_not_burn_its_identifier_is_seen(tmp_path: Path) -> None:
    with sandbox(tmp_path / "books", switches=Assumptions(refusal_burns=False)) as venue:
        seen = probed(venue)
        assert alive(venue) == []
    assert seen.refusal_burns is False
    assert seen.refusal_name == "under_min_total_bid"
    assert seen.resend_safe


def test_a_look_up_that_lags_is_measured(tmp_path: Path) -> None:
    lag = Fault("lag", "GET /v1/order", times=0, seconds=0.3)
    with sandbox(tmp_path / "books", faults=[lag]) as venue:
        seen = probed(venue, samples=1)
        assert alive(venue) == []
    assert seen.not_found > 0
    assert seen.lags_ms[0] > 200


def test_a_reply_that_is_lost_tells_nothing_and_its_order_is_cancelled(tmp_path: Path) -> None:
    lost = Fault("lost_after", "POST /v1/orders", times=1)
    with sandbox(tmp_path / "books", faults=[lost]) as venue:
        seen = probed(venue, samples=1)
        assert alive(venue) == []
        assert any(o["identifier"] == "probe-x-a" for o in venue.admin("books")["orders"])
    assert seen.twice_refused is None
    assert not seen.resend_safe
    assert seen.left_behind == ()


def test_fills_of_a_former_order_are_looked_at(tmp_path: Path) -> None:
    with sandbox(tmp_path / "books") as venue:
        assert venue.place(side="bid", ord_type="price", price="10000").status_code == 201
        assert probed(venue, samples=0).fills_have_ids is True


@pytest.mark.parametrize("bad", [b"", b"{", b'{"at": "x"}', b"[]"])
def test_a_file_that_cannot_be_read_proves_nothing(tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "probe.json").write_bytes(bad)
    assert load(tmp_path, "https://api.upbit.com") is None
    assert not ProbeResult(0.0, "", "").resend_safe
    assert not ProbeResult(0.0, "", "", twice_refused=True).resend_safe
