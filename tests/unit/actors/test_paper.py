"""The paper venue's books: given / when / then on values."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.orders.paper import Paper, PaperState, decide, evolve, resume
from core.money import floor_volume
from messages.base import Event, Message
from messages.config import Config
from messages.config import Paper as Share
from messages.control import ConfigAdopted, ConfigTaken
from messages.market import Candle, OpeningReport, Watch
from messages.orders import (
    CallReport,
    CancelOrder,
    Dispatch,
    Order,
    OrderReport,
    QueryOrder,
    SubmitOrder,
)
from messages.paper import PaperAccepted, PaperEnded, PaperFilled, PaperOpened, PaperRefused

D = Decimal
PAIR = "KRW-BTC"
CONFIG = Config(slippage_rate=D(0))
HALVES = msgspec.structs.replace(CONFIG, paper=Share(D("0.5")))


class Venue:
    """An owner's shell in memory: state, and what is kept by key."""

    def __init__(self, config: Config | None = CONFIG) -> None:
        self.state = PaperState()
        self.kept: dict[str, Message] = {}
        if config:
            self.tell(ConfigAdopted(config))

    def tell(self, message: Any, at: float = 60.0) -> list[Any]:
        """One turn; what came of it."""
        kept = self.kept.get(Paper.key(message))
        outcome = list(decide(self.state, message, at, kept))
        events = [m for m in outcome if isinstance(m, Event)]
        self.state = reduce(evolve, events, self.state)  # type: ignore[arg-type]
        self.kept |= {key: e for e in events if (key := Paper.keeps(e))}  # type: ignore[arg-type]
        return outcome

    def open(self, price: str, time: int = 60, pair: str = PAIR, low: str = "") -> list[Any]:
        """A candle's first stage."""
        figures = D(price), D(price), D(low or price), D(price)
        return self.tell(OpeningReport(pair, Candle(time, *figures, D(1)), 60), time + 60.0)


def buy(krw: str = "100000", id: str = "b", pair: str = PAIR) -> Order:
    return Order(id, id, pair, "bid", "price", price=D(krw))


def sale(volume: str, id: str = "s", pair: str = PAIR) -> Order:
    return Order(id, id, pair, "ask", "market", volume=D(volume))


def bid(price: str, volume: str, id: str = "l", pair: str = PAIR) -> Order:
    return Order(id, id, pair, "bid", "limit", price=D(price), volume=D(volume))


def submit(order: Order) -> Dispatch:
    return Dispatch(SubmitOrder(order, f"key-{order.id}", "{}"))


def query(id: str) -> Dispatch:
    return Dispatch(QueryOrder(id, PAIR, f"key-{id}", "entry"))


def cancel(id: str) -> Dispatch:
    return Dispatch(CancelOrder(id, PAIR, f"key-{id}", "entry"))


def kinds(outcome: Iterable[Any]) -> list[type]:
    return [type(m) for m in outcome]


def report(outcome: Iterable[Any]) -> OrderReport:
    (only,) = (m for m in outcome if isinstance(m, OrderReport))
    return only


# --- opening
def test_the_books_open_once_with_the_wallet_and_follow_every_configuration() -> None:
    venue = Venue(None)
    assert venue.tell(ConfigAdopted(CONFIG)) == [PaperOpened(D(1_000_000)), ConfigTaken(CONFIG)]
    assert venue.tell(ConfigAdopted(HALVES)) == [ConfigTaken(HALVES)]
    assert venue.state.cash == D(1_000_000)
    assert venue.state.config == HALVES


def test_before_the_books_are_open_nothing_was_sent() -> None:
    outcome = Venue(None).tell(submit(buy()))
    assert report(outcome).outcome == "not_sent"
    assert report(Venue(None).tell(query("b"))).outcome == "absent"


# --- submit
def test_an_accepted_order_rests_is_locked_and_has_the_feed_watch() -> None:
    venue = Venue()
    outcome = venue.tell(submit(buy()))
    assert kinds(outcome) == [PaperAccepted, OrderReport, Watch, CallReport]
    shown = report(outcome)
    assert (shown.outcome, shown.call, shown.state) == ("snapshot", "submit", "wait")
    assert (shown.pair, shown.side, shown.ord_type, shown.price) == (
        PAIR,
        "bid",
        "price",
        D(100_000),
    )
    assert shown.volume == shown.funds == shown.fee == 0  # as Upbit's reply: no fill in it
    assert outcome[2] == Watch("paper", PAIR, every=True)
    assert outcome[3] == CallReport("order", "ok")
    assert (venue.state.cash, venue.state.free) == (D(1_000_000), D(899_950))


def test_the_uuid_is_computed_from_the_identifier() -> None:
    uuids = [
        report(Venue().tell(submit(buy(id=id)), at)).uuid
        for id, at in [("a", 1), ("a", 2), ("b", 1)]
    ]
    assert uuids[0] == uuids[1] != uuids[2]
    assert str(UUID(uuids[0])) == uuids[0]


def test_a_refused_order_is_told_upbits_name_and_burns_its_identifier() -> None:
    venue = Venue()
    outcome = venue.tell(submit(buy("4999")))
    assert kinds(outcome) == [PaperRefused, OrderReport, CallReport]
    assert (report(outcome).outcome, report(outcome).name) == ("refused", "under_min_total_bid")
    assert report(outcome).text
    again = report(venue.tell(submit(buy("50000"))))  # the answer may have been lost on its way
    assert (again.outcome, again.name) == ("refused", "under_min_total_bid")
    asked = report(venue.tell(query("b")))
    assert (asked.outcome, asked.final) == ("refused", True)


def test_an_identifier_is_never_taken_twice() -> None:
    venue = Venue()
    venue.tell(submit(buy()))
    again = venue.tell(submit(buy()))
    assert kinds(again) == [OrderReport, CallReport]
    assert (report(again).outcome, report(again).name) == ("refused", "duplicated_identifier")
    venue.open("100000000")
    assert report(venue.tell(submit(buy()))).name == "duplicated_identifier"


def test_what_is_locked_cannot_be_spent_twice() -> None:
    venue = Venue()
    venue.tell(submit(buy("999000", "a")))
    assert report(venue.tell(submit(buy("5000", "b")))).name == "insufficient_funds_bid"
    venue = Venue()
    venue.tell(submit(buy("100000", "a")))
    venue.open("100000000")
    venue.tell(submit(sale("0.001", "x")))
    assert report(venue.tell(submit(sale("0.00000001", "y")))).name == "insufficient_funds_ask"


# --- fills
def test_an_order_fills_at_a_newer_candle_only() -> None:
    venue = Venue()
    venue.tell(submit(buy()), at=120.0)
    assert venue.open("100000000", time=60) == []  # decided at this candle's close
    assert venue.open("100000000", time=120, pair="KRW-ETH") == []
    assert PaperFilled in kinds(venue.open("100000000", time=120))


def test_a_fill_is_dated_by_the_open_and_ends_the_watch() -> None:
    venue = Venue()
    venue.tell(submit(buy()))
    outcome = venue.open("30000000", time=60)
    assert kinds(outcome) == [PaperFilled, PaperEnded, OrderReport, Watch]
    filled, ended, shown, watch = outcome
    assert filled == PaperFilled("b", D("0.00333333"), D("99999.9"), D("49.99995"), 60.0, 60)
    assert ended.state == shown.state == "cancel"  # a rest that buys nothing is returned
    assert (shown.volume, shown.funds, shown.fee) == (filled.volume, filled.funds, filled.fee)
    assert (shown.filled_at, shown.id) == (60.0, "b")
    assert watch == Watch("paper", PAIR)
    assert venue.state.cash == venue.state.free == D(1_000_000) - filled.funds - filled.fee
    assert venue.state.coins == {PAIR: D("0.00333333")}
    assert not venue.state.resting
    assert not venue.state.pledges


def test_at_prices_an_order_fills_at_the_first_one_after_it_came() -> None:
    def price(since: float, first: str, low: str) -> OpeningReport:
        figures = D(first), D(first), D(low), D(low)
        return OpeningReport(PAIR, Candle(int(since), *figures, D(0)), 0, since, since + 0.1)

    def fills(said: list[Any]) -> list[PaperFilled]:
        return [message for message in said if isinstance(message, PaperFilled)]

    venue = Venue(HALVES)
    venue.tell(submit(buy("100000")), at=60.5)
    assert fills(venue.tell(price(60.3, "1000", "1"))) == []
    (half,) = fills(venue.tell(price(60.6, "1000", "1")))
    assert (half.volume, half.filled_at, half.candle) == (D(50), 60.6, 60)
    assert fills(venue.tell(price(60.6, "1000", "1"))) == [], "the same again"
    (rest,) = fills(venue.tell(price(60.8, "2000", "1")))
    assert (rest.volume, rest.filled_at) == (D(25), 60.8)


def test_an_order_that_a_price_ends_untouched_has_no_fill() -> None:
    venue = Venue()
    venue.tell(submit(buy("5000")))
    outcome = venue.open("600000000000")
    assert kinds(outcome) == [PaperEnded, OrderReport, Watch]
    assert (report(outcome).state, report(outcome).filled_at) == ("cancel", 0.0)
    assert venue.state.free == D(1_000_000)


def test_a_sale_is_credited_less_its_fee() -> None:
    venue = Venue()
    venue.tell(submit(buy()))
    venue.open("100000000", time=60)
    cash = venue.state.cash
    venue.tell(submit(sale("0.001")), at=120.0)
    assert report(venue.open("110000000", time=120)).state == "done"
    assert venue.state.cash == cash + D(110_000) - D(55)
    assert venue.state.coins == {}


def test_a_share_fills_candle_by_candle_and_never_twice_at_one() -> None:
    venue = Venue(HALVES)
    venue.tell(submit(bid("100000000", "0.001")))
    first = venue.open("100000000", time=60)
    assert kinds(first) == [PaperFilled, OrderReport]
    assert (report(first).state, report(first).volume) == ("wait", D("0.0005"))
    assert venue.open("100000000", time=60) == []
    last = venue.open("90000000", time=120)
    assert (report(last).state, report(last).volume) == ("done", D("0.001"))
    assert report(last).funds == D(95_000)
    assert (report(last).fee, report(last).filled_at) == (D("47.5"), 120.0)


def test_an_order_keeps_the_fee_rate_that_it_was_accepted_at() -> None:
    venue = Venue()
    venue.tell(submit(buy()))
    venue.tell(ConfigAdopted(msgspec.structs.replace(CONFIG, fee_rate=D("0.5"))))
    assert report(venue.open("100000000")).fee == D(50)


def test_the_watch_goes_on_while_another_order_of_the_pair_rests() -> None:
    venue = Venue()
    venue.tell(submit(buy()))
    venue.tell(submit(bid("50000000", "0.001")))
    outcome = venue.open("100000000")
    assert PaperEnded in kinds(outcome)
    assert Watch not in kinds(outcome)
    assert kinds(venue.open("60000000", time=120, low="50000000"))[-1] is Watch


# --- look-ups and cancels
def test_a_look_up_shows_the_order_while_it_rests_and_for_ever_after() -> None:
    venue = Venue(HALVES)
    venue.tell(submit(bid("100000000", "0.001")))
    assert report(venue.tell(query("l"))).state == "wait"
    venue.open("100000000", time=60)
    assert report(venue.tell(query("l"))).volume == D("0.0005")
    done = report(venue.open("100000000", time=120))
    outcome = venue.tell(query("l"))
    assert outcome == [done, CallReport("default", "ok")]


def test_an_order_that_never_came_is_absent() -> None:
    for call in (query("x"), cancel("x")):
        shown = report(Venue().tell(call))
        assert (shown.outcome, shown.name) == ("absent", "order_not_found")


def test_a_cancel_keeps_the_fills_and_only_a_later_look_up_shows_it() -> None:
    venue = Venue(HALVES)
    venue.tell(submit(bid("100000000", "0.001")))
    venue.open("100000000", time=60)
    outcome = venue.tell(cancel("l"))
    assert kinds(outcome) == [PaperEnded, OrderReport, Watch, CallReport]
    assert (report(outcome).call, report(outcome).state) == ("cancel", "wait")
    assert outcome[-1] == CallReport("default", "ok")
    assert venue.state.cash == venue.state.free == D(1_000_000) - D(50_025)
    shown = report(venue.tell(query("l")))
    assert (shown.state, shown.volume, shown.funds) == ("cancel", D("0.0005"), D(50_000))
    assert venue.open("100000000", time=120) == []


def test_a_cancel_that_comes_too_late_or_twice_changes_nothing() -> None:
    venue = Venue()
    venue.tell(submit(buy()))
    venue.open("100000000")
    outcome = venue.tell(cancel("b"))
    assert kinds(outcome) == [OrderReport, CallReport]
    assert (report(outcome).call, report(outcome).state) == ("cancel", "done")


def test_after_a_start_the_pairs_with_resting_orders_are_watched_again() -> None:
    venue = Venue()
    for number, pair in enumerate([PAIR, "KRW-ETH", PAIR]):
        venue.tell(submit(buy(id=str(number), pair=pair)))
    watches = [Watch("paper", PAIR, every=True), Watch("paper", "KRW-ETH", every=True)]
    assert list(resume(venue.state, 0.0)) == watches
    assert list(resume(PaperState(), 0.0)) == []


# --- the laws of the books
def test_a_pocket_below_zero_is_a_broken_invariant() -> None:
    venue = Venue()
    venue.tell(submit(buy()))
    with pytest.raises(AssertionError, match="pledge below zero"):
        evolve(venue.state, PaperFilled("b", D(1), D(100_001), D(50), 60.0, 60))
    with pytest.raises(AssertionError, match="taken twice"):
        evolve(venue.state, PaperAccepted(venue.state.resting["key-b"], D(0)))


def test_the_books_survive_the_disk() -> None:
    venue = Venue(HALVES)
    venue.tell(submit(bid("100000000", "0.001")))
    venue.open("100000000")
    assert (
        msgspec.msgpack.decode(msgspec.msgpack.encode(venue.state), type=PaperState) == venue.state
    )


steps = st.one_of(
    st.builds(
        lambda krw, pair: ("buy", D(krw), pair),
        st.integers(5000, 400_000),
        st.sampled_from([PAIR, "KRW-XRP"]),
    ),
    st.builds(
        lambda part, pair: ("sell", part, pair), st.sampled_from(["0.3", "1"]), st.just(PAIR)
    ),
    st.builds(lambda tick: ("bid", D(tick * 1000), PAIR), st.integers(90_000, 110_000)),
    st.builds(lambda tick: ("ask", D(tick * 1000), PAIR), st.integers(90_000, 110_000)),
    st.builds(lambda n: ("cancel", n, PAIR), st.integers(0, 30)),
    st.builds(lambda tick: ("candle", tick * 1000, PAIR), st.integers(90_000, 110_000)),
    st.builds(lambda price: ("candle", price, "KRW-XRP"), st.integers(1000, 5000)),
)


def wish(venue: Venue, number: int, kind: str, value: Any, pair: str) -> Dispatch:
    """An order, or a cancel of one of those before it."""
    held = venue.state.coins.get(pair, D(0))
    match kind:
        case "buy":
            return submit(buy(str(value), str(number), pair))
        case "bid":
            return submit(bid(str(value), "0.001", str(number), pair))
        case "cancel":
            return cancel(str(value))
        case _:
            volume = str(floor_volume(held * D(value if kind == "sell" else 1)) or 1)
            order = sale(volume, str(number), pair)
            limit = {"ord_type": "limit", "price": value} if kind == "ask" else {}
            return submit(msgspec.structs.replace(order, **limit))


@settings(max_examples=60)
@given(
    st.lists(steps, min_size=5, max_size=40),
    st.sampled_from([D(1), D("0.5"), D("0.3")]),
    st.sampled_from([D(0), D("0.0005")]),
)
def test_money_moves_exactly_and_is_never_made(
    plan: list[tuple[str, Any, str]], share: Decimal, slip: Decimal
) -> None:
    venue = Venue(Config(slippage_rate=slip, paper=Share(share)))
    cash, coins = D(1_000_000), {PAIR: D(0), "KRW-XRP": D(0)}
    holding = [("buy", D(400_000), PAIR), *[("candle", 100_000_000, PAIR)] * 4]
    for number, (kind, value, pair) in enumerate(holding + plan):
        time = number * 60
        before = {key: r.order for key, r in venue.state.resting.items()}
        if kind == "candle":
            outcome = venue.open(str(value), time, pair)
        else:
            outcome = venue.tell(wish(venue, number, kind, value, pair), float(time))
        for filled in (m for m in outcome if isinstance(m, PaperFilled)):
            side = next(o.side for o in before.values() if o.id == filled.id)
            sign = 1 if side == "bid" else -1
            assert filled.fee == filled.funds * D("0.0005")
            cash -= sign * filled.funds + filled.fee
            coins[pair] += sign * filled.volume
        assert venue.state.cash == cash
        assert venue.state.coins == {p: volume for p, volume in coins.items() if volume}
        assert 0 <= venue.state.free <= cash
        assert all(0 <= venue.state.free_coin(p) <= coins[p] for p in coins)
    if not venue.state.resting:
        assert venue.state.free == cash
