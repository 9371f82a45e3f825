"""Upbit's own Python SDK trades against the sandbox unchanged: every exchange endpoint."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from decimal import Decimal as D
from pathlib import Path

import pytest
import upbit
from upbit import Upbit

from sandbox.limits import Bans, Group
from sandbox.tokens import SCOPES, Key
from tests.support.sandbox_client import ACCESS, SECRET, Client, sandbox

EVERY = Key(ACCESS, SECRET, frozenset(SCOPES))
SMALL = {"market": "KRW-BTC", "side": "bid", "ord_type": "limit", "price": "10000000"}
PAIRS = "KRW-BTC,KRW-ETH"


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Upbit, Client]]:
    with sandbox(tmp_path / "state", keys=(EVERY,)) as client, sdk(client.url) as found:
        yield found, client


@pytest.fixture
def api(both: tuple[Upbit, Client]) -> Upbit:
    return both[0]


def sdk(url: str, secret: str = SECRET) -> Upbit:
    return Upbit(access_key=ACCESS, secret_key=secret, base_url=url, max_retries=0)


@pytest.fixture(autouse=True)
def short_key() -> Iterator[None]:
    """PyJWT says that our secret is short; it is known to the whole world anyway."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def limit(api: Upbit, name: str, **more: str) -> str:
    order = api.orders.create(**(SMALL | {"volume": "0.001", "identifier": name} | more))  # type: ignore[arg-type]
    assert (order.state, order.identifier, order.trades_count) == ("wait", name, 0)
    return order.uuid


def test_it_reads_accounts_chance_keys_and_wallets(api: Upbit) -> None:
    krw = api.accounts.list()[0]
    assert (krw.currency, krw.balance, krw.locked) == ("KRW", "1000000", "0")
    chance = api.orders.retrieve_chance(market="KRW-BTC")
    assert (chance.bid_fee, chance.market.bid.min_total) == ("0.0005", "5000")
    assert api.api_keys.list()[0].access_key == ACCESS
    assert {w.wallet_state for w in api.wallet_status.list()} == {"working"}


def test_it_buys_and_sells_at_the_market(api: Upbit) -> None:
    bought = api.orders.create(market="KRW-BTC", side="bid", ord_type="price", price="10000")
    found = api.orders.retrieve(uuid=bought.uuid)
    assert found.state == "cancel"
    assert found.trades
    volume = found.executed_volume
    sold = api.orders.create(market="KRW-BTC", side="ask", ord_type="market", volume=volume)
    assert api.orders.retrieve(uuid=sold.uuid).state == "done"
    assert [a.currency for a in api.accounts.list()] == ["KRW"]


@pytest.mark.parametrize("force", [None, "ioc", "fok", "post_only"])
def test_it_sells_at_a_limit_with_every_time_in_force(
    both: tuple[Upbit, Client], force: str | None
) -> None:
    api, client = both
    client.admin("deposit", {"currency": "BTC", "amount": "0.001"})
    more = {"time_in_force": force} if force else {}
    price = client.price() - (1_000_000 if force in ("ioc", "fok") else -1_000_000)
    sold = api.orders.create(
        **{**SMALL, "side": "ask", "price": str(price), "volume": "0.001", **more}  # type: ignore[arg-type]
    )
    state = "done" if force in ("ioc", "fok") else "wait"
    assert api.orders.retrieve(uuid=sold.uuid).state == state


@pytest.mark.parametrize("force", ["ioc", "fok"])
def test_it_sells_at_the_best_price(both: tuple[Upbit, Client], force: str) -> None:
    api, client = both
    client.admin("deposit", {"currency": "BTC", "amount": "0.0001"})
    sold = api.orders.create(
        market="KRW-BTC",
        side="ask",
        ord_type="best",
        volume="0.0001",
        time_in_force=force,  # type: ignore[arg-type]
    )
    assert api.orders.retrieve(uuid=sold.uuid).state == "done"


@pytest.mark.parametrize("form", ["DEFAULT", "SIMPLE"])
def test_it_hears_of_its_orders_and_its_money(api: Upbit, form: str) -> None:
    with api.ws_private.connect_private() as socket:
        socket.send([{"ticket": "t"}, {"type": "myOrder"}, {"type": "myAsset"}, {"format": form}])
        socket.send([{"ticket": "t"}, {"method": "LIST_SUBSCRIPTIONS"}])
        socket.recv()
        bought = api.orders.create(market="KRW-BTC", side="bid", ord_type="price", price="10000")
        heard = [socket.recv() for _ in range(4)]
    long = form == "DEFAULT"
    assert [type(m).__name__ for m in heard] == (
        ["MyOrder"] * 3 + ["MyAsset"] if long else ["SimpleMyOrder"] * 3 + ["SimpleMyAsset"]
    )
    names = ("uuid", "state") if long else ("uid", "s")
    events = [tuple(getattr(m, name) for name in names) for m in heard[:3]]
    assert events == [(bought.uuid, state) for state in ("wait", "trade", "cancel")]


@pytest.mark.parametrize("force", ["ioc", "fok"])
def test_it_takes_the_best_price(api: Upbit, force: str) -> None:
    order = api.orders.create(
        market="KRW-BTC",
        side="bid",
        ord_type="best",
        price="6000",
        time_in_force=force,  # type: ignore[arg-type]
    )
    assert D(api.orders.retrieve(uuid=order.uuid).executed_volume) > 0


@pytest.mark.parametrize("force", ["ioc", "fok", "post_only"])
def test_it_places_limits_with_every_time_in_force(api: Upbit, force: str) -> None:
    uuid = limit(api, force, time_in_force=force)
    assert api.orders.retrieve(uuid=uuid).state == ("wait" if force == "post_only" else "cancel")


@pytest.mark.parametrize("mode", ["cancel_maker", "cancel_taker", "reduce"])
def test_it_names_a_self_match_mode(api: Upbit, mode: str) -> None:
    order = api.orders.retrieve(uuid=limit(api, mode, smp_type=mode))
    assert (order.smp_type, order.prevented_volume) == (mode, "0")


def test_it_lists_looks_up_and_cancels(api: Upbit) -> None:
    uuids = [limit(api, f"n{number}") for number in range(4)]
    waiting = list(api.orders.list_open(market="KRW-BTC", states=["wait", "watch"], limit=10))
    assert [o.uuid for o in waiting] == uuids[::-1]
    assert {o.uuid for o in api.orders.list_by_uuids(uuids=uuids[:2])} == set(uuids[:2])
    assert api.orders.retrieve(identifier="n3").uuid == uuids[3]
    assert api.orders.cancel(uuid=uuids[0]).state == "wait"
    assert api.orders.cancel_by_uuids(uuids=[uuids[1]]).success.count == 1
    assert api.orders.cancel_open(cancel_side="all", pairs=PAIRS, count=20).success.count == 2
    closed = api.orders.list_closed(market="KRW-BTC", states=["done", "cancel"])
    assert {o.uuid for o in closed} == set(uuids)
    assert api.orders.list_closed(start_time="2025-11-01T00:00:00+09:00") == []


def test_it_tests_an_order_and_replaces_one(api: Upbit) -> None:
    tested = api.orders.test_create(**SMALL, volume="0.001")  # type: ignore[arg-type]
    with pytest.raises(upbit.NotFoundError, match="order_not_found"):
        api.orders.retrieve(uuid=tested.uuid)
    uuid = limit(api, "old")
    moved = api.orders.cancel_and_new(
        prev_order_uuid=uuid,
        new_ord_type="limit",
        new_price="10001000",
        new_volume="remain_only",
        new_identifier="new",
    )
    assert moved.uuid == uuid
    assert api.orders.retrieve(identifier="new").price == "10001000"


def test_it_reads_deposits_and_may_not_withdraw(both: tuple[Upbit, Client]) -> None:
    api, client = both
    client.admin("deposit", {"currency": "ETH", "amount": "2"})
    assert next(iter(api.deposits.list(currency="ETH"))).amount == "2"
    assert list(api.withdraws.list()) == []
    with pytest.raises(upbit.PermissionDeniedError):
        api.withdraws.create_krw_withdrawal(amount="10000", two_factor_type="kakao")
    assert api.pockets.list()[0].type == "main"


def test_it_understands_our_refusals(api: Upbit) -> None:
    limit(api, "twin")
    with pytest.raises(upbit.BadRequestError, match="duplicated_identifier"):
        limit(api, "twin")
    with pytest.raises(upbit.BadRequestError, match="invalid_price_bid"):
        limit(api, "odd", price="10000001")
    stranger = sdk(str(api.base_url), "another secret")
    with stranger, pytest.raises(upbit.AuthenticationError, match="jwt_verification"):
        stranger.accounts.list()


def test_it_understands_429_and_418(tmp_path: Path) -> None:
    groups = (Group("default", 2), Group("order", 12))
    bans = Bans(refusals=3, first=60)
    with sandbox(tmp_path / "state", groups=groups, bans=bans) as client, sdk(client.url) as api:
        seen: list[str] = []
        for _ in range(12):
            try:
                api.accounts.list()
            except upbit.APIStatusError as error:
                seen.append(type(error).__name__)
        assert seen[:3] == ["RateLimitError"] * 3
        assert set(seen[3:]) == {"RateLimitPenaltyError"}
