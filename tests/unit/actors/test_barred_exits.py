"""Exits that the gateway bars: one try, then they wait for what ends the bar."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors.holdings import holdings
from actors.holdings.holdings import Holdings
from actors.orders.gateway import Gateway
from core.orders.lifecycle import TrackedOrder
from messages.account import CoinsFreed, CompareCoins, DisputeSettled
from messages.base import After
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.market import CandleReport
from messages.orders import Order, OrderAbsent, OrderClosed, OrderRefused
from messages.recovery import ExitsAllowed
from messages.trading import EntryEnded, ExitFailed, ExitWanted, RetryExit, TradeClosed, TradeOpened
from messages.venue_queries import Balance
from tests.unit.actors.test_recovery import living
from tests.unit.actors.turns import Turns, candle, of

D = Decimal
LIVE = Config(dry_run=False, available_capital=D(1_000_000), protections=())
TRADE, PAIR, OTHER = "KRW-A@60", "KRW-A", "KRW-B"
X1, ZERO = f"{TRADE}/x1", D(0)
OPENED = TradeOpened(TRADE, PAIR, D(1000), D(100_000), D(50), D(100), 60.0, "t")
OPEN, HOURS = 1_000.0, 3 * 3600
DISPUTED = TrackedOrder(
    Order("KRW-A@0/x1", "KRW-A@0", PAIR, "ask", "market"), "n", "{}", "disputed"
)


# --- what is done
def held() -> Turns:
    """A thousand coins bought at 100, the entry's order ended."""
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(LIVE))
    for event in (OPENED, EntryEnded(TRADE, PAIR)):
        turns.state = Holdings.evolve(turns.state, event)
    return turns


def fall(at: float, low: str = "50", high: str = "50") -> CandleReport:
    return CandleReport(PAIR, candle(int(at), low, high), 60)


def no(reason: str, attempt: int = 1) -> OrderRefused:
    return OrderRefused(f"{TRADE}/x{attempt}", TRADE, PAIR, "ask", reason)


def barred(reason: str) -> Turns:
    """The stop was met, and the gateway has refused the exit."""
    turns = held()
    assert of(ExitWanted, turns.take(fall(OPEN), OPEN))
    assert of(ExitFailed, turns.take(no(reason), OPEN))
    return turns


def ended(trade: str = "KRW-A@0", pair: str = PAIR, volume: str = "0") -> OrderClosed:
    funds = D(volume) * 90
    return OrderClosed(f"{trade}/x1", trade, pair, "ask", "cancel", D(volume), funds, ZERO, OPEN)


def lived(turns: Turns, venue: Turns, seconds: int) -> list[Any]:
    """Minutes at half the price, alarms and the gateway included; what was journaled of exits."""
    journal: list[Any] = []
    alarms: list[tuple[float, Any]] = []
    for minute in range(0, seconds, 60):
        at = OPEN + minute
        due = [message for moment, message in alarms if moment <= at]
        alarms = [alarm for alarm in alarms if alarm[0] > at]
        queue: list[Any] = [fall(at), *due]
        while queue:
            said = turns.take(queue.pop(0), at)
            alarms += [(at + a.seconds, a.message) for a in of(After, said)]
            for wish in of(ExitWanted, said):
                refused = of(OrderRefused, venue.take(wish, at))
                queue += refused
                journal += refused
            journal += [one for one in said if isinstance(one, ExitWanted | ExitFailed)]
    return journal


def disputing() -> Turns:
    """A gateway that has a disputed sale of the pair."""
    turns, report = living()
    turns.take(report, 101.0)
    turns.state = structs.replace(turns.state, live={DISPUTED.order.id: DISPUTED})
    return turns


# --- one try
@pytest.mark.parametrize("why", ["recovering", "pair_disputed", "pair_busy"])
def test_an_exit_that_is_barred_for_hours_is_tried_once_and_then_hourly(why: str) -> None:
    open_sale = structs.replace(DISPUTED, stage="uncertain")
    venue = living()[0] if why == "recovering" else disputing()
    if why == "pair_busy":
        venue.state = structs.replace(venue.state, live={DISPUTED.order.id: open_sale})
    journal = lived(held(), venue, HOURS)
    assert {one.reason for one in of(OrderRefused, journal)} == {why}
    assert [one.seconds for one in of(ExitFailed, journal)] == [3600.0] * 3
    assert len(journal) == 9


@pytest.mark.parametrize("why", ["recovering", "pair_disputed", "pair_busy"])
def test_a_restart_does_not_try_it_again(why: str) -> None:
    turns = barred(why)
    said = list(Holdings.resume(turns.state, OPEN + 100))
    assert of(ExitWanted, said) == []
    assert of(After, said) == [After(3500.0, RetryExit(TRADE, f"{TRADE}/x1"))]
    assert of(ExitWanted, turns.take(fall(OPEN + 120), OPEN + 180)) == []


# --- what ends the bar
def test_it_goes_out_when_the_past_is_read() -> None:
    turns = barred("recovering")
    assert turns.take(ended(), OPEN + 50) == []
    (again,) = of(ExitWanted, turns.take(ExitsAllowed(True), OPEN + 60))
    assert (again.id, again.reason) == (f"{TRADE}/x2", "stop_loss")
    assert again.good_until > OPEN + 60


def test_two_exits_of_a_pair_that_wait_for_its_order_do_not_try_each_other() -> None:
    turns, second = barred("pair_busy"), "KRW-A@120"
    another = structs.replace(OPENED, trade=second)
    for event in (another, EntryEnded(second, PAIR)):
        turns.state = Holdings.evolve(turns.state, event)
    assert of(ExitWanted, turns.take(fall(OPEN + 60), OPEN + 60))
    busy = OrderRefused(f"{second}/x1", second, PAIR, "ask", "pair_busy")
    assert not of(ExitWanted, turns.take(busy, OPEN + 60)), "no order has ended by that"
    tried = of(ExitWanted, turns.take(ended(), OPEN + 61))
    assert {wish.trade for wish in tried} == {TRADE, second}, "the order that both wait for has"


@pytest.mark.parametrize("why", ["pair_disputed", "pair_busy"])
def test_it_goes_out_when_an_order_of_its_pair_has_ended(why: str) -> None:
    turns = barred(why)
    assert turns.take(ExitsAllowed(True), OPEN + 10) == []
    assert turns.take(ended(pair=OTHER), OPEN + 20) == []
    assert turns.take(OrderRefused("b", "b", PAIR, "bid", "killed"), OPEN + 30) == []
    (again,) = of(ExitWanted, turns.take(ended(), OPEN + 60))
    assert (again.id, again.reason, again.volume) == (f"{TRADE}/x2", "stop_loss", D(1000))
    # its own refusal is no end of another order
    assert of(ExitWanted, turns.take(no(why, 2), OPEN + 61)) == []


def test_the_end_of_a_dispute_is_followed_by_the_exit_in_the_gateway_itself() -> None:
    turns, venue = barred("pair_disputed"), disputing()
    settled = (DisputeSettled(DISPUTED.order.id, PAIR), ended())
    for event in settled:
        venue.state = Gateway.evolve(venue.state, event)
    (again,) = of(ExitWanted, turns.take(ended(), OPEN + 60))
    assert of(OrderRefused, venue.take(again, OPEN + 60)) == []


def test_an_order_that_was_given_up_bars_no_longer() -> None:
    turns = barred("pair_busy")
    absent = OrderAbsent("KRW-A@0/x1", "KRW-A@0", PAIR, "ask")
    assert of(ExitWanted, turns.take(absent, OPEN + 60))


def test_a_disputed_sale_that_had_sold_the_coins_is_not_followed_by_another() -> None:
    turns = barred("pair_disputed")
    sale = ended(TRADE, volume="1000")
    said = turns.take(structs.replace(sale, id=f"{TRADE}/x0"), OPEN + 60)
    assert of(TradeClosed, said)
    assert of(ExitWanted, said) == []


def test_a_disputed_sale_that_had_sold_a_part_leaves_the_rest_to_the_next_price() -> None:
    turns = barred("pair_disputed")
    said = turns.take(structs.replace(ended(TRADE, volume="400"), id=f"{TRADE}/x0"), OPEN + 60)
    assert of(ExitWanted, said) == []
    (wish,) = of(ExitWanted, turns.take(fall(OPEN + 60), OPEN + 120))
    assert wish.volume == D(600)


def test_a_part_that_was_barred_is_decided_anew_at_the_next_price() -> None:
    turns = held()
    said = turns.take(fall(OPEN, "98", "105"), OPEN)
    (part,) = of(ExitWanted, said)
    assert part.reason == "partial_exit"
    turns.take(no("recovering"), OPEN)
    assert of(CoinsFreed, turns.take(ExitsAllowed(True), OPEN + 30)) == [CoinsFreed(TRADE, PAIR)]
    (stop,) = of(ExitWanted, turns.take(fall(OPEN + 60), OPEN + 120))
    assert (stop.reason, stop.volume) == ("trailing_stop_loss", D(1000))


def test_a_bar_that_ends_while_exits_are_held_back_is_found_when_they_are_not() -> None:
    turns = barred("recovering")
    turns.take(TradingChanged("stopped"), OPEN + 10)
    assert turns.take(ExitsAllowed(True), OPEN + 20) == []
    assert of(ExitWanted, turns.take(TradingChanged("running"), OPEN + 30))
    assert of(ExitWanted, turns.take(TradingChanged("stopentry"), OPEN + 40)) == []


def test_an_exit_that_waits_for_its_coins_is_not_tried_because_the_past_is_read() -> None:
    turns = barred("coins_not_free")
    assert of(ExitWanted, turns.take(ExitsAllowed(True), OPEN + 20)) == []
    look = CompareCoins({PAIR: Balance(D(1000))}, prices={PAIR: D(50)})
    assert of(ExitWanted, turns.take(look, OPEN + 60))


def test_a_state_of_before_wakes_what_it_had_refused() -> None:
    turns = barred("recovering")
    trade = structs.replace(turns.state.trades[TRADE], bar="")
    turns.state = structs.replace(turns.state, trades={TRADE: trade})
    assert of(ExitWanted, turns.take(ExitsAllowed(True), OPEN + 60))
