"""A new API key: it is believed to be of our account once it shows an order of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from actors.orders import gateway
from actors.orders.gateway import Gateway
from actors.orders.order_history import PROOFS, past_of
from core.orders.intents import GatewayState
from core.orders.lifecycle import new_order
from core.orders.order_history import OF_PAST
from messages.base import After, Envelope, Event
from messages.budget import BudgetReserved
from messages.control import AcceptKey, ConfigAdopted, OperatorReply
from messages.orders import (
    Order,
    OrderAccepted,
    OrderIntended,
    OrderRefused,
    OrderReport,
    QueryOrder,
)
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    CheckPast,
    ExitsAllowed,
    ReadPast,
    SoughtOrder,
)
from messages.venue_queries import FetchPast, PastReport
from persistence.record import Identity, Record
from persistence.store import Store
from tests.unit.actors.test_recovery import (
    BIRTH,
    GUESS,
    LIVE,
    OPENED,
    PAIR,
    TRADE,
    WISH,
    held,
    life,
)
from tests.unit.actors.turns import D, Turns, of

KEY = "second"
PROOF, LATER = SoughtOrder("n1", PAIR, "bid"), SoughtOrder("n2", "KRW-B", "ask")
READ = ReadPast(10.0, (BIRTH,), (), (GUESS,), account=KEY, proofs=(PROOF, LATER))
ENTRY = BudgetReserved("e", PAIR, D(10_000), D(0), D(100), 0, 1e12)


def living(read: ReadPast = READ) -> tuple[Turns, list[object]]:
    turns = Turns(gateway, Gateway)
    turns.take(ConfigAdopted(LIVE, BIRTH))
    life(turns)
    return turns, turns.take(read, 100.0)


def answer(one: SoughtOrder, outcome: str = "snapshot", **more: object) -> OrderReport:
    facts = {"uuid": "u", "state": "done", "pair": one.pair, "side": one.side, **more}
    return OrderReport(OF_PAST + one.identifier, outcome, "query", **facts)  # type: ignore[arg-type]


def test_the_list_waits_until_one_of_our_orders_is_found() -> None:
    turns, said = living()
    assert of(FetchPast, said) == []
    assert [q.identifier for q in of(QueryOrder, said)] == ["n1"]
    found = turns.take(answer(PROOF), 101.0)
    assert of(AccountTaken, found) == [AccountTaken(KEY, "n1")]
    (call,) = of(FetchPast, found)
    assert of(OrderRefused, turns.take(WISH, 101.0))[0].reason == "recovering"
    assert of(ExitsAllowed, turns.take(PastReport(call), 102.0))
    assert turns.state.accounts == (KEY,)


def test_until_then_nothing_is_bought_or_sold() -> None:
    turns, _ = living()
    assert [r.reason for r in of(OrderRefused, turns.take(WISH, 101.0))] == ["other_account"]
    turns.state = structs.replace(turns.state, barred=False)
    assert [r.reason for r in of(OrderRefused, turns.take(ENTRY, 101.0))] == ["other_account"]


def test_one_order_after_the_other_is_asked_for_and_the_last_denial_names_the_trades() -> None:
    turns, _ = living()
    said = turns.take(answer(PROOF, "absent"), 101.0)
    assert of(AccountDenied, said) == [AccountDenied(KEY, "n1", 1)]
    assert [q.identifier for q in of(QueryOrder, said)] == ["n2"]
    assert turns.take(answer(PROOF, "absent"), 101.0) == []  # twice is once
    said = turns.take(answer(LATER, "absent"), 102.0)
    assert said == [AccountDenied(KEY, "n2", 0, (PAIR,))]
    assert turns.take(CheckPast(), 103.0) == []
    assert of(OrderRefused, turns.take(WISH, 104.0))[0].reason == "other_account"


@pytest.mark.parametrize("outcome", ["unknown", "refused", "not_sent"])
def test_what_is_no_answer_is_asked_for_again(outcome: str) -> None:
    turns, _ = living()
    assert turns.take(answer(PROOF, outcome), 101.0) == []
    said = turns.take(CheckPast(), 102.0)
    assert [q.identifier for q in of(QueryOrder, said)] == ["n1"]
    assert of(After, said)


def test_an_order_of_another_pair_proves_nothing() -> None:
    turns, _ = living()
    assert turns.take(answer(PROOF, pair="KRW-Z"), 101.0) == []


def test_its_owners_word_is_enough_once() -> None:
    turns, _ = living()
    said = turns.take(AcceptKey("c"), 101.0)
    assert of(AccountTaken, said) == [AccountTaken(KEY)]
    assert of(FetchPast, said)
    assert of(OperatorReply, said) == [OperatorReply(True, "key_accepted")]
    assert turns.take(AcceptKey("c"), 102.0) == [OperatorReply(False, "no_new_key")]


def test_a_trade_without_an_order_of_ours_cannot_be_proved() -> None:
    _, said = living(structs.replace(READ, proofs=()))
    assert of(AccountDenied, said) == [AccountDenied(KEY, "", 0, (PAIR,))]


def test_where_nothing_was_ever_ordered_any_key_will_do() -> None:
    turns, said = living(structs.replace(READ, proofs=(), sales=()))
    assert of(AccountTaken, said) == [AccountTaken(KEY)]
    assert of(FetchPast, said)
    assert turns.state.accounts == (KEY,)


def test_the_key_of_before_goes_on_at_once() -> None:
    turns, _ = living()
    said = turns.take(structs.replace(READ, account="", proofs=()), 200.0)
    assert turns.state.past.account == ""
    assert of(FetchPast, said)


def test_that_a_live_order_is_not_there_proves_nothing_under_a_key_in_doubt() -> None:
    for account, epoch in ((KEY, 0), ("", 1)):
        turns, _ = living(structs.replace(READ, account=account))
        live = structs.replace(
            new_order(
                OrderIntended(Order("x", TRADE, PAIR, "ask", "market", volume=D(2)), "n", "{}")
            ),
            stage="uncertain",
        )
        turns.state = structs.replace(turns.state, live={"x": live})
        turns.take(OrderReport("x", "absent", "query"), 101.0)
        assert turns.state.live["x"].answers == epoch


# --- at a start
def stored(path: Path, accounts: tuple[str, ...] = ()) -> Store:
    """A ledger of an open trade, whose entry and nine later orders were taken by the venue."""
    store = Store.create(path, Identity(BIRTH, "live", "upbit", "first"), sync=False)
    intents = [
        OrderIntended(Order(id, id, PAIR, "bid", "price", price=D(1)), f"name {id}", "{}")
        for id in (TRADE, *(f"later{n}" for n in range(9)), "never sent")
    ]
    said: list[Event] = [*intents, *(OrderAccepted(i.order.id, "u") for i in intents[:-1])]
    letters = [Envelope(one, 5000.0, "gateway") for one in said]
    index = {Gateway.keeps(one): one for one in said}
    store.commit("gateway", Record(GatewayState(accounts=accounts)), letters, index)
    store.commit("holdings", Record(held().state), [Envelope(OPENED, 5000.0, "holdings")])
    return store


def test_orders_of_the_open_trades_are_looked_for_and_then_the_newest(tmp_path: Path) -> None:
    store = stored(tmp_path / "s")
    found = past_of(store, 9000.0, KEY)
    names = [one.identifier for one in found.proofs]
    assert found.account == KEY
    assert names == [f"name {TRADE}", *(f"name later{n}" for n in range(8, 1, -1))]
    assert len(names) == PROOFS
    store.close()


@pytest.mark.parametrize(("account", "accounts"), [("first", ()), ("", ()), (KEY, (KEY,))])
def test_a_key_that_is_known_is_not_in_doubt(
    tmp_path: Path, account: str, accounts: tuple[str, ...]
) -> None:
    store = stored(tmp_path / "s", accounts)
    assert past_of(store, 9000.0, account).account == ""
    store.close()
