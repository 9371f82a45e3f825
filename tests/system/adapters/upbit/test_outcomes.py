"""What each answer proves about an order: over real HTTP, and folded by the gateway's own table."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.groups import DEFAULT, ORDER
from adapters.upbit.outcomes import call_report
from adapters.upbit.replies import NoData, Reply
from adapters.upbit.venue import perform
from core.orders.lifecycle import apply, interpret, new_order
from core.orders.payload import order_body
from core.orders.rejections import DEFINITE_NO
from messages.config import Gateway
from messages.orders import (
    Call,
    CallReport,
    CancelOrder,
    Order,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderIntended,
    OrderRefused,
    OrderReport,
    OrderUncertain,
    QueryOrder,
    SubmitOrder,
)
from tests.support.recorded import NO_DATA, UPBIT
from tests.support.scripted_server import (
    HASTE,
    Act,
    Scripted,
    client,
    drip,
    hang,
    http,
    reset,
    say,
    say_and_close,
)

D = Decimal
WISH = Order("id-1", "id-1", "KRW-BTC", "bid", "price", price=D(10000))
NAME = "birth-abc"
SUBMIT = SubmitOrder(WISH, NAME, order_body(WISH, NAME))
QUERY = QueryOrder("id-1", "KRW-BTC", NAME, "entry")
CANCEL = CancelOrder("id-1", "KRW-BTC", NAME, "entry")
UUID = "fce8ffa4-c810-4446-946d-9fa2a6c80ab5"
SHOWN = {
    "uuid": UUID,
    "side": "bid",
    "ord_type": "price",
    "price": "10000",
    "state": "wait",
    "market": "KRW-BTC",
    "created_at": "2026-03-22T21:47:08+09:00",
    "reserved_fee": "5",
    "remaining_fee": "5",
    "paid_fee": "0",
    "locked": "10005",
    "executed_volume": "0",
    "trades_count": 0,
    "identifier": NAME,
}
FILLED = {
    **SHOWN,
    "state": "cancel",
    "paid_fee": "4.999523925",
    "executed_volume": "0.00009713",
    "trades": [
        {
            "market": "KRW-BTC",
            "uuid": "7dd003ce",
            "price": "102945000",
            "volume": "0.00009713",
            "funds": "9999.04785",
            "trend": "up",
            "created_at": "2026-03-22T21:47:08+09:00",
            "side": "bid",
        }
    ],
}


def done(call: Call, act: Act) -> tuple[OrderReport, CallReport, str]:
    """What is reported of a call, and the first line of its request."""
    with Scripted(act) as server:
        report, how = perform(client(server.url, HASTE), call)
    assert len(server.requests) == 1
    return report, how, server.requests[0].partition(b"\r\n")[0].decode()


def refusal(status: int, name: str | None, message: str = "말") -> Act:
    words = {"message": message} if name is None else {"name": name, "message": message}
    return say(http(status, {"error": words}))


def fate(report: OrderReport) -> list[type]:
    """What the gateway makes of it for an intent in its first attempt."""
    live = new_order(OrderIntended(WISH, NAME, SUBMIT.body))
    return [type(step) for step in interpret(live, report, 0.0, Gateway(), again=None)]


def test_an_accepted_order_is_a_definite_yes() -> None:
    report, how, line = done(SUBMIT, say(http(201, SHOWN)))
    assert line == "POST /v1/orders HTTP/1.1"
    assert (report.outcome, report.call, report.uuid) == ("snapshot", "submit", UUID)
    assert how == CallReport("order", "ok")
    assert fate(report) == [OrderAccepted]


@pytest.mark.parametrize("name", sorted(DEFINITE_NO))
def test_each_refusal_of_the_list_is_a_definite_no_with_upbits_own_words(name: str) -> None:
    report, how, _ = done(SUBMIT, refusal(403 if name == "market_offline" else 400, name))
    assert (report.outcome, report.name, report.text) == ("refused", name, "말")
    assert how == CallReport("order", "ok")
    assert fate(report) == [OrderRefused]


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "duplicated_identifier"),
        (401, "nonce_used"),
        (404, "order_not_found"),
        (400, "a_name_that_nobody_knows"),
        (400, "400"),
        (400, None),
        (404, "not_found"),
        (500, "insufficient_funds_bid"),
        (503, "market_offline"),
    ],
)
def test_any_other_refusal_leaves_the_order_unknown(status: int, name: str | None) -> None:
    report, how, _ = done(SUBMIT, refusal(status, name))
    assert how.outcome == ("failed" if status >= 500 else "ok")
    assert fate(report) == [OrderUncertain]
    assert name in (None, report.name)


LOST: list[Act] = [
    hang,
    reset(),
    say_and_close(b""),
    say_and_close(http(201, SHOWN)[:-5]),
    say(http(201, b"")),
    say(http(201, b"null")),
    say(http(201, b"<html>")),
    say(http(200, b"[]")),
    say(http(201, {**SHOWN, "uuid": ""})),
    say(http(201, {**SHOWN, "executed_volume": "NaN"})),
    say(http(201, {**SHOWN, "identifier": "of-another"})),
    say(http(204, b"")),
    say(http(302, b"{}", ("Location: /login",))),
    say(http(400, b"<html>proxy</html>")),
    say(http(500, b"")),
    say(http(502, b"bad gateway")),
    drip(http(201, SHOWN), 0.05),
]


@pytest.mark.parametrize("act", LOST)
def test_whatever_else_comes_leaves_the_order_unknown(act: Act) -> None:
    report, how, _ = done(SUBMIT, act)
    assert report.outcome == "unknown"
    assert how.group == "order"
    assert fate(report) == [OrderUncertain]


@pytest.mark.parametrize("act", LOST)
def test_a_lost_look_up_or_cancel_proves_nothing(act: Act) -> None:
    for call in (QUERY, CANCEL):
        with Scripted(act) as server:
            report, how = perform(client(server.url, HASTE), call)
        assert report.outcome == "unknown"
        assert how.group == "default"
        assert fate(report) == []


def test_an_order_that_never_left_is_a_definite_no() -> None:
    with Scripted() as server:
        gone = server.url
    report, how = perform(client(gone), SUBMIT)
    assert (report.outcome, report.text) == ("not_sent", "refused")
    assert how == CallReport("order", "failed")
    assert fate(report) == [OrderRefused]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"name":"too_many_requests"}', ""),
        (b'{"error":{"name":"too_many_requests","message":"Too many."}}', "Too many."),
        (b"Too many API requests.", "Too many API requests."),
        (b'{"error":{"name":"slow_down","message":"m"}}', "slow_down: m"),
    ],
)
def test_too_many_is_a_definite_no_in_every_form(body: bytes, text: str) -> None:
    report, how, _ = done(SUBMIT, say(http(429, body)))
    assert (report.outcome, report.name, report.text) == ("refused", "too_many_requests", text)
    assert how == CallReport("order", "throttled", remaining=0)  # nothing more now
    assert fate(report) == [OrderRefused]


def test_a_ban_is_a_definite_no_and_says_for_how_long() -> None:
    act = say(http(418, b'{"error":{"message":"Blocked for 77 seconds."}}'))
    report, how, _ = done(SUBMIT, act)
    assert how == CallReport("order", "banned", 77.0)
    assert report.text == "Blocked for 77 seconds."
    assert fate(report) == [OrderRefused]
    for call in (QUERY, CANCEL):
        assert done(call, act)[1] == CallReport("default", "banned", 77.0)


def test_a_look_up_finds_the_order_with_its_fills() -> None:
    report, how, line = done(QUERY, say(http(200, FILLED)))
    assert line == f"GET /v1/order?identifier={NAME} HTTP/1.1"
    assert how == CallReport("default", "ok")
    assert (report.state, report.volume, report.funds) == (
        "cancel",
        D("0.00009713"),
        D("9999.04785"),
    )
    assert (report.fee, report.filled_at) == (D("4.999523925"), 1774183628.0)
    assert fate(report) == [OrderAccepted, OrderFilled, OrderClosed]


def test_an_order_is_asked_for_and_cancelled_by_our_name_whatever_its_uuid_is_said_to_be() -> None:
    query = QueryOrder("id-1", "KRW-BTC", NAME, "entry", UUID)
    assert done(query, say(http(200, SHOWN)))[2] == f"GET /v1/order?identifier={NAME} HTTP/1.1"
    cancel = CancelOrder("id-1", "KRW-BTC", NAME, "entry", UUID)
    assert done(cancel, say(http(200, SHOWN)))[2] == f"DELETE /v1/order?identifier={NAME} HTTP/1.1"


def test_only_upbits_own_not_found_is_absent() -> None:
    report, how, _ = done(QUERY, refusal(404, "order_not_found", "주문을 찾지 못했습니다."))
    assert (report.outcome, report.text) == ("absent", "주문을 찾지 못했습니다.")
    assert how.outcome == "ok"
    for act in (refusal(404, "not_found"), say(http(404, b"")), refusal(400, "order_not_found")):
        assert done(QUERY, act)[0].outcome != "absent"


@pytest.mark.parametrize("state", ["done", "cancel", "wait"])
@pytest.mark.parametrize("trades", [[], None])
def test_an_end_whose_fills_are_missing_is_not_believed_yet(state: str, trades: Any) -> None:
    shown = {**FILLED, "state": state, "trades": trades}
    report, how, _ = done(QUERY, say(http(200, shown)))
    assert (report.outcome, report.call) == ("unknown", "query")
    assert how.outcome == "ok"
    live = apply(new_order(OrderIntended(WISH, NAME, SUBMIT.body)), OrderAccepted("id-1", UUID))
    assert live is not None
    assert list(interpret(live, report, 0.0, Gateway(), again=None)) == []


def test_an_order_filled_in_its_own_answer_is_accepted_and_looked_up() -> None:
    shown = {**FILLED, "trades": None, "state": "done"}
    report, _, _ = done(SUBMIT, say(http(201, shown)))
    assert (report.outcome, report.state, report.volume) == ("snapshot", "wait", 0)
    assert fate(report) == [OrderAccepted]


def test_a_cancels_answer_shows_the_order_as_it_still_is() -> None:
    report, how, line = done(CANCEL, say(http(200, SHOWN)))
    assert line == f"DELETE /v1/order?identifier={NAME} HTTP/1.1"
    assert (report.outcome, report.call, report.state) == ("snapshot", "cancel", "wait")
    assert how == CallReport("default", "ok")


def test_a_reply_without_a_value_counts_as_a_failed_call_and_a_value_does_not() -> None:
    nothing = Reply[Any](NoData("x"), Answer(200, b""))
    assert call_report(DEFAULT, nothing).outcome == "failed"
    assert call_report(ORDER, Reply[Any]((), Answer(200, b"[]"))).outcome == "ok"
    failure = Failure("not_sent", "dns")
    assert call_report(ORDER, Reply[Any](failure, failure)).outcome == "failed"


def test_the_recorded_market_orders_are_followed_to_their_ends() -> None:
    path = UPBIT / "rest/orders__market_buy_sell.json"
    if not path.exists():
        pytest.skip(NO_DATA)
    posted, bought, _, sold = (one["response"] for one in json.loads(path.read_text()))
    report, _, _ = done(SUBMIT, say(http(posted["status"], posted["body"])))
    assert fate(report) == [OrderAccepted]
    report, _, _ = done(QUERY, say(http(200, bought["body"])))
    assert fate(report) == [OrderAccepted, OrderFilled, OrderClosed]
    assert report.funds == D("9999.04785")
    report, _, _ = done(QUERY, say(http(200, sold["body"])))
    assert (report.state, report.funds, report.fee) == ("done", D("9994.87126"), D("4.99743563"))
