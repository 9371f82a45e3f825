"""The sight of the account: when it is asked, what bars entries, and what was quiet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors import account
from actors.account import HASTE_SECONDS, Account
from actors.entries.entry_filter import StrategistState, entry_refusal
from actors.entries.strategist import Strategist
from core.orders.payload import identifier
from messages.account import (
    AccountOpened,
    AccountReconciled,
    AccountSeen,
    AccountShut,
    CheckAccount,
    CompareCash,
    CompareCoins,
    EndReconciliation,
    ReconciliationBegun,
    RetryAccount,
)
from messages.base import After, Event
from messages.config import Config
from messages.control import ConfigAdopted, ConfigTaken
from messages.exchange import Exchange
from messages.orders import (
    Order,
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
    QueryOrder,
)
from messages.venue_queries import AccountReport, Balance, ClosedOrder, FetchAccount, OpenOrder
from tests.unit.actors.fold_checks import turn
from tests.unit.actors.turns import Turns, of

D = Decimal
A, B = "KRW-A", "KRW-B"
LIVE = Config(dry_run=False, exchange=Exchange(account_seconds=45))
CASH = Balance(D(50), D(7))
SOME = Balance(D(3), D(1), D(100))
ENDED = (D(0), D(0), D(0), 0.0)


def begun(config: Config = LIVE) -> Turns:
    turns = Turns(account, Account)
    turns.take(ConfigAdopted(config))
    return turns


def intended(id: str = "e", pair: str = A) -> OrderIntended:
    return OrderIntended(Order(id, id, pair, "bid", "price", D(10000)), f"name-{id}", "{}")


def look(asked: float = 0.0, *orders: OpenOrder, **more: Any) -> AccountReport:
    return AccountReport(CASH, {A: SOME}, tuple(orders), asked=asked, **more)


def newly_living(turns: Turns, at: float) -> list[Any]:
    """A new life over the same state, as the shell begins one."""
    said = list(Account.resume(turns.state, at))
    for event in of(Event, said):
        turns.state = Account.evolve(turns.state, event)
    return said


# --- when it is asked
def test_the_first_live_configuration_begins_the_looks_and_a_later_one_does_not_double_them() -> (
    None
):
    turns = Turns(account, Account)
    said = turns.take(ConfigAdopted(LIVE))
    assert said == [ConfigTaken(LIVE), ReconciliationBegun(), CheckAccount()]
    assert turns.take(ConfigAdopted(LIVE)) == [ConfigTaken(LIVE)]


def test_on_paper_nothing_is_asked_and_nothing_barred() -> None:
    turns = begun(Config())
    assert turns.take(CheckAccount(), at=5.0) == []
    assert turns.take(look()) == []
    assert newly_living(turns, 9.0) == []


def test_it_asks_again_in_haste_until_one_look_is_good_and_then_on_its_period() -> None:
    turns = begun()
    hasty = [FetchAccount(7.0), After(float(HASTE_SECONDS), CheckAccount())]
    assert turns.take(CheckAccount(), at=7.0) == hasty
    turns.take(look(7.0), at=8.0)
    assert turns.take(CheckAccount(), at=12.0) == [FetchAccount(12.0), After(45.0, CheckAccount())]


def test_each_life_begins_unreconciled_and_looks_at_once() -> None:
    turns = begun()
    turns.take(look(), at=1.0)
    assert turns.state.reconciled
    assert newly_living(turns, 100.0) == [ReconciliationBegun(), CheckAccount()]
    assert not turns.state.reconciled
    assert of(EndReconciliation, turns.take(look(100.0), at=101.0))


# --- the barrier
def test_one_good_look_with_no_intent_alive_ends_the_reconciliation_once() -> None:
    turns = begun()
    said = turns.take(look(), at=1.0)
    assert of(AccountReconciled, said)
    assert of(EndReconciliation, said)
    assert not of(EndReconciliation, turns.take(look(2.0), at=3.0))


def test_a_failed_look_says_why_once_and_changes_nothing_of_what_was_seen() -> None:
    turns = begun()
    before = turns.state
    failed = AccountReport(failed="expired_access_key")
    soon = After(HASTE_SECONDS, RetryAccount())
    assert turns.take(failed, at=1.0) == [AccountShut("expired_access_key"), soon]
    assert turns.take(failed, at=2.0) == []
    assert structs.replace(turns.state, shut="") == before
    assert AccountOpened() in turns.take(look(3.0), at=3.0)
    assert AccountOpened() not in turns.take(look(4.0), at=4.0)


def test_while_the_account_cannot_be_looked_at_there_is_no_entry() -> None:
    state = StrategistState(config=Config(dry_run=False))
    shut = turn(Strategist, state, AccountShut("jwt_verification"), 0.0, None).state
    assert entry_refusal(shut, A, 1.0) == "account_shut"
    assert entry_refusal(turn(Strategist, shut, AccountOpened(), 0.0, None).state, A, 1.0) is None


@pytest.mark.parametrize(
    ("events", "listed", "free"),
    [
        ([], "", False),  # being sent
        ([OrderUncertain("e", A, "bid", "unknown")], "", False),
        ([OrderAccepted("e", "u")], "u", True),
        ([OrderAccepted("e", "u")], "v", False),  # open, but ended at the venue and not yet told
        ([OrderDisputed("e", A, "other_side")], "", True),  # a person's, and the pair is frozen
        ([OrderRefused("e", "e", A, "bid", "no")], "", True),
        ([OrderAbsent("e", "e", A, "bid", 2.0)], "", True),
        ([OrderClosed("e", "e", A, "bid", "done", *ENDED)], "", True),
        ([OrderAbsent("e", "e", A, "bid", 2.0), OrderFound("e", "e", A, "bid")], "", False),
    ],
)
def test_entries_wait_until_no_intent_of_before_is_in_doubt(
    events: list[Any], listed: str, free: bool
) -> None:
    turns = begun()
    turns.all(intended(), *events, at=2.0)
    orders = (OpenOrder(listed, A, "bid"),) if listed else ()
    said = turns.take(look(5.0, *orders), at=6.0)
    assert bool(of(EndReconciliation, said)) == bool(of(AccountReconciled, said)) == free
    assert turns.state.reconciled == free


# --- what is seen
def test_orders_that_are_not_ours_are_seen_and_ours_are_left_out() -> None:
    turns = begun()
    turns.all(intended("e"), intended("f", B), OrderAccepted("f", "u-f"), at=1.0)
    mine = (OpenOrder("u-e", A, "bid", "name-e"), OpenOrder("u-f", B, "bid"))
    theirs = OpenOrder("x", "KRW-C", "ask")
    said = turns.take(look(5.0, *mine, theirs), at=6.0)
    assert of(AccountSeen, said) == [AccountSeen(CASH, {A: SOME}, (theirs,))]
    again = turns.take(look(7.0, *mine, theirs), at=8.0)
    assert not of(AccountSeen, again)  # nothing new
    assert of(AccountSeen, turns.take(look(9.0, *mine), at=10.0)) == [AccountSeen(CASH, {A: SOME})]


# --- what was quiet
def test_a_look_without_intents_compares_cash_and_every_coin() -> None:
    prices = {A: D(120)}
    said = begun().take(look(5.0, prices=prices), at=6.0)
    coins = CompareCoins({A: SOME}, (), prices)  # no list of sales
    assert of(CompareCoins, said) == [coins]
    assert of(CompareCash, said) == [CompareCash(D(50))]  # free, not what orders lock


def test_a_pair_with_a_living_intent_is_busy_and_cash_is_not_compared() -> None:
    turns = begun()
    turns.all(intended(), OrderAccepted("e", "u"), at=1.0)
    said = turns.take(look(5.0, OpenOrder("u", A, "bid")), at=6.0)
    assert of(CompareCoins, said)[0].busy == (A,)
    assert not of(CompareCash, said)


@pytest.mark.parametrize(("asked", "busy"), [(3.0, (A,)), (4.0, (A,)), (4.5, ())])
def test_a_pair_that_changed_course_since_the_account_was_asked_was_not_quiet(
    asked: float, busy: tuple[str, ...]
) -> None:
    turns = begun()
    turns.take(intended(), at=1.0)
    turns.take(OrderClosed("e", "e", A, "bid", "done", *ENDED), at=4.0)
    said = turns.take(look(asked), at=5.0)
    assert of(CompareCoins, said)[0].busy == busy
    assert bool(of(CompareCash, said)) == (not busy)


def test_refusals_of_what_was_never_intended_are_nobodys() -> None:
    turns = begun()
    before = turns.state
    assert turns.take(OrderRefused("e", "e", A, "bid", "not_reconciled"), at=4.0) == []
    assert turns.state == before


def test_a_found_order_that_was_forgotten_counts_as_in_doubt_again() -> None:
    turns = begun()
    turns.take(OrderFound("old", "old", A, "bid"), at=1.0)
    assert turns.state.intents["old"].stage == "unknown"
    assert not of(EndReconciliation, turns.take(look(5.0), at=6.0))
    turns.take(OrderClosed("old", "old", A, "bid", "cancel", *ENDED), at=7.0)
    assert of(EndReconciliation, turns.take(look(8.0), at=9.0))


def test_a_reload_changes_the_period() -> None:
    turns = begun()
    turns.take(look(), at=1.0)
    slower = structs.replace(LIVE, exchange=Exchange(account_seconds=90))
    turns.take(ConfigAdopted(slower))
    assert turns.take(CheckAccount(), at=2.0)[1] == After(90.0, CheckAccount())


@pytest.mark.parametrize("where", ["orders", "ended"])
def test_an_order_in_doubt_that_a_list_shows_is_looked_at_by_its_uuid(where: str) -> None:
    turns = begun()
    turns.take(intended(), at=1.0)
    turns.take(OrderUncertain("e", A, "bid", "no_answer"), at=2.0)
    (asked, _) = turns.take(CheckAccount(), at=3.0)
    assert asked == FetchAccount(3.0, doubt=("name-e",))
    order = OpenOrder("u", A, "bid", "name-e")
    report = structs.replace(look(3.0), **{where: (order,)})
    assert of(QueryOrder, turns.take(report, at=4.0)) == [
        QueryOrder("e", A, "name-e", "entry", "u")
    ]
    turns.take(OrderAccepted("e", "u"), at=5.0)
    assert of(QueryOrder, turns.take(report, at=6.0)) == []


def closed(uuid: str, identifier: str = "", side: str = "ask", at: float = 1.0) -> ClosedOrder:
    return ClosedOrder(uuid, A, side, identifier, D(1), D(1000), D("0.5"), at)


def test_closed_sales_that_are_not_ours_are_handed_on_newest_first() -> None:
    turns = Turns(account, Account)
    for birth in ("former-birth", "present-birth"):
        turns.take(ConfigAdopted(LIVE, birth))
    turns.all(intended("e"), OrderAccepted("e", "u-e"), at=1.0)
    mine = (closed("u-e"), closed("x", identifier("former-birth", "a")))
    mine += (closed("y", identifier("present-birth", "b")),)
    old, new = closed("old", at=2.0), closed("new", "another-bots", at=3.0)
    bought = closed("bid", side="bid")
    empty = ClosedOrder("none", A, "ask", "", D(0), D(0), D(0), 4.0)
    report = look(5.0, closed=(*mine, old, new, bought, empty), closed_since=0.5)
    (compare,) = of(CompareCoins, turns.take(report, at=6.0))
    assert (compare.sold, compare.sold_since) == ((new, old), 0.5)


def test_open_sales_that_are_not_ours_are_handed_on_and_ours_are_not() -> None:
    turns = Turns(account, Account)
    turns.take(ConfigAdopted(LIVE, "former-birth"))
    theirs, bid = OpenOrder("x", A, "ask"), OpenOrder("y", A, "bid")
    stray = OpenOrder("z", A, "ask", identifier("former-birth", "a"))
    (compare,) = of(CompareCoins, turns.take(look(5.0, theirs, bid, stray), at=6.0))
    assert compare.asks == (theirs,)
