"""Why an order ended as it did: the reason and the figures, from the order's events alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from core.orders.end_reason import OF_CANCEL, EndReason, OrderOutcome, closed, ending, read
from messages.base import Message
from messages.orders import CancelIntended, Order, OrderClosed, OrderIntended

D = Decimal
BAND = Order(
    "i", "i", "KRW-BTC", "bid", "limit", D(2010), D(5), "ioc", D(2000), ask=D(2005), depth=D(3)
)  # fmt: skip
RESTING = structs.replace(BAND, time_in_force="", ask=D(0), depth=D(0), reference=D(0))
MARKET = Order("i", "i", "KRW-BTC", "ask", "market", volume=D(5), reference=D(2000))
SPENDING = Order("i", "i", "KRW-BTC", "bid", "price", D(10000))
FIGURES = {"limit": "2010", "price": "2000", "above": "0.50", "ask": "2005", "depth": "3"}


def test_an_entry_that_found_no_seller_tells_its_limit_its_band_and_the_ask() -> None:
    assert ending(OrderOutcome(BAND, end="cancel")) == EndReason("unfilled", FIGURES)


def test_an_entry_that_was_filled_in_part_tells_how_much_of_it() -> None:
    part = ending(OrderOutcome(BAND, end="cancel", volume=D(2)))
    assert part == EndReason("part_filled", {**FIGURES, "filled": "2", "asked": "5"})


def test_an_order_that_a_cap_cut_names_the_cap() -> None:
    cut = OrderOutcome(BAND, "max_daily_krw", end="cancel")
    assert ending(cut).facts["cut"] == "max_daily_krw"


@pytest.mark.parametrize(
    "course",
    [
        OrderOutcome(BAND, end="done", volume=D(5)),
        OrderOutcome(BAND, end="cancel", volume=D(2)),
        OrderOutcome(BAND),
        OrderOutcome(BAND, said="under_min_total_bid", text="최소 주문 금액"),
    ],
    ids=["filled", "part", "waits", "refused"],
)
def test_what_cut_an_order_is_told_whatever_became_of_it(course: OrderOutcome) -> None:
    facts = ending(structs.replace(course, cut_by="free_cash", wanted=D(20000))).facts
    cut = {"cut": "free_cash", "krw": "10050", "stake": "20000"}
    assert facts == ending(course).facts | cut
    written = ending(structs.replace(course, cut_by="free_cash", wanted=D(20000))).written
    assert read(written).facts == facts


@pytest.mark.parametrize("reason", ["unfilledtimeout", "operator", "kill", "stop_loss"])
def test_an_order_that_this_bot_cancelled_says_for_what(reason: str) -> None:
    assert ending(OrderOutcome(RESTING, cancel=reason, end="cancel")) == EndReason(
        reason, {"limit": "2010"}
    )


def test_a_resting_order_that_ends_without_this_bot_was_cancelled_outside() -> None:
    assert ending(OrderOutcome(RESTING, end="cancel")).reason == "cancelled_outside"
    maker = structs.replace(RESTING, time_in_force="post_only")
    assert ending(OrderOutcome(maker, end="cancel")).reason == "post_only"


@pytest.mark.parametrize("order", [BAND, RESTING, MARKET])
def test_an_order_that_was_filled_whole_needs_no_reason(order: Order) -> None:
    assert ending(OrderOutcome(order, end="done", volume=D(5))) == EndReason()


def test_what_a_total_leaves_is_no_part_that_was_not_filled() -> None:
    assert ending(OrderOutcome(SPENDING, end="cancel", volume=D("4.9"))) == EndReason()
    assert ending(OrderOutcome(SPENDING, end="cancel")) == EndReason("unfilled")


def test_a_refusal_says_the_venues_words() -> None:
    told = ending(OrderOutcome(BAND, said="under_min_total_bid", text="최소 주문 금액"))
    assert told == EndReason("under_min_total_bid", {"text": "최소 주문 금액"})


@pytest.mark.parametrize(
    "whole",
    [EndReason(), EndReason("unfilled", FIGURES), EndReason("x", {"limit": "1", "text": "a=b c"})],
)
def test_what_is_written_is_read_again(whole: EndReason) -> None:
    assert read(whole.written) == whole


def test_the_index_tells_the_same_as_the_events() -> None:
    kept: dict[str, Message] = {
        "i": OrderIntended(RESTING, "jb-i", "{}"),
        OF_CANCEL + "i": CancelIntended("i", "operator"),
    }
    event = OrderClosed("i", "i", "KRW-BTC", "bid", "cancel", D(0), D(0), D(0), 0.0)
    assert closed(event, kept.get) == ending(OrderOutcome(RESTING, cancel="operator", end="cancel"))
