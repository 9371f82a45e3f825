"""The gateway with money at stake: the barrier, the caps, exits in doubt, disputes that end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors.orders import gateway
from actors.orders.gateway import Gateway
from core.money import quotient_down
from core.orders.intents import GatewayState, pending
from core.orders.payload import order_body
from core.orders.risk_limits import room_today, worth
from messages.account import (
    CoinsShown,
    DisputeSettled,
    EndReconciliation,
    EntriesAllowed,
    EntriesBarred,
    ExitUnresolved,
    PocketTaken,
    SettlementAsked,
    WarnUnresolved,
)
from messages.base import After, Event
from messages.budget import BudgetReserved
from messages.config import Config
from messages.control import ConfigAdopted, OperatorReply, SettlePair
from messages.exchange import Exchange
from messages.orders import (
    CancelOrder,
    CapEased,
    CheckOrders,
    OrderAbsent,
    OrderClosed,
    OrderDisputed,
    OrderFilled,
    OrderIntended,
    OrderMissed,
    OrderRefused,
    OrderReport,
    OrderUncertain,
    QueryOrder,
    SubmitOrder,
)
from messages.recovery import ExitsBarred
from messages.trading import ExitWanted
from tests.unit.actors.turns import Turns, of

D = Decimal
NOW = 1_774_148_400.0  # noon in Korea, on the grid of 2025
PAIR, ID = "KRW-BTC", "KRW-BTC@60"
LIVE = Config(
    dry_run=False,
    exchange=Exchange(max_order_krw=D(50000), max_daily_krw=D(80000), max_orders_per_minute=3),
)
RESERVED = BudgetReserved(ID, PAIR, D(30000), D(15), D(1000), NOW + 30)
EXIT = ExitWanted(f"{ID}/x1", ID, PAIR, D(20), "roi", D(1000), 120, NOW + 30)
X = EXIT.id


def barred(config: Config = LIVE) -> Turns:
    turns = Turns(gateway, Gateway)
    turns.take(ConfigAdopted(config, "b"), at=NOW)
    return turns


def allowed(config: Config = LIVE) -> Turns:
    turns = barred(config)
    turns.take(EndReconciliation(), at=NOW)
    return turns


def entry(number: int = 0, krw: int = 30000, **more: Any) -> BudgetReserved:
    pair = f"KRW-{number}"
    return structs.replace(RESERVED, id=f"{pair}@60", pair=pair, krw=D(krw), **more)


def report(id: str, outcome: Any, call: Any = "query", **more: Any) -> OrderReport:
    return OrderReport(id, outcome, call, **more)


def ended(order: Any, funds: Any = 0, at: float = NOW + 4, state: str = "cancel") -> OrderReport:
    """The venue's word that an entry has ended (or still waits) with that much spent."""
    price = order.price
    terms = {"price": price, "asked_volume": order.volume, "volume": quotient_down(D(funds), price)}
    money = {"funds": D(funds), "filled_at": at if funds else 0.0}
    told = {"uuid": f"u {order.id}", "state": state, "pair": order.pair, "side": "bid"}
    return report(order.id, "snapshot", ord_type=order.ord_type, **told, **terms, **money)


def shown(free: str, external: str = "0", price: str = "1000") -> CoinsShown:
    return CoinsShown(PAIR, D(20), D(external), D(free), price=D(price))


def newly_living(state: GatewayState) -> list[Any]:
    return list(Gateway.resume(state, NOW))


# --- the barrier
def test_no_entry_is_intended_before_the_account_was_seen() -> None:
    turns = barred()
    said = turns.take(RESERVED, at=NOW)
    assert said == [OrderRefused(ID, ID, PAIR, "bid", "not_reconciled")]
    assert turns.take(EndReconciliation(), at=NOW) == [EntriesAllowed()]
    assert of(SubmitOrder, turns.take(RESERVED, at=NOW))
    assert turns.take(EndReconciliation(), at=NOW) == []


def test_exits_do_not_wait_for_it() -> None:
    assert of(SubmitOrder, barred().take(EXIT, at=NOW))


def test_each_life_is_barred_anew_and_a_reload_is_not() -> None:
    turns = allowed()
    turns.take(ConfigAdopted(LIVE, "b"), at=NOW)
    assert not turns.state.barred
    said = newly_living(turns.state)
    assert said == [EntriesBarred(), ExitsBarred()]
    for event in of(Event, said):
        turns.state = Gateway.evolve(turns.state, event)
    assert turns.take(RESERVED, at=NOW)[0].reason == "not_reconciled"
    assert newly_living(turns.state) == []


def test_paper_has_neither_barrier_nor_caps() -> None:
    turns = barred(Config())
    order = of(SubmitOrder, turns.take(entry(krw=10**7), at=NOW))[0].order
    assert (order.ord_type, order.price) == ("price", 10**7)
    assert EntriesBarred() not in newly_living(turns.state)


# --- caps
def test_an_entry_is_cut_to_its_cap_and_goes_out_within_its_band() -> None:
    turns = allowed()
    intended, submitted, _ = turns.take(entry(krw=99999), at=NOW)
    order = intended.order
    assert (order.ord_type, order.time_in_force) == ("limit", "ioc")
    assert (order.price, order.volume) == (D(1003), D("49.85044865"))
    assert intended.at == NOW
    assert submitted == SubmitOrder(order, intended.identifier, intended.body)
    assert intended.body == order_body(order, intended.identifier)
    assert '"time_in_force":"ioc"' in intended.body
    assert '"ord_type":"limit"' in intended.body


def test_no_entry_goes_out_at_the_market_not_even_a_forced_one() -> None:
    (refused,) = allowed().take(entry(close=D(0), tag="force_entry"), at=NOW)
    assert refused.reason == "no_price", "there is nothing to measure the band from"
    order = of(SubmitOrder, allowed().take(entry(tag="force_entry"), at=NOW))[0].order
    assert (order.ord_type, order.time_in_force) == ("limit", "ioc")


def test_a_banded_entry_is_recognised_when_the_venue_shows_it() -> None:
    turns = allowed()
    order = of(SubmitOrder, turns.take(RESERVED, at=NOW))[0].order
    totals = {"volume": D(10), "funds": D(10010), "fee": D("5.005"), "filled_at": NOW}
    told = report(
        ID,
        "snapshot",
        uuid="u",
        state="cancel",
        pair=PAIR,
        side="bid",
        ord_type="limit",
        price=order.price,
        asked_volume=order.volume,
        **totals,
    )
    said = turns.take(told, at=NOW)
    assert not of(OrderDisputed, said)
    assert of(OrderClosed, said)[0].funds == 10010
    assert turns.state.live == {}


def test_a_days_entries_end_at_the_days_cap() -> None:
    turns = allowed()
    first, second = (turns.take(entry(n, 50000), at=NOW + n)[0] for n in (1, 2))
    assert 49_999 < worth(first.order) <= 50_000
    assert 79_998 < worth(first.order) + worth(second.order) <= 80_000, "the second was cut"
    refused = turns.take(entry(3, good_until=NOW + 100), at=NOW + 3)
    assert [m.reason for m in refused] == ["max_daily_krw"]
    tomorrow = structs.replace(entry(4), good_until=0.0)
    for intended in (first, second):
        turns.take(ended(intended.order, worth(intended.order)), at=NOW + 4)
    assert of(SubmitOrder, turns.take(tomorrow, at=NOW + 86400))


def test_so_many_entries_a_minute() -> None:
    turns = allowed()
    for number in range(3):
        assert of(SubmitOrder, turns.take(entry(number, 6000), at=NOW))
    late = entry(4, 6000, good_until=NOW + 99)
    assert turns.take(late, at=NOW + 59)[0].reason == "max_orders_per_minute"
    assert of(SubmitOrder, turns.take(late, at=NOW + 60))


def test_a_refused_entry_counts_for_nothing() -> None:
    turns = barred()
    before = turns.state.spent
    turns.take(RESERVED, at=NOW)
    assert turns.state.spent == before


def test_caps_hold_back_no_exit_and_exits_do_not_count() -> None:
    turns = allowed(Config(dry_run=False, pair_whitelist=("KRW-ETH",)))
    before = turns.state.spent
    exit = structs.replace(EXIT, volume=D(10**6))
    assert of(SubmitOrder, turns.take(exit, at=NOW))[0].order.volume == 10**6
    assert turns.state.spent == before
    assert turns.take(RESERVED, at=NOW)[0].reason == "not_listed"


# --- coins
def test_an_exit_is_cut_to_what_is_free_as_last_shown() -> None:
    turns = allowed()
    assert turns.take(shown("15", "3")) == [PocketTaken(PAIR, False, D(15), D(1000))]
    assert turns.take(shown("15", "3")) == []
    order = of(SubmitOrder, turns.take(EXIT, at=NOW))[0].order
    assert (order.ord_type, order.volume) == ("market", 15)


def test_an_exit_without_free_coins_waits() -> None:
    turns = allowed()
    turns.take(shown("0.5"))
    assert turns.take(EXIT, at=NOW)[0].reason == "coins_not_free"


def test_a_fill_makes_what_was_shown_old() -> None:
    turns = allowed()
    turns.take(shown("0.5"))
    order = of(SubmitOrder, turns.take(RESERVED, at=NOW))[0].order
    facts = {"uuid": "u", "pair": PAIR, "side": "bid", "ord_type": "limit", "state": "done"}
    asked = {"price": order.price, "asked_volume": order.volume, "volume": order.volume}
    turns.take(report(ID, "snapshot", funds=D(29999), **facts, **asked), at=NOW)
    assert turns.state.pockets == {}
    assert of(SubmitOrder, turns.take(EXIT, at=NOW))[0].order.volume == 20


# --- an exit in doubt
def doubted(turns: Turns) -> list[Any]:
    """An exit whose sending had no answer."""
    turns.take(EXIT, at=NOW)
    return turns.take(report(X, "unknown", "submit"), at=NOW)


WARN = WarnUnresolved(X, 30)


def test_an_exit_in_doubt_is_said_after_half_a_minute_and_again_until_it_is_known() -> None:
    turns = allowed()
    assert After(30.0, WARN) in doubted(turns)
    assert turns.take(WARN, at=NOW + 30) == [
        ExitUnresolved(X, PAIR, 30),
        After(60.0, WarnUnresolved(X, 90)),
    ]
    assert of(ExitUnresolved, turns.take(WarnUnresolved(X, 90), at=NOW + 90))[0].seconds == 90
    facts = {"pair": PAIR, "side": "ask", "ord_type": "market", "asked_volume": D(20)}
    turns.take(report(X, "snapshot", uuid="u", state="wait", **facts), at=NOW + 100)
    assert turns.take(WarnUnresolved(X, 150), at=NOW + 150) == []


def test_a_restart_goes_on_warning_of_what_is_in_doubt() -> None:
    turns = allowed()
    doubted(turns)
    assert After(30.0, WARN) in newly_living(turns.state)


def test_an_entry_in_doubt_and_an_exit_on_paper_are_not_said() -> None:
    turns = allowed()
    turns.take(RESERVED, at=NOW)
    said = turns.take(report(ID, "unknown", "submit"), at=NOW)
    assert of(OrderUncertain, said)
    assert [a for a in of(After, said) if isinstance(a.message, WarnUnresolved)] == []
    said = doubted(barred(Config()))
    assert of(OrderUncertain, said)
    assert [a for a in of(After, said) if isinstance(a.message, WarnUnresolved)] == []


def missing(turns: Turns, id: str = X, seconds: int = 900) -> tuple[int, float] | None:
    """Not-found answers, every 10 s, and how long they took, until it counts as absent."""
    for number in range(1, seconds // 10 + 2):
        at = NOW + number * 10
        said = turns.take(report(id, "absent"), at=at)
        assert of(OrderMissed, said)
        if of(OrderAbsent, said):
            return number, (number - 1) * 10
    return None


@pytest.mark.parametrize(
    ("pocket", "ends"),
    [
        (None, (91, 900)),  # nothing is known
        (shown("20", "0.1"), (91, 900)),  # a twin could sell what is not ours
        (shown("20"), (7, 60)),  # coins cannot be sold twice
    ],
)
def test_where_all_of_the_coin_is_ours_an_exits_quarantine_is_short(
    pocket: CoinsShown | None, ends: tuple[int, float]
) -> None:
    turns = allowed()
    if pocket is not None:
        turns.take(pocket)
    doubted(turns)
    assert missing(turns) == ends


def test_an_entrys_quarantine_is_never_short() -> None:
    turns = allowed()
    turns.take(shown("20"))
    turns.take(RESERVED, at=NOW)
    turns.take(report(ID, "unknown", "submit"), at=NOW)
    assert missing(turns, ID) == (91, 900)


def test_a_shorter_quarantine_of_the_configuration_is_kept() -> None:
    rules = structs.replace(LIVE.gateway, quarantine_answers=3)
    turns = allowed(structs.replace(LIVE, gateway=rules))
    turns.take(shown("20"))
    doubted(turns)
    assert missing(turns) == (7, 60)


# --- disputes
def disputed() -> Turns:
    """An exit under whose name the venue shows another side."""
    turns = allowed()
    doubted(turns)
    said = turns.take(report(X, "snapshot", uuid="u", state="wait", pair=PAIR, side="bid"), at=NOW)
    assert of(OrderDisputed, said)
    return turns


SETTLE = SettlePair(PAIR, "c")
ASKS = (CancelOrder, QueryOrder)


def test_a_settled_pair_is_looked_at_until_the_venue_shows_an_end() -> None:
    turns = disputed()
    assert newly_living(turns.state)[2:] == [CheckOrders(X, turns.state.live[X].epoch)]
    said = turns.take(SETTLE, at=NOW)
    assert said[0] == SettlementAsked(X, PAIR)
    assert [type(m) for m in said if isinstance(m, ASKS)] == list(ASKS)
    (alarm,) = of(After, said)
    assert said[-1] == OperatorReply(True, "settling", {"pair": PAIR, "count": "1"})
    again = turns.take(alarm.message, at=NOW + 1)
    assert [type(m) for m in again if isinstance(m, ASKS)] == list(ASKS)
    assert of(After, again)
    resting = report(X, "snapshot", uuid="u", state="wait", pair=PAIR, side="ask")
    assert turns.take(resting, at=NOW + 2) == []
    totals = (D(20), D(21000), D("10.5"))
    end = structs.replace(
        resting, state="done", volume=totals[0], funds=totals[1], fee=totals[2], filled_at=NOW
    )
    facts = (X, ID, PAIR, "ask")
    assert turns.take(end, at=NOW + 3) == [
        DisputeSettled(X, PAIR),
        OrderFilled(*facts, *totals, NOW),  # type: ignore[arg-type]
        OrderClosed(*facts, "done", *totals, NOW),  # type: ignore[arg-type]
    ]
    assert turns.state.live == {}
    assert of(SubmitOrder, turns.take(RESERVED, at=NOW))  # the pair is frozen no more


def test_a_dispute_about_a_stranger_ends_with_what_is_known() -> None:
    turns = disputed()
    turns.take(SETTLE, at=NOW)
    stranger = report(X, "snapshot", uuid="u", state="done", pair=PAIR, side="bid", volume=D(9))
    said = turns.take(stranger, at=NOW)
    zero = (D(0), D(0), D(0), 0.0)
    assert said == [DisputeSettled(X, PAIR), OrderClosed(X, ID, PAIR, "ask", "cancel", *zero)]


def test_the_same_settlement_twice_asks_once() -> None:
    turns = disputed()
    turns.take(SETTLE, at=NOW)
    (reply,) = turns.take(SETTLE, at=NOW)
    assert reply == OperatorReply(True, "settling", {"pair": PAIR, "count": "1"})


def test_after_a_restart_a_settlement_goes_on() -> None:
    turns = disputed()
    turns.take(SETTLE, at=NOW)
    (check,) = of(CheckOrders, newly_living(turns.state))
    said = turns.take(check, at=NOW)
    assert [type(m) for m in said if isinstance(m, ASKS)] == list(ASKS)


def test_only_a_dispute_can_be_settled() -> None:
    turns = allowed()
    doubted(turns)
    before = turns.state
    reply = OperatorReply(False, "not_disputed", {"pair": PAIR, "count": "0"})
    assert turns.take(SETTLE, at=NOW) == [reply]
    assert turns.state == before


def test_nothing_but_a_person_ends_a_dispute() -> None:
    turns = disputed()
    end = report(X, "snapshot", uuid="u", state="done", pair=PAIR, side="ask", volume=D(20))
    assert turns.take(end, at=NOW) == []
    refusal = turns.take(RESERVED, at=NOW)[0]
    assert (type(refusal), refusal.reason) == (OrderRefused, "pair_disputed")
    assert not of(OrderIntended, turns.take(structs.replace(EXIT, id=f"{ID}/x2"), at=NOW))


# --- what caps count: what was spent, and what is still open
def used(turns: Turns) -> Decimal:
    """What of the day's 80,000 is gone, by what the next entry would be left."""
    state = turns.state
    left = room_today(state.guards, state.spent, pending(state), NOW)
    assert left is not None
    return 80_000 - left


def goes(turns: Turns, number: int, krw: int = 50000, at: float = NOW) -> Any:
    """The order of an entry that goes out."""
    wish = entry(number, krw, good_until=0.0)
    (order,) = [m.order for m in of(SubmitOrder, turns.take(wish, at=at))]
    return order


def test_an_open_entry_counts_whole_and_one_that_ended_unfilled_for_nothing() -> None:
    turns = allowed()
    order = goes(turns, 1)
    assert used(turns) == worth(order)
    turns.take(ended(order), at=NOW + 4)
    assert used(turns) == 0
    for number in range(2, 9):
        turns.take(ended(goes(turns, number, at=NOW + number)), at=NOW + number)
    assert used(turns) == 0, "42 entries without a fill use up no day"


def test_of_a_part_that_was_filled_the_rest_is_given_back() -> None:
    turns = allowed()
    order = goes(turns, 1)
    turns.take(ended(order, 20_000, state="wait"), at=NOW + 1)
    assert used(turns) == worth(order), "spent and open are the whole"
    turns.take(ended(order, 20_000), at=NOW + 4)
    assert used(turns) == 20_000


def test_a_refused_entry_counts_for_the_rate_alone_and_an_unfilled_one_not_even_for_that() -> None:
    turns = allowed()
    refused = goes(turns, 1)
    no = report(refused.id, "refused", "submit", name="insufficient_funds_bid")
    assert of(OrderRefused, turns.take(no, at=NOW + 1))
    assert used(turns) == 0
    assert turns.state.spent.moments == (NOW,)
    turns.take(ended(goes(turns, 2, at=NOW + 2)), at=NOW + 3)
    assert turns.state.spent.moments == (NOW,)
    turns.take(ended(goes(turns, 3, at=NOW + 4), 6000), at=NOW + 5)
    assert turns.state.spent.moments == (NOW, NOW + 4)


def test_one_given_up_is_given_back_and_counts_again_when_it_is_found() -> None:
    turns = allowed()
    order = goes(turns, 1)
    turns.take(report(order.id, "unknown", "submit"), at=NOW + 1)
    assert used(turns) == worth(order), "in doubt is open"
    at = NOW + 60
    while of(OrderAbsent, turns.take(report(order.id, "absent"), at=at)) == []:
        at += 10
        assert at < NOW + 3600
    assert used(turns) == 0
    turns.take(ended(order, 30_000, state="wait"), at=at + 60)
    assert used(turns) == worth(order)


def test_an_entry_that_is_open_at_the_end_of_the_day_counts_in_the_next_one_too() -> None:
    """What is open then may be spent then; what it has spent before stays with its day."""
    turns = allowed()
    order = goes(turns, 1)
    midnight = NOW + 12 * 3600
    turns.take(ended(order, 20_000, at=midnight - 60, state="wait"), at=midnight - 59)
    second = goes(turns, 2, 80_000, at=midnight + 1)
    assert worth(second) <= 80_000 - (worth(order) - 20_000), "30,000 are still open"
    turns.take(ended(order, 30_000, at=midnight + 5), at=midnight + 6)
    assert turns.state.spent.krw == 10_000, "of the new day"


def test_a_fill_that_is_heard_of_after_midnight_belongs_to_its_own_day() -> None:
    turns = allowed()
    order, midnight = goes(turns, 1), NOW + 12 * 3600
    goes(turns, 2, 20_000, at=midnight + 1)
    turns.take(ended(order, 50_000, at=midnight - 1), at=midnight + 2)
    assert turns.state.spent.krw == 0


def test_a_refusal_by_a_cap_says_until_when_and_room_that_comes_back_is_stated() -> None:
    turns = allowed()
    first, second = goes(turns, 1), goes(turns, 2, at=NOW + 1)
    (no,) = turns.take(entry(3, good_until=0.0), at=NOW + 2)
    assert (no.reason, no.until) == ("max_daily_krw", NOW + 12 * 3600)
    said = turns.take(ended(first, 49_000), at=NOW + 3)
    assert of(CapEased, said) == [], "1,000 are too little for an entry"
    assert of(CapEased, turns.take(ended(second), at=NOW + 4)) == [CapEased("max_daily_krw")]
    assert of(CapEased, turns.take(ended(goes(turns, 4, at=NOW + 5)), at=NOW + 6)) == []


def test_a_rate_and_an_order_that_are_too_small_say_until_when_too() -> None:
    turns = allowed()
    for number in range(3):
        goes(turns, number, 6000, at=NOW + number)
    (no,) = turns.take(entry(4, 6000, good_until=0.0), at=NOW + 10)
    assert (no.reason, no.until) == ("max_orders_per_minute", NOW + 60)
    small = Exchange(max_order_krw=D(5000), max_daily_krw=D(80000))
    (no,) = allowed(Config(dry_run=False, exchange=small)).take(entry(1), at=NOW)
    assert no.reason == "max_order_krw"
    assert no.until > NOW + 10**9


def test_what_an_older_bot_intended_counts_as_it_did() -> None:
    """Its journal folds to the same state: intended is counted, and nothing is given back."""
    turns = allowed()
    order = goes(turns, 1)
    intended = OrderIntended(order, "i", "{}", NOW)
    state = gateway.evolve(allowed().state, intended)
    closed = OrderClosed(order.id, order.trade, order.pair, "bid", "cancel", *(D(0),) * 3, 0.0)
    after = gateway.evolve(state, closed)
    assert state.spent == after.spent
    assert after.spent.krw == worth(order)
    assert pending(state) == 0


def test_an_entry_that_has_its_limit_from_the_book_keeps_it_and_is_cut_by_volume() -> None:
    turns = allowed()
    priced = {"limit": D(322), "volume": D(200), "time_in_force": "ioc", "ask": D(322)}
    wish = entry(1, 64_400, close=D(321), depth=D(5), **priced)
    (order,) = [m.order for m in of(SubmitOrder, turns.take(wish, at=NOW))]
    assert (order.ord_type, order.time_in_force, order.price) == ("limit", "ioc", D(322))
    assert (order.volume, order.ask, order.depth) == (D("155.27950310"), D(322), D(5))
