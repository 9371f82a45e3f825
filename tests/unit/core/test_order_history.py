"""What is learnt of a past that the ledger does not know, order by order."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce

from msgspec import structs

from core.orders import order_history
from core.orders.order_history import LOOKS_MAX, OF_PAST, OrderHistory, answered, sought
from core.orders.payload import identifier, is_of, is_ours
from messages.orders import CancelOrder, OrderReport
from messages.recovery import (
    ExitsAllowed,
    ExitsBarred,
    GuessedSale,
    LookUnread,
    PastAnswered,
    PastSought,
    RecoveryBegun,
    SaleFound,
    StrayFound,
)
from messages.venue_queries import PastOrder

D = Decimal
BIRTH, OLD, TRADE, PAIR = "a" * 32, "b" * 32, "KRW-BTC@60", "KRW-BTC"
BIRTHS = (BIRTH, OLD)


def named(n: int, birth: str = OLD, trade: str = TRADE) -> str:
    return identifier(birth, f"{trade}/x{n}")


def guessed(n: int, birth: str = OLD) -> GuessedSale:
    return GuessedSale(named(n, birth), f"{TRADE}/x{n}", TRADE, PAIR)


GUESSES = tuple(guessed(n, birth) for n in range(1, 9) for birth in BIRTHS)
BEGUN = reduce(
    order_history.evolve,
    [ExitsBarred(), PastSought(10.0, 20.0, GUESSES, True, BIRTHS)],
    OrderHistory(),
)


def listed(name: str, side: str = "ask", at: float = 15.0) -> PastOrder:
    return PastOrder(name, PAIR, "bid" if side == "bid" else "ask", at)


def seeking(*orders: PastOrder) -> OrderHistory:
    found = sought(BEGUN, orders, frozenset())
    return order_history.evolve(BEGUN, RecoveryBegun(10.0, len(orders), found))


def shown(name: str, volume: str = "2", state: str = "done", side: str = "ask") -> OrderReport:
    totals = {"volume": D(volume), "funds": D(volume) * 90, "fee": D(volume) / 10}
    facts = {"uuid": "u", "state": state, "pair": PAIR, "side": side, "filled_at": 17.0}
    return OrderReport(OF_PAST + name, "snapshot", **facts, **totals)  # type: ignore[arg-type]


def said(now: OrderHistory, report: OrderReport, *entering: str) -> list[object]:
    return list(answered(now, report, frozenset(entering)))


def test_a_name_of_this_bot_is_told_from_that_of_any_other() -> None:
    assert is_ours(named(1))
    assert is_of(OLD, named(1))
    assert not is_of(BIRTH, named(1))
    for other in ("", "a" * 12, named(1)[:-1], named(1) + "a", "x-" + named(1), named(1).upper()):
        assert not is_ours(other)


def test_nothing_is_sought_where_every_listed_order_is_known() -> None:
    assert sought(BEGUN, (), frozenset()) == ()
    assert sought(BEGUN, (listed(named(1)),), frozenset({named(1)})) == ()


def test_one_unknown_order_has_every_guess_asked_for() -> None:
    found = sought(BEGUN, (listed(named(1)),), frozenset())
    assert {one.identifier for one in found} == {guess.identifier for guess in GUESSES}
    assert [one.identifier for one in found if one.listed] == [named(1)]


def test_a_row_that_cannot_be_read_may_be_any_of_the_guesses() -> None:
    found = sought(BEGUN, (), frozenset({named(2)}), odd=True)
    assert {one.identifier for one in found} == {g.identifier for g in GUESSES} - {named(2)}
    assert not any(one.listed for one in found)


def test_a_guess_that_came_to_nothing_is_sought_again_once_a_list_shows_it() -> None:
    now = seeking(listed(named(2)))
    now = reduce(order_history.evolve, [PastAnswered(named(1)), PastAnswered(named(2))], now)
    ours = frozenset(now.intended)
    assert sought(now, (listed(named(2)),), ours) == ()
    again = sought(now, (listed(named(1)),), ours)
    assert [one.identifier for one in again if one.listed] == [named(1)]


def test_a_sale_with_a_far_number_is_known_for_one_of_its_trade() -> None:
    (one,) = [s for s in sought(BEGUN, (listed(named(1234)),), frozenset()) if s.listed]
    assert (one.id, one.trade) == (f"{TRADE}/x1234", TRADE)


def test_a_sale_of_an_open_trade_is_found_with_its_own_figures_once() -> None:
    now = seeking(listed(named(1)))
    now = reduce(order_history.evolve, [PastAnswered(named(1, BIRTH))], now)
    (found,) = said(now, shown(named(1)))
    assert found == SaleFound(
        f"{TRADE}/x1", named(1), TRADE, PAIR, D(2), D(180), D("0.2"), 17.0
    )  # fmt: skip
    after = order_history.evolve(now, found)
    assert said(after, shown(named(1))) == []
    assert after.owed == (named(1),)


def test_a_sale_waits_for_earlier_ones_and_for_the_end_of_its_entry() -> None:
    now = seeking(listed(named(1)), listed(named(2)))
    now = reduce(
        order_history.evolve, [PastAnswered(named(1, BIRTH)), PastAnswered(named(2, BIRTH))], now
    )
    assert said(now, shown(named(2))) == []
    assert said(now, shown(named(1)), TRADE) == []
    (first,) = said(now, shown(named(1)))
    assert isinstance(first, SaleFound)
    assert said(order_history.evolve(now, first), shown(named(2))) != []


def test_a_purchase_and_the_sale_of_a_trade_never_known_are_shown_and_left() -> None:
    buy, sale = identifier(OLD, "KRW-BTC@600"), named(1, OLD, "KRW-BTC@600")
    now = seeking(listed(buy, "bid"), listed(sale))
    for name, side in ((buy, "bid"), (sale, "ask")):
        stray, answer = said(now, shown(name, side=side))
        assert isinstance(stray, StrayFound)
        assert (stray.side, stray.volume, stray.funds) == (side, D(2), D(180))
        assert answer == PastAnswered(name)


def test_an_order_that_rests_is_cancelled_and_one_without_a_fill_is_over() -> None:
    name = identifier(OLD, "KRW-BTC@600")
    now = seeking(listed(name, "bid"))
    (cancel,) = said(now, shown(name, "0", "wait", "bid"))
    assert isinstance(cancel, CancelOrder)
    assert said(now, structs.replace(shown(name), call="cancel")) == []
    assert said(now, shown(name, "0", "cancel", "bid")) == [PastAnswered(name)]


def test_not_found_ends_a_guess_and_never_what_the_list_has_shown() -> None:
    now = seeking(listed(named(1)))
    absent = OrderReport(OF_PAST + named(2), "absent")
    assert said(now, absent) == [PastAnswered(named(2))]
    denied = OrderReport(OF_PAST + named(1), "absent")
    assert said(now, denied) == [LookUnread(named(1), PAIR, TRADE, 1)]
    assert said(now, OrderReport(OF_PAST + named(2), "unknown")) == []
    for looks in range(1, LOOKS_MAX):
        now = order_history.evolve(now, LookUnread(named(1), PAIR, TRADE, looks))
    assert said(now, denied) == [LookUnread(named(1), PAIR, TRADE, LOOKS_MAX, True)]


def test_a_row_of_which_only_the_name_can_be_read_is_a_sale_of_the_trade_that_it_names() -> None:
    for n in (1, 1234):
        bare = PastOrder(named(n), "", "")
        (one,) = [one for one in sought(BEGUN, (bare,), frozenset()) if one.listed]
        assert (one.id, one.trade, one.pair) == (f"{TRADE}/x{n}", TRADE, PAIR)


def test_what_is_owed_to_holdings_outlives_a_life() -> None:
    found = SaleFound(f"{TRADE}/x1", named(1), TRADE, PAIR, D(1), D(1), D(0), 1.0)
    now = order_history.evolve(seeking(listed(named(1))), found)
    again = order_history.evolve(now, PastSought(10.0, 30.0))
    assert again.owed == (named(1),)
    over = order_history.evolve(again, ExitsAllowed(True, 10.0))
    assert (over.barred, over.read_since) == (False, 10.0)
