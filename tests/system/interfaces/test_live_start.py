"""Starting is recovery, also when the outside has changed: who holds a trade is never kept down."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from adapters.upbit.late_keys import LOOK_SECONDS, LateKeySigner
from adapters.upbit.secrets import Keys, NoKeys, Secret
from adapters.upbit.session import Session
from adapters.upbit.tokens import Unsigned
from app.at_stake import AtStake, at_stake
from app.live.preflight import Unreachable
from app.live.start import Start
from app.state_directory import open_for_trading, refuse_exposed
from app.venue.connection import VenueConnection
from app.venue.pair_selection import pairs_of
from i18n.errors import UserError
from messages.config import Config
from messages.exchange import Exchange
from tests.support.at_stake import staked
from tests.support.sandbox_client import ACCESS, SECRET, Client, sandbox
from tests.support.scripted_server import Scripted, http, say

USUAL = ["assets", "order", "order_view"]
KEYS = {"UPBIT_ACCESS_KEY": ACCESS, "UPBIT_SECRET_KEY": SECRET}
NOTHING, HOLDS = AtStake(), AtStake(orders=1)


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with sandbox(tmp_path_factory.mktemp("books")) as client:
        yield client


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def config(url: str, *pairs: str, **more: Any) -> Config:
    exchange = Exchange(rest_url=url, ws_url=url.replace("http", "ws", 1))
    named = {"pair_whitelist": pairs} if pairs else {}
    return Config(dry_run=False, exchange=exchange, **named, **more)  # type: ignore[arg-type]


def begun(config: Config, state: Path, stake: AtStake = NOTHING) -> Any:
    """Warnings and pairs, or what was raised."""
    os.environ.update(KEYS)  # a start takes them out
    try:
        return Start(config, state, stake, "en").begin()
    except UserError as error:
        return error


def test_a_pair_that_was_never_there_is_refused_at_birth_with_the_nearest_one(
    venue: Client, tmp_path: Path
) -> None:
    error = begun(config(venue.url, "KRW-BTC", "KRW-DOEG"), tmp_path / "none")
    assert isinstance(error, UserError)
    assert not isinstance(error, Unreachable)
    assert "KRW-DOEG: did you mean KRW-DOGE?" in error.what


@pytest.mark.parametrize("pairs", [("KRW-BTC", "KRW-DOEG"), ("KRW-GONE", "KRW-BTC"), ("KRW-GONE",)])
@pytest.mark.parametrize("stake", [NOTHING, HOLDS])
def test_at_every_later_start_it_is_a_warning_and_the_others_are_watched(
    venue: Client, tmp_path: Path, pairs: tuple[str, ...], stake: AtStake
) -> None:
    own = config(venue.url, *pairs)
    lines, watched = begun(own, staked(tmp_path / "state", own), stake)
    assert watched == pairs, "the warden bars what is gone"
    assert sum("Upbit does not list KRW-" in line for line in lines) == 1
    assert any("DOGE" in line for line in lines) == ("KRW-DOEG" in pairs)


@pytest.mark.parametrize("name", ["KRW-DOEG", "$DOGE", "(DOEG|ETHH)/.*"])
def test_a_misspelt_entry_of_the_blacklist_is_refused_unless_a_trade_is_open(
    venue: Client, tmp_path: Path, name: str
) -> None:
    own = config(venue.url, "KRW-BTC", pair_blacklist=(name,))
    state = staked(tmp_path / "state", own)
    for place in (tmp_path / "none", state):
        error = begun(own, place)
        assert isinstance(error, UserError)
        assert f"bars nothing with {name}: did you mean KRW-DOGE?" in error.what
    lines, watched = begun(own, state, HOLDS)
    assert watched == ("KRW-BTC",)
    assert sum(f"bars nothing with {name}" in line for line in lines) == 1


@pytest.mark.parametrize("name", ["KRW-DO.*", "KRW-DOGE", "KRW-ARK", "(ARK|STMX)/.*"])
def test_an_entry_of_the_blacklist_that_is_a_market_of_the_exchange_stops_no_start(
    venue: Client, tmp_path: Path, name: str
) -> None:
    own = config(venue.url, "KRW-BTC", pair_blacklist=(name,))
    _, watched = begun(own, tmp_path / "none")
    assert watched == ("KRW-BTC",)


def test_the_choice_of_pairs_at_birth_refuses_a_misspelt_blacklist_too(venue: Client) -> None:
    own = config(venue.url, "KRW-BTC", pair_blacklist=("KRW-QQQQ",))
    connection = VenueConnection(own.exchange, None)
    with pytest.raises(UserError, match="KRW-QQQQ: no market is called so") as error:
        pairs_of(own, connection.rest, connection.clock.now(), "en")
    assert error.value.where == "pair_blacklist"


def test_an_empty_selection_is_refused_at_birth_and_a_warning_later(
    venue: Client, tmp_path: Path
) -> None:
    own = config(venue.url, min_turnover_krw=10**15)
    error = begun(own, tmp_path / "none")
    assert isinstance(error, UserError)
    assert "No market passes" in error.what
    lines, watched = begun(own, staked(tmp_path / "state", own))
    assert watched == ()
    assert any("No market passes" in line for line in lines)


@pytest.mark.parametrize(
    "facts",
    [
        {"expired": True},
        {"barred": True},
        {"scopes": ["assets"]},
        {"scopes": [*USUAL, "withdraw_view"]},
    ],
)
def test_a_key_that_will_not_do_keeps_nobody_down_who_holds_a_trade(
    venue: Client, tmp_path: Path, facts: dict[str, Any]
) -> None:
    own = config(venue.url, "KRW-BTC")
    state = staked(tmp_path / "state", own)
    venue.admin("key", {"access_key": ACCESS, **facts})
    try:
        assert isinstance(begun(own, state), UserError)
        lines, watched = begun(own, state, HOLDS)
    finally:
        venue.admin("key", {"access_key": ACCESS})
    assert watched == ("KRW-BTC",)
    assert lines


def test_without_keys_a_trade_is_watched_and_keys_that_come_later_are_used(
    venue: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    own = config(venue.url, "KRW-BTC")
    state = staked(tmp_path / "state", own, account="whoever")
    with pytest.raises(UserError):
        Start(own, state, NOTHING, "en")
    start = Start(own, state, HOLDS, "en")
    lines, watched = start.begin()
    assert (watched, start.account) == (("KRW-BTC",), "whoever")
    assert any("keys" in line for line in lines)
    failed = start.connection.rest.accounts().value
    assert failed == Session(venue.url, start.connection.signer).call("GET", "/v1/accounts")
    assert (failed.kind, failed.reason) == ("not_sent", "no_keys")  # type: ignore[union-attr]


def test_a_signer_that_waits_looks_again_and_signs_with_what_it_finds() -> None:
    now, found = [0.0], list[Any]()
    signer = LateKeySigner(lambda: found[-1] if found else NoKeys("missing"), lambda: now[0])
    with pytest.raises(Unsigned):
        signer.header()
    found.append(Keys(Secret(ACCESS), Secret(SECRET)))
    with pytest.raises(Unsigned):
        signer.header()
    now[0] += LOOK_SECONDS
    assert signer.header("x=1").startswith("Bearer ")


def test_who_holds_a_trade_starts_with_the_pairs_of_before_while_upbit_is_down(
    tmp_path: Path,
) -> None:
    with Scripted(*[say(http(503, b"{}"))] * 40) as server:
        own = config(server.url)
        state = staked(tmp_path / "state", own, ["KRW-ETH"])
        assert isinstance(begun(own, state), Unreachable)
        lines, watched = begun(own, state, at_stake(state))
    assert watched == ("KRW-ETH",)
    assert any("Upbit cannot be asked now" in line for line in lines)


def test_a_market_whose_row_is_odd_is_not_told_as_unlisted(tmp_path: Path) -> None:
    rows = [{"market": "KRW-ETH"}, {"market": "KRW-BTC", "market_event": {"warning": None}}]
    with Scripted(*[say(http(200, rows))] * 40) as server:
        own = structs.replace(config(server.url, "KRW-BTC", "KRW-ETH"), dry_run=True, feed="upbit")
        lines, watched = begun(own, staked(tmp_path / "state", own))
    assert watched == ("KRW-BTC", "KRW-ETH")
    assert not any("does not list" in line for line in lines)


# --- the state directory
def test_what_is_at_stake_is_told_with_amount_entry_and_stop(tmp_path: Path) -> None:
    own = Config(dry_run=False)
    found = at_stake(staked(tmp_path / "state", own, ["KRW-ETH"]))
    assert [(t.pair, t.amount, t.entry, t.stop) for t in found.trades] == [
        ("KRW-ETH", 3, 1000, 970)
    ]
    assert (found.any, found.live, found.config) == (True, True, own)
    assert not at_stake(tmp_path / "none").any
    assert not at_stake(staked(tmp_path / "empty", own)).any


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722])
def test_a_directory_that_others_may_write_in_is_refused_before_anything_is_written(
    tmp_path: Path, mode: int
) -> None:
    place = tmp_path / "state"
    place.mkdir()
    place.chmod(mode)
    with pytest.raises(UserError, match=f"chmod 700 '{place}'"):
        open_for_trading(place, Config(), "recording")
    assert [*place.iterdir()] == []
    place.chmod(0o755)
    lock, store, _ = open_for_trading(place, Config(), "recording")
    store.close()
    lock.release()
    place.chmod(mode)
    with pytest.raises(UserError, match="others may write"):
        open_for_trading(place, Config(), "recording")


def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "state"
    place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(place, 12345, 12345)
    else:  # nobody else may give a directory away; that of all others is root's
        place = Path("/")
    with pytest.raises(UserError, match="another user"):
        refuse_exposed(place)
    if place.parent != place:
        with pytest.raises(UserError, match="another user"):
            open_for_trading(place, Config(), "recording")


def test_with_a_trade_open_it_is_closed_and_told_and_the_bot_starts(tmp_path: Path) -> None:
    own = Config(dry_run=False)
    place = staked(tmp_path / "state", own, ["KRW-ETH"], account="me")
    place.chmod(0o777)
    lock, store, warnings = open_for_trading(place, own, "", "me")
    store.close()
    lock.release()
    assert place.stat().st_mode & 0o777 == 0o700
    assert any("others could write there" in line for line in warnings)
