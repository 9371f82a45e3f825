"""The gateway: every stage and every answer of the order table, wishes, cancels, alarms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from actors.orders.gateway import Gateway, GatewayState
from core.orders.in_doubt import NotFoundCount
from core.orders.lifecycle import TrackedOrder, wait
from core.orders.payload import identifier, order_body
from core.orders.rejections import DEFINITE_NO
from core.orders.risk_limits import risk_limits_of, worth
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
from messages.config import Gateway as Rules
from messages.control import (
    CancelOpenOrder,
    ConfigAdopted,
    ConfigTaken,
    ModeTaken,
    OperatorReply,
    SettlePair,
    TradingChanged,
)
from messages.exchange import Exchange
from messages.orders import (
    CancelIntended,
    CancelOrder,
    CheckOrders,
    Order,
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFilled,
    OrderForgotten,
    OrderFound,
    OrderIntended,
    OrderMissed,
    OrderRefused,
    OrderRepeated,
    OrderReport,
    OrderUncertain,
    QueryOrder,
    SubmitOrder,
)
from messages.recovery import ExitsBarred
from messages.trading import CancelWanted, ExitWanted
from tests.unit.actors.fold_checks import Turn, turn, turns

D = Decimal
NOW = 1_700_000_000.0
ID, PAIR = "KRW-BTC@60", "KRW-BTC"
NAME = identifier("b", ID)
ORDER = Order(ID, ID, PAIR, "bid", "price", D(10000), reference=D(100), good_until=NOW + 30)
BODY = order_body(ORDER, NAME)
RESERVED = BudgetReserved(ID, PAIR, D(10000), D(5), D(100), NOW + 30)
EXIT = ExitWanted(f"{ID}/x1", ID, PAIR, D(2), "roi", D(110), 120, NOW + 30)
FACTS = (ID, ID, PAIR, "bid")
EMPTY = GatewayState(birth="b")
SENDING = TrackedOrder(ORDER, NAME, BODY)
UNCERTAIN = structs.replace(SENDING, stage="uncertain", epoch=1)
OPEN = structs.replace(SENDING, stage="open", uuid="u", epoch=1)
PARTLY = structs.replace(OPEN, volume=D(2), funds=D(200), fee=D("0.1"), filled_at=5.0)
ABSENT = structs.replace(UNCERTAIN, stage="absent", absent_at=NOW, epoch=2)
DISPUTED = structs.replace(OPEN, stage="disputed")
TOTALS = (D(3), D(300), D("0.15"))
ACCEPTED = OrderAccepted(ID, "u")
ARRIVED = OrderAccepted(ID, "u", PAIR, "bid")  # it was not known whether it had
FILLED = OrderFilled(*FACTS, *TOTALS, 9.0)
CALL = (ID, PAIR, NAME, "entry")


def holding(live: TrackedOrder, **changes: Any) -> GatewayState:
    return structs.replace(EMPTY, live={live.order.id: live}, **changes)


def snapshot(state: str = "wait", totals: tuple[Decimal, ...] = (D(0),) * 3, **wrong: Any) -> Any:
    date = 9.0 if totals[0] else 0.0
    told = OrderReport(
        ID, "snapshot", "query", "u", state, PAIR, "bid", "price", D(10000), None, *totals, date
    )  # type: ignore[arg-type, misc]
    return structs.replace(told, **wrong)


def answer(outcome: str, call: str = "query", name: str = "", text: str = "") -> OrderReport:
    return OrderReport(ID, outcome, call, name=name, text=text)  # type: ignore[arg-type]


def closed(state: str, totals: tuple[Decimal, ...], date: float = 9.0) -> OrderClosed:
    return OrderClosed(*FACTS, state, *totals, date)  # type: ignore[arg-type, misc]


# --- the order table
NOTHING: list[object] = []
DISTURBED = [answer(o, c) for o in ("refused", "unknown", "not_sent") for c in ("query", "cancel")]
TABLE = [
    # sending
    (SENDING, snapshot(call="submit"), [ACCEPTED]),
    (SENDING, snapshot("wait", TOTALS), [ACCEPTED, FILLED]),
    (SENDING, snapshot("cancel", TOTALS), [ACCEPTED, FILLED, closed("cancel", TOTALS)]),
    (SENDING, snapshot("cancel"), [ACCEPTED, closed("cancel", (D(0),) * 3, 0.0)]),
    (
        SENDING,
        answer("refused", "submit", "insufficient_funds_bid", "부족합니다."),
        [OrderRefused(*FACTS, "insufficient_funds_bid", "부족합니다.")],
    ),
    (SENDING, answer("not_sent", "submit"), [OrderRefused(*FACTS, "not_sent")]),
    (SENDING, answer("unknown", "submit"), [OrderUncertain(ID, PAIR, "bid", "unknown")]),
    (SENDING, answer("absent", "submit"), [OrderUncertain(ID, PAIR, "bid", "absent")]),
    (SENDING, answer("absent"), NOTHING),
    # uncertain: nothing but evidence moves it
    (UNCERTAIN, snapshot(), [ARRIVED]),
    (UNCERTAIN, snapshot("done", TOTALS), [ARRIVED, FILLED, closed("done", TOTALS)]),
    (UNCERTAIN, answer("absent"), [OrderMissed(ID, 1, NOW, 0.0)]),
    (UNCERTAIN, answer("absent", "submit"), NOTHING),
    (UNCERTAIN, answer("absent", "cancel"), NOTHING),
    (UNCERTAIN, answer("refused", "submit", "insufficient_funds_bid"), NOTHING),
    (UNCERTAIN, answer("not_sent", "submit"), NOTHING),
    (UNCERTAIN, answer("unknown", "submit"), NOTHING),
    # open: totals only grow, and "not found" is never a no
    (OPEN, snapshot(), NOTHING),
    (OPEN, snapshot("wait", TOTALS), [FILLED]),
    (PARTLY, snapshot("wait", TOTALS), [FILLED]),
    (PARTLY, snapshot("wait", (D(2), D(200), D("0.1"))), NOTHING),
    (PARTLY, snapshot("wait", (D(1), D(100), D("0.05"))), NOTHING),
    (PARTLY, snapshot("done", (D(1), D(100), D("0.05"))), NOTHING),
    (PARTLY, snapshot("wait", (D(3), D(150), D("0.15"))), NOTHING),
    (
        PARTLY,
        snapshot("cancel", (D(2), D(200), D("0.1")), filled_at=0.0),
        [closed("cancel", (D(2), D(200), D("0.1")), 5.0)],
    ),
    (PARTLY, snapshot("done", TOTALS), [FILLED, closed("done", TOTALS)]),
    (OPEN, answer("absent"), NOTHING),
    (OPEN, answer("refused", "submit", "duplicated_identifier"), NOTHING),
    (OPEN, answer("refused", "submit", "insufficient_funds_bid"), NOTHING),
    (OPEN, answer("not_sent", "submit"), NOTHING),
    (OPEN, answer("unknown", "submit"), NOTHING),
    # a cancel's answer is never trusted
    (OPEN, snapshot("cancel", call="cancel"), NOTHING),
    (OPEN, snapshot("wait", TOTALS, call="cancel"), NOTHING),
    # absent: a tombstone is deaf but for the order itself
    (ABSENT, answer("absent"), [OrderMissed(ID, 0, NOW, 0.0)]),
    (ABSENT, answer("refused", "submit", "insufficient_funds_bid"), NOTHING),
    (ABSENT, snapshot(), [OrderFound(*FACTS), ACCEPTED]),
    (
        ABSENT,
        snapshot("cancel", TOTALS),
        [OrderFound(*FACTS), ACCEPTED, FILLED, closed("cancel", TOTALS)],
    ),
    # disputed: nothing more
    (DISPUTED, snapshot("done", TOTALS), NOTHING),
    (DISPUTED, answer("absent"), NOTHING),
    *((live, said, NOTHING) for live in (SENDING, UNCERTAIN, OPEN, ABSENT) for said in DISTURBED),
]


@pytest.mark.parametrize(("live", "report", "events"), TABLE)
def test_each_answer_in_each_stage(
    live: TrackedOrder, report: OrderReport, events: list[object]
) -> None:
    taken = turn(Gateway, holding(live), report, NOW)
    assert taken.events == events
    again = turn(Gateway, taken.state, report, NOW)
    if report.outcome != "absent":
        assert again.events == []  # a repeated report changes nothing


@pytest.mark.parametrize("name", sorted(DEFINITE_NO))
def test_a_definite_no_ends_the_first_attempt_with_the_words_of_the_venue(name: str) -> None:
    taken = turn(Gateway, holding(SENDING), answer("refused", "submit", name, "말"), NOW)
    assert taken.said == [OrderRefused(*FACTS, name, "말")]
    assert taken.state.live == {}


@pytest.mark.parametrize(
    "name", ["duplicated_identifier", "nonce_used", "order_not_found", "x", ""]
)
def test_any_other_refusal_is_unknown_and_looked_up(name: str) -> None:
    taken = turn(Gateway, holding(SENDING), answer("refused", "submit", name), NOW)
    assert taken.said == [
        OrderUncertain(ID, PAIR, "bid", name or "refused"),
        After(0.5, CheckOrders(ID, 1)),
    ]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"pair": "KRW-ETH"}, "other_pair"),
        ({"side": "ask"}, "other_side"),
        ({"ord_type": "limit"}, "other_ord_type"),
        ({"price": D(9999)}, "other_price"),
        ({"asked_volume": D(1)}, "other_volume"),
        ({"uuid": ""}, "no_uuid"),
        ({"funds": D(10001)}, "overspent"),
    ],
)
def test_a_stranger_under_our_name_freezes_the_pair(wrong: dict[str, Any], reason: str) -> None:
    taken = turn(Gateway, holding(UNCERTAIN), snapshot(**wrong), NOW)
    assert taken.said == [OrderDisputed(ID, PAIR, reason)]
    for wish in (EXIT, structs.replace(RESERVED, id="KRW-BTC@120")):
        assert turn(Gateway, taken.state, wish, NOW).events[0].reason == "pair_disputed"


def test_a_second_uuid_and_an_overfill_are_disputed() -> None:
    assert turn(Gateway, holding(OPEN), snapshot(uuid="v"), NOW).events[0].reason == "other_uuid"
    asked = structs.replace(ORDER, ord_type="limit", volume=D(1))
    over = snapshot(ord_type="limit", asked_volume=D(1), volume=D(2))
    live = structs.replace(OPEN, order=asked)
    assert turn(Gateway, holding(live), over, NOW).events[0].reason == "overfilled"


SETTLING = structs.replace(DISPUTED, settling=True)
AFTER = [  # each change of course makes the alarms of former ones void, by the epoch
    (UNCERTAIN, ACCEPTED, {"stage": "open", "uuid": "u", "epoch": 2}),
    (SENDING, OrderUncertain(ID, PAIR, "bid", "timeout"), {"stage": "uncertain", "epoch": 1}),
    (UNCERTAIN, OrderMissed(ID, 3, NOW, 7.0), {"answers": 3, "asked_at": NOW, "seconds": 7.0}),
    (UNCERTAIN, OrderRepeated(ID, 2, 5, 20.0), {"attempt": 2, "denied": (5, 20.0), "epoch": 2}),
    (
        OPEN,
        FILLED,
        {"volume": TOTALS[0], "funds": TOTALS[1], "fee": TOTALS[2], "filled_at": 9.0},
    ),
    (OPEN, CancelIntended(ID, "exit"), {"cancel": "exit", "epoch": 2}),
    (UNCERTAIN, OrderAbsent(*FACTS, NOW), {"stage": "absent", "absent_at": NOW, "epoch": 2}),
    (ABSENT, OrderFound(*FACTS), {"stage": "uncertain", "cancel": "found", "epoch": 3}),
    (OPEN, OrderDisputed(ID, PAIR, "other_uuid"), {"stage": "disputed", "epoch": 2}),
    (DISPUTED, SettlementAsked(ID, PAIR), {"settling": True, "epoch": 2}),
    (SETTLING, DisputeSettled(ID, PAIR), {"stage": "uncertain", "settling": False, "epoch": 2}),
]


@pytest.mark.parametrize(("live", "event", "changes"), AFTER)
def test_an_intents_own_events_change_it_in_this_alone(
    live: TrackedOrder, event: Any, changes: dict[str, Any]
) -> None:
    after = Gateway.evolve(holding(live), event)
    assert after == holding(structs.replace(live, **changes))


@pytest.mark.parametrize(
    "event", [closed("done", TOTALS), OrderRefused(*FACTS, "no"), OrderForgotten(ID)]
)
def test_an_intent_that_has_ended_is_gone(event: Any) -> None:
    assert Gateway.evolve(holding(OPEN), event) == EMPTY


def test_all_that_differs_is_named() -> None:
    taken = turn(Gateway, holding(UNCERTAIN), snapshot(pair="KRW-ETH", side="ask"), NOW)
    assert taken.said == [OrderDisputed(ID, PAIR, "other_pair other_side")]


def test_what_the_limiter_dropped_ends_in_its_words() -> None:
    taken = turn(Gateway, holding(SENDING), answer("not_sent", "submit", text="늦음"), NOW)
    assert taken.said == [OrderRefused(*FACTS, "not_sent", "늦음")]


def test_a_sale_that_arrived_is_said_to_be_one_and_a_fill_bears_its_orders_tag() -> None:
    order = Order(ID, ID, PAIR, "ask", "market", None, D(3), tag="rsi")
    told = snapshot(
        "wait", TOTALS, side="ask", ord_type="market", price=None, asked_volume=order.volume
    )
    taken = turn(Gateway, holding(structs.replace(UNCERTAIN, order=order)), told, NOW)
    assert taken.events == [
        OrderAccepted(ID, "u", PAIR, "ask"),
        OrderFilled(ID, ID, PAIR, "ask", *TOTALS, 9.0, "rsi"),
    ]


# --- wishes
def test_an_orders_tag_is_its_wishs() -> None:
    wish = structs.replace(RESERVED, tag="rsi macd")
    assert turn(Gateway, EMPTY, wish, NOW).of(OrderIntended)[0].order.tag == "rsi macd"


def test_only_what_may_become_an_order_is_recalled() -> None:
    assert Gateway.key(EXIT) == EXIT.id
    assert Gateway.key(CheckOrders(ID)) == Gateway.key(OrderReport(ID, "unknown")) == ""


def test_figures_of_one_order_are_never_booked_for_another() -> None:
    assert Gateway.key(snapshot()) == Gateway.keeps(OrderAccepted(ID, "u")) != ""
    first = OrderAccepted("KRW-BTC@0", "u")
    for live in (SENDING, UNCERTAIN, structs.replace(SENDING, stage="absent")):
        said = Gateway.decide(holding(live), snapshot("done", TOTALS), NOW, first)
        assert [m for m in said if isinstance(m, Event)] == [OrderDisputed(ID, PAIR, "other_uuid")]


def test_a_settlement_waits_where_another_order_is_shown() -> None:
    live = structs.replace(SENDING, stage="disputed", settling=True)
    first = OrderAccepted("KRW-BTC@0", "u")
    assert not list(Gateway.decide(holding(live), snapshot("done", TOTALS), NOW, first))


def test_a_reservation_is_intended_before_it_is_sent() -> None:
    taken = turn(Gateway, EMPTY, RESERVED, NOW)
    assert taken.said == [
        OrderIntended(ORDER, NAME, BODY),
        SubmitOrder(ORDER, NAME, BODY),
        After(60.0, CheckOrders(ID)),
    ]
    assert taken.state.live == {ID: SENDING}


def test_a_limit_entry_asks_its_price_and_volume_and_knows_when_to_leave() -> None:
    wish = structs.replace(RESERVED, limit=D(99), volume=D(101), cancel_at=NOW + 600)
    order = turn(Gateway, EMPTY, wish, NOW).of(SubmitOrder)[0].order
    assert (order.ord_type, order.price, order.volume) == ("limit", D(99), D(101))
    assert order.cancel_at == NOW + 600


def test_an_exit_sells_its_volume_at_the_market() -> None:
    order = turn(Gateway, EMPTY, EXIT, NOW).of(SubmitOrder)[0].order
    assert order == Order(EXIT.id, ID, PAIR, "ask", "market", None, D(2), "", D(110), NOW + 30, 0.0)


@pytest.mark.parametrize(
    ("state", "at", "reason"),
    [
        (EMPTY, NOW + 30.5, "signal_expired"),
        (holding(SENDING), NOW, "pair_busy"),
        (holding(UNCERTAIN), NOW, "pair_busy"),
        (holding(OPEN), NOW, "pair_busy"),
        (holding(DISPUTED), NOW, "pair_disputed"),
        (structs.replace(EMPTY, killed=True), NOW, "killed"),
    ],
)
def test_what_must_not_be_intended_is_refused_by_name(
    state: GatewayState, at: float, reason: str
) -> None:
    wish = structs.replace(RESERVED, id="KRW-BTC@120")
    taken = turn(Gateway, state, wish, at)
    assert taken.said == [OrderRefused("KRW-BTC@120", "KRW-BTC@120", PAIR, "bid", reason)]
    assert taken.state == state


def test_a_wish_is_good_to_its_last_moment() -> None:
    assert turn(Gateway, EMPTY, RESERVED, NOW + 30).of(OrderIntended)


def test_the_other_side_other_pairs_and_tombstones_do_not_stand_in_the_way() -> None:
    assert turn(Gateway, holding(UNCERTAIN), EXIT, NOW).of(OrderIntended)
    other = structs.replace(RESERVED, id="KRW-ETH@60", pair="KRW-ETH")
    assert turn(Gateway, holding(UNCERTAIN), other, NOW).of(OrderIntended)
    next_one = structs.replace(RESERVED, id="KRW-BTC@120")
    assert turn(Gateway, holding(ABSENT), next_one, NOW).of(OrderIntended)


@pytest.mark.parametrize("live", [SENDING, UNCERTAIN, OPEN, ABSENT, DISPUTED])
def test_the_same_id_is_never_intended_twice_nor_answered(live: TrackedOrder) -> None:
    assert turn(Gateway, holding(live), RESERVED, NOW).said == []


def test_an_id_that_has_ended_is_recalled() -> None:
    kept = OrderIntended(ORDER, NAME, BODY)
    assert Gateway.key(RESERVED) == Gateway.keeps(kept) == ID
    assert turn(Gateway, EMPTY, RESERVED, NOW, kept).said == []


# --- cancels
CANCELLING = [CancelOrder(*CALL, "u"), QueryOrder(*CALL, "u"), After(0.5, CheckOrders(ID, 2))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (CancelWanted(ID, PAIR, "exit"), "exit"),
        (TradingChanged("killed"), "kill"),
        (CancelOpenOrder(PAIR, "c"), "operator"),
    ],
)
def test_whoever_may_cancel_does(message: Any, reason: str) -> None:
    taken = turn(Gateway, holding(OPEN), message, NOW)
    said = [m for m in taken.said if not isinstance(m, ModeTaken | OperatorReply)]
    assert said == [CancelIntended(ID, reason), *CANCELLING]
    again = turn(Gateway, taken.state, message, NOW)
    assert [m for m in again.said if not isinstance(m, OperatorReply)] == []


@pytest.mark.parametrize(
    ("live", "why"),
    [
        (ABSENT, "no_open_order"),
        (DISPUTED, "orders_disputed"),
        (structs.replace(OPEN, cancel="x"), "cancel_under_way"),
    ],
)
def test_what_cannot_be_cancelled_is_left_alone(live: TrackedOrder, why: str) -> None:
    assert turn(Gateway, holding(live), CancelWanted(ID, PAIR, "exit"), NOW).said == []
    reply = turn(Gateway, holding(live), CancelOpenOrder(PAIR), NOW).said
    assert reply == [OperatorReply(False, why, {"pair": PAIR, "count": "0"})]


@pytest.mark.parametrize("live", [SENDING, UNCERTAIN, OPEN])
def test_an_operator_hears_how_many_orders_are_to_be_cancelled(live: TrackedOrder) -> None:
    said = turn(Gateway, holding(live), CancelOpenOrder(PAIR, "c"), NOW).said
    assert said[0] == CancelIntended(ID, "operator")
    assert said[-1] == OperatorReply(True, "orders_cancelled", {"pair": PAIR, "count": "1"})


def test_another_trades_order_is_not_cancelled() -> None:
    assert turn(Gateway, holding(OPEN), CancelWanted("other", PAIR, "exit"), NOW).said == []


def test_an_order_that_is_still_being_sent_may_be_wanted_no_more() -> None:
    taken = turn(Gateway, holding(SENDING), CancelWanted(ID, PAIR, "exit"), NOW)
    calls = [CancelOrder(*CALL), QueryOrder(*CALL)]  # type: ignore[arg-type]
    assert taken.said == [CancelIntended(ID, "exit"), *calls, After(60.0, CheckOrders(ID, 1))]


def test_what_is_given_up_or_disputed_is_cancelled_no_more() -> None:
    last = structs.replace(UNCERTAIN, cancel="exit", answers=29, seconds=890.0, asked_at=NOW - 10)
    gone = turn(Gateway, holding(last), answer("absent"), NOW)
    assert gone.said == [
        OrderMissed(ID, 30, NOW, 900.0),
        OrderAbsent(*FACTS, NOW),
        After(300.0, CheckOrders(ID, 2)),
    ]
    unwanted = structs.replace(OPEN, cancel="exit")
    strange = turn(Gateway, holding(unwanted), snapshot(uuid="v"), NOW)
    assert strange.said == [OrderDisputed(ID, PAIR, "other_uuid")]


def test_an_order_that_arrived_is_looked_at_when_its_time_is_up() -> None:
    order = structs.replace(ORDER, cancel_at=NOW + 12)
    taken = turn(Gateway, holding(structs.replace(SENDING, order=order)), snapshot(), NOW)
    assert taken.said == [ACCEPTED, After(12.0, CheckOrders(ID, 1))]


def test_an_uncertain_order_is_cancelled_as_soon_as_it_is_seen() -> None:
    wanted = turn(Gateway, holding(UNCERTAIN), CancelWanted(ID, PAIR, "exit"), NOW).state
    seen = turn(Gateway, wanted, snapshot(), NOW)
    assert seen.of(CancelOrder) == [CANCELLING[0]]


def test_a_killed_gateway_intends_again_after_start() -> None:
    killed = turn(Gateway, EMPTY, TradingChanged("killed"), NOW)
    assert killed.said == [ModeTaken("killed")]
    started = turn(Gateway, killed.state, TradingChanged("running"), NOW)
    assert turn(Gateway, started.state, RESERVED, NOW).of(OrderIntended)
    assert turn(Gateway, EMPTY, TradingChanged("stopentry"), NOW).said == []


# --- alarms
def alarm(live: TrackedOrder, looks: int = 0) -> CheckOrders:
    return CheckOrders(ID, live.epoch, looks)


def test_a_send_without_an_answer_becomes_unknown_and_is_looked_up_never_sent_again() -> None:
    for at in (NOW, NOW + 60):  # at a restart, or when the answer is overdue
        taken = turn(Gateway, holding(SENDING), alarm(SENDING), at)
        assert taken.said == [
            OrderUncertain(ID, PAIR, "bid", "no_answer"),
            After(0.5, CheckOrders(ID, 1)),
            QueryOrder(*CALL),  # type: ignore[arg-type]
        ]


@pytest.mark.parametrize(
    ("looks", "seconds"), [(0, 1.0), (1, 2.0), (2, 4.0), (3, 8.0), (4, 10.0), (99, 10.0)]
)
def test_look_ups_of_an_uncertain_order_wait_twice_as_long_each_time(
    looks: int, seconds: float
) -> None:
    taken = turn(Gateway, holding(UNCERTAIN), alarm(UNCERTAIN, looks), NOW)
    assert taken.said == [
        QueryOrder(*CALL),  # type: ignore[arg-type]
        After(seconds, alarm(UNCERTAIN, looks + 1)),
    ]


def test_an_open_order_is_looked_at_again_and_again() -> None:
    taken = turn(Gateway, holding(OPEN), alarm(OPEN), NOW)
    assert taken.said == [QueryOrder(*CALL, "u"), After(30.0, alarm(OPEN, 1))]  # type: ignore[arg-type]


def test_an_alarm_from_before_a_change_of_course_rings_for_nothing() -> None:
    assert turn(Gateway, holding(OPEN), CheckOrders(ID, 0), NOW).said == []
    assert turn(Gateway, EMPTY, CheckOrders(ID, 0), NOW).said == []
    assert turn(Gateway, holding(DISPUTED), alarm(DISPUTED), NOW).said == []


def test_an_unfilled_order_is_cancelled_at_its_time() -> None:
    late = structs.replace(OPEN, order=structs.replace(ORDER, cancel_at=NOW + 12))
    early = turn(Gateway, holding(late), alarm(late), NOW)
    assert early.alarms == [After(12.0, alarm(late, 1))]
    taken = turn(Gateway, early.state, alarm(late, 1), NOW + 12)
    assert taken.said == [CancelIntended(ID, "unfilledtimeout"), *CANCELLING]


def test_an_order_that_will_not_be_cancelled_is_told_so_at_each_look() -> None:
    wanted = structs.replace(OPEN, cancel="exit")
    taken = turn(Gateway, holding(wanted), alarm(wanted), NOW)
    assert taken.said == [*CANCELLING[:2], After(1.0, alarm(wanted, 1))]


def test_a_look_whose_moment_is_past_waits_for_nothing_more() -> None:
    late = structs.replace(OPEN, order=structs.replace(ORDER, cancel_at=NOW))
    assert wait(late, 0, NOW + 99, Rules()) == 0.0
    assert wait(SENDING, 0, NOW + 99, Rules()) == 30.0  # an answer takes a while all the same


def test_what_was_given_up_is_looked_for_and_cancelled_only_when_it_is_found() -> None:
    wanted = structs.replace(ABSENT, cancel="exit")
    taken = turn(Gateway, holding(wanted), alarm(wanted), NOW)
    assert taken.said == [QueryOrder(*CALL), After(300.0, alarm(wanted, 1))]  # type: ignore[arg-type]


def test_a_sweep_of_all_asks_for_everything_that_lives() -> None:
    assert turn(Gateway, holding(OPEN), CheckOrders(), NOW).said == [QueryOrder(*CALL, "u")]  # type: ignore[arg-type]
    for live in (SENDING, DISPUTED):  # what has no answer yet is not asked for in a sweep
        assert turn(Gateway, holding(live), CheckOrders(), NOW).said == []


@pytest.mark.parametrize("live", [SENDING, UNCERTAIN, OPEN, ABSENT])
def test_a_restart_looks_at_everything_at_once_and_sends_nothing(live: TrackedOrder) -> None:
    (again,) = Gateway.resume(holding(live), NOW)
    taken = turn(Gateway, holding(live), again, NOW)
    assert len(taken.of(QueryOrder)) == 1
    assert taken.of(SubmitOrder) == []


# --- quarantine and tombstone
def missed(live: TrackedOrder, at: float, **rules: Any) -> Turn:
    state = holding(live, rules=structs.replace(Rules(), **rules))
    return turn(Gateway, state, answer("absent"), at)


def test_an_outage_between_two_answers_proves_nothing() -> None:
    once = structs.replace(UNCERTAIN, answers=1, asked_at=NOW)
    assert missed(once, NOW + 7200).events == [OrderMissed(ID, 2, NOW + 7200, 10.0)]


def test_nor_does_a_clock_that_was_set_back() -> None:
    once = structs.replace(UNCERTAIN, answers=1, asked_at=NOW)
    assert missed(once, NOW - 60).events == [OrderMissed(ID, 2, NOW - 60, 0.0)]


@pytest.mark.parametrize(
    ("answers", "seconds", "over"), [(29, 890.0, True), (28, 890.0, False), (29, 889.0, False)]
)
def test_the_quarantine_takes_both_its_answers_and_its_time(
    answers: int, seconds: float, over: bool
) -> None:
    live = structs.replace(UNCERTAIN, answers=answers, seconds=seconds, asked_at=NOW - 10)
    taken = missed(live, NOW)
    assert taken.of(OrderAbsent) == [OrderAbsent(*FACTS, NOW)] * over
    assert (After(300.0, CheckOrders(ID, 2)) in taken.said) == over


HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "next_look"),
    [(300, 300.0), (48 * HOUR - 1, 300.0), (48 * HOUR, 86400.0), (31 * DAY, 86400.0)],
)
def test_a_tombstone_is_asked_for_often_then_daily_even_when_its_time_is_over(
    seconds: int, next_look: float
) -> None:
    old = structs.replace(ABSENT, watched=float(seconds))
    probed = turn(Gateway, holding(old), alarm(ABSENT), NOW + seconds)
    assert probed.said == [QueryOrder(*CALL), After(next_look, alarm(ABSENT, 1))]  # type: ignore[arg-type]


def test_a_tombstone_that_is_not_asked_for_daily_is_forgotten_after_its_hours() -> None:
    old = structs.replace(ABSENT, looked_at=NOW, watched=48.0 * HOUR - 300)
    more = missed(old, NOW + 299, tombstone_days=0)
    assert more.said == [OrderMissed(ID, 0, NOW + 299, 48.0 * HOUR - 1)]
    assert missed(old, NOW + 300, tombstone_days=0).said == [OrderForgotten(ID)]
    state = holding(old, rules=structs.replace(Rules(), tombstone_days=0))
    lost = turn(Gateway, state, alarm(ABSENT), NOW + 48 * HOUR)  # and the answer may be lost
    assert lost.alarms == [After(300.0, alarm(ABSENT, 1))]


@pytest.mark.parametrize(("seconds", "over"), [(30 * DAY - 1, False), (30 * DAY, True)])
def test_a_tombstone_is_forgotten_by_an_answer_after_its_time_never_by_the_time_alone(
    seconds: int, over: bool
) -> None:
    old = structs.replace(ABSENT, looked_at=NOW - DAY, watched=float(seconds - DAY))
    gone = missed(old, NOW)
    assert gone.of(OrderForgotten) == [OrderForgotten(ID)] * over
    assert (gone.state.live == {}) == over


def test_a_tombstone_is_not_forgotten_by_a_clock_that_leaps() -> None:
    ahead = missed(ABSENT, NOW + 31 * DAY)
    assert ahead.said == [OrderMissed(ID, 0, NOW + 31 * DAY, 600.0)]  # twice a wait
    back = missed(ahead.state.live[ID], NOW + 300)
    assert back.said == [OrderMissed(ID, 0, NOW + 300, 600.0)]
    assert missed(back.state.live[ID], NOW + 600).said == [OrderMissed(ID, 0, NOW + 600, 900.0)]


def test_a_tombstone_whose_order_can_never_come_is_forgotten_at_once() -> None:
    said = "insufficient_funds_bid"
    for final in (True, False):
        report = OrderReport(ID, "refused", "query", name=said, final=final)
        gone = turn(Gateway, holding(ABSENT), report, NOW)
        assert gone.said == [OrderForgotten(ID)] * final


def test_a_found_order_is_adopted_and_cancelled_with_its_fills_kept() -> None:
    taken = turn(Gateway, holding(ABSENT), snapshot("wait", TOTALS), NOW)
    assert taken.events == [OrderFound(*FACTS), ACCEPTED, FILLED]
    assert taken.of(CancelOrder, QueryOrder) == CANCELLING[:2]
    done = turn(Gateway, taken.state, snapshot("cancel", TOTALS), NOW)
    assert done.events == [closed("cancel", TOTALS)]


# --- a venue that refuses twins
GUARDED = {"twins": True, "guards": risk_limits_of(Config(dry_run=False))}
DENIED = structs.replace(UNCERTAIN, answers=4, seconds=12.0, asked_at=NOW - 8)


def test_where_twins_are_refused_the_same_order_is_sent_again_under_the_same_name() -> None:
    taken = turn(Gateway, holding(DENIED, **GUARDED), answer("absent"), NOW)
    assert taken.said == [
        OrderMissed(ID, 5, NOW, 20.0),
        OrderRepeated(ID, 2, 5, 20.0),
        SubmitOrder(ORDER, NAME, BODY),
        After(0.5, CheckOrders(ID, 2)),
    ]
    refused = answer("refused", "submit", "insufficient_funds_bid")
    assert turn(Gateway, taken.state, refused, NOW).said == []


@pytest.mark.parametrize(("answers", "seconds"), [(3, 12.0), (4, 11.9)])
def test_it_is_sent_again_after_five_answers_in_twenty_seconds_never_earlier(
    answers: int, seconds: float
) -> None:
    live = structs.replace(DENIED, answers=answers, seconds=seconds)
    assert turn(Gateway, holding(live, **GUARDED), answer("absent"), NOW).of(SubmitOrder) == []


@pytest.mark.parametrize(("answers", "again"), [(8, False), (9, True)])
def test_answers_to_one_attempt_do_not_count_for_the_next(answers: int, again: bool) -> None:
    live = structs.replace(
        UNCERTAIN,
        attempt=2,
        denied=NotFoundCount(5, 20.0),
        answers=answers,
        seconds=60.0,
        asked_at=NOW,
    )
    taken = turn(Gateway, holding(live, **GUARDED), answer("absent"), NOW + 1)
    assert bool(taken.of(SubmitOrder)) == again


def test_it_is_sent_again_to_the_last_moment_of_its_wish() -> None:
    live = structs.replace(DENIED, asked_at=NOW + 22)
    assert turn(Gateway, holding(live, **GUARDED), answer("absent"), NOW + 30).of(SubmitOrder)


def test_paper_shows_at_once_what_it_has_so_what_it_misses_is_sent_at_once() -> None:
    taken = turn(Gateway, holding(UNCERTAIN, twins=True), answer("absent"), NOW)
    assert taken.events == [OrderMissed(ID, 1, NOW, 0.0), OrderRepeated(ID, 2, 1, 0.0)]
    assert turn(Gateway, holding(UNCERTAIN), answer("absent"), NOW).of(SubmitOrder) == []


@pytest.mark.parametrize("twins", [True, False])
def test_between_any_two_sends_of_an_order_lie_twenty_seconds_and_five_answers(twins: bool) -> None:
    order = structs.replace(ORDER, good_until=0.0)  # wanted for ever
    live = structs.replace(UNCERTAIN, order=order)
    state, at, answers = holding(live, **{**GUARDED, "twins": twins}), NOW, 0
    gaps: list[tuple[float, int]] = []
    sent = NOW
    while ID in state.live and state.live[ID].stage == "uncertain":
        taken = turn(Gateway, state, answer("absent"), at)
        state, answers = taken.state, answers + 1
        if taken.of(SubmitOrder):
            gaps.append((at - sent, answers))
            sent, answers = at, 0
        at += 2.0
    assert gaps == ([(20.0, 11), (20.0, 10)] if twins else [])
    assert at - 2.0 - sent == 900.0  # the quarantine is counted from the last of them


@pytest.mark.parametrize(
    ("change", "at"), [({"attempt": 3}, NOW), ({"cancel": "exit"}, NOW), ({}, NOW + 31)]
)
def test_it_is_not_sent_again_for_ever_nor_when_unwanted_nor_late(
    change: dict[str, Any], at: float
) -> None:
    live = structs.replace(DENIED, **change)
    assert turn(Gateway, holding(live, **GUARDED), answer("absent"), at).of(SubmitOrder) == []


def test_the_configuration_brings_birth_rules_and_whether_twins_are_refused() -> None:
    config = Config(gateway=Rules(open_seconds=7))
    taken = turn(Gateway, GatewayState(), ConfigAdopted(config, "birth"), NOW)
    assert taken.said == [ConfigTaken(config, "birth")]
    assert taken.state == GatewayState("birth", config.gateway, True)
    live = structs.replace(config, dry_run=False)
    assert not turn(Gateway, EMPTY, ConfigAdopted(live, "birth"), NOW).state.twins


# --- properties
WISHES = st.one_of(
    st.builds(
        lambda n, pair: structs.replace(RESERVED, id=f"{pair}@{n}", pair=pair),
        st.integers(1, 6),
        st.sampled_from(["KRW-BTC", "KRW-ETH"]),
    ),
    st.builds(lambda n: structs.replace(EXIT, id=f"{ID}/x{n}"), st.integers(1, 6)),
)
ANSWERS = st.builds(
    lambda outcome, call, id, name: OrderReport(id, outcome, call, name=name),
    st.sampled_from(["refused", "absent", "unknown", "not_sent"]),
    st.sampled_from(["submit", "query", "cancel"]),
    st.sampled_from([f"{p}@{n}" for p in ("KRW-BTC", "KRW-ETH") for n in range(1, 7)]),
    st.sampled_from(["", "market_offline", "nonce_used"]),
)


@given(st.lists(WISHES | ANSWERS | st.just(TradingChanged("killed")), max_size=40))
def test_never_two_live_intents_for_a_pair_and_side(messages: list[Any]) -> None:
    taken = turns(Gateway, EMPTY, NOW, *messages)
    sides = [(v.order.pair, v.order.side) for v in taken.state.live.values() if v.stage != "absent"]
    assert len(sides) == len(set(sides))
    sent = [call.identifier for call in taken.of(SubmitOrder)]
    assert sent == [event.identifier for event in taken.of(OrderIntended)]


# --- with money at stake
LIVE_RULES = Config(
    dry_run=False,
    pair_whitelist=(PAIR, "KRW-ETH"),
    exchange=Exchange(max_order_krw=D(50000), max_daily_krw=D(80000), max_orders_per_minute=3),
)


def at_stake(config: Config = LIVE_RULES, allowed: bool = True) -> GatewayState:
    state = turn(Gateway, GatewayState(), ConfigAdopted(config, "b"), NOW).state
    return turn(Gateway, state, EndReconciliation(), NOW).state if allowed else state


def wanting(n: int, krw: str, pair: str = PAIR, **more: Any) -> BudgetReserved:
    return structs.replace(RESERVED, id=f"{pair}@{n}", pair=pair, krw=D(krw), **more)


def sent(taken: Turn) -> Decimal | None:
    """KRW of the entry that went out."""
    found = taken.of(SubmitOrder)
    return worth(found[0].order) if found else None


def bought(state: GatewayState, id: str) -> GatewayState:
    """The entry was filled to the last coin, at its limit."""
    order, at = state.live[id].order, NOW
    done = OrderReport(id, "snapshot", "query", "u", "done", order.pair, "bid", order.ord_type)
    terms = {"price": order.price, "asked_volume": order.volume}
    totals = {"volume": order.volume, "funds": worth(order), "filled_at": at}
    return turn(Gateway, state, structs.replace(done, **terms, **totals), NOW).state


def test_no_entry_before_the_account_was_seen_and_exits_go_on() -> None:
    state = at_stake(allowed=False)
    assert turn(Gateway, state, RESERVED, NOW).events[0].reason == "not_reconciled"
    assert turn(Gateway, state, EXIT, NOW).of(SubmitOrder)
    allowed = turn(Gateway, state, EndReconciliation(), NOW)
    assert allowed.said == [EntriesAllowed()]
    assert turn(Gateway, allowed.state, EndReconciliation(), NOW).said == []
    assert turn(Gateway, allowed.state, RESERVED, NOW).of(SubmitOrder)


def test_a_start_bars_entries_again_and_a_reload_does_not() -> None:
    state = at_stake()
    entries, exits = Gateway.resume(state, NOW)
    assert (entries, exits) == (EntriesBarred(), ExitsBarred())
    barred = Gateway.evolve(Gateway.evolve(state, entries), exits)
    assert list(Gateway.resume(barred, NOW)) == []
    reloaded = structs.replace(LIVE_RULES, max_open_trades=7)
    assert not turn(Gateway, state, ConfigAdopted(reloaded, "b"), NOW).state.barred
    assert list(Gateway.resume(EMPTY, NOW)) == []  # on paper there is nothing to see


def test_an_entry_above_a_cap_is_cut_to_it_and_below_the_least_refused() -> None:
    state = at_stake()
    first = turn(Gateway, state, wanting(1, "70000"), NOW)
    assert D(49999) < (sent(first) or 0) <= D(50000)
    second = turn(Gateway, bought(first.state, f"{PAIR}@1"), wanting(2, "70000"), NOW)
    assert D(29999) < (sent(second) or 0) <= D("30000.00000100")  # what the day has left
    third = turn(Gateway, bought(second.state, f"{PAIR}@2"), wanting(3, "70000"), NOW)
    assert third.events[0].reason == "max_daily_krw"
    assert sent(turn(Gateway, third.state, wanting(4, "70000"), NOW + 86400)) is None  # stale
    morrow = wanting(4, "20000", good_until=NOW + 90000)
    assert D(19999) < (sent(turn(Gateway, third.state, morrow, NOW + 86400)) or 0) <= D(20000)


def test_an_intent_names_the_cap_that_has_cut_it_and_what_was_wanted() -> None:
    (first,) = (taken := turn(Gateway, at_stake(), wanting(1, "70000"), NOW)).of(OrderIntended)
    assert (first.cut_by, first.wanted) == ("max_order_krw", D(70000))
    after = bought(taken.state, f"{PAIR}@1")
    (second,) = turn(Gateway, after, wanting(2, "70000"), NOW).of(OrderIntended)
    assert (second.cut_by, second.wanted) == ("max_daily_krw", D(70000))
    (whole,) = turn(Gateway, at_stake(), wanting(1, "50000"), NOW).of(OrderIntended)
    assert (whole.cut_by, whole.wanted) == ("", D(0))
    poor = wanting(1, "40000", wanted=D(90000))
    (third,) = turn(Gateway, at_stake(), poor, NOW).of(OrderIntended)
    assert (third.cut_by, third.wanted) == ("free_cash", D(90000))
    poor = wanting(1, "70000", wanted=D(90000))
    (fourth,) = turn(Gateway, at_stake(), poor, NOW).of(OrderIntended)
    assert (fourth.cut_by, fourth.wanted) == ("max_order_krw", D(90000)), "the least of them"


def test_what_the_caps_leave_of_a_limit_entry_is_less_volume_at_the_same_price() -> None:
    wish = wanting(1, "60000", limit=D(99), volume=D("606.06060606"), cancel_at=NOW + 600)
    order = turn(Gateway, at_stake(), wish, NOW).of(SubmitOrder)[0].order
    assert (order.price, order.volume) == (D(99), D("505.05050505"))


def test_entries_a_minute_are_counted_and_only_listed_pairs_may_be_bought() -> None:
    state = at_stake(structs.replace(LIVE_RULES, exchange=Exchange(max_orders_per_minute=1)))
    one = turn(Gateway, state, wanting(1, "10000"), NOW)
    two = turn(Gateway, one.state, wanting(2, "10000", "KRW-ETH"), NOW + 29)
    assert two.events[0].reason == "max_orders_per_minute"
    late = wanting(2, "10000", "KRW-ETH", good_until=NOW + 99)
    assert sent(turn(Gateway, one.state, late, NOW + 60))
    foreign = turn(Gateway, at_stake(), wanting(1, "10000", "KRW-DOGE"), NOW)
    assert foreign.events[0].reason == "not_listed"
    black = at_stake(structs.replace(LIVE_RULES, pair_blacklist=(PAIR,)))
    assert turn(Gateway, black, RESERVED, NOW).events[0].reason == "blacklisted"


def test_on_paper_and_without_caps_nothing_is_cut() -> None:
    wish = wanting(1, "500000")
    assert sent(turn(Gateway, EMPTY, wish, NOW)) == 500000
    caps = Exchange(max_order_krw=None, max_daily_krw=None, max_orders_per_minute=None)
    state = at_stake(structs.replace(LIVE_RULES, exchange=caps))
    assert D(499999) < (sent(turn(Gateway, state, wish, NOW)) or 0) <= D(500000)


def test_it_is_sent_again_when_live_only_if_the_owner_says_so() -> None:
    assert not at_stake().twins
    assert at_stake(structs.replace(LIVE_RULES, exchange=Exchange(resend=True))).twins


# --- the account's coins
def with_pocket(external: str, free: str, price: str = "6000") -> GatewayState:
    shown = CoinsShown(PAIR, D(2), D(external), D(free), price=D(price))
    taken = turn(Gateway, at_stake(), shown, NOW)
    assert taken.said == [PocketTaken(PAIR, external == "0", D(free), D(price))]
    assert turn(Gateway, taken.state, shown, NOW).said == []
    return taken.state


@pytest.mark.parametrize(
    ("free", "price", "sold"),
    [
        ("5", "6000", "2"),  # what is not ours is not sold
        ("2", "6000", "2"),
        ("1.5", "6000", "1.5"),
        ("1", "6000", "1"),
        ("1", "5999", None),  # it could be refused for its worth, and look like dust
        ("0", "6000", None),
        ("1", "0", None),
    ],
)
def test_an_exit_never_sells_more_than_is_ours_and_free(
    free: str, price: str, sold: str | None
) -> None:
    wish = structs.replace(EXIT, close=D(0))
    taken = turn(Gateway, with_pocket("0", free, price), wish, NOW)
    if sold is None:
        assert taken.events[0].reason == "coins_not_free"
    else:
        assert taken.of(SubmitOrder)[0].order.volume == D(sold)


def test_a_fill_makes_the_known_pocket_worthless() -> None:
    state = turn(Gateway, with_pocket("0", "1"), wanting(1, "10000"), NOW).state
    assert PAIR in state.pockets
    order = state.live[f"{PAIR}@1"].order
    fill = snapshot(
        "wait", TOTALS, id=order.id, ord_type=order.ord_type, price=order.price,
        asked_volume=order.volume,
    )  # fmt: skip
    assert turn(Gateway, state, fill, NOW).state.pockets == {}


SALE = Order(EXIT.id, ID, PAIR, "ask", "market", None, D(2), good_until=NOW + 30)
SELLING = TrackedOrder(
    SALE, "n", "{}", "uncertain", epoch=1, answers=4, seconds=55.0, asked_at=NOW - 5
)


@pytest.mark.parametrize(("external", "over"), [("0", True), ("1", False)])
def test_a_sale_in_doubt_is_given_up_sooner_where_all_of_the_coin_is_ours(
    external: str, over: bool
) -> None:
    state = structs.replace(with_pocket(external, "2"), live={SALE.id: SELLING})
    missing = OrderReport(SALE.id, "absent", "query")
    assert bool(turn(Gateway, state, missing, NOW).of(OrderAbsent)) == over
    early = structs.replace(SELLING, seconds=54.0)
    state = structs.replace(state, live={SALE.id: early})
    assert not turn(Gateway, state, missing, NOW).of(OrderAbsent)
    bought = structs.replace(SELLING, order=structs.replace(SALE, side="bid"))
    state = structs.replace(state, live={SALE.id: bought})
    assert not turn(Gateway, state, missing, NOW).of(OrderAbsent)


def test_an_exit_in_doubt_is_said_after_half_a_minute_and_again_until_it_is_known() -> None:
    sending = structs.replace(SELLING, stage="sending", epoch=0)
    state = structs.replace(at_stake(), live={SALE.id: sending})
    lost = turn(Gateway, state, OrderReport(SALE.id, "unknown", "submit"), NOW)
    assert After(30.0, WarnUnresolved(SALE.id, 30)) in lost.alarms
    assert After(30.0, WarnUnresolved(SALE.id, 30)) in list(Gateway.resume(lost.state, NOW))
    rung = turn(Gateway, lost.state, WarnUnresolved(SALE.id, 30), NOW + 30)
    again = WarnUnresolved(SALE.id, 90)
    assert rung.said == [ExitUnresolved(SALE.id, PAIR, 30), After(60.0, again)]
    known = structs.replace(state, live={SALE.id: structs.replace(SELLING, stage="open")})
    assert turn(Gateway, known, again, NOW + 90).said == []
    assert turn(Gateway, at_stake(), again, NOW + 90).said == []


def test_an_entry_in_doubt_and_one_on_paper_wake_nobody() -> None:
    lost = answer("unknown", "submit")
    state = structs.replace(at_stake(), live={ID: SENDING})
    assert [type(a.message) for a in turn(Gateway, state, lost, NOW).alarms] == [CheckOrders]
    sale = structs.replace(SELLING, stage="sending", epoch=0)
    paper = turn(Gateway, holding(sale), OrderReport(SALE.id, "unknown", "submit"), NOW)
    assert [type(a.message) for a in paper.alarms] == [CheckOrders]


# --- a way out of a dispute
def test_a_disputed_order_ends_when_a_person_has_looked() -> None:
    settle = SettlePair(PAIR, "c")
    state = structs.replace(holding(DISPUTED), twins=True)
    taken = turn(Gateway, state, settle, NOW)
    assert taken.said == [
        SettlementAsked(ID, PAIR),
        *CANCELLING[:2],
        After(0.5, CheckOrders(ID, 2)),
        OperatorReply(True, "settling", {"pair": PAIR, "count": "1"}),
    ]
    twice = turn(Gateway, taken.state, settle, NOW)
    assert twice.events == []
    rung = turn(Gateway, taken.state, CheckOrders(ID, 2), NOW)
    assert rung.said == [*CANCELLING[:2], After(1.0, CheckOrders(ID, 2, 1))]
    done = turn(Gateway, taken.state, snapshot("cancel", TOTALS, uuid="other"), NOW)
    assert done.said == [DisputeSettled(ID, PAIR), FILLED, closed("cancel", TOTALS)]
    assert done.state.live == {}
    assert turn(Gateway, done.state, wanting(2, "10000"), NOW).of(SubmitOrder)


def test_without_a_dispute_there_is_nothing_to_settle() -> None:
    reply = OperatorReply(False, "not_disputed", {"pair": PAIR, "count": "0"})
    assert turn(Gateway, holding(OPEN), SettlePair(PAIR, "c"), NOW).said == [reply]


def test_a_settlement_goes_on_after_a_restart() -> None:
    asked = turn(Gateway, holding(DISPUTED), SettlePair(PAIR, "c"), NOW).state
    (again,) = Gateway.resume(asked, NOW)
    assert turn(Gateway, asked, again, NOW).of(QueryOrder)


# --- a refusal for ever
@pytest.mark.parametrize("live", [SENDING, UNCERTAIN])
@pytest.mark.parametrize("call", ["submit", "query"])
def test_a_refusal_that_holds_for_the_identifier_ends_it_at_any_attempt(
    live: TrackedOrder, call: str
) -> None:
    said = structs.replace(answer("refused", call, "insufficient_funds_bid"), final=True)
    state = holding(structs.replace(live, attempt=2), twins=True)
    taken = turn(Gateway, state, said, NOW)
    assert taken.said == [OrderRefused(*FACTS, "insufficient_funds_bid")]
    assert turn(Gateway, holding(OPEN), said, NOW).said == []
