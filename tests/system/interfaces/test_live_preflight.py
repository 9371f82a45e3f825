"""What is wrong at a live start: each one sentence and a safe state; an outage is waited for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors.orders.breaker import BreakerState, Pace
from actors.runtime.clocks import Clock
from adapters.upbit.secrets import Keys, Secret
from app.live.preflight import paces_of, preflight, respect_ban, retried
from app.venue.connection import VenueConnection
from app.venue.pair_selection import pairs_of
from app.venue.why import Unreachable
from i18n.errors import UserError
from messages.base import Envelope
from messages.config import Config
from messages.exchange import Exchange
from messages.limits import PaceShrunk, VenueBanned
from persistence.record import Identity, Record
from persistence.store import Store
from tests.support.cli_runner import run
from tests.support.sandbox_client import Client, sandbox
from tests.support.scripted_server import Scripted, http, say

ACCESS = "sandbox-access-key"
KEYS = Keys(Secret(ACCESS), Secret("sandbox-secret-key"))
USUAL = ["assets", "order", "order_view"]


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with sandbox(tmp_path_factory.mktemp("books")) as client:
        yield client


@pytest.fixture
def changed(venue: Client) -> Iterator[Any]:
    """How the sandbox's key is changed, until the test is over."""
    yield lambda **facts: venue.admin("key", {"access_key": ACCESS, **facts})
    venue.admin("key", {"access_key": ACCESS})


def live(url: str) -> Config:
    exchange = Exchange(rest_url=url, ws_url=url.replace("http", "ws", 1))
    quick = structs.replace(exchange, connect_seconds=1, read_seconds=1, call_seconds=2)  # type: ignore[arg-type]
    return Config(dry_run=False, exchange=quick)


def looked(url: str, keys: Keys | None = KEYS, traded: bool = False, late: float = 0.0) -> Any:
    """What a look found: lines, or what it raised."""
    config = live(url)
    clock = VenueConnection(config.exchange, None).clock
    if late:
        clock = Clock(clock.now() + late, 1 / clock.real(1.0))
    try:
        return preflight(config, keys, clock, "en", traded)
    except UserError as error:
        return error


@pytest.mark.parametrize(
    "facts",
    [
        {"expired": True},
        {"barred": True},
        {"scopes": ["assets", "order_view"]},
        {"scopes": [*USUAL, "withdraw_view"]},
    ],
)
def test_a_key_that_will_not_do_ends_the_start_in_one_sentence(
    venue: Client, changed: Any, facts: dict[str, Any]
) -> None:
    changed(**facts)
    error = looked(venue.url)
    assert isinstance(error, UserError)
    assert not isinstance(error, Unreachable), "waiting does not help"
    assert "\n" not in error.what
    assert error.todo


def test_wrong_and_missing_keys_end_it_too(venue: Client) -> None:
    wrong = Keys(Secret(ACCESS), Secret("x" * 40))
    for keys in (wrong, None):
        error = looked(venue.url, keys)
        assert isinstance(error, UserError)
        assert not isinstance(error, Unreachable)


def test_what_may_be_over_by_itself_is_told_apart() -> None:
    assert isinstance(looked("http://127.0.0.1:1"), Unreachable)
    with Scripted(*[say(http(503, b"{}"))] * 9) as server:
        assert isinstance(looked(server.url), Unreachable)


@pytest.mark.parametrize("late", [-30.0, 30.0])
def test_a_wrong_clock_keeps_from_a_first_start_and_only_from_entries_later(
    venue: Client, late: float
) -> None:
    first = looked(venue.url, late=late)
    assert isinstance(first, UserError)
    lines = looked(venue.url, traded=True, late=late)
    assert len(lines) == 1, "a warning: there may be exits to make"


def test_a_bot_that_traded_waits_until_upbit_can_be_asked(venue: Client) -> None:
    told: list[str] = []
    answers: list[Any] = [Unreachable("down."), Unreachable("down."), "up"]
    read, write = os.pipe()

    def begin() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            os.write(write, b"headless\n")  # also: something to read is no reason to wait
            raise answer
        return str(answer)

    with FileIO(read, "rb") as parent:
        assert retried(begin, parent, "en", told.append) == "up"
    os.close(write)
    assert len(told) == 2


def test_a_ban_of_a_former_life_holds_before_a_single_request(tmp_path: Path) -> None:
    place, clock = tmp_path / "state", Clock()
    state = BreakerState(banned_until=clock.now() + 90.0)
    with Store.create(place, Identity("b", "live", "upbit", "a"), sync=False) as store:
        event = Envelope(VenueBanned(state.banned_until), clock.now(), "breaker")
        store.commit("breaker", Record(state), [event])
    with pytest.raises(Unreachable) as banned:
        respect_ban(place, clock, "en")
    assert 80.0 < banned.value.until - clock.now() <= 90.0
    respect_ban(place, Clock(clock.now() + 91.0), "en")


def test_a_pace_of_a_former_life_holds_for_what_is_asked_before_the_bot_begins(
    tmp_path: Path,
) -> None:
    place = tmp_path / "state"
    Store.create(place, Identity("b", "live", "upbit", "a"), sync=False).close()
    assert paces_of(place) == {}
    with Store.open(place, sync=False) as store:
        state = BreakerState(paces={"candles": Pace(2, 9.0)})
        event = Envelope(PaceShrunk("candles", 2, 9.0), 9.0, "breaker")
        store.commit("breaker", Record(state), [event])
    assert paces_of(place) == {"candles": 2}


def test_it_does_not_outlive_its_parent_while_it_waits() -> None:
    read, write = os.pipe()
    os.close(write)

    def begin() -> str:
        raise Unreachable("down.")

    with FileIO(read, "rb") as parent, pytest.raises(SystemExit):
        retried(begin, parent, "en", lambda _: None)


def test_pairs_that_cannot_be_asked_for_are_waited_for_and_an_unknown_one_is_not(
    venue: Client,
) -> None:
    nowhere = live("http://127.0.0.1:1")
    with pytest.raises(Unreachable):
        pairs_of(nowhere, VenueConnection(nowhere.exchange, None).rest, 0.0, "en")
    config = structs.replace(live(venue.url), pair_whitelist=("KRW-NOTHING",))
    with pytest.raises(UserError) as refused:
        pairs_of(config, VenueConnection(config.exchange, None).rest, 0.0, "en")
    assert not isinstance(refused.value, Unreachable)


def test_a_first_start_with_a_bad_key_leaves_nothing_and_says_so(
    venue: Client, changed: Any, tmp_path: Path
) -> None:
    changed(expired=True)
    names = {"UPBIT_ACCESS_KEY": ACCESS, "UPBIT_SECRET_KEY": "sandbox-secret-key"}
    urls = {"JANGBU__EXCHANGE__REST_URL": venue.url, "JANGBU__DRY_RUN": "false"}
    done = run("trade", "--headless", "--confirm-live", cwd=tmp_path, **names, **urls)
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "state").exists()
