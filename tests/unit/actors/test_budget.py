"""The cash: reserved before an order, settled and released after it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import budget
from actors.budget import Budget
from messages.budget import (
    BudgetCredited,
    BudgetRefused,
    BudgetReleased,
    BudgetReserved,
    BudgetSettled,
    SaleEnded,
)
from messages.config import Config
from messages.control import ConfigAdopted
from messages.orders import OrderAbsent, OrderClosed, OrderFilled, OrderRefused
from messages.trading import EntryWanted
from tests.unit.actors.turns import Turns, of

D = Decimal
PAIR = "KRW-A"


def with_cash(krw: str = "1000000", config: Config | None = None) -> Turns:
    turns = Turns(budget, Budget)
    turns.take(ConfigAdopted(config or Config(dry_run_wallet=D(krw))))
    return turns


def wish(id: str = "e", stake: str = "100000", **more: Any) -> EntryWanted:
    return EntryWanted(id, PAIR, D(stake), D(100), "rsi", 0, 90.0, **more)


def order(kind: type, id: str, side: str, funds: str, fee: str = "0") -> Any:
    state = ("cancel",) if kind is OrderClosed else ()
    return kind(id, id, PAIR, side, *state, D(1), D(funds), D(fee), 60.0)


def refusal(kind: type, id: str = "e", side: str = "bid") -> Any:
    reason = ("no",) if kind is OrderRefused else ()
    return kind(id, id, PAIR, side, *reason)


def test_the_first_configuration_brings_the_cash_and_a_later_one_does_not() -> None:
    turns = with_cash("7")
    turns.take(ConfigAdopted(Config(dry_run_wallet=D(50))))
    assert (turns.state.cash, turns.state.free) == (7, 7)


@pytest.mark.parametrize(
    ("cash", "stake", "krw"),
    [
        ("1000000", "100000", "100000"),
        ("100050", "100000", "100000"),
        ("100049", "100000", "99999"),  # 100,049 / 1.0005 = 99,999.0005, whole won
        ("5416", "100000", "5413"),  # the least: ceil(5,000 * 1.05 / 0.97)
        ("5415", "100000", None),
        ("1000000", "5412", None),  # a stake below the least can not be sold again
    ],
)
def test_an_entry_gets_its_stake_or_what_is_left_but_never_less_than_can_be_sold(
    cash: str, stake: str, krw: str | None
) -> None:
    turns = with_cash(cash)
    (said,) = turns.take(wish(stake=stake), at=60.0)
    if krw is None:
        small = D(stake) < 5413  # whatever is free
        why = ("stake_too_small", D(5413)) if small else ("insufficient_budget", D(5416))
        assert said == BudgetRefused("e", PAIR, *why, D(cash))
    else:
        fee, cut = D(krw) * D("0.0005"), D(stake) if krw != stake else D(0)
        assert said == BudgetReserved("e", PAIR, D(krw), fee, D(100), 90.0, tag="rsi", wanted=cut)
        assert said.krw + said.fee <= D(cash)
        assert turns.state.free == D(cash) - said.krw - said.fee


def test_nothing_is_bought_for_nothing_where_the_venue_knows_no_least_order() -> None:
    turns = with_cash("", Config(dry_run_wallet=D("0.5"), min_order_krw=D(0)))
    (said,) = turns.take(wish(stake="100000"), at=60.0)
    assert said == BudgetRefused("e", PAIR, "insufficient_budget", D(2), D("0.5"))


def test_a_stale_wish_is_refused() -> None:
    assert with_cash("700000").take(wish(), at=90.5) == [
        BudgetRefused("e", PAIR, "signal_expired", D(100_000), D(700_000))
    ]
    assert isinstance(with_cash().take(wish(), at=90.0)[0], BudgetReserved)


def test_before_there_is_a_configuration_nothing_is_reserved() -> None:
    assert Turns(budget, Budget).take(wish(), at=60.0) == [
        BudgetRefused("e", PAIR, "not_configured", D(100_000), D(0))
    ]


def test_a_limit_entry_reserves_what_its_volume_costs_at_its_limit() -> None:
    turns = with_cash()
    (said,) = turns.take(wish(limit=D(7), cancel_at=660.0), at=60.0)
    krw, volume = D("99999.99999997"), D("14285.71428571")
    more = (D(100), 90.0, D(7), volume, 660.0, "rsi")
    assert said == BudgetReserved("e", PAIR, krw, krw * D("0.0005"), *more)


def test_running_totals_settle_once_and_the_end_releases_the_rest() -> None:
    turns = with_cash()
    turns.take(wish(), at=60.0)
    fill = order(OrderFilled, "e", "bid", "60000", "30")
    assert turns.take(fill) == [BudgetSettled("e", D(60000), D(30))]
    assert turns.take(fill) == []
    assert (turns.state.cash, turns.state.free) == (D(939_970), D(899_950))
    said = turns.take(order(OrderClosed, "e", "bid", "99000", "49.5"))
    assert said == [
        BudgetSettled("e", D(99000), D("49.5")),
        BudgetReleased("e", D("1000.5")),
    ]
    assert turns.state.cash == turns.state.free == D("900950.5")
    assert turns.state.reserved == {}


def test_a_fee_that_comes_behind_its_fill_is_settled_too() -> None:
    turns = with_cash()
    turns.take(wish(), at=60.0)
    turns.take(order(OrderFilled, "e", "bid", "60000", "0"))
    assert turns.take(order(OrderFilled, "e", "bid", "60000", "30")) == [
        BudgetSettled("e", D(60000), D(30))
    ]
    assert turns.state.cash == D(939_970)


def test_several_reservations_of_one_pair_stand_side_by_side() -> None:
    turns = with_cash("250000")
    said = turns.all(wish("a"), wish("b"), wish("c"), at=60.0)
    assert [m.krw for m in said] == [100_000, 100_000, 49_875]  # 49,900 / 1.0005, whole won
    turns.all(refusal(OrderRefused, "b"), order(OrderClosed, "a", "bid", "100000", "50"))
    assert turns.state.cash == 149_950
    assert set(turns.state.reserved) == {"c"}
    (again,) = turns.take(wish("d"), at=60.0)
    assert again.krw == 100_000


@pytest.mark.parametrize("kind", [OrderRefused, OrderAbsent])
def test_an_order_that_never_was_releases_everything(kind: type) -> None:
    turns = with_cash()
    turns.take(wish(), at=60.0)
    turns.take(refusal(kind))
    assert turns.state.free == turns.state.cash == 1_000_000
    assert turns.take(refusal(kind)) == []


def test_a_sale_is_credited_once_without_its_fee() -> None:
    turns = with_cash("1000")
    said = turns.all(
        order(OrderFilled, "e/x1", "ask", "400", "0.2"),
        order(OrderFilled, "e/x1", "ask", "400", "0.2"),
        order(OrderClosed, "e/x1", "ask", "1000", "0.5"),
    )
    assert said == [
        BudgetCredited("e/x1", D(400), D("0.2")),
        BudgetCredited("e/x1", D(1000), D("0.5")),
        SaleEnded("e/x1"),
    ]
    assert turns.state.cash == D("1999.5")
    assert turns.state.sales == {}


def test_an_order_found_after_it_was_given_up_still_costs_its_cash() -> None:
    turns = with_cash()
    turns.all(wish(), refusal(OrderAbsent), at=60.0)
    found = order(OrderFilled, "e", "bid", "60000", "30")
    assert turns.take(found) == [BudgetSettled("e", D(60000), D(30))]
    assert turns.take(found) == []  # running totals, again
    assert turns.take(order(OrderClosed, "e", "bid", "100000", "50")) == [
        BudgetSettled("e", D(100000), D(50)),
        BudgetReleased("e", D(0)),
    ]
    assert turns.state.cash == turns.state.free == D(899_950)
    assert turns.state.strays == {}


def test_an_order_that_comes_back_only_when_it_has_ended_leaves_no_trace_but_its_cost() -> None:
    turns = with_cash()
    said = turns.take(order(OrderClosed, "e", "bid", "100000", "50"))
    assert said == [BudgetSettled("e", D(100000), D(50)), BudgetReleased("e", D(0))]
    assert (turns.state.cash, turns.state.strays) == (D(899_950), {})


@pytest.mark.parametrize("side", ["bid", "ask"])
def test_an_end_that_moved_nothing_and_released_nothing_is_not_stated(side: str) -> None:
    assert with_cash().take(order(OrderClosed, "e", side, "0")) == []


RESERVED = BudgetReserved("e", PAIR, D(100_000), D(50), D(100), 90.0)


@pytest.mark.parametrize(
    "event",
    [
        RESERVED,  # twice
        BudgetReserved("f", PAIR, D("900949.5"), D("0.01"), D(100), 90.0),  # more than is free
        BudgetReserved("f", PAIR, D(0), D(0), D(100), 90.0),
        BudgetSettled("e", D(60000), D(30)),  # no more than before
        BudgetCredited("x", D(1000), D("0.5")),
        BudgetReleased("e", D("40019.99")),  # not what is left
    ],
)
def test_what_breaks_the_books_stops_the_owner(event: Any) -> None:
    """It would have been decided by a wrong rule, or read from a wrong journal."""
    turns = with_cash()
    for said in (
        RESERVED,
        BudgetSettled("e", D(60000), D(30)),
        BudgetCredited("x", D(1000), D("0.5")),
    ):
        turns.state = budget.evolve(turns.state, said)
    assert turns.state.free == D("900949.5")
    with pytest.raises(AssertionError):
        budget.evolve(turns.state, event)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["wish", "fill", "close", "refuse", "absent", "sell", "sold"]),
        st.integers(0, 4),
        st.integers(0, 100),
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(STEPS, st.integers(5_000, 400_000))
def test_cash_is_what_is_free_and_what_is_reserved_and_no_reservation_leaks(
    steps: list[tuple[str, int, int]], cash: int
) -> None:
    """A venue that never spends more than it locked; the books of it are kept beside."""
    turns, spent, sold = with_cash(str(cash)), D(0), D(0)
    live: dict[str, tuple[Decimal, Decimal]] = {}
    sales: dict[str, Decimal] = {}
    for number, (what, which, share) in enumerate(steps):
        ids = list(live)
        if what == "wish":
            for made in of(BudgetReserved, turns.take(wish(f"e{number}"), at=60.0)):
                live[made.id] = (made.krw, D(0))
        elif what in ("sell", "sold"):
            id = f"x{which}"
            sales[id] = sales.get(id, D(0)) + share
            sold += share
            kind = OrderFilled if what == "sell" else OrderClosed
            turns.take(order(kind, id, "ask", str(sales[id])))
            if what == "sold":
                del sales[id]
        elif ids:
            id = ids[which % len(ids)]
            krw, done = live[id]
            total = max(done, krw * share / 100)
            if what in ("fill", "close"):
                kind = OrderFilled if what == "fill" else OrderClosed
                fee = total * D("0.0005")
                turns.take(order(kind, id, "bid", str(total), str(fee)))
                spent += (total - done) * D("1.0005")
                live[id] = (krw, total)
            elif not done:
                turns.take(refusal(OrderRefused if what == "refuse" else OrderAbsent, id))
            if what == "close" or (what in ("refuse", "absent") and not done):
                del live[id]
        assert turns.state.cash == cash - spent + sold
        reserved = sum(((k - d) * D("1.0005") for k, d in live.values()), D(0))
        assert turns.state.free == turns.state.cash - reserved
        assert turns.state.free >= 0
        assert set(turns.state.reserved) == set(live)
        assert set(turns.state.sales) <= set(sales)


def test_a_fill_that_cost_more_than_was_meant_leaves_nothing_set_aside() -> None:
    turns = with_cash()
    turns.take(wish(), at=60.0)
    turns.take(order(OrderFilled, "e", "bid", "100000", "50.00000001"))
    assert turns.state.free == turns.state.cash == D("899949.99999999")
    turns.take(order(OrderClosed, "e", "bid", "100000", "50.00000001"))
    assert turns.state.reserved == {}
    assert turns.state.cash == D("899949.99999999")
