"""The hand-over between two threads: nothing that matters is lost, however far one is behind."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.upbit.socket.conflation import (
    STRETCHES_MAX,
    Batch,
    Connected,
    Disconnected,
    Inflow,
    Item,
    MarketState,
    Price,
    price_of,
    together,
)
from adapters.upbit.socket.frames import Book, Candle, Error, MyOrder, Status, Ticker, Unreadable

D = Decimal
NOON = datetime(2026, 7, 30, 12)
NEAR = st.integers(95, 104).map(Decimal)


def ticker(price: int | Decimal, at: int = 1000, code: str = "KRW-BTC") -> Ticker:
    return Ticker(code, D(price), at, at - 5, "REALTIME")


def candle(minute: int, close: int, at: int) -> Candle:
    price = D(close)
    start = NOON + timedelta(minutes=minute)
    return Candle("KRW-BTC", start, price, price, price, price, D(1), at, "REALTIME")


def inflow(most: int = 4096) -> tuple[Inflow, list[int]]:
    """One that has heard of both markets already, and where its rings are counted."""
    rings: list[int] = []
    flow = Inflow(lambda: rings.append(1), most)
    for code in ("KRW-BTC", "KRW-ETH"):
        flow.put(ticker(1, code=code))
    while flow.take():
        flow.pass_on()
    rings.clear()
    return flow, rings


def test_how_a_market_stands_is_told_when_it_is_first_heard_and_when_it_changes() -> None:
    flow, usual = Inflow(lambda: None), ticker(5)
    day = {"year": 2026, "month": 12, "day": 1}
    odd = Ticker("KRW-BTC", D(5), 1000, 995, "REALTIME", "ACTIVE", day)
    told = []
    for frame in (usual, usual, odd, odd, usual, usual):
        flow.put(frame)
        told += [item for item in flow.take() if isinstance(item, MarketState)]
    assert told == [
        MarketState("KRW-BTC", "ACTIVE", ""),
        MarketState("KRW-BTC", "ACTIVE", "2026-12-01"),
        MarketState("KRW-BTC", "ACTIVE", ""),
    ]


def test_a_frame_passes_by_itself_while_the_other_side_keeps_up() -> None:
    flow, rings = inflow()
    for price in (5, 9, 2):
        flow.put(ticker(price))
        assert flow.take() == (price_of(ticker(price)),)
    assert len(rings) == 3


def test_it_rings_once_for_all_that_waits_and_again_after_a_take() -> None:
    flow, rings = inflow()
    for price in (95, 99, 92):
        flow.put(ticker(price))
    assert len(rings) == 1
    assert len(flow.take()) == 1
    flow.put(ticker(1))
    assert len(rings) == 2


def test_prices_of_a_pair_become_one_with_first_high_low_and_last() -> None:
    flow, _ = inflow()
    for moment, price in enumerate((95, 99, 92, 97)):
        flow.put(ticker(price, moment + 100))
        flow.put(ticker(price * 10, moment + 100, "KRW-ETH"))
    one, other = flow.take()
    assert one == Price("KRW-BTC", D(95), D(99), D(92), D(97), 100, 103, 98, "ACTIVE", 4)
    assert isinstance(other, Price)
    assert (other.code, other.high) == ("KRW-ETH", D(990))


@given(st.lists(st.tuples(NEAR, st.integers(0, 9)), min_size=1, max_size=12), st.data())
def test_how_prices_near_each_other_are_put_together_does_not_matter(
    seen: list[tuple[Decimal, int]], data: st.DataObject
) -> None:
    seen = [(price, at) for at, (price, _) in enumerate(seen)]
    prices = [price_of(ticker(price, at)) for price, at in seen]
    cuts = data.draw(st.sets(st.integers(1, len(prices))))
    parts = [prices[i:j] for i, j in zip([0, *sorted(cuts)], [*sorted(cuts), None], strict=True)]
    batch = Batch()
    for part in (part for part in parts if part):
        joined = part[0]
        for one in part[1:]:
            joined = together(joined, one)
        batch.add(joined)
    (whole,) = batch.items()
    assert isinstance(whole, Price)
    assert (whole.high, whole.low) == (max(p for p, _ in seen), min(p for p, _ in seen))
    assert (whole.since, whole.at) == (min(at for _, at in seen), max(at for _, at in seen))
    newest = [price for price, at in seen if at == whole.at]
    assert whole.last in newest
    assert whole.count == len(seen)


def test_a_late_frame_stays_apart_and_what_comes_after_it_does_not() -> None:
    flow, _ = inflow()
    for price, at in ((98, 200), (93, 100), (97, 300)):
        flow.put(ticker(price, at))
    whole, late = (item for item in flow.take() if isinstance(item, Price))
    assert (whole.first, whole.low, whole.last, whole.at) == (D(98), D(97), D(97), 300)
    assert late == price_of(ticker(93, 100))


def test_a_price_that_is_far_off_or_none_at_all_is_put_together_with_no_good_one() -> None:
    flow, _ = inflow()
    for moment, price in enumerate((100, 0, 99, 88, 98, 97)):
        flow.put(ticker(price, 100 + moment))
    stretches = [(item.low, item.high) for item in flow.take() if isinstance(item, Price)]
    assert stretches == [(100, 100), (0, 0), (99, 99), (88, 88), (97, 98)]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 9)), min_size=1, max_size=100))
def test_however_wild_the_prices_are_the_newest_is_kept_and_what_waits_is_bounded(
    seen: list[tuple[int, int]],
) -> None:
    batch, prices = Batch(), [price_of(ticker(price, at)) for price, at in seen]
    for price in prices:
        batch.add(price)
    kept = [item for item in batch.items() if isinstance(item, Price)]
    assert len(kept) <= STRETCHES_MAX
    assert sum(item.count for item in kept) == len(prices)
    assert all(item.low >= item.high * D("0.9") for item in kept)
    assert prices[-1].last in {item.last for item in kept}


def test_each_closed_candle_is_kept_in_its_last_state_however_full_it_is() -> None:
    for most in (1, 3, 1000):
        flow, _ = inflow(most)
        for minute in range(300):
            for change in range(3):
                flow.put(candle(minute, change + 1, minute * 60 + change))
                flow.put(ticker(change + 1, minute * 60 + change))
        taken = drained(flow)
        candles = [item for item in taken if isinstance(item, Candle)]
        newest = {item.candle_date_time_utc: item.trade_price for item in candles}
        assert newest == {NOON + timedelta(minutes=minute): D(3) for minute in range(300)}


def test_an_older_state_of_a_candle_does_not_replace_a_newer_one() -> None:
    flow, _ = inflow()
    for change in (candle(1, 5, 100), candle(1, 6, 200), candle(1, 5, 100)):
        flow.put(change)
    assert flow.take() == (candle(1, 6, 200),)


def drained(flow: Inflow) -> list[Item]:
    taken: list[Item] = []
    while items := flow.take():
        taken += items
        flow.pass_on()
    return taken


def test_what_waits_is_bounded_and_comes_when_there_is_room() -> None:
    flow, rings = inflow(10)
    for price in range(1, 10_001):
        flow.put(ticker(100_000 + price, price))
    assert flow.holding
    (first,) = flow.take()
    assert isinstance(first, Price)
    assert first.count == 10
    assert flow.take() == ()
    flow.pass_on()
    assert not flow.holding
    (rest,) = flow.take()
    assert isinstance(rest, Price)
    assert (rest.first, rest.low, rest.high, rest.count) == (
        D(100_011),
        D(100_011),
        D(110_000),
        9_990,
    )
    assert len(rings) == 2


def test_nothing_is_put_together_across_a_lost_connection() -> None:
    for most in (1, 1000):
        flow, _ = inflow(most)
        lost = Disconnected("closed", 1006)
        for item in (Connected(), ticker(95), ticker(96), lost, Connected(), ticker(1)):
            flow.put(item)
        kinds = [(type(item).__name__, getattr(item, "low", None)) for item in drained(flow)]
        joined = [("Price", D(95)), ("Price", D(96))] if most == 1 else [("Price", D(95))]
        assert [kind for kind in kinds if kind not in joined] == [
            ("Connected", None),
            ("Disconnected", None),
            ("Connected", None),
            ("Price", D(1)),
        ]
        assert kinds.index(("Disconnected", None)) > max(
            kinds.index(price) for price in joined if price in kinds
        )


def test_hints_about_different_orders_and_fills_all_pass() -> None:
    flow, _ = inflow(2)
    hints = [
        MyOrder("KRW-BTC", uuid, state, 1, trade_uuid=fill)
        for uuid in ("u1", "u2")
        for state, fill in (("wait", None), ("trade", "f1"), ("trade", "f2"), ("done", None))
    ]
    for hint in hints:
        flow.put(hint)
    assert drained(flow) == hints


def test_a_flood_of_what_says_little_stays_small_and_a_status_says_nothing() -> None:
    flow, rings = inflow(5)
    for number in range(1000):
        flow.put(Status("UP"))
        flow.put(Unreadable(str(number)))
        flow.put(Error("WRONG_FORMAT", "m"))
        flow.put(Book("KRW-BTC", number, D(1), D(1), (), "REALTIME"))
    taken = drained(flow)
    assert len(taken) < 10
    assert Book("KRW-BTC", 999, D(1), D(1), (), "REALTIME") in taken
    quiet, rings = inflow()
    quiet.put(Status("UP"))
    assert (quiet.take(), rings) == ((), [])


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 50), st.integers(500, 3000))
def test_two_threads_lose_nothing(most: int, count: int) -> None:
    ready = threading.Event()
    flow = Inflow(ready.set, most)
    ended = threading.Event()

    def put() -> None:
        for number in range(1, count + 1):
            flow.put(ticker(40_000 + number, number))
            flow.put(candle(number, 1, number))
        while flow.holding:
            flow.pass_on()
        ended.set()
        ready.set()

    thread = threading.Thread(target=put)
    thread.start()
    taken: list[Item] = []
    while not ended.is_set():
        assert ready.wait(60)
        ready.clear()
        taken += flow.take()
    thread.join()
    taken += flow.take()
    prices = [item for item in taken if isinstance(item, Price)]
    assert sum(price.count for price in prices) == count
    assert (min(p.low for p in prices), max(p.high for p in prices)) == (
        D(40_001),
        D(40_000 + count),
    )
    assert prices[-1].last == D(40_000 + count)
    assert len([item for item in taken if isinstance(item, Candle)]) == count
