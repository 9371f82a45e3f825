"""The client against the sandbox: every call by name, both sockets, and each fault in turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec import structs

from adapters.upbit.client import Client
from adapters.upbit.replies import Refused, Reply, Trouble
from adapters.upbit.schemas.accounts import Chance, Order
from adapters.upbit.secrets import Keys, Secret
from adapters.upbit.session import Session, Waits
from adapters.upbit.socket.conflation import Connected, Disconnected, Inflow, Item, Price
from adapters.upbit.socket.frames import Book, Candle, MyAsset, MyOrder, Subscriptions, Trade
from adapters.upbit.socket.stream import Pace, Stream
from adapters.upbit.socket.subscriptions import Topic, request_text
from adapters.upbit.tokens import Signer
from adapters.upbit.venue import perform
from core.orders.payload import order_body
from messages.orders import Order as Wish
from messages.orders import OrderReport, QueryOrder, SubmitOrder
from sandbox.faults import Fault
from sandbox.limits import Bans
from tests.support.sandbox_client import ACCESS, ROOMY, SECRET, sandbox
from tests.support.sandbox_client import Client as Admin

D = Decimal
T = TypeVar("T")
SIGNER = Signer(Keys(Secret(ACCESS), Secret(SECRET)))
PAIR = "KRW-BTC"


def client(url: str, signer: Signer | None = SIGNER, read: float = 20.0) -> Client:
    return Client(Session(url, signer, Waits(5.0, read, 2 * read)))


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Admin]:
    with sandbox(tmp_path / "state") as found:
        yield found


@pytest.fixture
def own(admin: Admin) -> Client:
    return client(admin.url)


def got(reply: Reply[T]) -> T:
    value = reply.value
    assert not isinstance(value, Trouble), value
    return value


def buy(name: str, krw: int = 10000) -> SubmitOrder:
    wish = Wish(name, name, PAIR, "bid", "price", price=D(krw))
    return SubmitOrder(wish, name, order_body(wish, name))


def limit(name: str, price: int = 10_000_000) -> str:
    wish = Wish(name, name, PAIR, "bid", "limit", price=D(price), volume=D("0.001"))
    return order_body(wish, name)


def look_up(client: Client, name: str, uuid: str = "") -> OrderReport:
    return perform(client, QueryOrder(name, PAIR, name, "entry", uuid))[0]


def test_the_market_is_read(own: Client) -> None:
    pairs = {pair.market for pair in got(own.markets())}
    assert PAIR in pairs
    tickers = {ticker.market: ticker for ticker in got(own.tickers())}
    assert set(tickers) <= pairs
    assert {ticker.market for ticker in got(own.tickers([PAIR, "KRW-ETH"]))} == {PAIR, "KRW-ETH"}
    candles = got(own.candles(PAIR, 60))
    starts = [candle.candle_date_time_utc for candle in candles]
    assert starts == sorted(starts, reverse=True)
    older = got(own.candles(PAIR, 60, int(candles[-1].timestamp / 1000) // 60 * 60, 10))
    assert all(candle.candle_date_time_utc < starts[-1] for candle in older)
    (book,) = got(own.orderbooks([PAIR], 5))
    assert len(book.orderbook_units) == 5
    assert book.orderbook_units[0].ask_price > book.orderbook_units[0].bid_price
    assert got(own.instruments([PAIR]))[0].market == PAIR
    assert got(own.trades(PAIR, 3))[0].trade_price > 0


def test_the_account_is_read(own: Client) -> None:
    assert got(own.accounts())[0].balance == 1_000_000
    chance: Chance = got(own.chance(PAIR))
    assert (chance.bid_fee, chance.market.bid.min_total) == (D("0.0005"), 5000)
    assert got(own.api_keys())[0].access_key.reveal() == ACCESS
    assert {wallet.currency for wallet in got(own.wallet_status())} >= {"BTC"}


def test_the_answer_tells_limits_and_the_venues_clock(own: Client) -> None:
    answer = own.accounts().answer
    assert (answer.group, answer.date > 0) == ("default", True)  # type: ignore[union-attr]


def test_an_order_is_placed_found_listed_and_cancelled(own: Client) -> None:
    placed: Order = got(own.place(limit("n1")))
    assert (placed.state, placed.identifier) == ("wait", "n1")
    assert got(own.order_by(identifier="n1")).uuid == placed.uuid
    assert [order.uuid for order in got(own.open_orders(pair=PAIR))] == [placed.uuid]
    assert [order.uuid for order in got(own.orders_by(["n1", "never"]))] == [placed.uuid]
    made = placed.created_at.timestamp()
    assert got(own.cancel(identifier="n1")).uuid == placed.uuid
    assert got(own.order_by(uuid=placed.uuid)).state == "cancel"
    assert [o.uuid for o in got(own.closed_orders(made - 60, made + 60))] == [placed.uuid]
    tested = got(own.test_order(limit("n2")))
    assert isinstance(own.order_by(uuid=tested.uuid).value, Refused)


def test_a_market_buy_and_sell_are_followed_to_their_ends(own: Client) -> None:
    assert perform(own, buy("b1"))[0].outcome == "snapshot"
    bought = look_up(own, "b1")
    assert (bought.state, bought.funds <= 10000) == ("cancel", True)
    assert bought.fee == bought.funds * D("0.0005")
    wish = Wish("s1", "s1", PAIR, "ask", "market", volume=bought.volume)
    sold, _ = perform(own, SubmitOrder(wish, "s1", order_body(wish, "s1")))
    assert look_up(own, "s1", sold.uuid).state == "done"


def test_a_repeated_name_an_unknown_one_and_too_little_are_told_apart(own: Client) -> None:
    perform(own, buy("b1"))
    again, _ = perform(own, buy("b1"))
    assert (again.outcome, again.name) == ("refused", "duplicated_identifier")
    assert look_up(own, "never").outcome == "absent"
    little, _ = perform(own, buy("b2", 100))
    assert (little.outcome, little.name) == ("refused", "under_min_total_bid")


@pytest.mark.parametrize(
    ("access", "secret", "name"),
    [(ACCESS, "another", "jwt_verification"), ("another", SECRET, "invalid_access_key")],
)
def test_wrong_keys_are_told_by_their_names(
    admin: Admin, access: str, secret: str, name: str
) -> None:
    value = client(admin.url, Signer(Keys(Secret(access), Secret(secret)))).accounts().value
    assert isinstance(value, Refused)
    assert (value.status, value.name) == (401, name)


@pytest.mark.parametrize(
    ("kind", "did", "outcome"),
    [
        ("lost_before", False, "unknown"),
        ("lost_after", True, "unknown"),
        ("reset_before", False, "unknown"),
        ("reset_after", True, "unknown"),
        ("error_before", False, "unknown"),
        ("error_after", True, "unknown"),
        ("malformed", True, "unknown"),
        ("truncated", True, "unknown"),
        ("slow", True, "unknown"),
        ("maintenance", False, "refused"),
    ],
)
def test_after_each_fault_a_look_up_by_name_tells_what_became_of_the_order(
    tmp_path: Path, kind: Any, did: bool, outcome: str
) -> None:
    fault = Fault(kind, "POST /v1/orders", seconds=0.5, status=503)
    with sandbox(tmp_path / "state", faults=[fault]) as admin:
        hasty = client(admin.url, read=0.5)
        report, _ = perform(hasty, buy("b1"))
        assert report.outcome == outcome
        assert look_up(hasty, "b1").outcome == ("snapshot" if did else "absent")


def test_too_many_calls_are_throttled_and_going_on_is_a_ban(tmp_path: Path) -> None:
    strict = [structs.replace(g, most=2) if g.name == "order" else g for g in ROOMY]
    with sandbox(tmp_path / "state", groups=tuple(strict), bans=Bans(refusals=3)) as admin:
        own = client(admin.url)
        reports = [perform(own, buy(f"b{n}", 6000))[1] for n in range(8)]
    outcomes = [report.outcome for report in reports]
    assert outcomes[:2] == ["ok", "ok"]
    assert "throttled" in outcomes
    assert reports[-1].outcome == "banned"
    assert reports[-1].seconds > 0


# --- sockets
class Heard:
    """A stream to a sandbox, and what came."""

    def __init__(self, url: str, topics: list[Topic], signer: Signer | None, simple: bool) -> None:
        self.rung, self.items = threading.Event(), list[Item]()
        self.flow = Inflow(self.rung.set)
        pace = Pace(first_wait=0.01, longest_wait=0.05)
        request = request_text(topics, simple)
        self.stream = Stream(url.replace("http", "ws"), request, self.flow, signer, pace)
        self.stream.start()

    def until(self, wanted: Callable[[list[Item]], bool]) -> list[Item]:
        while not wanted(self.items):
            assert self.rung.wait(60), self.items
            self.rung.clear()
            self.items += self.flow.take()
        return self.items


def kinds(items: list[Item]) -> set[str]:
    return {type(item).__name__ for item in items}


@pytest.mark.parametrize("simple", [False, True])
def test_the_public_socket_is_heard_in_both_spellings(admin: Admin, simple: bool) -> None:
    types = ("ticker", "trade", "orderbook", "candle.1m")
    heard = Heard(admin.url, [Topic(t, (PAIR,)) for t in types], None, simple)
    wanted = {"Connected", "Price", "Trade", "Book", "Candle"}
    items = heard.until(lambda items: kinds(items) >= wanted)
    heard.stream.stop()
    assert any(isinstance(item, Connected) for item in items)
    for kind in (Price, Trade, Book, Candle):
        found = [item for item in items if isinstance(item, kind)]
        assert {item.code for item in found} == {PAIR}, kinds(items)
    assert "Unreadable" not in kinds(items)


@pytest.mark.parametrize("simple", [False, True])
def test_the_private_socket_hints_at_orders_and_balances(admin: Admin, simple: bool) -> None:
    topics = [Topic("myOrder"), Topic("myAsset")]
    heard = Heard(admin.url, topics, SIGNER, simple)
    heard.until(lambda items: "Connected" in kinds(items))
    own = client(admin.url)
    for n in range(1, 200):  # the first may come before the sandbox has taken the request in
        perform(own, buy(f"b{n}", 5000))
        heard.items += heard.flow.take()
        if any(isinstance(item, MyOrder) and item.state == "cancel" for item in heard.items):
            break
    items = heard.until(lambda items: kinds(items) >= {"MyOrder", "MyAsset"})
    heard.stream.stop()
    orders = [item for item in items if isinstance(item, MyOrder)]
    assert {order.code for order in orders} == {PAIR}
    assert all((order.identifier or "").startswith("b") for order in orders)
    assert any(isinstance(item, MyAsset) for item in items)
    assert kinds(items) <= {"Connected", "MyOrder", "MyAsset", "Subscriptions"}


def test_a_socket_that_the_venue_closes_is_made_anew(tmp_path: Path) -> None:
    fault = Fault("closed", "WS ticker", times=2)
    with sandbox(tmp_path / "state", faults=[fault], speed=60.0) as admin:
        heard = Heard(admin.url, [Topic("ticker", (PAIR,))], None, True)

        def twice(items: list[Item]) -> bool:
            stood = [n for n, item in enumerate(items) if isinstance(item, Connected)]
            return len(stood) >= 3 and any(isinstance(i, Price) for i in items[stood[2] :])

        items = heard.until(twice)
        heard.stream.stop()
    lost = [item for item in items if isinstance(item, Disconnected)]
    assert len(lost) == 2
    assert not any(isinstance(item, Subscriptions) for item in items)
