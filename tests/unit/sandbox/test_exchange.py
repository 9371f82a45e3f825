"""The sandbox's exchange: Upbit's arithmetic to the last digit, and money that is conserved."""

from __future__ import annotations

import random
from decimal import Decimal as D
from pathlib import Path

import pytest

from core.venue.matching import Rules
from messages.orders import Order
from sandbox.assumptions import Assumptions
from sandbox.exchange import OrderRequest
from sandbox.records import StoredOrder
from sandbox.rejections import Rejected
from tests.support.static_market import StillMarket, Venue, venue


def refused(act: object, *args: object, **terms: object) -> str:
    with pytest.raises(Rejected) as caught:
        act(*args, **terms)  # type: ignore[operator]
    return caught.value.name


# --- the published cases of docs/reference/upbit.md 3.5
def test_a_market_buy_keeps_what_buys_no_more_and_ends_in_cancel(tmp_path: Path) -> None:
    with venue(tmp_path, StillMarket(BTC="75324000")) as v:
        order = v.order(v.place("bid", "price", price="5000"))
        assert (order.executed, order.funds, order.state) == (
            D("0.00006637"),
            D("4999.25388"),
            "cancel",
        )
        assert (order.reserved_fee, order.paid_fee) == (D("2.5"), D("2.49962694"))
        assert (order.remaining_fee, order.locked) == (D("0.00037306"), D("0.74649306"))
        assert len(order.trades) == 1
        assert v.free("KRW") == D(1_000_000) - D("4999.25388") - D("2.49962694")
        assert v.locked("KRW") == 0
        assert v.free("BTC") == D("0.00006637")


def test_a_limit_buy_reserves_its_fee_on_top(tmp_path: Path) -> None:
    with venue(tmp_path, StillMarket(XRP="700")) as v:
        order = v.order(v.place("bid", "limit", price="613", volume="10", pair="KRW-XRP"))
        assert (order.state, order.reserved_fee, order.locked) == (
            "wait",
            D("3.065"),
            D("6133.065"),
        )
        assert (v.free("KRW"), v.locked("KRW")) == (D("993866.935"), D("6133.065"))


def test_the_fee_of_a_sale_comes_out_of_its_proceeds(tmp_path: Path) -> None:
    with venue(tmp_path, StillMarket(XRP="1375"), KRW="0", XRP="5.377594") as v:
        order = v.order(v.place("ask", "market", volume="5.377594", pair="KRW-XRP"))
        assert (order.state, order.funds, order.paid_fee) == (
            "done",
            D("7394.19175"),
            D("3.697095875"),
        )
        assert (order.reserved_fee, order.locked) == (0, 0)
        assert (v.free("KRW"), v.free("XRP")) == (D("7390.494654125"), 0)


def test_a_cancelled_sale_keeps_its_figures_and_frees_its_coin(tmp_path: Path) -> None:
    with venue(tmp_path, BTC="1") as v:
        uuid = v.place("ask", "limit", price="200000000", volume="1")
        assert (v.free("BTC"), v.locked("BTC")) == (0, 1)
        v.exchange.cancel(v.order(uuid))
        order = v.order(uuid)
        assert (order.state, order.locked, order.remaining) == ("cancel", 1, 1)
        assert (v.free("BTC"), v.locked("BTC")) == (1, 0)
        assert refused(v.exchange.cancel, order) == "order_not_found"


# --- prices and books
def test_a_resting_order_is_filled_at_its_own_price_when_the_market_reaches_it(
    tmp_path: Path,
) -> None:
    with venue(tmp_path) as v:
        uuid = v.place("bid", "limit", price="90000000", volume="0.001")
        v.market.move("KRW-BTC", "90001000")
        assert v.order(uuid).state == "wait"
        v.market.move("KRW-BTC", "80000000")
        order = v.order(uuid)
        assert (order.state, order.funds, order.trades[0].maker) == ("done", D(90000), True)


def test_a_taker_walks_the_book_as_far_as_its_limit(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        v.market.books["KRW-BTC"] = [
            (D(100_001_000), D(100_000_000), D("0.001"), D("0.002")),
            (D(100_002_000), D(99_999_000), D("0.001"), D("0.002")),
            (D(100_003_000), D(99_998_000), D("0.001"), D("0.002")),
        ]
        uuid = v.place("bid", "limit", price="100002000", volume="0.0025")
        order = v.order(uuid)
        assert [(t.price, t.volume) for t in order.trades] == [
            (D(100_001_000), D("0.001")),
            (D(100_002_000), D("0.001")),
        ]
        assert (order.state, order.remaining) == ("wait", D("0.0005"))
        bought = v.order(v.place("bid", "best", price="150000", force="ioc"))
        assert (bought.executed, bought.state) == (D("0.001"), "cancel")
        assert refused(v.place, "bid", "price", price="400000") == "create_bid_error"


def test_a_market_order_without_a_price_waits_for_the_first(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        v.market.quiet.add("KRW-BTC")
        uuid = v.place("bid", "price", price="10000")
        assert v.order(uuid).state == "wait"
        v.market.move("KRW-BTC", "50000000")
        assert (v.order(uuid).state, v.order(uuid).executed) == ("done", D("0.0002"))


@pytest.mark.parametrize(
    ("force", "price", "state", "executed"),
    [
        ("ioc", "100001000", "cancel", "0.001"),
        ("ioc", "99000000", "cancel", "0"),
        ("fok", "100001000", "cancel", "0"),
        ("fok", "100002000", "done", "0.002"),
        ("post_only", "100001000", "cancel", "0"),
        ("post_only", "100000000", "wait", "0"),
    ],
)
def test_time_in_force_is_kept(
    tmp_path: Path, force: str, price: str, state: str, executed: str
) -> None:
    with venue(tmp_path) as v:
        v.market.books["KRW-BTC"] = [
            (D(100_001_000), D(100_000_000), D("0.001"), D("0.002")),
            (D(100_002_000), D(99_999_000), D("0.001"), D("0.002")),
        ]
        order = v.order(v.place("bid", "limit", price=price, volume="0.002", force=force))
        assert (order.state, order.executed) == (state, D(executed))
        assert v.locked("KRW") == (order.locked if state == "wait" else 0)


def test_a_share_fills_an_order_in_parts(tmp_path: Path) -> None:
    with venue(tmp_path, rules=Rules(share=D("0.5"))) as v:
        uuid = v.place("bid", "limit", price="90000000", volume="0.002")
        v.market.move("KRW-BTC", "90000000")
        assert (v.order(uuid).state, v.order(uuid).executed) == ("wait", D("0.001"))
        v.market.move("KRW-BTC", "90000000")
        assert (v.order(uuid).state, len(v.order(uuid).trades)) == ("done", 2)


# --- one's own orders on the other side
def crossed(v: Venue, mode: str) -> tuple[StoredOrder, StoredOrder]:
    v.exchange.deposit("BTC", D("0.003"))
    maker = v.place("ask", "limit", price="100001000", volume="0.001")
    v.market.books["KRW-BTC"] = [(D(100_002_000), D(100_000_000), D(1), D(1))]
    taker = v.place("bid", "limit", smp=mode, price="100002000", volume="0.002")
    return v.order(maker), v.order(taker)


@pytest.mark.parametrize(
    ("mode", "maker", "taker"),
    [
        ("cancel_maker", ("cancel", "0", "0.001"), ("done", "0.002", "0")),
        ("cancel_taker", ("wait", "0", "0"), ("cancel", "0", "0.002")),
        ("reduce", ("cancel", "0", "0.001"), ("done", "0.001", "0.001")),
        ("none", ("done", "0.001", "0"), ("done", "0.002", "0")),
    ],
)
def test_self_match_prevention_is_the_takers(
    tmp_path: Path, mode: str, maker: tuple[str, ...], taker: tuple[str, ...]
) -> None:
    with venue(tmp_path) as v:
        for order, (state, executed, prevented) in zip(
            crossed(v, mode), (maker, taker), strict=True
        ):
            found = (order.state, order.executed, order.prevented_volume)
            assert found == (state, D(executed), D(prevented))
        kinds = {frame["state"] for frame in v.ear.orders}
        assert ("prevented" in kinds) == (mode != "none")


def test_what_was_prevented_is_no_longer_locked(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        _, taker = crossed(v, "cancel_taker")
        worth = D("0.002") * 100_002_000 * D("1.0005")
        assert taker.prevented_locked == worth
        assert (v.free("KRW"), v.locked("KRW")) == (D(1_000_000), 0)


def test_the_default_of_self_match_prevention_changes_on_its_day(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        uuid = v.place("bid", "limit", price="90000000", volume="0.001")
        assert v.order(uuid).smp_type == ""
        v.market.at = 1794200000.0  # 2026-11-09 in Korea
        uuid = v.place("bid", "limit", price="90000000", volume="0.001")
        assert v.order(uuid).smp_type == "cancel_maker"
        shy = {"price": "90000000", "volume": "0.001", "force": "post_only"}
        assert v.order(v.place("bid", "limit", **shy)).smp_type == "none"
        assert refused(v.place, "bid", "limit", smp="reduce", **shy) == "invalid_post_only"


# --- names
def test_an_identifier_is_taken_once_for_ever_even_when_it_was_refused(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        v.place("bid", "price", "one", price="10000")
        assert refused(v.place, "bid", "price", "poor", price="9000000") == "insufficient_funds_bid"
        v.exchange.cancel(v.order(v.place("bid", "limit", "two", price="90000000", volume="0.001")))
    with venue(tmp_path) as v:
        for name in ("one", "two", "poor"):
            twin = refused(v.place, "bid", "price", name, price="10000")
            assert twin == "duplicated_identifier"
        assert len(v.books.orders) == 2


def test_whether_a_refusal_burns_its_identifier_is_a_switch(tmp_path: Path) -> None:
    with venue(tmp_path, switches=Assumptions(refusal_burns=False)) as v:
        assert refused(v.place, "bid", "price", "x", price="9000000") == "insufficient_funds_bid"
        assert v.order(v.place("bid", "price", "x", price="10000")).identifier == "x"


@pytest.mark.parametrize(
    ("side", "kind", "terms", "name"),
    [
        ("bid", "market", {"volume": "1"}, "create_bid_error"),
        ("bid", "price", {"price": "4999"}, "under_min_total_bid"),
        ("bid", "limit", {"price": "100000500", "volume": "0.001"}, "invalid_price_bid"),
        ("bid", "limit", {"price": "100000000", "volume": "0.000000001"}, "invalid_volume_bid"),
        ("ask", "market", {"volume": "0.001"}, "insufficient_funds_ask"),
        ("ask", "best", {"volume": "1"}, "invalid_time_in_force"),
        ("bid", "price", {"price": "10000", "pair": "KRW-NOPE"}, "notfoundmarket"),
    ],
)
def test_what_upbit_refuses_is_refused_by_its_name(
    tmp_path: Path, side: str, kind: str, terms: dict[str, str], name: str
) -> None:
    with venue(tmp_path) as v:
        assert refused(v.place, side, kind, **terms) == name
        assert v.free("KRW") == D(1_000_000)


# --- the books
def test_books_that_were_closed_are_the_same_when_they_are_opened_again(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        v.place("bid", "limit", "a", price="90000000", volume="0.001")
        v.place("bid", "price", "b", price="10000")
        v.exchange.deposit("ETH", D(2), D(4_000_000))
        before = (v.books.accounts, v.books.orders, v.books.identifiers, v.books.deposits)
    with venue(tmp_path) as v:
        assert (v.books.accounts, v.books.orders, v.books.identifiers, v.books.deposits) == before
        v.market.move("KRW-BTC", "90000000")
        assert not v.books.resting()


def test_a_delisted_pair_ends_its_orders_and_stays_away(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        uuid = v.place("bid", "limit", price="90000000", volume="0.001")
        v.exchange.delist("KRW-BTC")
        assert (v.order(uuid).state, v.locked("KRW")) == ("cancel", 0)
        assert refused(v.place, "bid", "price", price="10000") == "notfoundmarket"
    with venue(tmp_path) as v:
        assert v.market.pairs == ()


def test_a_refused_replacement_leaves_the_old_order_as_it_was(tmp_path: Path) -> None:
    with venue(tmp_path) as v:
        old = v.order(v.place("bid", "limit", price="90000000", volume="0.001"))
        dear = Order("", "", "KRW-BTC", "bid", "limit", D(90_000_000), D(1))
        assert refused(v.exchange.replace, old, OrderRequest(dear), "n") == "insufficient_funds_bid"
        assert v.order(old.uuid) == old
        fine = Order("", "", "KRW-BTC", "bid", "limit", D(90_000_000), D("0.011"))
        v.exchange.replace(old, OrderRequest(fine, "new"), "n")
        assert (v.order(old.uuid).state, v.order("n").state) == ("cancel", "wait")


@pytest.mark.parametrize("seed", range(6))
def test_money_is_conserved_whatever_is_ordered(tmp_path: Path, seed: int) -> None:
    """KRW in the accounts + fees paid + bids - asks is always what came in; so is every coin."""
    rng = random.Random(seed)
    share = D("0.4") if seed % 2 else D(1)
    with venue(tmp_path, rules=Rules(share=share), KRW="3000000", BTC="0.02") as v:
        for _ in range(150):
            _random_step(v, rng)
            orders = list(v.books.orders.values())
            bids = sum((o.funds for o in orders if o.bid), D(0))
            asks = sum((o.funds for o in orders if not o.bid), D(0))
            fees = sum((o.paid_fee for o in orders), D(0))
            assert v.books.accounts["KRW"].total == 3_000_000 - bids + asks - fees
            coins = sum((o.executed if o.bid else -o.executed for o in orders), D(0))
            assert v.books.accounts["BTC"].total == D("0.02") + coins
        states = {o.state for o in v.books.orders.values()}
        assert {"done", "cancel"} <= states


def _random_step(v: Venue, rng: random.Random) -> None:
    last = v.market.prices["KRW-BTC"]
    price = str(int(last / 1000) * 1000 + rng.randint(-5, 5) * 1000)
    volume = str(D(rng.randint(100, 500)) / 1_000_000)
    force = rng.choice(["", "", "ioc", "fok", "post_only"])
    smp = "" if force == "post_only" else rng.choice(["", "reduce", "cancel_maker", "cancel_taker"])
    side, what = rng.choice(["bid", "ask"]), rng.randrange(6)
    try:
        if what == 0:
            v.market.move("KRW-BTC", price)
        elif what == 1 and v.books.alive:
            v.exchange.cancel(v.order(rng.choice(list(v.books.alive))))
        elif what == 2 and side == "bid":
            v.place("bid", "price", smp=smp, price=str(rng.randint(5000, 90000)))
        elif what == 2:
            v.place("ask", "market", smp=smp, volume=volume)
        else:
            v.place(side, "limit", smp=smp, price=price, volume=volume, force=force)
    except Rejected:
        pass
