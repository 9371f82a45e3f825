"""How a disputed order ends once a person has looked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from core.orders.dispute_resolution import settled
from core.orders.lifecycle import TrackedOrder
from messages.account import DisputeSettled
from messages.orders import Order, OrderClosed, OrderFilled, OrderReport

D = Decimal
ID, PAIR = "KRW-BTC@60", "KRW-BTC"
FACTS = (ID, ID, PAIR, "bid")
ORDER = Order(ID, ID, PAIR, "bid", "price", D(10000))
KNOWN = (D(2), D(200), D("0.1"))
MORE = (D(3), D(300), D("0.15"))
LIVE = TrackedOrder(ORDER, "n", "{}", "disputed", uuid="u", settling=True)
PARTLY = structs.replace(LIVE, volume=KNOWN[0], funds=KNOWN[1], fee=KNOWN[2], filled_at=5.0)


def shown(state: str, totals: tuple[Decimal, ...], **wrong: Any) -> OrderReport:
    told = OrderReport(
        ID, "snapshot", "query", "v", state, PAIR, "bid", "price", D(9), None, *totals, 9.0
    )  # type: ignore[arg-type, misc]
    return structs.replace(told, **wrong)


def closed(state: str, totals: tuple[Decimal, ...], date: float) -> OrderClosed:
    return OrderClosed(*FACTS, state, *totals, date)  # type: ignore[arg-type, misc]


OVER = DisputeSettled(ID, PAIR)
NONE = (D(0), D(0), D(0))


@pytest.mark.parametrize(
    ("live", "report", "steps"),
    [
        (PARTLY, shown("wait", MORE), []),  # it is cancelled first
        (
            PARTLY,
            shown("done", MORE),
            [OVER, OrderFilled(*FACTS, *MORE, 9.0), closed("done", MORE, 9.0)],  # type: ignore[arg-type]
        ),
        (PARTLY, shown("cancel", KNOWN), [OVER, closed("cancel", KNOWN, 9.0)]),
        # what is known never shrinks, though the venue now shows less
        (PARTLY, shown("cancel", NONE), [OVER, closed("cancel", KNOWN, 9.0)]),
        # a stranger's order says nothing of ours
        (PARTLY, shown("done", MORE, pair="KRW-ETH"), [OVER, closed("cancel", KNOWN, 5.0)]),
        (LIVE, shown("done", MORE, side="ask"), [OVER, closed("cancel", NONE, 0.0)]),
        (LIVE, OrderReport(ID, "absent", "query"), [OVER, closed("cancel", NONE, 0.0)]),
        (PARTLY, OrderReport(ID, "absent", "query"), [OVER, closed("cancel", KNOWN, 5.0)]),
        # nothing authoritative
        (LIVE, OrderReport(ID, "absent", "cancel"), []),
        (LIVE, OrderReport(ID, "unknown", "query"), []),
        (LIVE, OrderReport(ID, "refused", "query"), []),
    ],
)
def test_it_ends_by_what_the_venue_shows(
    live: TrackedOrder, report: OrderReport, steps: list[object]
) -> None:
    assert list(settled(live, report)) == steps


def test_a_fill_bears_the_tag_of_its_order() -> None:
    live = structs.replace(LIVE, order=structs.replace(ORDER, tag="rsi macd"))
    filled = list(settled(live, shown("done", MORE)))[1]
    assert filled == OrderFilled(*FACTS, *MORE, 9.0, "rsi macd")  # type: ignore[arg-type, misc]


def test_each_total_is_the_greater_of_what_is_known_and_what_is_shown() -> None:
    mixed = (D(1), D(250), D("0.05"))
    totals = (D(2), D(250), D("0.1"))
    said = list(settled(PARTLY, shown("cancel", mixed, filled_at=1.0)))
    assert said == [
        OVER,
        OrderFilled(*FACTS, *totals, 5.0),  # type: ignore[arg-type, misc]
        closed("cancel", totals, 5.0),
    ]


@pytest.mark.parametrize(
    ("outcome", "call"), [("absent", "submit"), ("refused", "submit"), ("not_sent", "query")]
)
def test_only_a_look_up_ends_it(outcome: Any, call: Any) -> None:
    assert list(settled(LIVE, OrderReport(ID, outcome, call, final=True))) == []


@pytest.mark.parametrize("pair", [PAIR, "KRW-ETH"])
@pytest.mark.parametrize("state", ["done", "cancel"])
def test_the_answer_to_a_cancel_proves_nothing(state: str, pair: str) -> None:
    assert list(settled(PARTLY, shown(state, MORE, pair=pair, call="cancel"))) == []
